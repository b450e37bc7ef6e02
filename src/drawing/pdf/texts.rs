//! From glyphs to texts: letters that stand behind one another on one baseline are read as one line.

use crate::drawing::model::TextMark;
use crate::geom::Point2;

/// Height of a capital, as a share of the font size (Arial, and near it for most faces; the same share as for SVG).
const CAPITAL: f64 = 0.716;
/// A gap that stands for a blank, in font sizes. A blank is 0.25 to 0.33 wide, letter spacing mostly below 0.15.
const BLANK: f64 = 0.18;
/// Letters further apart within one shown string are two texts, in font sizes.
const FAR: f64 = 1.2;
/// The same between strings shown one after another.
const FAR_APART: f64 = 0.4;
/// And where digits meet: rows of numbers stand close.
const FAR_DIGITS: f64 = 0.12;
/// How far letters of one line may lie off its baseline, in font sizes; raised ones are smaller.
const OFF_LINE: f64 = 0.12;
const OFF_LINE_RAISED: f64 = 0.5;
/// Blanks that part two texts within one string: columns of a table set by hand.
const PARTING_BLANKS: usize = 4;

/// A letter as placed, page coordinates.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) text: String,
    /// Its origin, on the baseline.
    pub(super) at: Point2,
    /// The font's square: where one size to the right and one upwards lead.
    pub(super) along: Point2,
    pub(super) up: Point2,
    /// Where the next letter is expected.
    pub(super) end: Point2,
    /// Number of the string that it was shown with.
    pub(super) run: u32,
    pub(super) layer: u32,
    pub(super) colour: u32,
    /// Drawn with neither fill nor line: the text of a scan, or of letters drawn as shapes.
    pub(super) invisible: bool,
}

/// A line of text with what its mark needs.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) text: TextMark,
    pub(super) layer: u32,
    pub(super) colour: u32,
    pub(super) invisible: bool,
}

/// Letters in the order of the page, as lines; lines drawn twice (bold by hand, shadows) count once.
pub(super) fn lines(letters: &[Letter]) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut open: Option<Open> = None;
    for letter in letters {
        match &mut open {
            Some(line) if line.takes(letter) => line.push(letter),
            _ => {
                finish(open.take(), &mut out);
                open = Some(Open::new(letter));
            }
        }
    }
    finish(open, &mut out);
    without_doubles(out)
}

/// A line that may go on.
struct Open {
    first: Letter,
    text: String,
    end: Point2,
    size: f64,
    run: u32,
    blanks: usize,
}

impl Open {
    fn new(letter: &Letter) -> Self {
        Self {
            text: letter.text.clone(),
            end: letter.end,
            size: letter.up.length(),
            run: letter.run,
            blanks: usize::from(letter.text.trim().is_empty()),
            first: letter.clone(),
        }
    }

    fn takes(&self, next: &Letter) -> bool {
        let Some(along) = self.first.along.normalised() else { return false };
        let size = next.up.length();
        let same_way = next.along.normalised().is_some_and(|d| d.dot(along) > 0.999);
        let same_look = next.layer == self.first.layer
            && next.invisible == self.first.invisible
            && (0.45..=2.2).contains(&(size / self.size));
        if !same_way || !same_look {
            return false;
        }
        let step = next.at - self.end;
        let (gap, off) = (step.dot(along) / self.size, along.cross(step).abs() / self.size);
        let raised = size < 0.85 * self.size;
        if off > if raised { OFF_LINE_RAISED } else { OFF_LINE } {
            return false;
        }
        let blank = next.text.trim().is_empty();
        if self.blanks >= PARTING_BLANKS && !blank {
            return false;
        }
        let far = if next.run == self.run {
            FAR
        } else if self.ends_in_digit() && next.text.starts_with(|c: char| c.is_ascii_digit()) {
            FAR_DIGITS
        } else {
            FAR_APART
        };
        (-0.5..=far).contains(&gap)
    }

    fn ends_in_digit(&self) -> bool {
        self.text.ends_with(|c: char| c.is_ascii_digit())
    }

    fn push(&mut self, next: &Letter) {
        let along = self.first.along.normalised().unwrap_or_default();
        let gap = (next.at - self.end).dot(along) / self.size;
        let blank = next.text.trim().is_empty();
        if gap > BLANK && !blank && !self.text.ends_with(char::is_whitespace) {
            self.text.push(' ');
        }
        self.blanks = if blank { self.blanks + 1 } else { 0 };
        self.text.push_str(&next.text);
        if !blank {
            self.end = next.end;
        } else {
            // A blank moves on; at the end of a line it does not count as width.
            self.end = self.end + along * (next.end - self.end).dot(along).max(0.0);
        }
        self.run = next.run;
    }
}

