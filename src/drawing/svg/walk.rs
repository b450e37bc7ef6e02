//! From element to element: what is inherited, what is drawn, what is referred to.

use super::path::{self, Numbers};
use super::style::{self, Paint, classes};
use super::{guid, text};
use crate::drawing::curves;
use crate::drawing::model::{FillMark, Mark, Sheet, SheetKind};
use crate::drawing::outline::{self, Outline, Piece};
use crate::geom::{Affine2, Point2};
use roxmltree::{Document, Node};
use std::collections::{BTreeMap, HashMap};

/// Elements in elements; no drawing program nests as deep.
const MAX_DEPTH: usize = 256;
/// Elements visited, those reached by `use` included.
const MAX_VISITS: u64 = 5_000_000;

/// Elements visited by way of `use`: each is read anew, so that a small file can ask for any number of them.
const MAX_USED: u64 = 500_000;
/// Rules of style that are held against elements, all in all.
const MAX_HELD: u64 = 10_000_000;

/// What an element hands down.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) map: Affine2,
    pub(super) layer: u32,
    pub(super) guid: Option<Box<str>>,
    pub(super) visible: bool,
    pub(super) stroke: Paint,
    pub(super) fill: Paint,
    pub(super) stroke_width: f64,
    pub(super) dashed: bool,
    pub(super) font_size: f64,
    pub(super) anchor: f64,
    pub(super) baseline: f64,
}

/// A notice to be: code, line, sentence.
type Loss = (&'static str, u32, String);

/// What a walk comes to: the sheet, layer names, what was not read, what was lost.
pub(super) type Walked = (Sheet, Vec<String>, Vec<(String, u64)>, Vec<Loss>);

/// The walk over a document.
pub(super) struct Walk<'d, 'input> {
    document: &'d Document<'input>,
    styles: style::Sheet,
    by_id: HashMap<&'d str, Node<'d, 'input>>,
    pub(super) sheet: Sheet,
    layers: Vec<String>,
    layer_numbers: HashMap<String, u32>,
    unread: BTreeMap<String, u64>,
    losses: Vec<Loss>,
    visits: u64,
    used: u64,
    /// A text lies or reaches beyond all drawings, and is left out.
    pub(super) text_beyond: bool,
    uses: Vec<roxmltree::NodeId>,
}

/// The depth allowed, when tags nest deeper. Counted on the bytes, before any parser recurses.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    for at in memchr::memchr_iter(b'<', bytes) {
        match bytes.get(at + 1) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b'!' | b'?') | None => {}
            Some(_) => {
                let end = memchr::memchr(b'>', &bytes[at..]).map_or(bytes.len(), |i| at + i);
                if bytes.get(end.wrapping_sub(1)) != Some(&b'/') {
                    depth += 1;
                }
            }
        }
        // Comments and style texts may hold stray tags: four times the depth leaves room for them.
        if depth > 4 * MAX_DEPTH {
            return Some(MAX_DEPTH);
        }
    }
    None
}

/// Attributes of one element: they are held against one another when it is read.
const MAX_ATTRIBUTES: usize = 5_000;

/// Says so where an element has more attributes than the limit.
pub(super) fn too_many_attributes(text: &str) -> Option<usize> {
    let values = |tag: &str| {
        let bytes = tag.as_bytes();
        let value = |&at: &usize| {
            bytes[at + 1..].trim_ascii_start().first().is_some_and(|b| matches!(b, b'"' | b'\''))
        };
        memchr::memchr_iter(b'=', bytes).filter(value).nth(MAX_ATTRIBUTES)
    };
    // a value has no `<` in it
    text.split('<').find_map(values).map(|_| MAX_ATTRIBUTES)
}

impl<'d, 'input> Walk<'d, 'input> {
    pub(super) fn new(document: &'d Document<'input>) -> Self {
        let mut styles = style::Sheet::default();
        let mut by_id = HashMap::new();
        let mut cut = None;
        for node in document.descendants().filter(Node::is_element) {
            if node.tag_name().name() == "style" {
                for part in node.children().filter_map(|n| n.text()) {
                    if !styles.add(part) {
                        cut.get_or_insert(node);
                    }
                }
            }
            if let Some(id) = node.attribute("id") {
                by_id.entry(id).or_insert(node);
            }
        }
        styles.sort();
        let mut walk = Self {
            document,
            styles,
            by_id,
            sheet: Sheet { name: "Model".into(), kind: SheetKind::Model, ..Sheet::default() },
            layers: vec!["0".into()],
            layer_numbers: HashMap::from([("0".to_string(), 0)]),
            unread: BTreeMap::new(),
            losses: Vec::new(),
            visits: 0,
            used: 0,
            text_beyond: false,
            uses: Vec::new(),
        };
        if let Some(node) = cut {
            let message = "the style sheets have more rules than the limit; the rest of them is left out";
            walk.lose("svg-limit", node, message);
        }
        walk
    }

