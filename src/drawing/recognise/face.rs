//! Wall faces: straight lines of one direction, collinear pieces merged, and the strips between neighbouring ones.

use crate::geom::{Box2, Point2, Segment2};
use std::f64::consts::PI;

/// A line that may be a face.
#[derive(Clone, Copy, Debug)]
pub struct FaceLine {
    /// Place, plan metres.
    pub segment: Segment2,
    /// Number into `Sheet::marks`.
    pub mark: u32,
    /// It lies on a wall layer.
    pub on_wall_layer: bool,
    /// It lies on a layer of curtain walls.
    pub curtain: bool,
    /// Drawn with gaps.
    pub dashed: bool,
}

/// Collinear pieces of one direction.
#[derive(Clone, Debug)]
pub struct Face {
    /// Distance from the origin along the family's normal.
    pub rho: f64,
    /// Covered stretches along the family's direction, disjoint and rising.
    pub spans: Vec<(f64, f64)>,
    /// Marks, each once.
    pub marks: Vec<u32>,
    /// Share of length on wall layers.
    pub wall_share: f64,
    /// Most of it is dashed.
    pub dashed: bool,
    /// Most of it lies on layers of curtain walls.
    pub curtain: bool,
}

/// All faces of one direction.
#[derive(Clone, Debug)]
pub struct Family {
    /// Unit vector along.
    pub along: Point2,
    /// Faces by rising `rho`.
    pub faces: Vec<Face>,
}

impl Family {
    /// The normal, to the left of `along`.
    pub fn normal(&self) -> Point2 {
        self.along.left()
    }
    /// Faces closer than `reach` to a place across.
    pub fn near(&self, rho: f64, reach: f64) -> &[Face] {
        let from = self.faces.partition_point(|f| f.rho <= rho - reach);
        let to = self.faces.partition_point(|f| f.rho < rho + reach);
        self.faces.get(from..to.max(from)).unwrap_or_default()
    }
    /// A point from coordinates along and across.
    pub fn point(&self, t: f64, rho: f64) -> Point2 {
        self.along * t + self.normal() * rho
    }
    /// Coordinates along and across.
    pub fn coordinates(&self, p: Point2) -> (f64, f64) {
        (p.dot(self.along), p.dot(self.normal()))
    }
}

/// Directions closer than this are one (CAD keeps 1e-9; plots and hand-set angles are worse).
const ANGLE_TOLERANCE: f64 = 0.05 * PI / 180.0;
/// Faces closer than this are one line drawn in pieces.
pub const RHO_TOLERANCE: f64 = 0.0006;
/// Pieces on one line closer than this touch.
pub const TOUCH: f64 = 0.0015;

/// Sorts lines into families of directions and merges what is collinear.
pub fn families(lines: &[FaceLine]) -> Vec<Family> {
    let mut order: Vec<(f64, usize)> = lines
        .iter()
        .enumerate()
        .filter_map(|(i, l)| Some((l.segment.direction()?.angle().rem_euclid(PI), i)))
        .collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut groups: Vec<Vec<(f64, usize)>> = Vec::new();
    for item in order {
        match groups.last_mut() {
            Some(g) if item.0 - g.last().map_or(0.0, |l| l.0) <= ANGLE_TOLERANCE => g.push(item),
            _ => groups.push(vec![item]),
        }
    }
    // directions near 0 and near π are the same
    if groups.len() > 1 {
        let first = groups[0][0].0;
        let last = groups[groups.len() - 1].last().map_or(0.0, |l| l.0);
        if first + PI - last <= ANGLE_TOLERANCE {
            let tail = groups.pop().unwrap_or_default();
            groups[0].extend(tail.into_iter().map(|(a, i)| (a - PI, i)));
        }
    }
    groups.iter().map(|g| family(lines, g)).collect()
}

fn family(lines: &[FaceLine], group: &[(f64, usize)]) -> Family {
    let (mut sum, mut weight) = (0.0, 0.0);
    for &(angle, i) in group {
        let w = lines[i].segment.length().powi(2);
        sum += angle * w;
        weight += w;
    }
    let along = Point2::unit(if weight > 0.0 { sum / weight } else { 0.0 });
    let normal = along.left();
    let mut pieces: Vec<(f64, f64, f64, usize)> = group
        .iter()
        .map(|&(_, i)| {
            let s = lines[i].segment;
            let (a, b) = (s.a.dot(along), s.b.dot(along));
            (s.middle().dot(normal), a.min(b), a.max(b), i)
        })
        .collect();
    pieces.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut faces: Vec<Face> = Vec::new();
    let mut from = 0;
    while from < pieces.len() {
        let mut to = from + 1;
        while to < pieces.len() && pieces[to].0 - pieces[to - 1].0 <= RHO_TOLERANCE {
            to += 1;
        }
        faces.push(face(lines, &pieces[from..to]));
        from = to;
    }
    Family { along, faces }
}

