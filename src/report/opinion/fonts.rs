//! The letters of the document: one family that holds Chinese where the machine has one, regular and bold, and how wide
//! they run.

use crate::report::png;
use resvg::usvg::fontdb::{self, Database, Family, Query, Weight};

/// Families with Chinese characters under open licences, the best first, then what every machine has.
const FAMILIES: [&str; 7] = [
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "Noto Serif CJK SC",
    "Droid Sans Fallback",
    "DejaVu Sans",
];

/// A face, by the bytes of its file and its place in it.
#[derive(Clone)]
pub(super) struct Face {
    pub(super) data: std::sync::Arc<Vec<u8>>,
    pub(super) index: u32,
}

/// The faces of a document.
pub struct Fonts {
    pub(super) regular: Face,
    pub(super) bold: Face,
}

impl Fonts {
    /// The best family that is installed; `None` where there is no font at all.
    pub fn of(installed: &png::Fonts) -> Option<Self> {
        let database = installed.database();
        let named = FAMILIES.iter().find_map(|name| {
            let find = |weight| {
                let families = [Family::Name(name)];
                database.query(&Query { families: &families, weight, ..Query::default() })
            };
            Some((find(Weight::NORMAL)?, find(Weight::BOLD)?))
        });
        let first = || database.faces().next().map(|f| (f.id, f.id));
        let (regular, bold) = named.or_else(first)?;
        Some(Self { regular: face(database, regular)?, bold: face(database, bold)? })
    }

    pub(super) fn face(&self, bold: bool) -> &Face {
        if bold { &self.bold } else { &self.regular }
    }
}

fn face(database: &Database, id: fontdb::ID) -> Option<Face> {
    database.with_face_data(id, |data, index| Face { data: std::sync::Arc::new(data.to_vec()), index })
}

/// How wide letters run: the advance of each character of a face, in ems.
pub(super) struct Widths<'a> {
    face: Option<ttf_parser::Face<'a>>,
}

impl<'a> Widths<'a> {
    pub(super) fn of(face: &'a Face) -> Self {
        Self { face: ttf_parser::Face::parse(&face.data, face.index).ok() }
    }

    /// The advance of a character; that of a full square where the face does not have it.
    pub(super) fn of_char(&self, c: char) -> f32 {
        let advance = self.face.as_ref().and_then(|f| {
            let units = f32::from(f.units_per_em());
            Some(f32::from(f.glyph_hor_advance(f.glyph_index(c)?)?) / units.max(1.0))
        });
        advance.unwrap_or(1.0)
    }
}