    pub(super) fn root(&mut self, root: Node<'d, 'input>) {
        let context = Context {
            map: Affine2::IDENTITY,
            layer: 0,
            guid: None,
            visible: true,
            stroke: Paint::None,
            fill: Paint::Colour(0),
            stroke_width: 1.0,
            dashed: false,
            font_size: 16.0,
            anchor: 0.0,
            baseline: 0.0,
        };
        self.element(root, &context, 0);
    }

    pub(super) fn finish(mut self) -> Walked {
        self.sheet.bounds = outline::extent(&self.sheet);
        (self.sheet, self.layers, self.unread.into_iter().collect(), self.losses)
    }

    fn line_of(&self, node: Node<'_, '_>) -> u32 {
        // Counting lines for each element would cost the square of the file: only what is told is looked up.
        self.document.text_pos_at(node.range().start).row
    }

    fn lose(&mut self, code: &'static str, node: Node<'_, '_>, message: &str) {
        // Each kind once: files repeat themselves.
        if !self.losses.iter().any(|l| l.0 == code && l.2 == message) {
            let line = self.line_of(node);
            self.losses.push((code, line, message.to_string()));
        }
    }

    fn layer(&mut self, name: String) -> u32 {
        let next = u32::try_from(self.layers.len()).unwrap_or(0);
        let layers = &mut self.layers;
        *self.layer_numbers.entry(name).or_insert_with_key(|name| {
            layers.push(name.clone());
            next
        })
    }

    pub(super) fn element(&mut self, node: Node<'d, 'input>, outer: &Context, depth: usize) {
        self.visits += 1;
        self.used += u64::from(!self.uses.is_empty());
        let many = self.visits > MAX_VISITS || self.used > MAX_USED || self.styles.held() > MAX_HELD;
        if depth > MAX_DEPTH || many {
            self.lose("svg-limit", node, "elements nest or repeat beyond the limit; the rest is left out");
            return;
        }
        let tag = node.tag_name().name();
        match tag {
            "g" | "svg" | "a" | "switch" | "use" | "path" | "line" | "polyline" | "polygon" | "rect"
            | "circle" | "ellipse" | "text" => {}
            "image" | "foreignObject" => {
                *self.unread.entry(tag.to_string()).or_default() += 1;
                return;
            }
            // Definitions are drawn by `use`; the rest draws nothing.
            _ => return,
        }
        let Some(context) = self.inherit(node, outer) else { return };
        match tag {
            "use" => self.used(node, &context, depth),
            "text" => {
                text::read(self, node, &context);
                if std::mem::take(&mut self.text_beyond) {
                    self.lose(
                        "svg-text-unreadable",
                        node,
                        "a text lies or reaches beyond 10^15 units; it is left out",
                    );
                }
            }
            "g" | "svg" | "a" | "switch" => {
                for child in node.children().filter(Node::is_element) {
                    self.element(child, &context, depth + 1);
                }
            }
            _ => self.shape(node, tag, &context),
        }
    }

    /// The element's own context; `None` where it is not displayed at all.
    pub(super) fn inherit(&mut self, node: Node<'d, 'input>, outer: &Context) -> Option<Context> {
        let mut out = outer.clone();
        let (mut clipped, mut name) = (false, None);
        {
            let own = self.styles.of(node);
            if own.get("display") == Some(&"none") {
                return None;
            }
            apply(&own, &mut out);
            clipped |= own.contains_key("clip-path") || own.contains_key("mask");
        }
        if let Some(transform) = node.attribute("transform") {
            match transform_list(transform) {
                Some(map) => out.map = out.map.after(&map),
                None => self.lose("svg-transform", node, "a transform cannot be read; it is passed over"),
            }
        }
        if clipped {
            self.lose("svg-clip", node, "clipping is not applied; what it hides is drawn");
        }
        if style::has_too_many(node) {
            self.lose(
                "svg-limit",
                node,
                "an element has more classes than the limit; the rest of them is left out",
            );
        }
        let tag = node.tag_name().name();
        let label =
            node.attributes().find(|a| a.name() == "label" && a.namespace().is_some()).map(|a| a.value());
        let meaning: Vec<&str> = classes(node)
            .filter(|c| !["GlobalId-", "PredefinedType-", "material-"].iter().any(|p| c.starts_with(p)))
            .collect();
        if let Some(label) = label.filter(|_| tag == "g") {
            name = Some(label.to_string());
        } else if !meaning.is_empty() {
            name = Some(meaning.join(" "));
        } else if let Some(id) = node.attribute("id").filter(|id| tag == "g" && !id.starts_with("product-")) {
            name = Some(id.to_string());
        }
        if let Some(name) = name {
            out.layer = self.layer(name);
        }
        if let Some(guid) = guid::of(node) {
            out.guid = Some(guid);
        }
        Some(out)
    }

