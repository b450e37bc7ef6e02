//! `text` and `tspan`: each stretch that begins at a place of its own is one text.

use super::path::Numbers;
use super::style::Paint;
use super::walk::{Context, Walk};
use crate::drawing::curves;
use crate::drawing::glyphs;
use crate::drawing::model::TextMark;
use crate::geom::Point2;
use roxmltree::Node;

/// Height of a capital, as a share of the font size (Arial, and near it for most sans-serif faces).
const CAPITAL: f64 = 0.716;
/// tspans in tspans.
const MAX_DEPTH: usize = 16;

/// Where the next letter goes, and what has been gathered since the last place was given.
struct Run {
    at: Point2,
    text: String,
    context: Context,
    space: bool,
}

/// Reads a `text` element into the sheet.
pub(super) fn read<'d, 'input>(walk: &mut Walk<'d, 'input>, node: Node<'d, 'input>, context: &Context) {
    let mut run = Run { at: Point2::default(), text: String::new(), context: context.clone(), space: true };
    part(walk, node, context, &mut run, 0);
    flush(walk, &mut run);
}

fn part<'d, 'input>(
    walk: &mut Walk<'d, 'input>,
    node: Node<'d, 'input>,
    context: &Context,
    run: &mut Run,
    depth: usize,
) {
    // The first number of a list counts: letters placed one by one are rare in plans.
    let number = |name: &str| {
        let value = node.attribute(name)?;
        let number = Numbers::new(value).number()?;
        Some(if value.ends_with("em") { number * context.font_size } else { number })
    };
    let (x, y, dx, dy) = (number("x"), number("y"), number("dx"), number("dy"));
    if x.is_some() || y.is_some() || dx.is_some() || dy.is_some() {
        let end = run.at.x + advance(run);
        flush(walk, run);
        run.at = Point2::new(x.unwrap_or(end) + dx.unwrap_or(0.0), y.unwrap_or(run.at.y) + dy.unwrap_or(0.0));
    }
    if run.text.is_empty() {
        run.context = context.clone();
    }
    for child in node.children() {
        if let Some(text) = child.text().filter(|_| child.is_text()) {
            if run.text.is_empty() {
                run.context = context.clone();
            }
            for c in text.chars() {
                let space = c.is_whitespace() && c != '\u{a0}';
                if !(space && run.space) {
                    run.text.push(if space { ' ' } else { c });
                }
                run.space = space;
            }
        } else if child.is_element()
            && matches!(child.tag_name().name(), "tspan" | "a")
            && depth < MAX_DEPTH
            && let Some(inner) = walk.inherit(child, context)
        {
            part(walk, child, &inner, run, depth + 1);
        }
    }
}

fn advance(run: &Run) -> f64 {
    glyphs::width(run.text.trim_end()) * run.context.font_size * CAPITAL
}

fn flush(walk: &mut Walk<'_, '_>, run: &mut Run) {
    let text = run.text.trim().to_string();
    let context = &run.context;
    let height = context.font_size * CAPITAL;
    let reached = curves::reaching(&context.map) && curves::reached(run.at) && height <= curves::REACH;
    walk.text_beyond |= !text.is_empty() && !reached;
    if !text.is_empty() && height > 0.0 && reached {
        let width = glyphs::width(&text) * height;
        let centre = run.at + Point2::new((0.5 - context.anchor) * width, (context.baseline - 0.5) * height);
        let map = context.map;
        let along = map.apply_vector(Point2::new(1.0, 0.0));
        let stretch = map.determinant().abs() / along.length().max(f64::MIN_POSITIVE);
        let stretch = if stretch <= curves::REACH { stretch } else { 0.0 };
        let colour = if let Paint::Colour(c) = context.fill { c } else { 0 };
        let mark = walk.mark(context, colour);
        walk.sheet.texts.push(TextMark {
            mark,
            text,
            centre: map.apply(centre),
            at: map.apply(run.at),
            height: height * stretch,
            width: width * along.length(),
            angle: along.angle(),
            mirrored: map.is_mirrored(),
            tag: None,
        });
    }
    run.text.clear();
    run.space = true;
}
