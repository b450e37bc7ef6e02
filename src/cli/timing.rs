//! Timings per stage, for `-v`. The core has no clock; this one only listens to where the chain is.

use crate::pipeline::Stage;
use std::time::Instant;

/// Listens to the chain and remembers how long each stage took.
pub(crate) struct Stopwatch {
    since: Instant,
    running: Option<Stage>,
    took: Vec<(Stage, f64)>,
}

impl Stopwatch {
    /// Starts.
    pub(crate) fn start() -> Self {
        Self { since: Instant::now(), running: None, took: Vec::new() }
    }

    /// A stage begins; the one before it has ended.
    pub(crate) fn begins(&mut self, stage: Stage) {
        self.stop();
        self.running = Some(stage);
        self.since = Instant::now();
    }

    /// The last stage has ended.
    pub(crate) fn stop(&mut self) {
        if let Some(stage) = self.running.take() {
            self.took.push((stage, self.since.elapsed().as_secs_f64()));
        }
    }

    /// One line per stage, in milliseconds.
    pub(crate) fn lines(&self) -> String {
        let mut out = String::new();
        for (stage, seconds) in &self.took {
            out.push_str(&format!("{:>10.1} ms  {}\n", seconds * 1e3, stage.name()));
        }
        let total: f64 = self.took.iter().map(|(_, s)| s).sum();
        out.push_str(&format!("{:>10.1} ms  in all", total * 1e3));
        out
    }
}
