//! A whole review: 50 storeys, six sheets each, from what was read to the findings. The tower and its 300 drawings are made
//! here; reading them is not counted. Prints each stage, the whole, and the peak of memory; a plan that is not laid right or
//! a false error ends the bench. `TUMO_BENCH_STOREYS=10` makes a smaller one.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout)]

use std::fmt::Write as _;
use std::time::Instant;
use tumo::bytes::bytes;
use tumo::checks;
use tumo::drawing::{self, Drawing};
use tumo::facts::Facts;
use tumo::finding::{Severity, Verdict};
use tumo::ifc::section::{CutBand, storey_plans};
use tumo::ifc::{self, Model};
use tumo::matching::{self, Claimed};
use tumo::registration;
use tumo::rulebook::Rulebook;
use tumo::scope::EVERYTHING;

const SHEETS: [&str; 6] = ["平面图", "墙柱平面图", "给排水平面图", "暖通平面图", "电气平面图", "消防平面图"];
/// Bays, metres.
const XS: [f64; 8] = [0.0, 8.4, 16.2, 24.6, 33.0, 41.1, 49.5, 57.9];
const YS: [f64; 5] = [0.0, 7.8, 16.2, 23.7, 31.5];
const HEIGHT: f64 = 3.6;

/// A wall with its openings: ends, thickness, and (distance of the middle from the start, width, is a door).
struct Wall {
    a: (f64, f64),
    b: (f64, f64),
    thickness: f64,
    openings: Vec<(f64, f64, bool)>,
}

/// The walls of a storey; no two storeys are quite alike.
fn walls(storey: usize) -> Vec<Wall> {
    let mut out = Vec::new();
    let twist = 0.37 * (storey % 7) as f64;
    for (k, x) in XS.windows(2).enumerate() {
        for (y, door) in [(YS[0], false), (YS[4], false), (YS[2], true)] {
            let length = x[1] - x[0];
            let at = length / 2.0 + if door { 0.3 * ((k + storey) % 5) as f64 } else { 0.0 };
            let openings = vec![(at, if door { 1.0 } else { 2.4 }, door)];
            out.push(Wall { a: (x[0], y), b: (x[1], y), thickness: if door { 0.2 } else { 0.3 }, openings });
        }
        let x = x[0] + 2.1 + twist + 0.4 * k as f64;
        for (j, y) in YS.windows(2).enumerate() {
            let openings = if (j + k) % 2 == 0 { vec![(1.6, 0.9, true)] } else { Vec::new() };
            out.push(Wall { a: (x, y[0]), b: (x, y[1]), thickness: 0.1, openings });
        }
    }
    for y in YS.windows(2) {
        for x in [XS[0], XS[7]] {
            out.push(Wall { a: (x, y[0]), b: (x, y[1]), thickness: 0.3, openings: vec![(3.0, 1.8, false)] });
        }
    }
    out
}

struct Step {
    text: String,
    last: u32,
}

impl Step {
    fn put(&mut self, record: &str) -> u32 {
        self.last += 1;
        let _ = writeln!(self.text, "#{}={record};", self.last);
        self.last
    }

    fn guid(&self) -> String {
        format!("{:022}", self.last + 1)
    }

    fn placement(&mut self, under: Option<u32>, at: (f64, f64, f64), x: (f64, f64)) -> u32 {
        let p = self.put(&format!("IFCCARTESIANPOINT(({:.4},{:.4},{:.4}))", at.0, at.1, at.2));
        let z = self.put("IFCDIRECTION((0.,0.,1.))");
        let x = self.put(&format!("IFCDIRECTION(({:.9},{:.9},0.))", x.0, x.1));
        let frame = self.put(&format!("IFCAXIS2PLACEMENT3D(#{p},#{z},#{x})"));
        let under = under.map_or("$".to_owned(), |u| format!("#{u}"));
        self.put(&format!("IFCLOCALPLACEMENT({under},#{frame})"))
    }

