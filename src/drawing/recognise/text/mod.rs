//! What the texts of a drawing say: titles, marks, axis labels, levels, lengths, areas, scales. Pure grammars over
//! strings; where a text stands is no concern of theirs.

pub mod area;
pub mod axis_label;
pub mod beam;
pub mod fold;
pub mod length;
pub mod level;
pub mod lexicon;
pub mod mark;
pub mod numeral;
pub mod scale;
pub mod storey;
pub mod title;