    fn used(&mut self, node: Node<'d, 'input>, context: &Context, depth: usize) {
        let href = node.attributes().find(|a| a.name() == "href").map(|a| a.value()).unwrap_or_default();
        let Some(id) = href.strip_prefix('#') else {
            self.lose("svg-external", node, "a reference leads out of the file; it is not opened");
            return;
        };
        let Some(&target) = self.by_id.get(id) else {
            self.lose("svg-reference", node, "a reference leads nowhere; it draws nothing");
            return;
        };
        if self.uses.contains(&target.id()) || target.is_root() {
            self.lose("svg-cycle", node, "a reference leads to itself; it is left out");
            return;
        }
        let shift = Point2::new(length(node, "x"), length(node, "y"));
        let context = Context { map: context.map.after(&Affine2::translation(shift)), ..context.clone() };
        self.uses.push(target.id());
        if target.tag_name().name() == "symbol" {
            for child in target.children().filter(Node::is_element) {
                self.element(child, &context, depth + 1);
            }
        } else {
            self.element(target, &context, depth + 1);
        }
        self.uses.pop();
    }

    /// A new mark for something drawn.
    pub(super) fn mark(&mut self, context: &Context, colour: u32) -> u32 {
        let number = u32::try_from(self.sheet.marks.len()).unwrap_or(u32::MAX);
        self.sheet.marks.push(Mark {
            layer: context.layer,
            colour,
            weight: (context.stroke_width * context.map.scale() * 100.0).clamp(0.0, 65_535.0) as u16,
            dashed: context.dashed,
            visible: context.visible,
            guid: context.guid.clone(),
            ..Mark::default()
        });
        number
    }

    fn shape(&mut self, node: Node<'d, 'input>, tag: &str, context: &Context) {
        let n = |name| length(node, name);
        let outlines = match tag {
            "path" => {
                let (outlines, whole) = path::parse(node.attribute("d").unwrap_or_default());
                if !whole {
                    self.lose("svg-path", node, "path data breaks off; what stands before is drawn");
                }
                outlines
            }
            "line" => {
                vec![Outline::through(&[Point2::new(n("x1"), n("y1")), Point2::new(n("x2"), n("y2"))], false)]
            }
            "polyline" | "polygon" => {
                let mut numbers = Numbers::new(node.attribute("points").unwrap_or_default());
                let mut points = Vec::new();
                while let (Some(x), Some(y)) = (numbers.number(), numbers.number()) {
                    points.push(Point2::new(x, y));
                }
                vec![Outline::through(&points, tag == "polygon")]
            }
            "rect" => {
                let (a, w, h) = (Point2::new(n("x"), n("y")), n("width"), n("height"));
                let corner = |x: f64, y: f64| a + Point2::new(x, y);
                vec![Outline::through(&[a, corner(w, 0.0), corner(w, h), corner(0.0, h)], true)]
            }
            _ => {
                let centre = Point2::new(n("cx"), n("cy"));
                let (rx, ry) = if tag == "circle" { (n("r"), n("r")) } else { (n("rx"), n("ry")) };
                let (x, y) = (Point2::new(rx, 0.0), Point2::new(0.0, ry));
                let piece = match curves::ellipse(centre, x, y, 0.0, std::f64::consts::TAU) {
                    Ok(arc) => Piece::Arc(arc),
                    Err(points) => Piece::Curve(points),
                };
                vec![Outline { pieces: vec![piece], closed: true }]
            }
        };
        self.draw(node, &outlines, context, tag == "line");
    }

