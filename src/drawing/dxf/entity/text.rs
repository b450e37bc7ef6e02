//! TEXT, MTEXT, ATTRIB and constant ATTDEF, with an estimate of the box that each text fills.

use super::Entities;
use crate::drawing::dxf::content::{Content, Text};
use crate::drawing::dxf::markup;
use crate::drawing::dxf::record::{Damage, Record};
use crate::drawing::glyphs;
use crate::drawing::model::TextMark;
use crate::geom::{Affine2, Point2};

/// Line spacing of MTEXT at factor 1, in heights (DXF reference: 5/3).
const LINE_STEP: f64 = 5.0 / 3.0;
/// How far letters reach below the baseline, in heights.
const DESCENT: f64 = 1.0 / 3.0;

impl<'a> Entities<'_, 'a> {
    /// TEXT, and a constant ATTDEF.
    pub(super) fn text(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        let text = self.single_line(record)?;
        let mark = content.mark(self.style(record));
        content.texts.push(Text { text: TextMark { mark, ..text }, attribute_of: None });
        Ok(())
    }

    /// ATTRIB: a text of the reference before it.
    pub(super) fn attribute(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        let own = record.own().subclass(b"AcDbAttribute");
        let mut text = self.single_line(record)?;
        let embedded = record.groups.iter().position(|g| g.code == 101);
        if let Some(at) = embedded {
            // An attribute of several lines carries an MTEXT, whose text goes before its own.
            let inner = Record { groups: &record.groups[at + 1..], ..*record };
            let lines = self.mtext_string(&inner);
            if !lines.is_empty() {
                text.text = lines;
            }
        }
        let tag = self.letters.text(own.text(2).unwrap_or_default().trim_ascii());
        let mut style = self.style(record);
        style.invisible |= own.integer_or(70, 0) & 1 != 0;
        if let Some(reference) = self.reference.and_then(|i| content.references.get_mut(i as usize)) {
            reference.attributes.push((tag.clone(), text.text.clone()));
        }
        let mark = content.mark(style);
        let text = TextMark { mark, tag: Some(tag), ..text };
        content.texts.push(Text { text, attribute_of: self.reference });
        Ok(())
    }

    /// What TEXT and attributes share. `mark` is filled in by the caller.
    fn single_line(&mut self, record: &Record<'a, '_>) -> Result<TextMark, Damage> {
        let own = record.own();
        let string = markup::percent_codes(&self.letters.text(own.text(1).unwrap_or_default()));
        let height = own.real(40)?.ok_or("the text height is missing")?;
        let first = own.point3(10)?.ok_or("the insertion point is missing")?;
        let second = own.point(11)?;
        let style =
            self.tables.styles.get(&own.text(7).unwrap_or(b"STANDARD").trim_ascii().to_ascii_uppercase());
        let factor = own.real(41)?.or(style.map(|s| s.width)).filter(|f| *f > 0.0).unwrap_or(1.0);
        let (across, up) = (own.integer_or(72, 0), own.integer_or(73, 0).max(own.integer_or(74, 0)));
        let mut angle = own.real_or(50, 0.0)?.to_radians();
        let mut width = glyphs::width(&string) * height * factor;
        let stretched = matches!(across, 3 | 5);
        let at = match second {
            Some(p) if across != 0 || up != 0 => {
                if stretched {
                    first.xy()
                } else {
                    p
                }
            }
            _ => first.xy(),
        };
        if let Some(end) = second.filter(|end| stretched && *end != first.xy()) {
            angle = (end - first.xy()).angle();
            width = end.distance(first.xy());
        }
        let along = match across {
            1 | 4 => 0.0,
            2 => -0.5,
            _ => 0.5,
        };
        let over = match (across, up) {
            (4, _) | (_, 2) => 0.0,
            (_, 1) => 0.5 + DESCENT,
            (_, 3) => -0.5,
            _ => 0.5,
        };
        let (u, v) = (Point2::unit(angle), Point2::unit(angle).left());
        let generation = own.integer_or(71, 0);
        let text = TextMark {
            mark: 0,
            text: string,
            centre: at + u * (along * width) + v * (over * height),
            at,
            height,
            width,
            angle,
            mirrored: generation & 2 != 0,
            tag: None,
        };
        Ok(map_text(&text, &Self::axes(&own, first.z)?))
    }

    pub(super) fn mtext(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        let own = record.own().subclass(b"AcDbMText");
        let string = self.mtext_string(&own);
        let height = own.real(40)?.ok_or("the text height is missing")?;
        let at = own.need_point(10)?;
        let mut angle = 0.0;
        for g in own.groups {
            // Direction vector or angle: the last one counts.
            match g.code {
                11 => angle = own.need_point(11)?.angle(),
                50 => angle = g.real().ok_or("an angle cannot be read")?.to_radians(),
                _ => {}
            }
        }
        let map = match own.point3(210)? {
            // The insertion point is in world coordinates; only the sense of the text follows its plane.
            Some(n) if n.z < 0.0 => Affine2::scaling(-1.0, 1.0),
            _ => Affine2::IDENTITY,
        };
        let spacing = own.real_or(44, 1.0)?;
        let text = block(string, at, height, angle, own.integer_or(71, 1), spacing);
        let mark = content.mark(self.style(record));
        let text = TextMark { mark, mirrored: map.is_mirrored(), ..text };
        content.texts.push(Text { text, attribute_of: None });
        Ok(())
    }

    /// The text of an MTEXT: chunks (group 3), then the rest (group 1).
    fn mtext_string(&self, own: &Record<'a, '_>) -> String {
        let mut bytes = Vec::new();
        for g in own.groups {
            if matches!(g.code, 1 | 3) {
                bytes.extend_from_slice(g.text());
            }
        }
        markup::mtext(&self.letters.text(&bytes)).trim_end_matches('\n').to_string()
    }
}

