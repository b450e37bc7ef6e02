//! Reading models: what a model holds, what damage costs, what hostile files get, real files.

#![allow(clippy::result_large_err)]

mod corpus;
mod damage;
mod hostile;
mod house;
mod loss;
mod model;
mod real;

use tumo::bytes::bytes;
use tumo::ifc::Model;
use tumo::{Error, Notice, Read};

/// Reads a model that lies in a text.
fn read(text: impl Into<Vec<u8>>) -> Result<Read<Model>, Error> {
    tumo::ifc::read("a.ifc", &bytes(text.into()))
}

/// The model and the codes of its notices, without repetition.
fn told(text: impl Into<Vec<u8>>) -> (Model, Vec<String>) {
    let read = read(text).unwrap();
    (read.value, codes(&read.notices))
}

fn codes(notices: &[Notice]) -> Vec<String> {
    let mut codes: Vec<String> = notices.iter().map(|n| n.code.clone()).collect();
    codes.dedup();
    codes
}
