//! Part 21 records as bytes: nothing sound is lost, every value is looked at.
#![no_main]

#[path = "../models.rs"]
#[allow(dead_code)]
mod models;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| models::lexer(data));