/// A text of one line that begins at a point, on its base line.
pub(super) fn plain_line(
    mark: u32,
    text: String,
    at: Point2,
    height: f64,
    angle: f64,
    factor: f64,
) -> TextMark {
    let width = glyphs::width(&text) * height * if factor > 0.0 { factor } else { 1.0 };
    let (u, v) = (Point2::unit(angle), Point2::unit(angle).left());
    let centre = at + u * (0.5 * width) + v * (0.5 * height);
    TextMark { mark, text, centre, at, height, width, angle, mirrored: false, tag: None }
}

/// A text of one or more lines at an attachment point (1 top left … 9 bottom right). `mark` is filled in by the caller.
pub(super) fn block(
    text: String,
    at: Point2,
    height: f64,
    angle: f64,
    attachment: i64,
    spacing: f64,
) -> TextMark {
    let lines = text.split('\n').count();
    let width = text.split('\n').map(glyphs::width).fold(0.0, f64::max) * height;
    let depth = height + (lines.saturating_sub(1)) as f64 * LINE_STEP * spacing * height;
    let cell = (attachment.clamp(1, 9) - 1) as f64;
    let (column, row) = (cell % 3.0, (cell / 3.0).floor());
    let (u, v) = (Point2::unit(angle), Point2::unit(angle).left());
    let centre = at + u * ((0.5 - column / 2.0) * width) + v * ((row / 2.0 - 0.5) * depth);
    TextMark { mark: 0, text, centre, at, height, width, angle, mirrored: false, tag: None }
}

/// A text after a map.
pub(in crate::drawing::dxf) fn map_text(text: &TextMark, map: &Affine2) -> TextMark {
    if *map == Affine2::IDENTITY {
        return text.clone();
    }
    let (u, v) = (Point2::unit(text.angle), Point2::unit(text.angle).left());
    let (along, up) = (map.apply_vector(u), map.apply_vector(v));
    // The height stands across the text's direction, also where the map skews it.
    let height = map.determinant().abs() / along.length().max(f64::MIN_POSITIVE);
    TextMark {
        centre: map.apply(text.centre),
        at: map.apply(text.at),
        height: text.height * if height.is_finite() { height } else { up.length() },
        width: text.width * along.length(),
        angle: along.angle(),
        mirrored: text.mirrored != map.is_mirrored(),
        ..text.clone()
    }
}
