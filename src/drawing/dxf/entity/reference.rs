//! INSERT, DIMENSION and ACAD_TABLE: entities that show a block.

use super::Entities;
use crate::drawing::dxf::content::{Content, Reference, Role};
use crate::drawing::dxf::record::{Damage, Record};
use crate::drawing::model::DimensionMark;
use crate::geom::{Affine2, Point2};

/// The system variable DIMLFAC, as dimension styles and overrides number it.
const DIMLFAC: i64 = 144;

impl<'a> Entities<'_, 'a> {
    pub(super) fn insert(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        let own = record.own();
        let name = own.text(2).ok_or("the block's name is missing")?;
        let at = own.point3(10)?.ok_or("the insertion point is missing")?;
        let angle = own.real_or(50, 0.0)?.to_radians();
        let (sx, sy) = (own.real_or(41, 1.0)?, own.real_or(42, 1.0)?);
        let axes = Self::axes(&own, at.z)?;
        let turn = Affine2::rotation(angle);
        let place = axes.after(&Affine2::translation(at.xy())).after(&turn).after(&Affine2::scaling(sx, sy));
        let count = |code| own.integer_or(code, 1).clamp(1, i64::from(i16::MAX)) as u32;
        let (columns, rows) = (count(70), count(71));
        let turned = axes.after(&turn);
        let step = (
            turned.apply_vector(Point2::new(own.real_or(44, 0.0)?, 0.0)),
            turned.apply_vector(Point2::new(0.0, own.real_or(45, 0.0)?)),
        );
        let block = self.tables.blocks.number(name);
        let mark = content.mark(self.style(record));
        self.reference = u32::try_from(content.references.len()).ok();
        let count = (columns, rows);
        content.references.push(Reference {
            mark,
            block,
            place,
            count,
            step,
            attributes: Vec::new(),
            role: Role::Insert,
        });
        Ok(())
    }

    pub(super) fn dimension(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        let own = record.own();
        let line_at = own.need_point(10)?;
        let kind = own.integer_or(70, 0) & 7;
        let from = own.point(13)?.unwrap_or(line_at);
        let to = own.point(14)?.or(own.point(15)?).unwrap_or(line_at);
        let linear = record.name == b"DIMENSION" && kind <= 1;
        let angle = match kind {
            0 if linear => Some(own.real_or(50, 0.0)?.to_radians()),
            1 if linear => Some((to - from).angle()),
            _ => None,
        };
        let along = angle.map(|a| (to - from).dot(Point2::unit(a)).abs());
        let measured = match along {
            Some(length) => length,
            None => own.real(42)?.unwrap_or_else(|| to.distance(from)),
        };
        let text = self.letters.text(own.text(1).unwrap_or_default());
        let text_override =
            (!text.is_empty() && text != "<>").then(|| crate::drawing::dxf::markup::mtext(&text));
        let factor = self.factor(record);
        let style = self.style(record);
        let mark = content.mark(style);
        let number = u32::try_from(content.dimensions.len()).map_err(|_| "there are too many dimensions")?;
        content.dimensions.push(DimensionMark {
            mark,
            from,
            to,
            line_at,
            angle,
            measured,
            text_override,
            shown: None,
            factor,
        });
        if let Some(name) = own.text(2).filter(|name| !name.trim_ascii().is_empty()) {
            let block = self.tables.blocks.number(name);
            let place = own.point(12)?.map_or(Affine2::IDENTITY, Affine2::translation);
            content.references.push(picture(mark, block, place, Role::Dimension(number)));
        }
        Ok(())
    }

    /// DIMLFAC: from the dimension's own override (extended data `DSTYLE`), its style, or the header. A negative one
    /// counts on layouts only, by its size.
    fn factor(&self, record: &Record<'a, '_>) -> f64 {
        let mut factor = None;
        let data: Vec<_> = record.groups.iter().skip_while(|g| g.code < 1000).collect();
        if data.iter().any(|g| g.code == 1000 && g.text().trim_ascii() == b"DSTYLE") {
            factor = data
                .windows(2)
                .find(|w| w[0].code == 1070 && w[0].integer() == Some(DIMLFAC))
                .and_then(|w| w[1].real());
        }
        let style = record.text(3).unwrap_or(b"STANDARD").trim_ascii().to_ascii_uppercase();
        let factor = factor
            .or_else(|| self.tables.dimension_factors.get(&style).copied())
            .unwrap_or(self.dimension_factor);
        if factor == 0.0 { 1.0 } else { factor.abs() }
    }

    /// ACAD_TABLE: its picture.
    pub(super) fn table(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        let own = record.own();
        let name = own.text(2).ok_or("the block's name is missing")?;
        let at = own.need_point(10)?;
        let direction = own.point(11)?.filter(|d| d.length() > 0.0).unwrap_or(Point2::new(1.0, 0.0));
        let block = self.tables.blocks.number(name);
        let mark = content.mark(self.style(record));
        let place = Affine2::translation(at).after(&Affine2::rotation(direction.angle()));
        content.references.push(picture(mark, block, place, Role::Picture));
        Ok(())
    }
}

/// A single reference without attributes.
pub(super) fn picture(mark: u32, block: u32, place: Affine2, role: Role) -> Reference {
    let none = Point2::default();
    Reference { mark, block, place, count: (1, 1), step: (none, none), attributes: Vec::new(), role }
}

/// A dimension of a block after the map of its reference: it shows what it measured in the block.
pub(in crate::drawing::dxf) fn map_dimension(d: &DimensionMark, mark: u32, map: &Affine2) -> DimensionMark {
    let angle = d.angle.map(|a| map.apply_vector(Point2::unit(a)));
    let stretch = angle.map_or_else(|| map.scale(), Point2::length);
    DimensionMark {
        mark,
        from: map.apply(d.from),
        to: map.apply(d.to),
        line_at: map.apply(d.line_at),
        angle: angle.map(Point2::angle),
        measured: d.measured * stretch,
        factor: if stretch > 0.0 { d.factor / stretch } else { d.factor },
        ..d.clone()
    }
}
