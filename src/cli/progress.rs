//! A line on standard error that says what a long run is at. Only where standard error is a terminal, and only once the
//! run has taken a while; it is wiped before anything else is told.

use super::Settings;
use crate::pipeline::Stage;
use crate::report::words::{filled, word};
use crate::wording::Language;
use std::io::{IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Runs that are over before it never show the line.
const PATIENCE: Duration = Duration::from_millis(700);
/// How often the line is drawn anew.
const BEAT: Duration = Duration::from_millis(200);
/// The stages of a check: those of the chain, then the report is put together.
const STEPS: [&str; 8] = [
    "progress.read-models",
    "progress.read-drawings",
    "progress.section",
    "progress.recognise",
    "progress.register",
    "progress.match",
    "progress.check",
    "progress.report",
];

/// The line, drawn by a thread of its own until it is dropped.
pub(crate) struct Progress {
    running: Option<(Sender<usize>, JoinHandle<()>)>,
}

impl Progress {
    /// Starts, where there is somebody to see it.
    pub(crate) fn start(settings: &Settings) -> Self {
        let seen = !settings.quiet && !settings.verbose && std::io::stderr().is_terminal();
        // a terminal that cannot wipe a line is written to no more often than it must
        let dumb = std::env::var_os("TERM").is_some_and(|t| t == "dumb");
        if !seen || dumb {
            return Self { running: None };
        }
        let language = settings.language;
        let (send, told) = channel();
        let thread = std::thread::spawn(move || {
            let begun = Instant::now();
            let mut step = 0;
            let mut drawn = false;
            loop {
                match told.recv_timeout(BEAT) {
                    Ok(next) => step = next,
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                let took = begun.elapsed();
                if took >= PATIENCE {
                    drawn = true;
                    let _ = write!(std::io::stderr(), "\r\x1b[K{}", line(step, took, language));
                }
            }
            if drawn {
                let _ = write!(std::io::stderr(), "\r\x1b[K");
            }
        });
        Self { running: Some((send, thread)) }
    }

    /// A stage of the chain begins.
    pub(crate) fn begins(&self, stage: Stage) {
        self.step(match stage {
            Stage::ReadModels => 0,
            Stage::ReadDrawings => 1,
            Stage::Section => 2,
            Stage::Recognise => 3,
            Stage::Register => 4,
            Stage::Match => 5,
            Stage::Check => 6,
        });
    }

    /// The report is put together.
    pub(crate) fn reports(&self) {
        self.step(STEPS.len() - 1);
    }

    fn step(&self, step: usize) {
        if let Some((send, _)) = &self.running {
            let _ = send.send(step);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((send, thread)) = self.running.take() {
            drop(send);
            let _ = thread.join();
        }
    }
}

/// `tumo: laying plans on storeys (5 of 8), 12 s`
fn line(step: usize, took: Duration, language: Language) -> String {
    let [n, all, seconds] = [step as u64 + 1, STEPS.len() as u64, took.as_secs()].map(|n| n.to_string());
    let what = word(STEPS.get(step).copied().unwrap_or_default(), language);
    let values = [("what", what), ("n", &n), ("all", &all), ("seconds", &seconds)];
    filled("progress.line", language, &values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_has_its_words_in_one_short_line() {
        for language in [Language::En, Language::Zh] {
            for step in 0..STEPS.len() {
                let line = line(step, Duration::from_secs(61), language);
                assert!(!line.contains('⟨') && !line.contains('{') && line.chars().count() < 79, "{line}");
                assert!(line.contains("61") && line.contains(&format!("{}", step + 1)), "{line}");
            }
        }
    }
}
