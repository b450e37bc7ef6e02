//! Counters and times, in the text format that Prometheus reads (exposition format 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the classes of times, milliseconds.
const CLASSES_MS: [u64; 9] = [5, 10, 25, 50, 100, 250, 500, 1000, 5000];

/// What is counted.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    requests: Mutex<BTreeMap<(String, u16), u64>>,
    classes: [AtomicU64; CLASSES_MS.len()],
    times: AtomicU64,
    sum_us: AtomicU64,
    /// Bytes received in uploads.
    pub received: AtomicU64,
    /// Runs begun.
    pub begun: AtomicU64,
    /// Workers that died.
    pub died: AtomicU64,
    /// Events that were sent to watchers.
    pub events: AtomicU64,
    runs: Mutex<BTreeMap<&'static str, u64>>,
    run_ms: AtomicU64,
}

impl Metrics {
    /// A request was answered.
    pub(crate) fn answered(&self, route: &str, status: u16, took: Duration) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.entry((route.to_owned(), status)).or_default() += 1;
        drop(requests);
        let ms = took.as_secs_f64() * 1000.0;
        for (class, bound) in self.classes.iter().zip(CLASSES_MS) {
            #[allow(clippy::cast_precision_loss)]
            if ms <= bound as f64 {
                class.fetch_add(1, Relaxed);
            }
        }
        self.times.fetch_add(1, Relaxed);
        self.sum_us.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Relaxed);
    }

    /// A run was over.
    pub(crate) fn ran(&self, how: &'static str, took: Duration) {
        *self.runs.lock().unwrap_or_else(PoisonError::into_inner).entry(how).or_default() += 1;
        self.run_ms.fetch_add(u64::try_from(took.as_millis()).unwrap_or(u64::MAX), Relaxed);
    }

    /// All of it, with what is known elsewhere: how many runs wait and go on, free bytes on the disk.
    pub(crate) fn text(&self, waiting: i64, running: i64, free: u64) -> String {
        let mut out = String::new();
        let mut put = |name: &str, kind: &str, help: &str, lines: &[(String, String)]| {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
            for (label, value) in lines {
                let _ = writeln!(out, "{name}{label} {value}");
            }
        };
        let one = |value: u64| vec![(String::new(), value.to_string())];
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let lines: Vec<_> = requests
            .iter()
            .map(|((route, status), n)| {
                (format!("{{route=\"{}\",status=\"{status}\"}}", escaped(route)), n.to_string())
            })
            .collect();
        put("tumo_requests_total", "counter", "Requests answered.", &lines);
        put(
            "tumo_received_bytes_total",
            "counter",
            "Bytes received in uploads.",
            &one(self.received.load(Relaxed)),
        );
        put("tumo_runs_begun_total", "counter", "Runs begun.", &one(self.begun.load(Relaxed)));
        put("tumo_workers_died_total", "counter", "Workers that died.", &one(self.died.load(Relaxed)));
        put("tumo_events_total", "counter", "Events sent to watchers.", &one(self.events.load(Relaxed)));
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let lines: Vec<_> =
            runs.iter().map(|(how, n)| (format!("{{outcome=\"{how}\"}}"), n.to_string())).collect();
        put("tumo_runs_total", "counter", "Runs that are over.", &lines);
        let ms = self.run_ms.load(Relaxed);
        put("tumo_run_milliseconds_total", "counter", "Time of the runs that are over.", &one(ms));
        put("tumo_queue_waiting", "gauge", "Runs that wait.", &[(String::new(), waiting.to_string())]);
        put("tumo_queue_running", "gauge", "Runs that go on.", &[(String::new(), running.to_string())]);
        put("tumo_disk_free_bytes", "gauge", "Free bytes where the data lies.", &one(free));
        put("tumo_memory_bytes", "gauge", "Memory of the service that is in use.", &one(memory()));
        self.times(&mut out);
        out
    }

    fn times(&self, out: &mut String) {
        let name = "tumo_request_seconds";
        let _ = writeln!(out, "# HELP {name} Time from request to answer.\n# TYPE {name} histogram");
        for (class, bound) in self.classes.iter().zip(CLASSES_MS) {
            let (whole, rest) = (bound / 1000, bound % 1000);
            let _ = writeln!(out, "{name}_bucket{{le=\"{whole}.{rest:03}\"}} {}", class.load(Relaxed));
        }
        let all = self.times.load(Relaxed);
        let us = self.sum_us.load(Relaxed);
        let _ = writeln!(out, "{name}_bucket{{le=\"+Inf\"}} {all}");
        let _ = writeln!(out, "{name}_sum {}.{:06}\n{name}_count {all}", us / 1_000_000, us % 1_000_000);
    }
}

fn escaped(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// Resident memory of this process, where the system tells.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"));
    let kib = line.and_then(|l| l.split_whitespace().next()).and_then(|n| n.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_comment_or_a_name_and_a_number() {
        let metrics = Metrics::default();
        metrics.answered("/api/v1/\"x\"\n", 200, Duration::from_millis(30));
        metrics.ran("done", Duration::from_secs(2));
        let text = metrics.text(1, 0, 5);
        for line in text.lines() {
            let number = line.rsplit(' ').next().and_then(|n| n.parse::<f64>().ok());
            assert!(line.starts_with('#') || number.is_some(), "{line}");
        }
        assert!(text.contains("tumo_request_seconds_bucket{le=\"0.025\"} 0"));
        assert!(text.contains("tumo_request_seconds_bucket{le=\"0.050\"} 1"));
        assert!(text.contains("tumo_runs_total{outcome=\"done\"} 1"));
    }
}