fn face(lines: &[FaceLine], pieces: &[(f64, f64, f64, usize)]) -> Face {
    let total: f64 = pieces.iter().map(|p| p.2 - p.1).sum::<f64>().max(1e-12);
    let rho = pieces.iter().map(|p| p.0 * (p.2 - p.1)).sum::<f64>() / total;
    let share = |test: &dyn Fn(&FaceLine) -> bool| {
        pieces.iter().filter(|p| test(&lines[p.3])).map(|p| p.2 - p.1).sum::<f64>() / total
    };
    let mut marks: Vec<u32> = pieces.iter().map(|p| lines[p.3].mark).collect();
    marks.sort_unstable();
    marks.dedup();
    Face {
        rho,
        spans: merged(pieces.iter().map(|p| (p.1, p.2)).collect(), TOUCH),
        marks,
        wall_share: share(&|l| l.on_wall_layer),
        dashed: share(&|l| l.dashed) > 0.5,
        curtain: share(&|l| l.curtain) > 0.5,
    }
}

/// The union of stretches; those closer than `gap` become one.
pub fn merged(mut spans: Vec<(f64, f64)>, gap: f64) -> Vec<(f64, f64)> {
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut out: Vec<(f64, f64)> = Vec::with_capacity(spans.len());
    for (a, b) in spans {
        match out.last_mut() {
            Some(last) if a <= last.1 + gap => last.1 = last.1.max(b),
            _ => out.push((a, b)),
        }
    }
    out
}

/// Length of `span` that the stretches cover.
pub fn covered(spans: &[(f64, f64)], span: (f64, f64)) -> f64 {
    spans.iter().map(|s| (s.1.min(span.1) - s.0.max(span.0)).max(0.0)).sum()
}

/// The stretch between two neighbouring faces with no face between.
#[derive(Clone, Copy, Debug)]
pub struct Strip {
    /// Lower face.
    pub low: usize,
    /// Upper face.
    pub high: usize,
    /// Along the family.
    pub span: (f64, f64),
    /// Distance between the faces.
    pub thickness: f64,
}

/// All strips of a family no wider than `widest`. Work grows with the number of faces within reach of each.
pub fn strips(family: &Family, widest: f64, narrowest: f64) -> Vec<Strip> {
    let mut out = Vec::new();
    for (low, face) in family.faces.iter().enumerate() {
        let mut open: Vec<(f64, f64)> = face.spans.clone();
        for (high, other) in family.faces.iter().enumerate().skip(low + 1) {
            let thickness = other.rho - face.rho;
            if thickness > widest || open.is_empty() {
                break;
            }
            let mut left = Vec::new();
            for span in &open {
                let mut at = span.0;
                let first = other.spans.partition_point(|s| s.1 <= span.0);
                for s in other.spans.iter().skip(first).take_while(|s| s.0 < span.1) {
                    let (a, b) = (s.0.max(span.0), s.1.min(span.1));
                    if b - a > TOUCH {
                        if thickness >= narrowest {
                            out.push(Strip { low, high, span: (a, b), thickness });
                        }
                        if a - at > TOUCH {
                            left.push((at, a));
                        }
                        at = b;
                    }
                }
                if span.1 - at > TOUCH {
                    left.push((at, span.1));
                }
            }
            open = left;
        }
    }
    out
}

/// A box around a stretch of a band.
pub fn band_box(family: &Family, span: (f64, f64), rho: (f64, f64)) -> Box2 {
    Box2::around([
        family.point(span.0, rho.0),
        family.point(span.1, rho.0),
        family.point(span.0, rho.1),
        family.point(span.1, rho.1),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(ax: f64, ay: f64, bx: f64, by: f64) -> FaceLine {
        FaceLine {
            segment: Segment2::new(Point2::new(ax, ay), Point2::new(bx, by)),
            mark: 0,
            on_wall_layer: true,
            curtain: false,
            dashed: false,
        }
    }

    #[test]
    fn two_faces_give_one_strip_whatever_the_angle() {
        for degrees in [0.0f64, 17.3, 90.0, 179.99] {
            let turn = crate::geom::Affine2::rotation(degrees.to_radians());
            let lines: Vec<FaceLine> =
                [line(0.0, 0.0, 5.0, 0.0), line(0.2, 0.2, 2.0, 0.2), line(4.8, 0.2, 2.0, 0.2)]
                    .iter()
                    .map(|l| FaceLine {
                        segment: Segment2::new(turn.apply(l.segment.a), turn.apply(l.segment.b)),
                        ..*l
                    })
                    .collect();
            let families = families(&lines);
            assert_eq!(families.len(), 1, "{degrees}");
            assert_eq!(families[0].faces.len(), 2);
            let strips = strips(&families[0], 0.6, 0.05);
            assert_eq!(strips.len(), 1);
            assert!((strips[0].thickness - 0.2).abs() < 1e-9);
            assert!((strips[0].span.1 - strips[0].span.0 - 4.6).abs() < 1e-9);
        }
    }

    #[test]
    fn the_nearest_face_hides_what_lies_behind() {
        let lines = [line(0.0, 0.0, 5.0, 0.0), line(1.0, 0.1, 2.0, 0.1), line(0.0, 0.3, 5.0, 0.3)];
        let families = families(&lines);
        let mut strips: Vec<(i64, i64)> = strips(&families[0], 0.6, 0.05)
            .iter()
            .map(|s| ((s.thickness * 1000.0).round() as i64, ((s.span.1 - s.span.0) * 1000.0).round() as i64))
            .collect();
        strips.sort_unstable();
        assert_eq!(strips, [(100, 1000), (200, 1000), (300, 1000), (300, 3000)]);
    }
}
