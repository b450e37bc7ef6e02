//! LEADER and MULTILEADER: their lines, and the text of a multileader.

use super::Entities;
use super::text::block;
use crate::drawing::dxf::content::{Content, Text};
use crate::drawing::dxf::markup;
use crate::drawing::dxf::record::{Damage, Record};
use crate::drawing::model::TextMark;
use crate::geom::Point2;

impl<'a> Entities<'_, 'a> {
    pub(super) fn leader(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        let own = record.own().subclass(b"AcDbLeader");
        let points = points(own.groups, 10)?;
        if points.len() < 2 {
            return Err("it has fewer than two vertices");
        }
        let mark = content.mark(self.style(record));
        content.path(mark, &points);
        Ok(())
    }

    /// The context data nests by `{` and `}` in texts: `LEADER_LINE{` holds points, the outer part the text.
    pub(super) fn multileader(
        &mut self,
        record: &Record<'a, '_>,
        content: &mut Content,
    ) -> Result<(), Damage> {
        let style = self.style(record);
        let mut open: Vec<&[u8]> = Vec::new();
        let mut line_from = 0;
        let (mut lines, mut outer) = (Vec::new(), Vec::new());
        for (i, g) in record.groups.iter().enumerate() {
            let text = g.text().trim_ascii();
            if matches!(g.code, 300..=303 | 305) && text.ends_with(b"{") {
                open.push(&text[..text.len() - 1]);
                line_from = i + 1;
            } else if matches!(g.code, 300..=305) && text == b"}" {
                if open.pop().is_some_and(|name| name == b"LEADER_LINE") {
                    lines.push(points(&record.groups[line_from..i], 10)?);
                }
            } else if open.len() == 1 && open[0].starts_with(b"CONTEXT_DATA") {
                outer.push(*g);
            }
        }
        let mark = content.mark(style);
        for line in &lines {
            content.path(mark, line);
        }
        let context = Record { groups: &outer, ..*record };
        if let (Some(text), Some(at)) = (context.text(304), context.point(12)?) {
            let text = markup::mtext(&self.letters.text(text));
            if !text.trim().is_empty() {
                let height = context.real_or(41, 1.0)?;
                let angle = context.point(13)?.map_or(0.0, Point2::angle);
                let attachment = match context.integer_or(171, 1) {
                    2 => 2,
                    3 => 3,
                    _ => 1,
                };
                let text = TextMark { mark, ..block(text, at, height, angle, attachment, 1.0) };
                content.texts.push(Text { text, attribute_of: None });
            }
        }
        Ok(())
    }
}

/// All points of a code, in order.
fn points(groups: &[crate::drawing::dxf::groups::Group<'_>], code: i16) -> Result<Vec<Point2>, Damage> {
    let mut out: Vec<Point2> = Vec::new();
    for g in groups {
        let value = || g.real().ok_or("a coordinate cannot be read");
        match out.last_mut() {
            _ if g.code == code => out.push(Point2::new(value()?, 0.0)),
            Some(last) if g.code == code + 10 => last.y = value()?,
            _ => {}
        }
    }
    Ok(out)
}
