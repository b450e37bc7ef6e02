//! Colours within colours and functions within functions: the interpreter follows them as deep as they go, and a stack
//! that overflows takes the whole process with it. They are measured before.

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Name, Object};

/// Colours or functions within one another; two or three in practice.
const MAX_DEPTH: u32 = 32;
/// Steps taken in one object: functions that share functions multiply.
const MAX_STEPS: u32 = 20_000;
/// Colour spaces that are made of others.
const COMPOUND: [&str; 6] = ["Indexed", "I", "Separation", "DeviceN", "Pattern", "ICCBased"];
/// Where functions and profiles name others.
const INNER: [&str; 4] = ["Functions", "Function", "Alternate", "ColorSpace"];

/// Holds a file to the limits.
///
/// # Errors
/// With what is wrong, as the end of a sentence about the file.
pub(super) fn hold(pdf: &Pdf) -> Result<(), &'static str> {
    for object in pdf.objects() {
        let mut steps = 0;
        if !within(&object, 0, &mut steps) {
            return Err("nests colours or functions without end");
        }
    }
    Ok(())
}

/// False where an object goes deeper, or comes to more, than the limits.
fn within(object: &Object<'_>, depth: u32, steps: &mut u32) -> bool {
    *steps += 1;
    if depth > MAX_DEPTH || *steps > MAX_STEPS {
        return false;
    }
    match object {
        Object::Array(array) if depth > 0 || is_compound(array) => {
            array.iter::<Object<'_>>().take(MAX_STEPS as usize).all(|o| match o {
                Object::Array(_) | Object::Dict(_) | Object::Stream(_) => within(&o, depth + 1, steps),
                _ => true,
            })
        }
        Object::Dict(dictionary) => dictionary_within(dictionary, depth, steps),
        Object::Stream(stream) => dictionary_within(stream.dict(), depth, steps),
        _ => true,
    }
}

fn dictionary_within(dictionary: &Dict<'_>, depth: u32, steps: &mut u32) -> bool {
    INNER
        .iter()
        .filter_map(|key| dictionary.get::<Object<'_>>(key))
        .all(|inner| within(&inner, depth + 1, steps))
}

fn is_compound(array: &Array<'_>) -> bool {
    array.iter::<Name<'_>>().next().is_some_and(|name| COMPOUND.contains(&name.as_str()))
}
