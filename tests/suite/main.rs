//! Everything that is tested from outside: the shape of the source, the command, the files that are generated, whole
//! buildings. One binary, so that the library is linked once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

mod architecture;
mod bcf;
mod claims;
mod command;
mod demo;
mod diff;
mod formats;
mod generate;
mod ifc;
mod projects;
mod schema;
mod sections;
#[cfg(feature = "xlsx")]
mod sheets;
mod solids;
mod writers;
