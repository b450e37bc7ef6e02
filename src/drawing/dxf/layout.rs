//! Layouts: which paper-space block is which sheet, by which name and in which order.

use super::content::Content;
use super::encoding::Letters;
use super::expand::Block;
use super::groups::Group;
use super::record::Record;
use super::tables::Tables;

/// LAYOUT objects, and the paper space that entities are being read into.
#[derive(Default)]
pub(super) struct Layouts {
    /// Tab order, name, handle of the block record.
    found: Vec<(i64, String, u64)>,
    /// Block that the last entity of the ENTITIES section went into, when it was no model space.
    pub(super) current: Option<u32>,
}

impl Layouts {
    /// Takes in a LAYOUT object.
    pub(super) fn add(&mut self, record: &Record<'_, '_>, letters: &Letters) {
        let own = record.subclass(b"AcDbLayout");
        let name = letters.text(own.text(1).unwrap_or_default());
        let block = own.find(330).and_then(Group::handle).unwrap_or(0);
        self.found.push((own.integer_or(71, 0), name, block));
    }

    /// Takes the content of model and paper spaces out of the blocks: layouts with anything on them, by tab order.
    pub(super) fn spaces(
        &mut self,
        tables: &Tables<'_>,
        letters: &Letters,
        blocks: &mut [Block],
        model: &mut Content,
    ) -> Vec<(String, Content)> {
        let mut out: Vec<(i64, String, Content)> = Vec::new();
        for (number, name) in tables.blocks.list().iter().enumerate() {
            let upper = name.to_ascii_uppercase();
            let paper = upper.starts_with(b"*PAPER_SPACE") || upper.starts_with(b"$PAPER_SPACE");
            let model_space = upper == b"*MODEL_SPACE" || upper == b"$MODEL_SPACE";
            let Some(block) = blocks.get_mut(number).filter(|_| paper || model_space) else { continue };
            let content = std::mem::take(&mut block.content);
            if model_space {
                // Entities of model space stand in ENTITIES; files that put them here instead have none there.
                if model.styles.is_empty() {
                    *model = content;
                }
                continue;
            }
            let handle = tables.block_handles.iter().find(|(_, b)| **b as usize == number).map(|(h, _)| *h);
            let found = self.found.iter().find(|l| Some(l.2) == handle);
            let (order, title) = found.map_or((i64::MAX, letters.text(name)), |l| (l.0, l.1.clone()));
            if !content.styles.is_empty() || !content.windows.is_empty() {
                out.push((order, title, content));
            }
        }
        out.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        out.into_iter().map(|(_, name, content)| (name, content)).collect()
    }
}