    /// A box from x 0 to length, centred on y, upwards.
    fn body(&mut self, context: u32, length: f64, width: f64, height: f64) -> u32 {
        let middle = self.put(&format!("IFCCARTESIANPOINT(({:.4},0.))", length / 2.0));
        let frame = self.put(&format!("IFCAXIS2PLACEMENT2D(#{middle},$)"));
        let profile = self.put(&format!("IFCRECTANGLEPROFILEDEF(.AREA.,$,#{frame},{length:.4},{width:.4})"));
        let up = self.put("IFCDIRECTION((0.,0.,1.))");
        let solid = self.put(&format!("IFCEXTRUDEDAREASOLID(#{profile},$,#{up},{height:.4})"));
        let shape = self.put(&format!("IFCSHAPEREPRESENTATION(#{context},'Body','SweptSolid',(#{solid}))"));
        self.put(&format!("IFCPRODUCTDEFINITIONSHAPE($,$,(#{shape}))"))
    }

    fn product(&mut self, class: &str, name: &str, place: u32, shape: u32, more: &str) -> u32 {
        let guid = self.guid();
        self.put(&format!("{class}('{guid}',$,'{name}',$,$,#{place},#{shape},$,{more})"))
    }
}

fn direction(w: &Wall) -> ((f64, f64), f64) {
    let (dx, dy) = (w.b.0 - w.a.0, w.b.1 - w.a.1);
    let length = dx.hypot(dy);
    ((dx / length, dy / length), length)
}

fn storey_records(step: &mut Step, context: u32, storey: usize, place: u32) -> Vec<u32> {
    let mut inside = Vec::new();
    for w in walls(storey) {
        let ((ux, uy), length) = direction(&w);
        let wall_place = step.placement(Some(place), (w.a.0, w.a.1, 0.0), (ux, uy));
        let shape = step.body(context, length, w.thickness, HEIGHT);
        let wall = step.product("IFCWALL", "wall", wall_place, shape, ".STANDARD.");
        inside.push(wall);
        for &(at, width, door) in &w.openings {
            let (sill, height) = if door { (0.0, 2.1) } else { (0.9, 1.5) };
            let hole_place = step.placement(Some(wall_place), (at - width / 2.0, 0.0, sill), (1.0, 0.0));
            let hole_shape = step.body(context, width, w.thickness + 0.2, height);
            let hole = step.product("IFCOPENINGELEMENT", "hole", hole_place, hole_shape, ".OPENING.");
            let guid = step.guid();
            step.put(&format!("IFCRELVOIDSELEMENT('{guid}',$,$,$,#{wall},#{hole})"));
            let filler_place = step.placement(Some(hole_place), (0.0, 0.0, 0.0), (1.0, 0.0));
            let filler_shape = step.body(context, width, 0.06, height);
            let class = if door { "IFCDOOR" } else { "IFCWINDOW" };
            let more = if door {
                format!("{height},{width},.DOOR.,.SINGLE_SWING_LEFT.,$")
            } else {
                format!("{height},{width},.WINDOW.,.SINGLE_PANEL.,$")
            };
            let filler = step.product(class, "opening", filler_place, filler_shape, &more);
            inside.push(filler);
            let guid = step.guid();
            step.put(&format!("IFCRELFILLSELEMENT('{guid}',$,$,$,#{hole},#{filler})"));
        }
    }
    for x in XS {
        for y in YS {
            let at = step.placement(Some(place), (x - 0.3, y, 0.0), (1.0, 0.0));
            let shape = step.body(context, 0.6, 0.6, HEIGHT);
            inside.push(step.product("IFCCOLUMN", "KZ1", at, shape, ".COLUMN."));
        }
    }
    inside
}

/// The tower as IFC4, metres.
fn tower(storeys: usize) -> String {
    let mut s = Step { text: String::new(), last: 0 };
    let unit = s.put("IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.)");
    let units = s.put(&format!("IFCUNITASSIGNMENT((#{unit}))"));
    let origin = s.put("IFCCARTESIANPOINT((0.,0.,0.))");
    let frame = s.put(&format!("IFCAXIS2PLACEMENT3D(#{origin},$,$)"));
    let context = s.put(&format!("IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-5,#{frame},$)"));
    let guid = s.guid();
    let project = s.put(&format!("IFCPROJECT('{guid}',$,'tower',$,$,$,$,(#{context}),#{units})"));
    let ground = s.placement(None, (0.0, 0.0, 0.0), (1.0, 0.0));
    let guid = s.guid();
    let building = s.put(&format!("IFCBUILDING('{guid}',$,'tower',$,$,#{ground},$,$,.ELEMENT.,$,$,$)"));
    let guid = s.guid();
    s.put(&format!("IFCRELAGGREGATES('{guid}',$,$,$,#{project},(#{building}))"));
    let mut floors = Vec::new();
    for n in 0..storeys {
        let z = n as f64 * HEIGHT;
        let place = s.placement(Some(ground), (0.0, 0.0, z), (1.0, 0.0));
        let guid = s.guid();
        let floor =
            s.put(&format!("IFCBUILDINGSTOREY('{guid}',$,'{}F',$,$,#{place},$,$,.ELEMENT.,{z:.3})", n + 1));
        let inside = storey_records(&mut s, context, n, place);
        let list: Vec<String> = inside.iter().map(|i| format!("#{i}")).collect();
        let guid = s.guid();
        let list = list.join(",");
        s.put(&format!("IFCRELCONTAINEDINSPATIALSTRUCTURE('{guid}',$,$,$,({list}),#{floor})"));
        floors.push(format!("#{floor}"));
    }
    let guid = s.guid();
    s.put(&format!("IFCRELAGGREGATES('{guid}',$,$,$,#{building},({}))", floors.join(",")));
    format!(
        "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n\
         FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n{}ENDSEC;\nEND-ISO-10303-21;\n",
        s.text
    )
}

