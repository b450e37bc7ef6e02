//! Optional-content groups as layers, and the text strings of PDF.

use crate::drawing::model::Layer;
use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Name, ObjectIdentifier, String as PdfString};
use std::collections::BTreeMap;

/// Groups of one file; further ones count as layer 0.
const MAX_GROUPS: usize = 20_000;
/// The layer of what is laid over a page: stamps, clouds, remarks.
const REMARKS: &str = "annotations";

/// Layers by name, in the order in which they were met; number 0 is everything on none.
#[derive(Clone, Debug)]
pub(super) struct Layers {
    layers: Vec<Layer>,
    numbers: BTreeMap<String, u32>,
}

impl Layers {
    /// Reads the groups that the catalogue lists.
    pub(super) fn of(pdf: &Pdf) -> Self {
        let mut out = Self { layers: Vec::new(), numbers: BTreeMap::new() };
        out.add("0", true);
        let catalogue: Option<Dict<'_>> = pdf.xref().get(pdf.xref().root_id());
        let Some(content) = catalogue.and_then(|c| c.get::<Dict<'_>>("OCProperties")) else { return out };
        let hidden = hidden(&content);
        let Some(groups) = content.get::<Array<'_>>("OCGs") else { return out };
        for item in groups.raw_iter().take(MAX_GROUPS) {
            let Some(reference) = item.as_obj_ref() else { continue };
            let id: ObjectIdentifier = reference.into();
            let Some(group) = pdf.xref().get::<Dict<'_>>(id) else { continue };
            if let Some(name) = group.get::<PdfString<'_>>("Name") {
                out.add(&text(name.as_bytes()), !hidden.contains(&id));
            }
        }
        out
    }

    /// The number of a layer by name; of a new one where there is none such, 0 when there are too many.
    fn add(&mut self, name: &str, visible: bool) -> u32 {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        if self.layers.len() > MAX_GROUPS {
            return 0;
        }
        let number = u32::try_from(self.layers.len()).unwrap_or(0);
        self.numbers.insert(name.to_owned(), number);
        self.layers.push(Layer { name: name.to_owned(), visible, colour: 0, line_type: String::new() });
        number
    }

    /// The layer of remarks.
    pub(super) fn remarks(&mut self) -> u32 {
        self.add(REMARKS, true)
    }

    /// Takes the layers of a page in; its numbers → those of the file.
    pub(super) fn take_in(&mut self, page: &Self) -> Vec<u32> {
        page.layers.iter().map(|l| self.add(&l.name, l.visible)).collect()
    }

    /// The layer that marked content belongs to: a group's name, or that of the first group of a membership. Groups
    /// that the catalogue does not list are common.
    pub(super) fn of_content(&mut self, properties: &Dict<'_>) -> Option<u32> {
        let name = properties.get::<PdfString<'_>>("Name").or_else(|| {
            let first = properties.get::<Dict<'_>>("OCGs").or_else(|| {
                properties.get::<Array<'_>>("OCGs").and_then(|groups| groups.iter::<Dict<'_>>().next())
            })?;
            first.get::<PdfString<'_>>("Name")
        })?;
        Some(self.add(&text(name.as_bytes()), true))
    }

    /// The layers, in the order of their numbers.
    pub(super) fn into_vec(self) -> Vec<Layer> {
        self.layers
    }
}

/// Groups that are off when the file is opened.
fn hidden(content: &Dict<'_>) -> Vec<ObjectIdentifier> {
    let Some(config) = content.get::<Dict<'_>>("D") else { return Vec::new() };
    let listed = |dict: &Dict<'_>, key: &str| -> Vec<ObjectIdentifier> {
        dict.get::<Array<'_>>(key)
            .map(|a| a.raw_iter().take(MAX_GROUPS).filter_map(|i| i.as_obj_ref()).map(Into::into).collect())
            .unwrap_or_default()
    };
    let mut out = listed(&config, "OFF");
    if config.get::<Name<'_>>("BaseState").is_some_and(|n| n.as_str() == "OFF") {
        let on = listed(&config, "ON");
        out.extend(listed(content, "OCGs").into_iter().filter(|id| !on.contains(id)));
    }
    out
}

/// A text string: UTF-16 or UTF-8 by its mark, else UTF-8 where it is valid, else Latin (ISO 32000-1, 7.9.2.2).
pub(super) fn text(bytes: &[u8]) -> String {
    let (text, _, _) = match bytes {
        [0xFE, 0xFF, ..] => encoding_rs::UTF_16BE.decode(bytes),
        [0xFF, 0xFE, ..] => encoding_rs::UTF_16LE.decode(bytes),
        _ if std::str::from_utf8(bytes).is_ok() => encoding_rs::UTF_8.decode(bytes),
        _ => encoding_rs::WINDOWS_1252.decode(bytes),
    };
    text.trim_end_matches('\0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn strings_by_their_mark() {
        assert_eq!(text(b"\xFE\xFF\x5E\xFA\x00-\x58\x99"), "建-墙");
        assert_eq!(text(b"A-WALL"), "A-WALL");
        assert_eq!(text("墙".as_bytes()), "墙");
        assert_eq!(text(b"W\xE4nde"), "Wände");
    }
}
