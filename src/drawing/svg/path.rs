//! Path data and lists of numbers, as SVG writes them.

use crate::drawing::curves;
use crate::drawing::outline::{Outline, Piece};
use crate::geom::Point2;

/// Numbers one after another, parted by blanks, commas, signs or points as SVG allows.
pub(super) struct Numbers<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Numbers<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0 }
    }
    fn skip(&mut self) {
        while self.bytes.get(self.at).is_some_and(|b| b.is_ascii_whitespace() || *b == b',') {
            self.at += 1;
        }
    }
    /// The next command letter, if one is next.
    fn letter(&mut self) -> Option<u8> {
        self.skip();
        let letter = *self.bytes.get(self.at).filter(|b| b.is_ascii_alphabetic())?;
        self.at += 1;
        Some(letter)
    }
    /// The next number, if one is next.
    pub(super) fn number(&mut self) -> Option<f64> {
        self.skip();
        let from = self.at;
        let (mut point, mut exponent) = (false, false);
        while let Some(&b) = self.bytes.get(self.at) {
            let begins = self.at == from || matches!(self.bytes[self.at - 1], b'e' | b'E');
            match b {
                b'0'..=b'9' => {}
                b'+' | b'-' if begins => {}
                b'.' if !point && !exponent => point = true,
                b'e' | b'E' if !exponent && self.at > from && self.exponent_follows() => exponent = true,
                _ => break,
            }
            self.at += 1;
        }
        let value: f64 = std::str::from_utf8(&self.bytes[from..self.at]).ok()?.parse().ok()?;
        value.is_finite().then_some(value)
    }
    /// `e` begins an exponent, not a unit such as `em`.
    fn exponent_follows(&self) -> bool {
        match self.bytes.get(self.at + 1) {
            Some(b'+' | b'-') => self.bytes.get(self.at + 2).is_some_and(u8::is_ascii_digit),
            next => next.is_some_and(u8::is_ascii_digit),
        }
    }
    /// An arc flag: a single 0 or 1, which needs nothing to part it from what follows.
    fn flag(&mut self) -> Option<bool> {
        self.skip();
        let flag = *self.bytes.get(self.at).filter(|b| matches!(b, b'0' | b'1'))?;
        self.at += 1;
        Some(flag == b'1')
    }
    fn point(&mut self, from: Point2) -> Option<Point2> {
        Some(from + Point2::new(self.number()?, self.number()?))
    }
    fn ended(&mut self) -> bool {
        self.skip();
        self.at >= self.bytes.len()
    }
}

/// Path data as outlines; false where it breaks off at something unreadable (what stands before counts, as SVG says).
pub(super) fn parse(data: &str) -> (Vec<Outline>, bool) {
    let mut n = Numbers::new(data);
    let mut pen = Pen {
        outlines: Vec::new(),
        current: Outline::default(),
        at: Point2::default(),
        start: Point2::default(),
        control: None,
    };
    let mut command = 0;
    while !n.ended() {
        match n.letter() {
            Some(letter) => command = letter,
            // Numbers without a letter repeat the command; after a move they are lines.
            None if command == b'M' => command = b'L',
            None if command == b'm' => command = b'l',
            None if matches!(command, 0 | b'Z' | b'z') => return (pen.finish(), false),
            None => {}
        }
        if pen.draw(command, &mut n).is_none() {
            return (pen.finish(), false);
        }
    }
    (pen.finish(), true)
}

struct Pen {
    outlines: Vec<Outline>,
    current: Outline,
    at: Point2,
    start: Point2,
    /// Last control point, for smooth curves, and whether the curve was cubic.
    control: Option<(Point2, bool)>,
}

impl Pen {
    fn lift(&mut self) {
        if !self.current.pieces.is_empty() {
            self.outlines.push(std::mem::take(&mut self.current));
        }
    }
    fn finish(mut self) -> Vec<Outline> {
        self.lift();
        self.outlines
    }
    fn line_to(&mut self, to: Point2) {
        self.current.pieces.push(Piece::Line(self.at, to));
        self.at = to;
    }
    fn mirrored_control(&self, cubic: bool) -> Point2 {
        match self.control {
            Some((c, kind)) if kind == cubic => self.at * 2.0 - c,
            _ => self.at,
        }
    }
    fn cubic(&mut self, a: Point2, b: Point2, to: Point2) {
        self.current.add(curves::bezier([self.at, a, b, to]));
        self.at = to;
    }

    fn draw(&mut self, command: u8, n: &mut Numbers<'_>) -> Option<()> {
        let base = if command.is_ascii_lowercase() { self.at } else { Point2::default() };
        let mut control = None;
        match command.to_ascii_uppercase() {
            b'M' => {
                self.at = n.point(base)?;
                self.lift();
                self.start = self.at;
            }
            b'L' => {
                let to = n.point(base)?;
                self.line_to(to);
            }
            b'H' => {
                let to = Point2::new(base.x + n.number()?, self.at.y);
                self.line_to(to);
            }
            b'V' => {
                let to = Point2::new(self.at.x, base.y + n.number()?);
                self.line_to(to);
            }
            b'C' => {
                let (a, b, to) = (n.point(base)?, n.point(base)?, n.point(base)?);
                self.cubic(a, b, to);
                control = Some((b, true));
            }
            b'S' => {
                let (a, b, to) = (self.mirrored_control(true), n.point(base)?, n.point(base)?);
                self.cubic(a, b, to);
                control = Some((b, true));
            }
            letter @ (b'Q' | b'T') => {
                let c = if letter == b'Q' { n.point(base)? } else { self.mirrored_control(false) };
                let to = n.point(base)?;
                self.cubic(self.at.lerp(c, 2.0 / 3.0), to.lerp(c, 2.0 / 3.0), to);
                control = Some((c, false));
            }
            b'A' => {
                let (radii, turn) = ((n.number()?, n.number()?), n.number()?.to_radians());
                let (large, left) = (n.flag()?, n.flag()?);
                let to = n.point(base)?;
                self.current.add(curves::svg_arc(self.at, to, radii, turn, large, left));
                self.at = to;
            }
            b'Z' => {
                if self.at != self.start {
                    self.line_to(self.start);
                }
                self.current.closed = true;
                self.lift();
                self.at = self.start;
            }
            _ => return None,
        }
        self.control = control;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_commands() {
        let (outlines, whole) =
            parse("M0 0h10v5H0zm1,1l2-2.5.5 1e1M0,0C0 1 1 2 3 3S5 5 6 6Q7 7 8 6T10 6a1 1 0 01 2 0");
        assert!(whole && outlines.len() == 3);
        assert!(outlines[0].closed && outlines[0].pieces.len() == 4);
        assert!(matches!(outlines[1].pieces[1], Piece::Line(_, to) if to == Point2::new(3.5, 8.5)));
        assert!(matches!(outlines[2].pieces.last(), Some(Piece::Arc(a)) if (a.radius - 1.0).abs() < 1e-12));
    }

    #[test]
    fn broken_data_keeps_what_stands_before() {
        let (outlines, whole) = parse("M0 0L5 5L oops");
        assert!(!whole && outlines.len() == 1);
        assert!(!parse("1 2").1 && parse("").1);
    }
}
