//! Entities: one record, or a sequence of records, into the content of its space or block.

mod curve;
mod hatch;
mod leader;
mod polyline;
mod proxy;
mod reference;
mod text;
mod viewport;

pub(super) use reference::map_dimension;
pub(super) use text::map_text;

use super::colour::{self, BY_BLOCK, BY_LAYER};
use super::content::{Content, Style, object_axes};
use super::encoding::Letters;
use super::groups::Group;
use super::record::{Damage, Record};
use super::tables::{LINE_TYPE_BY_LAYER, Tables};
use crate::geom::Affine2;
use std::collections::BTreeMap;

/// Turns the entities of one space or block into content, one after another.
pub(super) struct Entities<'t, 'a> {
    /// Names and table rows.
    pub(super) tables: &'t mut Tables<'a>,
    /// How texts are encoded.
    pub(super) letters: Letters,
    /// DIMLFAC of the header, for files without dimension styles.
    pub(super) dimension_factor: f64,
    /// Names of entities that are not read, with their number.
    pub(super) unread: BTreeMap<Vec<u8>, u64>,
    /// A POLYLINE whose VERTEX records follow.
    polyline: Option<polyline::Open>,
    /// The reference that ATTRIB records belong to.
    reference: Option<u32>,
}

impl<'t, 'a> Entities<'t, 'a> {
    /// With the tables of the file.
    pub(super) fn new(tables: &'t mut Tables<'a>, letters: Letters, dimension_factor: Option<f64>) -> Self {
        Self {
            tables,
            letters,
            dimension_factor: dimension_factor.unwrap_or(1.0),
            unread: BTreeMap::new(),
            polyline: None,
            reference: None,
        }
    }

    /// Takes in one entity. On damage nothing of it is kept.
    pub(super) fn read(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        match record.name {
            b"VERTEX" => return self.vertex(record),
            b"SEQEND" => {
                self.reference = None;
                return self.close(content);
            }
            b"ATTRIB" => {
                let from = content.extent();
                self.attribute(record, content)?;
                return content.keep(&from);
            }
            _ => {}
        }
        let closed = self.close(content);
        self.reference = None;
        let from = content.extent();
        self.entity(record, content)?;
        content.keep(&from).and(closed)
    }

    /// Ends what is still open, at the end of a block or section or when a SEQEND is missing.
    pub(super) fn close(&mut self, content: &mut Content) -> Result<(), Damage> {
        match self.polyline.take() {
            Some(open) => {
                let from = content.extent();
                open.close(content)?;
                content.keep(&from)
            }
            None => Ok(()),
        }
    }

    fn entity(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        match record.name {
            b"LINE" => self.line(record, content),
            b"LWPOLYLINE" => self.light_polyline(record, content),
            b"INSERT" => self.insert(record, content),
            b"ARC" | b"CIRCLE" => self.circle(record, content),
            b"TEXT" => self.text(record, content),
            b"MTEXT" => self.mtext(record, content),
            b"HATCH" | b"MPOLYGON" => self.hatch(record, content),
            b"DIMENSION" | b"ARC_DIMENSION" | b"LARGE_RADIAL_DIMENSION" => self.dimension(record, content),
            b"POLYLINE" => self.polyline(record),
            b"SOLID" | b"TRACE" => self.solid(record, content),
            b"3DFACE" => self.face(record, content),
            b"ELLIPSE" => self.ellipse(record, content),
            b"SPLINE" | b"HELIX" => self.spline(record, content),
            b"MLINE" => self.mline(record, content),
            b"LEADER" => self.leader(record, content),
            b"MULTILEADER" | b"MLEADER" => self.multileader(record, content),
            b"ACAD_TABLE" => self.table(record, content),
            b"VIEWPORT" => self.viewport(record, content),
            // An attribute's definition is drawn by the attributes of each reference, unless it is constant.
            b"ATTDEF" if record.own().integer_or(70, 0) & 2 == 0 => Ok(()),
            b"ATTDEF" => self.text(record, content),
            _ => self.other(record, content),
        }
    }

    /// What all entities share: layer, colour, line type, weight, visibility, handle.
    fn style(&mut self, record: &Record<'a, '_>) -> Style {
        let mut style = Style {
            layer: 0,
            colour: BY_LAYER,
            line_type: LINE_TYPE_BY_LAYER,
            weight: -1,
            invisible: false,
            line: record.line,
            handle: 0,
        };
        let mut in_group = false;
        for g in record.groups {
            match g.code {
                5 if style.handle == 0 => style.handle = g.handle().unwrap_or(0),
                8 => style.layer = self.tables.layers.number(g.text()),
                6 => style.line_type = self.tables.line_types.number(g.text()),
                62 => style.colour = index_colour(g),
                420 => style.colour = g.integer().map_or(style.colour, |c| colour::true_colour(c as u32)),
                60 => style.invisible = g.integer() == Some(1),
                370 => style.weight = g.integer().and_then(|w| i16::try_from(w).ok()).unwrap_or(-1),
                102 => in_group = !in_group,
                // Geometry begins: nothing of the common part follows, except in R12, where all is common.
                100 if !in_group
                    && style.handle != 0
                    && !g.text().trim_ascii().eq_ignore_ascii_case(b"AcDbEntity") =>
                {
                    return style;
                }
                _ => {}
            }
        }
        style
    }

    /// The coordinate system of a flat entity.
    fn axes(record: &Record<'a, '_>, elevation: f64) -> Result<Affine2, Damage> {
        Ok(object_axes(record.point3(210)?, elevation))
    }
}

fn index_colour(g: &Group<'_>) -> u32 {
    match g.integer() {
        Some(0) => BY_BLOCK,
        Some(index) => u32::try_from(index.unsigned_abs()).unwrap_or(BY_LAYER).min(BY_LAYER),
        None => BY_LAYER,
    }
}
