//! Beams: strips between two edges on layers of beams, and the texts that name them.

use super::face::{FaceLine, covered, families, strips};
use super::layer::Meaning;
use super::scene::{Scene, SceneText};
use super::text::beam::{self, BeamText};
use crate::drawing::plans::{BeamMark, DrawnBeam, Evidence};
use crate::geom::{Box2, BoxIndex, Segment2, angle_between_lines};

/// Widths of beams, metres.
const WIDTH: (f64, f64) = (0.08, 1.5);
/// A beam is at least so many times as long as wide.
const SLENDER: f64 = 1.5;
/// A text names the beam that it runs along, no farther from its edge than this, metres at 1:100.
const REACH: f64 = 1.5;
/// Texts run along their beam to this, radians (6°).
const ALONG: f64 = 0.105;
/// A section stands below its name within so many text heights.
const BELOW: f64 = 2.6;

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Beams, by place.
    pub beams: Vec<DrawnBeam>,
    /// Texts that no beam took, by place.
    pub marks: Vec<BeamMark>,
}

/// All beams on layers of beams; beams are never guessed from nameless lines.
pub fn find(scene: &Scene<'_>) -> Found {
    let lines: Vec<FaceLine> = scene
        .lines
        .iter()
        .filter(|l| l.meaning == Some(Meaning::Beam))
        .map(|l| FaceLine {
            segment: l.segment,
            mark: l.mark,
            on_wall_layer: false,
            curtain: false,
            dashed: l.dashed,
        })
        .collect();
    let mut beams = Vec::new();
    for family in families(&lines) {
        let mut all = strips(&family, WIDTH.1, WIDTH.0);
        all.retain(|s| s.span.1 - s.span.0 > SLENDER * s.thickness);
        // the nearest edges first; each edge bounds one beam on either side
        all.sort_by(|a, b| {
            a.thickness.total_cmp(&b.thickness).then(a.span.0.total_cmp(&b.span.0)).then(a.low.cmp(&b.low))
        });
        let mut upper: Vec<Vec<(f64, f64)>> = vec![Vec::new(); family.faces.len()];
        let mut lower = upper.clone();
        for s in all {
            let length = s.span.1 - s.span.0;
            if covered(&lower[s.low], s.span).max(covered(&upper[s.high], s.span)) > 0.3 * length {
                continue;
            }
            // the space between two beams is no beam: its edges are taken from their other sides
            if covered(&upper[s.low], s.span).min(covered(&lower[s.high], s.span)) > 0.7 * length {
                continue;
            }
            lower[s.low].push(s.span);
            upper[s.high].push(s.span);
            let (low, high) = (&family.faces[s.low], &family.faces[s.high]);
            let middle = (low.rho + high.rho) / 2.0;
            let mut marks: Vec<u32> = low.marks.iter().chain(&high.marks).copied().collect();
            marks.sort_unstable();
            marks.dedup();
            beams.push(DrawnBeam {
                line: Segment2::new(family.point(s.span.0, middle), family.point(s.span.1, middle)),
                width_m: s.thickness,
                dashed: low.dashed && high.dashed,
                mark: None,
                evidence: Evidence { marks, confidence: 0.85 },
            });
        }
    }
    beams.sort_by(|a, b| {
        let (a, b) = (a.line.middle(), b.line.middle());
        a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y))
    });
    let marks = bind(scene, &mut beams);
    Found { beams, marks }
}

/// Texts of beams with the sections that stand below them.
fn marks<'a>(scene: &'a Scene<'_>) -> Vec<(&'a SceneText, BeamMark)> {
    let allowed = |t: &SceneText| {
        matches!(t.meaning, None | Some(Meaning::Beam | Meaning::Text | Meaning::Tag | Meaning::Dimension))
    };
    let sections: Vec<(&SceneText, (u32, u32))> = scene
        .texts
        .iter()
        .filter(|t| allowed(t))
        .filter_map(|t| Some((t, beam::section_alone(&t.text)?)))
        .collect();
    let index = BoxIndex::new(
        sections.iter().map(|(t, _)| Box2::of(t.at, t.at).grown(BELOW * t.height.max(0.01))).collect(),
    );
    scene
        .texts
        .iter()
        .filter(|t| allowed(t))
        .filter_map(|t| Some((t, beam::parse(&t.text)?)))
        .map(|(t, parsed)| {
            let BeamText { name, spans, cantilever, section_mm, offset_m } = parsed;
            let below = || {
                index
                    .touching(&Box2::of(t.at, t.at))
                    .into_iter()
                    .filter(|&i| angle_between_lines(sections[i].0.angle, t.angle) < ALONG)
                    .min_by(|&a, &b| {
                        let d = |i: usize| sections[i].0.at.distance(t.at);
                        d(a).total_cmp(&d(b))
                    })
                    .map(|i| sections[i].1)
            };
            let section_mm = section_mm.or_else(below);
            (t, BeamMark { text: t.drawn(), name, spans, cantilever, section_mm, offset_m })
        })
        .collect()
}

