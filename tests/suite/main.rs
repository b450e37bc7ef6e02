//! Everything that is tested from outside: the shape of the source, the command, the files that are generated, whole
//! buildings. One binary, so that the library is linked once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

mod architecture;
mod bcf;
mod claims;
mod command;
mod completeness_rules;
mod compliance_rules;
mod demo;
mod dice;
mod diff;
mod drawing;
mod exported_again;
mod fixtures;
mod formats;
mod generate;
mod hostile_rules;
mod ifc;
mod metamorphic;
mod model_rules;
mod notices;
#[cfg(feature = "opinion")]
mod opinion;
mod page;
#[cfg(feature = "pdf")]
mod printed;
mod projects;
mod quality_rules;
#[cfg(feature = "xlsx")]
mod replies;
mod schema;
mod script;
mod sections;
#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "xlsx")]
mod sheets;
mod solids;
mod writers;

/// How long this thread has been on a processor, where the system tells (Linux): what may be held against a limit while
/// other tests run beside it. Elsewhere the time since the first call.
fn own_seconds() -> f64 {
    static BEGUN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    let begun = BEGUN.get_or_init(std::time::Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let on: Option<u64> = told.split(' ').next().and_then(|n| n.parse().ok()).filter(|n| *n > 0);
    on.map_or_else(|| begun.elapsed().as_secs_f64(), |n| n as f64 / 1e9)
}

/// Every `.ifc` below a folder, by path.
fn ifc_files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut out = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "ifc") {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}
