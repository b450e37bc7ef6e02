//! Clipping, booleans and openings take from a wall.
#![no_main]

#[path = "../models.rs"]
#[allow(dead_code)]
mod models;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| models::body(data));