/// Each text goes to the nearest beam that it runs along; what is left is handed back.
fn bind(scene: &Scene<'_>, beams: &mut [DrawnBeam]) -> Vec<BeamMark> {
    let reach = REACH * (scene.scale / 100.0).clamp(0.5, 2.0);
    let index = BoxIndex::new(
        beams.iter().map(|b| Box2::of(b.line.a, b.line.b).grown(reach + b.width_m / 2.0)).collect(),
    );
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    let marks = marks(scene);
    for (m, (text, mark)) in marks.iter().enumerate() {
        for b in index.touching(&Box2::of(text.at, text.at)) {
            let beam = &beams[b];
            let along =
                beam.line.direction().is_some_and(|d| angle_between_lines(d.angle(), text.angle) < ALONG);
            let off = beam.line.distance(text.at) - beam.width_m / 2.0;
            // a section of another width names another beam
            let fits =
                mark.section_mm.is_none_or(|(w, _)| (f64::from(w) / 1000.0 - beam.width_m).abs() < 0.011);
            if along && off < reach {
                pairs.push((off.max(0.0) + if fits { 0.0 } else { reach }, m, b));
            }
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut taken = vec![false; marks.len()];
    for (_, m, b) in pairs {
        if !taken[m] && beams[b].mark.is_none() {
            taken[m] = true;
            beams[b].mark = Some(marks[m].1.clone());
        }
    }
    let mut left: Vec<BeamMark> =
        marks.into_iter().zip(taken).filter(|(_, t)| !t).map(|((_, m), _)| m).collect();
    left.sort_by(|a, b| a.text.at.x.total_cmp(&b.text.at.x).then(a.text.at.y.total_cmp(&b.text.at.y)));
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::model::{Drawing, Layer, LineMark, Mark, Sheet, TextMark};
    use crate::drawing::recognise::recognise;
    use crate::geom::Point2;

    #[test]
    fn a_beam_takes_the_text_that_runs_along_it() {
        let mut sheet = Sheet { name: "Model".into(), ..Sheet::default() };
        let mark = |sheet: &mut Sheet, layer: u32| {
            sheet.marks.push(Mark { layer, visible: true, ..Mark::default() });
            sheet.marks.len() as u32 - 1
        };
        for (x, y0, y1) in
            [(0.0, 0.0, 8000.0), (300.0, 0.0, 8000.0), (6000.0, 0.0, 8000.0), (6250.0, 0.0, 8000.0)]
        {
            let m = mark(&mut sheet, 0);
            let segment = Segment2::new(Point2::new(x, y0), Point2::new(x, y1));
            sheet.lines.push(LineMark { mark: m, segment });
        }
        for (i, (at, angle, text)) in [
            (Point2::new(-400.0, 4000.0), std::f64::consts::FRAC_PI_2, "KL1(2) 300x600"),
            (Point2::new(5700.0, 4000.0), std::f64::consts::FRAC_PI_2, "L2(1)"),
            (Point2::new(6500.0, 3000.0), 0.0, "KL9(1)"),
            (Point2::new(3000.0, -3000.0), 0.0, "二层梁平法施工图 1:100"),
        ]
        .into_iter()
        .enumerate()
        {
            let m = mark(&mut sheet, 1);
            let height = if i == 3 { 700.0 } else { 300.0 };
            sheet.texts.push(TextMark {
                mark: m,
                text: text.into(),
                centre: at,
                at,
                height,
                width: 3000.0,
                angle,
                mirrored: false,
                tag: None,
            });
        }
        // a column keeps the sheet a plan
        let corners = [(0.0, 8000.0), (400.0, 8000.0), (400.0, 8400.0), (0.0, 8400.0)];
        let ring: Vec<Point2> = corners.iter().map(|&(x, y)| Point2::new(x, y)).collect();
        let m = mark(&mut sheet, 2);
        for i in 0..4 {
            sheet.lines.push(LineMark { mark: m, segment: Segment2::new(ring[i], ring[(i + 1) % 4]) });
        }
        sheet.loops.push(crate::drawing::model::LoopMark { mark: m, ring });
        sheet.bounds = Box2::of(Point2::new(-1000.0, -4000.0), Point2::new(8000.0, 9000.0));
        let layers = ["BEAM", "BEAM_TEXT", "COLUMN"]
            .map(|name| Layer { name: name.into(), visible: true, ..Layer::default() })
            .to_vec();
        let drawing =
            Drawing { declared_unit_m: Some(0.001), layers, sheets: vec![sheet], ..Drawing::default() };
        let plans = recognise(&[drawing]).value;
        let plan = &plans.plans[0];
        let mut seen: Vec<(i64, Option<&str>)> = plan
            .beams
            .iter()
            .map(|b| ((b.width_m * 1000.0).round() as i64, b.mark.as_ref().map(|m| m.name.as_str())))
            .collect();
        seen.sort_unstable();
        assert_eq!(seen, [(250, Some("L2")), (300, Some("KL1"))]);
        assert_eq!(plan.beams[0].mark.as_ref().and_then(|m| m.section_mm), Some((300, 600)));
        // a text across both beams is kept apart
        assert_eq!(plan.beam_marks.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), ["KL9"]);
    }
}
