//! A plan with what was recognised painted over it: everything drawn in thin grey, each kind of thing in its colour.

use crate::cli::args::RecogniseFormat;
use crate::cli::{Settings, output};
use crate::drawing::plans::{AxisLine, DrawnWall, OpeningKind, Plan, Plans};
use crate::geom::{Arc2, Box2, Point2};
use crate::report::picture::{FONTS, escaped};
use crate::report::plain::tame;
use anyhow::{Result, bail};
use std::fmt::Write;
use std::path::Path;

/// Width of a picture, pixels, and the room around the drawing.
const WIDTH: f64 = 2_000.0;
const MARGIN: f64 = 30.0;
/// Height of the line with title and legend, pixels.
const HEAD: f64 = 44.0;
/// Arcs are drawn as chords within this, metres.
const CHORD: f64 = 0.01;
/// Okabe and Ito's colours, told apart with every kind of colour vision.
const WALL: &str = "#0072b2";
const COLUMN: &str = "#cc79a7";
const DOOR: &str = "#d55e00";
const WINDOW: &str = "#009e73";
const GAP: &str = "#e69f00";
const AXIS: &str = "#7b5ea7";
const ROOM: &str = "#8a7f00";
const OTHER: &str = "#56b4e9";
const UNCLEAR: &str = "#b3261e";

/// Writes a picture per plan: into `file` where there is one plan, else into files with the plan in their name.
pub(super) fn write(plans: &Plans, format: RecogniseFormat, file: &Path, settings: &Settings) -> Result<()> {
    if plans.plans.is_empty() {
        bail!("{}: there is no plan to paint", file.display());
    }
    for plan in &plans.plans {
        let path = if plans.plans.len() == 1 {
            file.to_owned()
        } else {
            let stem = file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
            file.with_file_name(format!("{stem}-{}.{}", plan.id, format.ending()))
        };
        let svg = Canvas::new(plan).painted(plan);
        let bytes = match format {
            RecogniseFormat::Png => raster(&svg, settings)?,
            _ => Some(svg.into_bytes()),
        };
        match bytes {
            Some(bytes) => output::save_and_tell(&path, &bytes, settings)?,
            None => bail!("{}: the plan cannot be drawn", path.display()),
        }
    }
    Ok(())
}

#[cfg(feature = "png")]
fn raster(svg: &str, settings: &Settings) -> Result<Option<Vec<u8>>> {
    Ok(crate::report::png::raster(svg, crate::cli::pictures::fonts(settings)))
}

#[cfg(not(feature = "png"))]
fn raster(_: &str, _: &Settings) -> Result<Option<Vec<u8>>> {
    bail!("this tumo was built without pictures (feature png); --format svg is there");
}

/// From plan metres to pixels, and what was drawn so far.
struct Canvas {
    window: Box2,
    scale: f64,
    height: f64,
    out: String,
}

impl Canvas {
    fn new(plan: &Plan) -> Self {
        let mut window = Box2::EMPTY;
        for (s, _) in &plan.raw.lines {
            window.add(s.a);
            window.add(s.b);
        }
        for (a, _) in &plan.raw.arcs {
            window.add(a.centre);
        }
        for t in &plan.raw.texts {
            window.add(t.at);
        }
        if window.is_empty() || !(window.min.is_finite() && window.max.is_finite()) {
            window = Box2::of(Point2::default(), Point2::new(1.0, 1.0));
        }
        let scale = ((WIDTH - 2.0 * MARGIN) / window.width().max(0.5))
            .min((1.2 * WIDTH) / window.height().max(0.5))
            .max(1e-6);
        let height = HEAD + 2.0 * MARGIN + window.height() * scale;
        Self { window, scale, height, out: String::new() }
    }

    fn place(&self, p: Point2) -> (f64, f64) {
        let off = (WIDTH - self.window.width() * self.scale) / 2.0;
        (off + (p.x - self.window.min.x) * self.scale, HEAD + MARGIN + (self.window.max.y - p.y) * self.scale)
    }

    /// Path data of a chain of points.
    fn chain(&self, points: &[Point2], closed: bool) -> String {
        let mut d = String::new();
        for (i, p) in points.iter().filter(|p| p.is_finite()).enumerate() {
            let (x, y) = self.place(*p);
            let _ = write!(d, "{}{x:.1} {y:.1}", if i == 0 { 'M' } else { 'L' });
        }
        if closed && !d.is_empty() {
            d.push('Z');
        }
        d
    }

    fn path(&mut self, d: &str, style: &str) {
        if !d.is_empty() {
            let _ = writeln!(self.out, "<path d='{d}' {style}/>");
        }
    }

