//! Everything that is tested from outside: the shape of the source, the command, the files that are generated, whole
//! buildings. One binary, so that the library is linked once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

mod architecture;
mod bcf;
mod claims;
mod command;
mod demo;
mod dice;
mod diff;
mod drawing;
mod fixtures;
mod formats;
mod generate;
mod ifc;
mod metamorphic;
mod model_rules;
#[cfg(feature = "opinion")]
mod opinion;
#[cfg(feature = "pdf")]
mod printed;
mod projects;
#[cfg(feature = "xlsx")]
mod replies;
mod schema;
mod sections;
#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "xlsx")]
mod sheets;
mod solids;
mod writers;

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
