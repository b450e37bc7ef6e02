//! What the header and the tables say: units, code page, layers, line types, text and dimension styles, block records.

use super::colour;
use super::encoding::Letters;
use super::names::Names;
use super::record::Record;
use std::collections::HashMap;

/// Variables of the HEADER section that matter.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    /// $ACADVER.
    pub(super) version: Option<String>,
    /// $DWGCODEPAGE.
    pub(super) code_page: Option<String>,
    /// $INSUNITS.
    pub(super) units: Option<i64>,
    /// $DIMLFAC.
    pub(super) dimension_factor: Option<f64>,
}

impl Header {
    /// From the groups of the HEADER section: 9 names a variable, the next group is its value.
    pub(super) fn read(record: &Record<'_, '_>) -> Self {
        let mut out = Self::default();
        let mut name: &[u8] = b"";
        for g in record.groups {
            if g.code == 9 {
                name = g.text().trim_ascii();
                continue;
            }
            let text = || String::from_utf8_lossy(g.text().trim_ascii()).into_owned();
            match name {
                b"$ACADVER" => out.version = Some(text()),
                b"$DWGCODEPAGE" => out.code_page = Some(text()),
                b"$INSUNITS" => out.units = g.integer(),
                b"$DIMLFAC" => out.dimension_factor = g.real(),
                _ => {}
            }
        }
        out
    }

    /// Metres per drawing unit by $INSUNITS (DXF reference); `None` for unitless.
    pub(super) fn unit_m(&self) -> Option<f64> {
        Some(match self.units? {
            1 | 22 => 0.0254,
            2 => 0.3048,
            3 => 1609.344,
            4 => 1e-3,
            5 => 1e-2,
            6 => 1.0,
            7 => 1e3,
            8 => 0.0254e-6,
            9 => 0.0254e-3,
            10 => 0.9144,
            13 => 1e-6,
            14 => 0.1,
            15 => 10.0,
            16 => 100.0,
            21 => 1200.0 / 3937.0,
            23 => 3600.0 / 3937.0,
            24 => 5280.0 * 1200.0 / 3937.0,
            _ => return None,
        })
    }
}

/// A row of the LAYER table.
#[derive(Clone, Copy, Debug)]
pub(super) struct LayerRow {
    /// Frozen: nothing on it is shown, nor what is inserted on it.
    pub(super) frozen: bool,
    /// Off: nothing on it is shown.
    pub(super) off: bool,
    /// 0xRRGGBB.
    pub(super) colour: u32,
    /// Number of its line type.
    pub(super) line_type: u32,
    /// 1/100 mm, 0 for the default.
    pub(super) weight: u16,
}

/// A row of the STYLE table.
#[derive(Clone, Copy, Debug)]
pub(super) struct StyleRow {
    /// Width factor.
    pub(super) width: f64,
}

/// Everything that entities refer to by name.
#[derive(Clone, Default)]
pub(super) struct Tables<'a> {
    /// Layer names; number 0 is layer `0`.
    pub(super) layers: Names<'a>,
    /// By layer number; a layer that is only mentioned has no row.
    pub(super) layer_rows: HashMap<u32, LayerRow>,
    /// Layers in the order of their table.
    pub(super) layer_order: Vec<u32>,
    /// Names of the classes of other programs' objects, in the order of the CLASSES section.
    pub(super) classes: Vec<&'a [u8]>,
    /// Layers by handle, for viewports.
    pub(super) layer_handles: HashMap<u64, u32>,
    /// Line type names.
    pub(super) line_types: Names<'a>,
    /// Line types with dashes or gaps, by number; those not in the table are taken to have them.
    pub(super) dashed: HashMap<u32, bool>,
    /// Block names.
    pub(super) blocks: Names<'a>,
    /// Blocks by the handle of their record, for layouts.
    pub(super) block_handles: HashMap<u64, u32>,
    /// Text styles by name.
    pub(super) styles: HashMap<Vec<u8>, StyleRow>,
    /// DIMLFAC by the upper-case name of the dimension style.
    pub(super) dimension_factors: HashMap<Vec<u8>, f64>,
}

