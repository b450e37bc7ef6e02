//! Recognition: a made plan of 30,000 primitives, and larger ones that tell how the cost grows. On one thread.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use tumo::drawing::model::{ArcMark, Drawing, Layer, LineMark, Mark, Sheet, TextMark};
use tumo::drawing::recognise;
use tumo::geom::{Arc2, Box2, Point2, Segment2};

const LAYERS: [&str; 8] = ["WALL", "COLUMN", "WINDOW", "DOTE", "AXIS", "SPACE", "WINDOW_TEXT", "PUB_TEXT"];
/// Bays, millimetres.
const BAY: f64 = 4_000.0;

struct Pen(Sheet);

impl Pen {
    fn mark(&mut self, layer: usize) -> u32 {
        let handle = self.0.marks.len() as u64 + 1;
        self.0.marks.push(Mark { layer: layer as u32, handle, visible: true, ..Mark::default() });
        self.0.marks.len() as u32 - 1
    }
    fn line(&mut self, layer: usize, a: (f64, f64), b: (f64, f64)) {
        let mark = self.mark(layer);
        let segment = Segment2::new(Point2::new(a.0, a.1), Point2::new(b.0, b.1));
        self.0.lines.push(LineMark { mark, segment });
    }
    fn box_at(&mut self, layer: usize, x: f64, y: f64, w: f64, h: f64) {
        self.line(layer, (x, y), (x + w, y));
        self.line(layer, (x + w, y), (x + w, y + h));
        self.line(layer, (x + w, y + h), (x, y + h));
        self.line(layer, (x, y + h), (x, y));
    }
    fn arc(&mut self, layer: usize, centre: (f64, f64), radius: f64, start: f64, sweep: f64) {
        let mark = self.mark(layer);
        let centre = Point2::new(centre.0, centre.1);
        self.0.arcs.push(ArcMark { mark, arc: Arc2 { centre, radius, start, sweep } });
    }
    fn text(&mut self, layer: usize, at: (f64, f64), height: f64, text: String) {
        let mark = self.mark(layer);
        let at = Point2::new(at.0, at.1);
        let width = height * text.chars().count() as f64;
        let text =
            TextMark { mark, text, centre: at, at, height, width, angle: 0.0, mirrored: false, tag: None };
        self.0.texts.push(text);
    }
    /// A room of one bay: its walls to the south and west, a door, a window, a column, a label.
    fn room(&mut self, i: usize, j: usize) {
        let (x, y) = (i as f64 * BAY, j as f64 * BAY);
        for (a, b) in [(0.0, 1_200.0), (2_100.0, BAY)] {
            self.line(0, (x + a, y), (x + b, y));
            self.line(0, (x + a, y + 200.0), (x + b, y + 200.0));
            self.line(0, (x, y + a), (x, y + b));
            self.line(0, (x + 200.0, y + a), (x + 200.0, y + b));
        }
        for t in [1_200.0, 2_100.0] {
            self.line(0, (x + t, y), (x + t, y + 200.0));
            self.line(0, (x, y + t), (x + 200.0, y + t));
        }
        self.line(2, (x + 1_200.0, y + 100.0), (x + 1_200.0, y + 1_000.0));
        self.arc(2, (x + 1_200.0, y + 100.0), 900.0, 0.0, std::f64::consts::FRAC_PI_2);
        for k in 0..4 {
            let at = x + f64::from(k) * 200.0 / 3.0;
            self.line(2, (at, y + 1_200.0), (at, y + 2_100.0));
        }
        self.box_at(1, x + 200.0, y + 200.0, 400.0, 400.0);
        self.text(5, (x + 2_000.0, y + 2_600.0), 300.0, "办公室".into());
        self.text(5, (x + 2_000.0, y + 2_200.0), 300.0, format!("{:.2} m2", 12.0 + (i % 7) as f64));
        self.text(6, (x + 1_650.0, y + 500.0), 250.0, "M0921".into());
        self.text(6, (x + 500.0, y + 1_650.0), 250.0, "C0915".into());
    }
}

/// A plan of about so many primitives.
fn plan(primitives: usize) -> Drawing {
    let mut pen = Pen(Sheet { name: "Model".into(), ..Sheet::default() });
    let side = ((primitives as f64 / 26.0).sqrt().round() as usize).max(1);
    for i in 0..side {
        for j in 0..side {
            pen.room(i, j);
        }
    }
    let end = side as f64 * BAY;
    for i in 0..side.min(99) {
        let at = i as f64 * BAY;
        pen.line(3, (at, -3_000.0), (at, end));
        pen.arc(4, (at, -3_400.0), 400.0, 0.0, std::f64::consts::TAU);
        pen.text(4, (at, -3_400.0), 350.0, (i + 1).to_string());
    }
    pen.text(7, (end / 2.0, -6_000.0), 700.0, "一层平面图 1:100".into());
    let mut sheet = pen.0;
    sheet.bounds = Box2::of(Point2::new(-1_000.0, -7_000.0), Point2::new(end, end));
    let layers = LAYERS.map(|name| Layer { name: name.into(), visible: true, ..Layer::default() }).to_vec();
    Drawing { declared_unit_m: Some(0.001), layers, sheets: vec![sheet], ..Drawing::default() }
}

fn benches(c: &mut Criterion) {
    // the bar is for one core
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().unwrap();
    let mut group = c.benchmark_group("recognise");
    group.sample_size(10);
    for primitives in [3_000, 30_000, 300_000, 1_000_000] {
        let mut layered = plan(primitives);
        let sheet = &layered.sheets[0];
        group.throughput(Throughput::Elements(
            (sheet.lines.len() + sheet.arcs.len() + sheet.texts.len()) as u64,
        ));
        group.bench_with_input(BenchmarkId::new("layers", primitives), &layered, |b, d| {
            b.iter(|| black_box(recognise(std::slice::from_ref(d)).value.plans[0].walls.len()));
        });
        layered.layers.iter_mut().for_each(|l| l.name = "0".into());
        group.bench_with_input(BenchmarkId::new("layer 0", primitives), &layered, |b, d| {
            b.iter(|| black_box(recognise(std::slice::from_ref(d)).value.plans.len()));
        });
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