#[derive(Default)]
struct Dxf(String);

impl Dxf {
    fn line(&mut self, layer: &str, a: (f64, f64), b: (f64, f64)) {
        let _ = write!(
            self.0,
            "0\nLINE\n8\n{layer}\n10\n{:.3}\n20\n{:.3}\n11\n{:.3}\n21\n{:.3}\n",
            a.0 * 1000.0,
            a.1 * 1000.0,
            b.0 * 1000.0,
            b.1 * 1000.0
        );
    }

    fn text(&mut self, layer: &str, at: (f64, f64), height: f64, words: &str) {
        let (x, y) = (at.0 * 1000.0, at.1 * 1000.0);
        let _ = write!(
            self.0,
            "0\nTEXT\n8\n{layer}\n10\n{x:.3}\n20\n{y:.3}\n40\n{height}\n1\n{words}\n72\n1\n73\n2\n11\n{x:.3}\n21\n{y:.3}\n"
        );
    }

    fn axis(&mut self, a: (f64, f64), b: (f64, f64), label: &str) {
        self.line("AXIS", a, b);
        let _ =
            write!(self.0, "0\nCIRCLE\n8\nAXIS\n10\n{:.3}\n20\n{:.3}\n40\n400\n", a.0 * 1000.0, a.1 * 1000.0);
        self.text("AXIS", a, 350.0, label);
    }

    fn wall(&mut self, w: &Wall) {
        let ((ux, uy), length) = direction(w);
        let at = |t: f64, n: f64| (w.a.0 + ux * t - uy * n, w.a.1 + uy * t + ux * n);
        let half = w.thickness / 2.0;
        let mut from = 0.0;
        let mut cuts: Vec<(f64, f64, bool)> = w.openings.clone();
        cuts.push((length, 0.0, false));
        for (middle, width, door) in cuts {
            let (low, high) = (middle - width / 2.0, middle + width / 2.0);
            for side in [half, -half] {
                self.line("WALL", at(from, side), at(low, side));
            }
            from = high;
            if width == 0.0 {
                continue;
            }
            for jamb in [low, high] {
                self.line("WALL", at(jamb, half), at(jamb, -half));
            }
            if door {
                self.line("DOOR", at(low, 0.0), at(low, width));
                let (c, turn) = (at(low, 0.0), uy.atan2(ux).to_degrees());
                let _ = write!(
                    self.0,
                    "0\nARC\n8\nDOOR\n10\n{:.3}\n20\n{:.3}\n40\n{:.3}\n50\n{:.4}\n51\n{:.4}\n",
                    c.0 * 1000.0,
                    c.1 * 1000.0,
                    width * 1000.0,
                    turn,
                    turn + 90.0
                );
            } else {
                for side in [half, half / 3.0, -half / 3.0, -half] {
                    self.line("WINDOW", at(low, side), at(high, side));
                }
            }
        }
    }
}

fn numeral(n: usize) -> String {
    let digit = |d: usize| "零一二三四五六七八九".chars().nth(d).unwrap().to_string();
    match (n / 10, n % 10) {
        (0, d) => digit(d),
        (t, d) => {
            format!(
                "{}十{}",
                if t == 1 { String::new() } else { digit(t) },
                if d == 0 { String::new() } else { digit(d) }
            )
        }
    }
}

