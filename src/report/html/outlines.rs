//! Outlines packed for the page: millimetres about a local origin, each point as its way from the one before, numbers
//! in as many bytes as they need (LEB128, the sign in the lowest bit), all of it as base64.

use crate::report::{Outline, Overlay};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Most points packed per overlay and side: beyond it the page would no longer be a page.
const MAX_POINTS: usize = 2_000_000;

/// One overlay: where it lies, its labels, and per class a run of polylines: twice the number of points, one more for
/// those that close; then the points.
pub(super) fn overlay(overlay: &Overlay) -> Value {
    let mut out = about(overlay);
    let coded = |outlines: &[Outline]| -> Value {
        let runs = packed(outlines, origin(overlay)).into_iter();
        Value::Object(runs.map(|(class, run)| (class.to_owned(), base64(&run).into())).collect::<Map<_, _>>())
    };
    if let Some(object) = out.as_object_mut() {
        object.insert("model".into(), coded(&overlay.model));
        object.insert("drawn".into(), coded(&overlay.drawn));
    }
    out
}

/// An overlay without its outlines.
pub(super) fn about(overlay: &Overlay) -> Value {
    let [min, max] = corners(overlay);
    let mut out = json!({
        "plan": overlay.plan,
        "drawing": overlay.drawing,
        "title": overlay.title,
        "storey": overlay.storey,
        "origin": origin(overlay),
        "bounds": [min, max],
        "labels": overlay.labels.iter().map(|(label, at)| json!([label, at.x, at.y])).collect::<Vec<_>>(),
    });
    super::tame_all(&mut out);
    out
}

/// The outlines of an overlay as one run of bytes after the other, each with its side, class and length before it.
pub(super) fn binary(overlay: &Overlay) -> Vec<u8> {
    let mut out = Vec::new();
    for (side, outlines) in [(0u8, &overlay.model), (1, &overlay.drawn)] {
        for (class, run) in packed(outlines, origin(overlay)) {
            let name = class.as_bytes();
            let name = name.get(..255).unwrap_or(name);
            out.extend([side, name.len() as u8]);
            out.extend(name);
            out.extend(u32::try_from(run.len()).unwrap_or(u32::MAX).to_le_bytes());
            out.extend(run);
        }
    }
    out
}

fn corners(overlay: &Overlay) -> [[f64; 2]; 2] {
    let empty = overlay.bounds.is_empty();
    if empty { [[0.0; 2], [1.0; 2]] } else { [overlay.bounds.min.into(), overlay.bounds.max.into()] }
}

fn origin(overlay: &Overlay) -> [f64; 2] {
    let [[x, y], _] = corners(overlay);
    [x.floor(), y.floor()]
}

fn packed(outlines: &[Outline], origin: [f64; 2]) -> BTreeMap<&str, Vec<u8>> {
    let mut classes: BTreeMap<&str, Run> = BTreeMap::new();
    let mut points = 0usize;
    for outline in outlines {
        points = points.saturating_add(outline.points.len());
        let sound = outline.points.len() >= 2 && outline.points.iter().all(|p| p.is_finite());
        if !sound || points > MAX_POINTS {
            continue;
        }
        let run = classes.entry(outline.class).or_default();
        run.number(2 * outline.points.len() as u64 + u64::from(outline.closed));
        for p in &outline.points {
            run.point([millimetres(p.x - origin[0]), millimetres(p.y - origin[1])]);
        }
    }
    classes.into_iter().map(|(class, run)| (class, run.bytes)).collect()
}

/// Polylines of one class.
#[derive(Default)]
struct Run {
    bytes: Vec<u8>,
    last: [i32; 2],
}

impl Run {
    fn number(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.bytes.push((n & 0x7f) as u8 | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }

    fn point(&mut self, at: [i32; 2]) {
        for (now, last) in at.into_iter().zip(self.last) {
            let way = i64::from(now) - i64::from(last);
            self.number(((way << 1) ^ (way >> 63)).cast_unsigned());
        }
        self.last = at;
    }
}

/// Saturates: what lies 2,000 km away is not part of the plan.
#[allow(clippy::cast_possible_truncation)]
fn millimetres(metres: f64) -> i32 {
    (metres * 1000.0).round() as i32
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut three = [0u8; 3];
        three[..chunk.len()].copy_from_slice(chunk);
        let n = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for digit in 0..4 {
            if digit <= chunk.len() {
                let at = (n >> (18 - 6 * digit)) & 63;
                out.push(char::from(DIGITS[at as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_in_the_rfc() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
