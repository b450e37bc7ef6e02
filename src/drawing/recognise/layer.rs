//! What a layer is for, from its name. The words are data: `rules/drawing/layers.toml`. A name is a prior, never the
//! truth: whoever uses a meaning must also get along without one.

use super::text::fold::{fold, is_cjk, words};
use crate::drawing::model::Drawing;
use serde::Deserialize;
use std::sync::LazyLock;

/// What a layer carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// Fillings.
    Hatch,
    /// Dimensions.
    Dimension,
    /// Level marks.
    Level,
    /// Frames, title blocks, titles.
    Title,
    /// Tables.
    Table,
    /// Marks of doors and windows.
    Tag,
    /// Room names and areas.
    Room,
    /// Axis bubbles and labels.
    AxisLabel,
    /// Axis lines.
    Axis,
    /// Other texts.
    Text,
    /// Revisions, demolition, construction lines.
    Revision,
    /// Plaster, cladding and insulation beside walls.
    Finish,
    /// Curtain walls.
    CurtainWall,
    /// Walls.
    Wall,
    /// Columns.
    Column,
    /// Doors and windows.
    DoorWindow,
    /// Doors.
    Door,
    /// Windows.
    Window,
    /// Beams.
    Beam,
    /// Stairs and ramps.
    Stair,
    /// Lifts.
    Lift,
    /// Openings in slabs.
    Hole,
    /// Furniture and fittings.
    Furniture,
    /// Slab edges, roofs, railings, things seen below.
    Slab,
    /// Foundations and piles.
    Foundation,
    /// Site.
    Site,
}

impl Meaning {
    /// As reports name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hatch => "hatch",
            Self::Dimension => "dimension",
            Self::Level => "level",
            Self::Title => "title",
            Self::Table => "table",
            Self::Tag => "tag",
            Self::Room => "room",
            Self::AxisLabel => "axis label",
            Self::Axis => "axis",
            Self::Text => "text",
            Self::Revision => "revision",
            Self::Finish => "finish",
            Self::CurtainWall => "curtain wall",
            Self::Wall => "wall",
            Self::Column => "column",
            Self::DoorWindow => "door or window",
            Self::Door => "door",
            Self::Window => "window",
            Self::Beam => "beam",
            Self::Stair => "stair",
            Self::Lift => "lift",
            Self::Hole => "slab opening",
            Self::Furniture => "furniture",
            Self::Slab => "slab",
            Self::Foundation => "foundation",
            Self::Site => "site",
        }
    }
    /// Doors, windows, or both.
    pub const fn is_opening(self) -> bool {
        matches!(self, Self::Door | Self::Window | Self::DoorWindow)
    }
}

#[derive(Default, Deserialize)]
struct Dictionary {
    meaning: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: Meaning,
    rank: u32,
    words: Vec<String>,
    whole: Vec<String>,
}

static DICTIONARY: LazyLock<Dictionary> =
    LazyLock::new(|| toml::from_str(include_str!("../../../rules/drawing/layers.toml")).unwrap_or_default());

/// How far a match by one of several words is trusted, and one by the whole name.
const BY_WORD: f64 = 0.85;
const BY_WHOLE_NAME: f64 = 0.98;
/// A name that is one word outranks a word within a name; a listed whole name outranks both.
const WHOLE_NAME_RANK: u32 = 1000;

/// The meaning of a layer's name, and how far to trust it.
pub fn by_name(name: &str) -> Option<(Meaning, f64)> {
    let bare = without_xref(name);
    let folded = fold(bare);
    let parts = words(&folded);
    let mut best: Option<(u32, Meaning, f64)> = None;
    let mut offer = |rank: u32, meaning: Meaning, trust: f64| {
        if best.is_none_or(|(r, ..)| rank > r) {
            best = Some((rank, meaning, trust));
        }
    };
    for entry in &DICTIONARY.meaning {
        if entry.whole.contains(&folded) {
            offer(entry.rank + 2 * WHOLE_NAME_RANK, entry.name, BY_WHOLE_NAME);
        }
        if entry.words.contains(&folded) {
            offer(entry.rank + WHOLE_NAME_RANK, entry.name, BY_WHOLE_NAME);
        }
        if entry.words.iter().any(|w| holds(&parts, &folded, w)) {
            offer(entry.rank, entry.name, BY_WORD);
        }
    }
    best.map(|(_, meaning, trust)| (meaning, trust))
}

fn holds(parts: &[&str], folded: &str, word: &str) -> bool {
    if word.chars().any(is_cjk) { folded.contains(word) } else { parts.contains(&word) }
}