/// One sheet of a storey, millimetres.
fn sheet(storey: usize, title: &str) -> String {
    let mut d = Dxf::default();
    for (k, x) in XS.iter().enumerate() {
        d.axis((*x, -4.0), (*x, 35.0), &(k + 1).to_string());
    }
    for (k, y) in YS.iter().enumerate() {
        d.axis((-4.0, *y), (62.0, *y), ["A", "B", "C", "D", "E"][k]);
    }
    for x in XS {
        for y in YS {
            let ring = [(x - 0.3, y - 0.3), (x + 0.3, y - 0.3), (x + 0.3, y + 0.3), (x - 0.3, y + 0.3)];
            for k in 0..4 {
                d.line("COLUMN", ring[k], ring[(k + 1) % 4]);
            }
        }
    }
    for w in walls(storey) {
        d.wall(&w);
    }
    d.text("PUB_TEXT", (28.0, -9.0), 700.0, &format!("{}层{title} 1:100", numeral(storey + 1)));
    d.text("PUB_TEXT", (3.0, 4.0), 350.0, &format!("{:.3}", storey as f64 * HEIGHT));
    format!(
        "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1021\n9\n$INSUNITS\n70\n4\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n{}0\nENDSEC\n0\nEOF\n",
        d.0
    )
}

fn peak_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}

fn main() {
    let storeys: usize = std::env::var("TUMO_BENCH_STOREYS").ok().and_then(|v| v.parse().ok()).unwrap_or(50);
    let model: Model = ifc::read("tower.ifc", &bytes(tower(storeys).into_bytes())).unwrap().value;
    let drawings: Vec<Drawing> = (0..storeys)
        .flat_map(|n| SHEETS.iter().map(move |t| (n, *t)))
        .map(|(n, title)| {
            let name = format!("{:02}-{title}.dxf", n + 1);
            drawing::read(&name, &bytes(sheet(n, title).into_bytes())).unwrap().value
        })
        .collect();
    let models = [model];
    println!(
        "read: {} elements, {} drawings, {:.0} MB",
        models[0].elements.len(),
        drawings.len(),
        peak_mb().unwrap_or(0.0)
    );
    let book = Rulebook::built_in("cn-building").unwrap();
    for round in 1..=3 {
        let start = Instant::now();
        let mut last = start;
        let mut lap = |stage: &str| {
            println!("  {stage:<24} {:>7.3} s", last.elapsed().as_secs_f64());
            last = Instant::now();
        };
        let (plans_of_storeys, _) = storey_plans(&models, &CutBand::default());
        lap("cut storeys");
        let mut plans = drawing::recognise(&drawings).value;
        lap("recognise plans");
        let registration = registration::solve(&models, &plans_of_storeys, &drawings, &plans);
        lap("lay plans on storeys");
        matching::read_marks(&mut plans, &plans_of_storeys, &registration);
        let matches = matching::pair(&models, &plans_of_storeys, &plans, &registration, &Claimed::EVERYTHING);
        lap("pair drawn and modelled");
        let facts = Facts {
            models: &models,
            storeys: &plans_of_storeys,
            drawings: &drawings,
            plans: &plans,
            registration: &registration,
            matches: &matches,
            ids: &[],
            scope: &EVERYTHING,
            shapes: None,
            manifest: None,
            identity: &Default::default(),
            waivers: &[],
            previous: &[],
            today: None,
        };
        let findings = checks::run(&facts, &book);
        lap("ask the rules");
        let laid = registration.plans.iter().filter(|r| r.to_world.is_some()).count();
        let errors: Vec<_> = findings
            .list
            .iter()
            .filter(|f| {
                f.rule.starts_with("DM") && f.verdict == Verdict::Fail && f.severity >= Severity::Error
            })
            .collect();
        println!(
            "round {round}: {:.3} s, {laid} of {} plans laid, {} pairs compared, {} false errors, peak {:.0} MB",
            start.elapsed().as_secs_f64(),
            plans.plans.len(),
            matches
                .plans
                .iter()
                .map(|m| m.walls.pairs.len() + m.columns.pairs.len() + m.openings.pairs.len())
                .sum::<usize>(),
            errors.len(),
            peak_mb().unwrap_or(0.0)
        );
        for (k, r) in registration.plans.iter().enumerate() {
            let wanted = k / SHEETS.len();
            assert_eq!(r.storeys, [wanted], "{}", r.story.en);
        }
        assert!(errors.is_empty(), "{}", errors[0].message.en);
    }
}