/// Line type numbers that every file has.
pub(super) const LINE_TYPE_BY_LAYER: u32 = 0;
pub(super) const LINE_TYPE_BY_BLOCK: u32 = 1;
pub(super) const LINE_TYPE_CONTINUOUS: u32 = 2;

impl<'a> Tables<'a> {
    /// With the names that need no table.
    pub(super) fn new() -> Self {
        let mut out = Self::default();
        out.layers.number(b"0");
        for name in [&b"BYLAYER"[..], b"BYBLOCK", b"CONTINUOUS"] {
            out.line_types.number(name);
        }
        out.dashed.insert(LINE_TYPE_CONTINUOUS, false);
        out
    }

    /// Takes in one row of a table.
    pub(super) fn row(&mut self, record: &Record<'a, '_>) {
        let name = record.text(2).unwrap_or_default();
        match record.name {
            b"LAYER" => self.layer(record, name),
            b"LTYPE" => {
                let number = self.line_types.number(name);
                if number > LINE_TYPE_BY_BLOCK {
                    self.dashed.insert(number, record.integer_or(73, 0) > 0);
                }
            }
            b"STYLE" => {
                let width = record.real_or(41, 1.0).unwrap_or(1.0);
                let width = if (0.01..=100.0).contains(&width) { width } else { 1.0 };
                self.styles.insert(name.trim_ascii().to_ascii_uppercase(), StyleRow { width });
            }
            b"DIMSTYLE" => {
                if let Ok(Some(factor)) = record.real(144) {
                    self.dimension_factors.insert(name.trim_ascii().to_ascii_uppercase(), factor);
                }
            }
            b"BLOCK_RECORD" => {
                let number = self.blocks.number(name);
                self.block_handles.insert(record.handle(), number);
            }
            _ => {}
        }
    }

    fn layer(&mut self, record: &Record<'a, '_>, name: &'a [u8]) {
        let number = self.layers.number(name);
        let index = record.integer_or(62, 7);
        let colour = match record.find(420).and_then(super::groups::Group::integer) {
            Some(rgb) => colour::true_colour(rgb as u32),
            None => u32::try_from(index.unsigned_abs()).unwrap_or(7).min(255),
        };
        let row = LayerRow {
            frozen: record.integer_or(70, 0) & 1 != 0,
            off: index < 0,
            colour: colour::resolve(colour, 0xFF_FFFF, 0xFF_FFFF),
            line_type: self.line_types.number(record.text(6).unwrap_or(b"CONTINUOUS")),
            weight: u16::try_from(record.integer_or(370, 0)).unwrap_or(0),
        };
        self.layer_rows.insert(number, row);
        self.layer_order.push(number);
        if record.handle() != 0 {
            self.layer_handles.insert(record.handle(), number);
        }
    }

    /// A layer's row; one that is only mentioned is shown, white and continuous.
    pub(super) fn layer_row(&self, number: u32) -> LayerRow {
        self.layer_rows.get(&number).copied().unwrap_or(LayerRow {
            frozen: false,
            off: false,
            colour: 0xFF_FFFF,
            line_type: LINE_TYPE_CONTINUOUS,
            weight: 0,
        })
    }

    /// The line type has gaps.
    pub(super) fn is_dashed(&self, line_type: u32) -> bool {
        self.dashed.get(&line_type).copied().unwrap_or(true)
    }

    /// Layers as a drawing lists them.
    pub(super) fn drawing_layers(&self, letters: &Letters) -> Vec<crate::drawing::model::Layer> {
        let name = |list: &[&[u8]], i: u32| letters.text(list.get(i as usize).copied().unwrap_or_default());
        (0..self.layers.list().len() as u32)
            .map(|i| {
                let row = self.layer_row(i);
                crate::drawing::model::Layer {
                    name: name(self.layers.list(), i),
                    visible: !row.frozen && !row.off,
                    colour: row.colour,
                    line_type: name(self.line_types.list(), row.line_type),
                }
            })
            .collect()
    }
}