    fn text(&mut self, at: Point2, size: f64, colour: &str, text: &str) {
        if at.is_finite() {
            let (x, y) = self.place(at);
            let _ = writeln!(
                self.out,
                "<text x='{x:.1}' y='{:.1}' font-size='{size:.0}' fill='{colour}' text-anchor='middle'>{}</text>",
                y + size * 0.35,
                escaped(&tame(text))
            );
        }
    }

    fn painted(mut self, plan: &Plan) -> String {
        self.drawn(plan);
        self.things(plan);
        self.openings(plan);
        self.texts(plan);
        self.head(plan);
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH:.0}' height='{:.0}' viewBox='0 0 {WIDTH:.0} {:.0}' \
             font-family='{FONTS}'>\n<rect width='100%' height='100%' fill='#fff'/>\n{}</svg>\n",
            self.height, self.height, self.out
        )
    }

    /// Everything, as it is drawn.
    fn drawn(&mut self, plan: &Plan) {
        let mut d = String::new();
        for (s, _) in &plan.raw.lines {
            d.push_str(&self.chain(&[s.a, s.b], false));
        }
        for (a, _) in &plan.raw.arcs {
            d.push_str(&self.chain(&chords(a), false));
        }
        self.path(&d, "fill='none' stroke='#9aa4ad' stroke-width='.7'");
        let size = (0.25 * self.scale).clamp(5.0, 11.0);
        for t in &plan.raw.texts {
            self.text(t.at, size, "#7b8794", &t.text);
        }
    }

    fn things(&mut self, plan: &Plan) {
        for room in &plan.rooms {
            for polygon in room.outline.iter().flatten() {
                let d: String = polygon.rings().map(|r| self.chain(r, true)).collect();
                self.path(&d, &format!("fill='{ROOM}' fill-opacity='.07' fill-rule='evenodd'"));
            }
        }
        for wall in &plan.walls {
            let d = self.chain(&body(wall), true);
            let dash = if wall.dashed { "stroke-dasharray='6 4'" } else { "" };
            let opacity = if wall.curtain { 0.12 } else { 0.34 };
            self.path(
                &d,
                &format!("fill='{WALL}' fill-opacity='{opacity}' stroke='{WALL}' stroke-width='1.2' {dash}"),
            );
        }
        for column in &plan.columns {
            let d = self.chain(&column.outline, true);
            self.path(&d, &format!("fill='{COLUMN}' fill-opacity='.55' stroke='{COLUMN}' stroke-width='2'"));
        }
        for axis in &plan.axes {
            let d = match axis.line {
                AxisLine::Line(s) => self.chain(&[s.a, s.b], false),
                AxisLine::Arc(a) => self.chain(&chords(&a), false),
            };
            self.path(
                &d,
                &format!("fill='none' stroke='{AXIS}' stroke-width='1.4' stroke-dasharray='14 4 3 4'"),
            );
            for bubble in &axis.bubbles {
                self.text(*bubble, 16.0, AXIS, &axis.label);
            }
        }
        for beam in &plan.beams {
            let half = beam.width_m / 2.0;
            let d = beam.line.direction().map(|d| d.left() * half).map_or(String::new(), |n| {
                let s = beam.line;
                self.chain(&[s.a - n, s.b - n, s.b + n, s.a + n], true)
            });
            self.path(&d, &format!("fill='{OTHER}' fill-opacity='.25' stroke='{OTHER}'"));
        }
        for stair in &plan.stairs {
            let d = self.chain(&stair.bounds.corners(), true);
            self.path(&d, &format!("fill='{OTHER}' fill-opacity='.18' stroke='{OTHER}' stroke-width='2'"));
            let c = stair.bounds.centre();
            if let Some(up) = stair.up {
                let (tip, side) = (c + up * 0.8, up.left() * 0.15);
                let d = self
                    .chain(&[c - up * 0.8, tip, tip - up * 0.3 + side, tip, tip - up * 0.3 - side], false);
                self.path(&d, &format!("fill='none' stroke='{OTHER}' stroke-width='3'"));
            }
            self.text(c, 15.0, "#1d6f9c", &format!("{} treads", stair.treads));
        }
        for (outline, name) in plan
            .lifts
            .iter()
            .map(|l| (&l.outline, "lift"))
            .chain(plan.slab_openings.iter().map(|o| (&o.outline, "opening")))
        {
            let d = self.chain(outline, true);
            self.path(&d, &format!("fill='{GAP}' fill-opacity='.3' stroke='{GAP}' stroke-width='2'"));
            self.text(Box2::around(outline.iter().copied()).centre(), 13.0, "#805700", name);
        }
    }

    fn openings(&mut self, plan: &Plan) {
        for o in &plan.openings {
            let colour = match o.kind {
                OpeningKind::Door => DOOR,
                OpeningKind::Window => WINDOW,
                OpeningKind::Gap => GAP,
            };
            let (u, n) = (o.along * (o.width_m / 2.0), o.along.left() * (o.depth_m.unwrap_or(0.1) / 2.0));
            let d =
                self.chain(&[o.centre - u - n, o.centre + u - n, o.centre + u + n, o.centre - u + n], true);
            let dash = if o.depth_m.is_none() { "stroke-dasharray='5 3'" } else { "" };
            self.path(
                &d,
                &format!("fill='{colour}' fill-opacity='.4' stroke='{colour}' stroke-width='2' {dash}"),
            );
            if let Some(swing) = &o.swing {
                for hinge in &swing.hinges {
                    let tip =
                        *hinge + swing.opens_to.unwrap_or_default() * (o.width_m / swing.hinges.len() as f64);
                    let d = self.chain(&[*hinge, tip], false);
                    self.path(&d, &format!("fill='none' stroke='{colour}' stroke-width='3'"));
                }
            }
            if let Some(mark) = &o.mark {
                let d = self.chain(&[o.centre, mark.at], false);
                self.path(&d, &format!("fill='none' stroke='{colour}' stroke-width='.8'"));
            }
            self.text(o.centre, 11.0, "#1d2329", &format!("{:.0}", o.width_m * 1000.0));
        }
    }

    fn texts(&mut self, plan: &Plan) {
        for room in &plan.rooms {
            let name = room.name.as_ref().map(|n| n.text.as_str()).unwrap_or("?");
            let number = room.number.as_ref().map(|n| format!("{} ", n.text)).unwrap_or_default();
            let area = room.area_m2.map(|a| format!(" {a}")).unwrap_or_default();
            self.text(room.at, 14.0, ROOM, &format!("[{number}{name}{area}]"));
        }
        for level in &plan.levels {
            self.text(level.text.at, 13.0, "#00594a", &format!("⌄{}", level.text.text));
        }
        for unclear in &plan.unclear {
            let d = self.chain(&unclear.bounds.grown(0.05).corners(), true);
            self.path(
                &d,
                &format!("fill='none' stroke='{UNCLEAR}' stroke-width='1.2' stroke-dasharray='4 3'"),
            );
            self.text(unclear.bounds.centre(), 10.0, UNCLEAR, unclear.may_be);
        }
    }

    fn head(&mut self, plan: &Plan) {
        let title = plan.title.as_deref().map(tame).unwrap_or_default();
        let scale = plan.scale.map(|s| format!(" 1:{s:.0}")).unwrap_or_default();
        let _ = writeln!(
            self.out,
            "<rect width='100%' height='{HEAD}' fill='#f5f7f8'/><text x='16' y='28' font-size='17' \
             fill='#1d2329'>{} {}{scale}</text>",
            escaped(&plan.id),
            escaped(&title)
        );
        let of = |kind| plan.openings.iter().filter(|o| o.kind == kind).count();
        let legend = [
            (WALL, format!("{} walls", plan.walls.len())),
            (COLUMN, format!("{} columns", plan.columns.len())),
            (DOOR, format!("{} doors", of(OpeningKind::Door))),
            (WINDOW, format!("{} windows", of(OpeningKind::Window))),
            (GAP, format!("{} gaps", of(OpeningKind::Gap))),
            (AXIS, format!("{} axes", plan.axes.len())),
            (ROOM, format!("{} rooms", plan.rooms.len())),
            (OTHER, format!("{} stairs, {} beams", plan.stairs.len(), plan.beams.len())),
            (UNCLEAR, format!("{} unclear", plan.unclear.len())),
        ];
        let mut x = 640.0;
        for (colour, text) in legend {
            let _ = writeln!(
                self.out,
                "<rect x='{x:.0}' y='16' width='14' height='14' fill='{colour}' fill-opacity='.6'/>\
                 <text x='{:.0}' y='28' font-size='14' fill='#1d2329'>{text}</text>",
                x + 20.0
            );
            x += 44.0 + 7.4 * text.len() as f64;
        }
    }
}

fn chords(arc: &Arc2) -> Vec<Point2> {
    if arc.radius.is_finite() && arc.radius < 1e4 { arc.points(CHORD) } else { Vec::new() }
}

/// The outline of a wall, straight or curved.
fn body(wall: &DrawnWall) -> Vec<Point2> {
    let half = wall.thickness_m / 2.0;
    if let Some(arc) = wall.arc {
        let side = |r: f64| chords(&Arc2 { radius: r, ..arc });
        let mut ring = side(arc.radius + half);
        ring.extend(side((arc.radius - half).max(0.001)).into_iter().rev());
        return ring;
    }
    let Some(d) = wall.line.direction() else { return Vec::new() };
    let n = d.left() * half;
    vec![wall.line.a - n, wall.line.b - n, wall.line.b + n, wall.line.a + n]
}