/// The name behind an external reference's prefix: `X$0$A-WALL`, `X|A-WALL`.
fn without_xref(name: &str) -> &str {
    let name = name.rsplit('|').next().unwrap_or(name);
    // T-Arch's own names may start with $, a bound reference has $0$ within
    match name.rfind("$0$").or_else(|| name.rfind("$1$")) {
        Some(at) if at + 3 < name.len() => &name[at + 3..],
        _ => name,
    }
}

/// The meaning of every layer of a drawing.
pub fn meanings(drawing: &Drawing) -> Vec<Option<(Meaning, f64)>> {
    drawing.layers.iter().map(|layer| by_name(&layer.name)).collect()
}

#[derive(Default, Deserialize)]
struct Blocks {
    block: Vec<BlockEntry>,
}

#[derive(Deserialize)]
struct BlockEntry {
    name: Meaning,
    prefixes: Vec<String>,
}

static BLOCKS: LazyLock<Blocks> =
    LazyLock::new(|| toml::from_str(include_str!("../../../rules/drawing/blocks.toml")).unwrap_or_default());

/// What a block draws, from its name; the longest known beginning wins.
pub fn block_by_name(name: &str) -> Option<Meaning> {
    let folded = fold(without_xref(name));
    BLOCKS
        .block
        .iter()
        .flat_map(|b| b.prefixes.iter().map(move |p| (p, b.name)))
        .filter(|(p, _)| folded.starts_with(p.as_str()))
        .max_by_key(|(p, _)| p.len())
        .map(|(_, meaning)| meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_offices() {
        use Meaning::*;
        let cases = [
            ("WALL", Wall),
            ("A-WALL", Wall),
            ("A-WALL-PATT", Hatch),
            ("建-墙-砌块墙", Wall),
            ("Xref$0$A-WALL", Wall),
            ("Base|WALL", Wall),
            ("COLUMN", Column),
            ("S-COLS", Column),
            ("S-COLS-PATT", Hatch),
            ("结-柱", Column),
            ("WINDOW", DoorWindow),
            ("WINDOW_TEXT", Tag),
            ("DOOR_FIRE", Door),
            ("A-DOOR", Door),
            ("A-GLAZ", Window),
            ("A-GLAZ-CWMG", CurtainWall),
            ("建-门窗编号", Tag),
            ("建-门", Door),
            ("建-窗", Window),
            ("DOTE", Axis),
            ("AXIS", AxisLabel),
            ("AXIS_TEXT", AxisLabel),
            ("A-GRID", Axis),
            ("A-GRID-IDEN", AxisLabel),
            ("建-轴线", Axis),
            ("建-轴号", AxisLabel),
            ("PUB_DIM", Dimension),
            ("A-ANNO-DIMS", Dimension),
            ("建-尺寸", Dimension),
            ("PUB_HATCH", Hatch),
            ("建-填充", Hatch),
            ("DIM_ELEV", Level),
            ("建-标高", Level),
            ("A-ANNO-LEVL", Level),
            ("PUB_TITLE", Title),
            ("图框", Title),
            ("A-ANNO-TITL", Title),
            ("A-ANNO-TTLB", Title),
            ("SPACE", Room),
            ("A-AREA-IDEN", Room),
            ("建-房间名称", Room),
            ("STAIR", Stair),
            ("A-FLOR-STRS", Stair),
            ("BEAM", Beam),
            ("S-BEAM", Beam),
            ("结-梁", Beam),
            ("LVTRY", Furniture),
            ("A-FURN", Furniture),
            ("PUB_TEXT", Text),
            ("A-ANNO-NOTE", Text),
            ("Wände", Wall),
            ("Türen", Door),
            ("MUREN", Wall),
            ("PUB_TAB", Table),
            ("建-表格", Table),
            ("SURFACE", Slab),
            ("CURTWALL", CurtainWall),
            ("A-ANNO-SYMB", Tag),
            ("CLOISONS", Wall),
            ("DOUBLAGES", Finish),
            ("A-WALL-FNSH", Finish),
            ("REPERES_MENUISERIES", Tag),
            ("Structural - Bearing", Wall),
            ("Zone Stamp - Interior", Room),
            ("A_MÖBLIERUNG", Furniture),
            ("Muros", Wall),
            ("Pareti interne", Wall),
            ("СТЕНЫ", Wall),
        ];
        for (name, meaning) in cases {
            let name = name.replace("Wände", "WAENDE");
            assert_eq!(by_name(&name).map(|m| m.0), Some(meaning), "{name}");
        }
        assert_eq!(block_by_name("$DorLib2D$00000001"), Some(Door));
        assert_eq!(block_by_name("WIN-2100-250"), Some(Window));
        assert_eq!(block_by_name("*U12"), None);
        for name in ["0", "L1", "XYZ", "Layer 7", "图层1"] {
            assert_eq!(by_name(name), None, "{name}");
        }
    }
}