    /// Strokes become lines and arcs, fills become areas; what is neither is not seen.
    fn draw(&mut self, node: Node<'d, 'input>, outlines: &[Outline], context: &Context, no_area: bool) {
        let map = &context.map;
        if !curves::reaching(map) || !outlines.iter().all(Outline::reached) {
            self.lose(
                "svg-shape-unreadable",
                node,
                "a shape lies or reaches beyond 10^15 units; it is left out",
            );
            return;
        }
        if let Paint::Colour(colour) = context.stroke {
            let mark = self.mark(context, colour);
            for outline in outlines {
                outline.stroke(mark, map, &mut self.sheet);
            }
        }
        // White covers what lies below; it is no poché.
        if no_area || matches!(context.fill, Paint::None | Paint::Colour(0xFF_FFFF)) {
            return;
        }
        let rings: Vec<Vec<Point2>> = outlines.iter().map(|o| o.ring(map)).filter(|r| r.len() >= 3).collect();
        if rings.is_empty() {
            return;
        }
        let (colour, pattern) = match &context.fill {
            Paint::Colour(colour) => (*colour, None),
            Paint::Pattern(name) => (0, Some(name.clone())),
            Paint::None => return,
        };
        let mark = self.mark(context, colour);
        self.sheet.fills.push(FillMark { mark, rings, solid: pattern.is_none(), pattern });
    }
}

/// A coordinate; units of length count as user units, as plans are drawn in those.
fn length(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).and_then(|v| Numbers::new(v).number()).unwrap_or(0.0)
}

fn apply(own: &HashMap<&str, &str>, out: &mut Context) {
    let number = |name: &str| own.get(name).and_then(|v| Numbers::new(v).number());
    if let Some(v) = own.get("stroke").filter(|v| **v != "inherit") {
        out.stroke = style::paint(v);
    }
    if let Some(v) = own.get("fill").filter(|v| **v != "inherit") {
        out.fill = style::paint(v);
    }
    out.stroke_width = number("stroke-width").unwrap_or(out.stroke_width);
    if let Some(v) = own.get("stroke-dasharray") {
        out.dashed = *v != "none" && Numbers::new(v).number().is_some_and(|n| n > 0.0);
    }
    if let Some(v) = own.get("font-size") {
        let value = Numbers::new(v).number();
        out.font_size = match value {
            Some(n) if v.ends_with("em") => n * out.font_size,
            Some(n) if v.ends_with('%') => n / 100.0 * out.font_size,
            Some(n) if v.ends_with("pt") => n * 4.0 / 3.0,
            Some(n) => n,
            None => out.font_size,
        };
    }
    match own.get("text-anchor").copied() {
        Some("middle") => out.anchor = 0.5,
        Some("end") => out.anchor = 1.0,
        Some(_) => out.anchor = 0.0,
        None => {}
    }
    // How far the baseline lies below the point, in heights of a capital.
    match own.get("dominant-baseline").copied() {
        Some("middle" | "central") => out.baseline = 0.5,
        Some("hanging" | "text-before-edge" | "text-top") => out.baseline = 1.0,
        Some(_) => out.baseline = 0.0,
        None => {}
    }
    match own.get("visibility").copied() {
        Some("hidden" | "collapse") => out.visible = false,
        Some("visible") => out.visible = true,
        _ => {}
    }
    if number("opacity") == Some(0.0) {
        out.visible = false;
    }
}

/// `translate(…) rotate(…) …`, applied right to left.
pub(super) fn transform_list(text: &str) -> Option<Affine2> {
    let mut out = Affine2::IDENTITY;
    for part in
        text.split(')').map(|p| p.trim_matches([' ', ',', '\t', '\r', '\n'])).filter(|p| !p.is_empty())
    {
        let (name, list) = part.split_once('(')?;
        let mut numbers = Numbers::new(list);
        let mut v = Vec::new();
        while let Some(n) = numbers.number() {
            v.push(n);
        }
        let at = |i: usize| v.get(i).copied();
        let next = match name.trim() {
            "matrix" => Affine2::from(<[f64; 6]>::try_from(v.get(..6)?).ok()?),
            "translate" => Affine2::translation(Point2::new(at(0)?, at(1).unwrap_or(0.0))),
            "scale" => Affine2::scaling(at(0)?, at(1).or(at(0))?),
            "rotate" => {
                let about = Point2::new(at(1).unwrap_or(0.0), at(2).unwrap_or(0.0));
                let turn = Affine2::rotation(at(0)?.to_radians());
                Affine2::translation(about).after(&turn).after(&Affine2::translation(-about))
            }
            "skewX" => Affine2 { c: at(0)?.to_radians().tan(), ..Affine2::IDENTITY },
            "skewY" => Affine2 { b: at(0)?.to_radians().tan(), ..Affine2::IDENTITY },
            _ => return None,
        };
        out = out.after(&next);
    }
    Some(out)
}
