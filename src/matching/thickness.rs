//! Conventions of wall thickness: a whole plan that draws its walls with or without finishes, or at the core, differs
//! once and not in every wall.

use super::{ClassMatches, Convention, Laid, Pair};
use crate::finding::Value;
use crate::ifc::section::WallCut;

/// The middles of the pairs of layer faces that are as far apart as the wall is drawn thick.
fn layer_middles(wall: &WallCut, thickness: f64) -> Vec<f64> {
    let mut out = Vec::new();
    for (k, a) in wall.faces_m.iter().enumerate() {
        for b in &wall.faces_m[k + 1..] {
            if ((b - a).abs() - thickness).abs() < 0.003 {
                out.push((a + b) / 2.0);
            }
        }
    }
    out
}

fn drawn_thickness(pair: &Pair) -> Option<(f64, f64)> {
    pair.deltas.iter().find_map(|d| match (d.what, &d.drawn) {
        ("thickness", Value::Number(t)) => Some((*t, d.difference?)),
        _ => None,
    })
}

/// All walls drawn thicker or thinner by the same amount, or at the same pair of layer faces: one convention.
pub(super) fn convention(laid: &Laid<'_>, class: &mut ClassMatches, out: &mut Vec<Convention>) {
    let (mut layered, mut at_outer, mut at_layer) = (0usize, 0usize, 0usize);
    let mut by_amount: Vec<f64> = Vec::new();
    for p in &class.pairs {
        let (Some(wall), Some((t, diff))) = (laid.storey.walls.get(p.modelled), drawn_thickness(p)) else {
            continue;
        };
        by_amount.push(diff);
        if wall.faces_m.len() > 2 {
            layered += 1;
            at_outer += usize::from(diff.abs() < 0.005);
            at_layer += usize::from(diff.abs() >= 0.005 && !layer_middles(wall, t).is_empty());
        }
    }
    let mut tell = |bias_m, share, usual| {
        out.push(Convention { class: "wall", what: "thickness", bias_m, share, usual });
    };
    if layered >= 4 && at_layer * 10 >= layered * 6 && at_layer > 2 * at_outer {
        tell(None, at_layer as f64 / layered as f64, true);
        take_off(laid, class, layer_middles);
        return;
    }
    by_amount.sort_by(f64::total_cmp);
    let n = by_amount.len();
    let Some(&middle) = by_amount.get(n / 2) else { return };
    let near = by_amount.iter().filter(|d| (*d - middle).abs() < 0.004).count();
    if n >= 5 && middle.abs() > 0.004 && near * 10 >= n * 8 {
        // finishes are at most 50 mm on either side
        tell(Some(middle), near as f64 / n as f64, middle.abs() <= 0.1);
        take_off(laid, class, |wall, t| {
            if (t - wall.thickness_m - middle).abs() < 0.004 { vec![0.0] } else { Vec::new() }
        });
    }
}

/// Takes a convention off: where the drawn thickness follows it, thickness agrees, and the place is measured from the
/// middle that the convention gives.
fn take_off(laid: &Laid<'_>, class: &mut ClassMatches, middles: impl Fn(&WallCut, f64) -> Vec<f64>) {
    for p in &mut class.pairs {
        let (Some(wall), Some((t, diff))) = (laid.storey.walls.get(p.modelled), drawn_thickness(p)) else {
            continue;
        };
        if diff.abs() < 0.004 {
            continue;
        }
        let middles = middles(wall, t);
        if middles.is_empty() {
            continue;
        }
        for d in &mut p.deltas {
            if d.what == "thickness" {
                d.difference = Some(0.0);
            } else if d.what == "offset"
                && let Some(offset) = d.difference
            {
                d.difference = middles.iter().map(|m| offset - m).min_by(|a, b| a.abs().total_cmp(&b.abs()));
            }
        }
    }
}