fn finish(open: Option<Open>, out: &mut Vec<Line>) {
    let Some(open) = open else { return };
    let text = open.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (Some(along), size) = (open.first.along.normalised(), open.size) else { return };
    if text.is_empty() || !(size > 0.0 && size.is_finite()) {
        return;
    }
    let up = open.first.up / size;
    let trailing = open.text.len() - open.text.trim_end().len();
    let blanks = open.text.len() - open.text.trim_start().len();
    let whole = (open.end - open.first.at).dot(along).max(0.0);
    // Blanks at either end are about a quarter of the size wide.
    let lead = blanks as f64 * 0.25 * size;
    let width = (whole - lead - trailing as f64 * 0.25 * size).max(0.0);
    let height = size * CAPITAL;
    let at = open.first.at + along * lead;
    let centre = at + along * (width / 2.0) + up * (height / 2.0);
    if !centre.is_finite() {
        return;
    }
    out.push(Line {
        text: TextMark {
            mark: 0,
            text,
            centre,
            at,
            height,
            width,
            angle: along.angle(),
            mirrored: along.cross(up) < 0.0,
            tag: None,
        },
        layer: open.first.layer,
        colour: open.first.colour,
        invisible: open.first.invisible,
    });
}

/// Of the same text at nearly the same place the first stays, visible before invisible.
fn without_doubles(lines: Vec<Line>) -> Vec<Line> {
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&lines[a], &lines[b]);
        a.text
            .text
            .cmp(&b.text.text)
            .then(a.invisible.cmp(&b.invisible))
            .then(a.text.at.x.total_cmp(&b.text.at.x))
    });
    let mut keep = vec![true; lines.len()];
    for (i, &a) in order.iter().enumerate() {
        // A double stands within a few places in this order, but for texts that a drawing repeats hundreds of times.
        for &b in order[..i].iter().rev().take(64) {
            let (a_text, b_text) = (&lines[a].text, &lines[b].text);
            if a_text.text != b_text.text {
                break;
            }
            let near = 0.25 * a_text.height;
            if keep[b]
                && a_text.centre.distance(b_text.centre) < near
                && (a_text.height - b_text.height).abs() < near
            {
                keep[a] = false;
                break;
            }
        }
    }
    lines.into_iter().zip(keep).filter_map(|(line, keep)| keep.then_some(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters of one string, 0.6 sizes wide each, size 10.
    fn string(text: &str, x: f64, y: f64, run: u32) -> Vec<Letter> {
        text.chars()
            .enumerate()
            .map(|(i, c)| Letter {
                text: c.to_string(),
                at: Point2::new(x + 6.0 * i as f64, y),
                along: Point2::new(10.0, 0.0),
                up: Point2::new(0.0, 10.0),
                end: Point2::new(x + 6.0 * (i + 1) as f64, y),
                run,
                layer: 0,
                colour: 0,
                invisible: false,
            })
            .collect()
    }

    fn texts(letters: &[Letter]) -> Vec<String> {
        lines(letters).into_iter().map(|l| l.text.text).collect()
    }

    #[test]
    fn letters_shown_one_by_one_are_a_text() {
        let mut letters = Vec::new();
        for (i, c) in "M0921".chars().enumerate() {
            letters.extend(string(&c.to_string(), 6.0 * i as f64, 0.0, i as u32));
        }
        let found = lines(&letters);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].text.text, "M0921");
        assert!((found[0].text.width - 30.0).abs() < 1e-9);
        assert!(found[0].text.centre.distance(Point2::new(15.0, 3.58)) < 1e-9);
    }

    #[test]
    fn words_and_columns_are_told_apart() {
        let mut letters = string("FIRST", 0.0, 0.0, 0);
        letters.extend(string("FLOOR", 33.0, 0.0, 1));
        letters.extend(string("1:100", 80.0, 0.0, 2));
        letters.extend(string("1450", 200.0, 0.0, 3));
        letters.extend(string("900", 226.0, 0.0, 4));
        letters.extend(string("below", 200.0, -12.0, 5));
        assert_eq!(texts(&letters), ["FIRST FLOOR", "1:100", "1450", "900", "below"]);
    }

    #[test]
    fn a_text_drawn_twice_counts_once() {
        let mut letters = string("C1515", 0.0, 0.0, 0);
        letters.extend(string("C1515", 0.4, 0.0, 1));
        letters.extend(string("C1515", 60.0, 0.0, 2));
        assert_eq!(texts(&letters).len(), 2);
    }

    #[test]
    fn raised_and_turned_letters() {
        let mut letters = string("24.35 m", 0.0, 0.0, 0);
        let mut raised = string("2", 42.0, 4.0, 1);
        raised[0].up = Point2::new(0.0, 6.0);
        raised[0].along = Point2::new(6.0, 0.0);
        letters.extend(raised);
        assert_eq!(texts(&letters), ["24.35 m2"]);
        let turned: Vec<Letter> = string("6600", 0.0, 0.0, 0)
            .into_iter()
            .map(|l| Letter {
                at: l.at.left(),
                along: l.along.left(),
                up: l.up.left(),
                end: l.end.left(),
                ..l
            })
            .collect();
        let found = lines(&turned);
        assert!((found[0].text.angle - std::f64::consts::FRAC_PI_2).abs() < 1e-12 && !found[0].text.mirrored);
    }
}
