//! Level marks and dimensions.

use super::layer::Meaning;
use super::scene::Scene;
use super::text::{length, level};
use crate::drawing::plans::{DrawnDimension, LevelMark};

/// Level marks, by place.
pub fn levels(scene: &Scene<'_>) -> Vec<LevelMark> {
    let mut out: Vec<LevelMark> = scene
        .texts
        .iter()
        .filter_map(|t| {
            let parsed = level::parse(&t.text)?;
            // some offices write levels on the layer of dimensions; the text of a dimension is none
            let dimension = || {
                scene.sheet.marks.get(t.mark as usize).is_some_and(|m| m.dimension.is_some())
                    || level::is_bare(&t.text)
            };
            let allowed = match t.meaning {
                Some(Meaning::Level) => true,
                Some(Meaning::Dimension) => parsed.certain && !dimension(),
                Some(Meaning::Room | Meaning::Title | Meaning::Table | Meaning::Tag) => false,
                _ => parsed.certain,
            };
            (allowed && !parsed.relative).then(|| LevelMark {
                text: t.drawn(),
                levels_m: parsed.levels_m,
                structural: parsed.structural,
            })
        })
        .collect();
    out.sort_by(|a, b| a.text.at.x.total_cmp(&b.text.at.x).then(a.text.at.y.total_cmp(&b.text.at.y)));
    out
}

/// Linear dimensions, in the order of the file.
pub fn dimensions(scene: &Scene<'_>, contains: &dyn Fn(crate::geom::Point2) -> bool) -> Vec<DrawnDimension> {
    let frame = &scene.frame;
    scene
        .sheet
        .dimensions
        .iter()
        .filter(|d| d.angle.is_some() && contains(d.line_at))
        .filter(|d| scene.sheet.marks.get(d.mark as usize).is_some_and(|m| m.visible))
        .map(|d| {
            let measured_m = d.measured * frame.unit_m;
            let overridden =
                d.text_override.as_deref().is_some_and(|t| !t.trim().is_empty() && !t.contains("<>"));
            let text = if overridden { d.text_override.as_deref() } else { d.shown.as_deref() };
            DrawnDimension {
                from: frame.to_plan.apply(d.from),
                to: frame.to_plan.apply(d.to),
                measured_m,
                text: text.map(str::to_owned),
                shown_m: text.and_then(|t| shown(t, measured_m)),
                overridden,
                mark: d.mark,
            }
        })
        .collect()
}

/// The shown length in metres, with the unit among millimetres, centimetres and metres that comes nearest to what is measured.
fn shown(text: &str, measured_m: f64) -> Option<f64> {
    let parsed = length::parse(text)?;
    if parsed.unit_m.is_some() {
        return Some(parsed.metres(1.0));
    }
    let off = |m: f64| ((m / measured_m.max(1e-9)).ln()).abs();
    [0.001, 0.01, 1.0]
        .map(|u| parsed.metres(u))
        .into_iter()
        .filter(|m| *m > 0.0)
        .min_by(|a, b| off(*a).total_cmp(&off(*b)))
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn the_unit_of_a_shown_length_is_the_nearest_one() {
        assert_eq!(shown("3600", 3.6), Some(3.6));
        assert_eq!(shown("3500", 3.6), Some(3.5));
        assert_eq!(shown("3.60", 3.6), Some(3.6));
        assert_eq!(shown("12'-6\"", 3.81).map(|m| (m * 100.0).round()), Some(381.0));
        assert_eq!(shown("see detail", 1.0), None);
    }
}
