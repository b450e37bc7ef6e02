//! Pages as plain data: texts, lines, boxes and pictures with their places, in points from the upper left; and the
//! composer that fills them from top to bottom.

use super::fonts::{Fonts, Widths};
use crate::wording::Language;

/// A4, points.
pub(super) const A4: (f32, f32) = (595.28, 841.89);
/// Room at the sides, above and below, points.
pub(super) const MARGIN: f32 = 48.0;
/// Height of the foot, points.
const FOOT: f32 = 24.0;
/// Lines are this much of the letters' size apart.
const LEADING: f32 = 1.42;
/// Room inside the cells of a table, points.
const PAD: f32 = 4.0;
/// Most pages: a document that nobody would print.
const MAX_PAGES: usize = 1_000;

/// Colours that are used, as red, green and blue.
pub(super) type Colour = [u8; 3];
pub(super) const INK: Colour = [29, 35, 41];
pub(super) const FAINT: Colour = [96, 106, 116];
pub(super) const RED: Colour = [179, 38, 30];
const RULE: Colour = [160, 168, 176];
const SHADE: Colour = [236, 240, 243];

/// Something on a page.
pub(super) enum Item {
    /// A line of text by the left end of its baseline.
    Text { x: f32, y: f32, size: f32, bold: bool, colour: Colour, text: String },
    /// A box, filled or drawn.
    Box { x: f32, y: f32, w: f32, h: f32, fill: Option<Colour>, line: Option<Colour> },
    /// A picture (PNG) in a box.
    Picture { x: f32, y: f32, w: f32, h: f32, png: Vec<u8> },
}

/// A page.
pub(super) struct Page {
    pub size: (f32, f32),
    pub items: Vec<Item>,
}

/// How a text is set.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub size: f32,
    pub bold: bool,
    pub colour: Colour,
}

/// Text of a size, in ink.
pub(super) const fn plain(size: f32) -> Style {
    Style { size, bold: false, colour: INK }
}

/// The same in bold.
pub(super) const fn bold(size: f32) -> Style {
    Style { size, bold: true, colour: INK }
}

/// A cell of a table.
pub(super) struct Cell {
    pub text: String,
    pub style: Style,
}

/// Fills pages from top to bottom.
pub(super) struct Composer<'a> {
    pub language: Language,
    widths: [Widths<'a>; 2],
    pages: Vec<Page>,
    y: f32,
}

impl<'a> Composer<'a> {
    pub(super) fn new(fonts: &'a Fonts, language: Language) -> Self {
        let widths = [Widths::of(&fonts.regular), Widths::of(&fonts.bold)];
        let mut new = Self { language, widths, pages: Vec::new(), y: 0.0 };
        new.page(A4);
        new
    }

    /// Begins a page; says whether there was room for one more.
    pub(super) fn page(&mut self, size: (f32, f32)) -> bool {
        if self.pages.len() >= MAX_PAGES {
            return false;
        }
        self.pages.push(Page { size, items: Vec::new() });
        self.y = MARGIN;
        true
    }

    pub(super) fn size(&self) -> (f32, f32) {
        self.pages.last().map_or(A4, |p| p.size)
    }

    fn bottom(&self) -> f32 {
        self.size().1 - MARGIN - FOOT
    }

    /// Room that is left on the page, points.
    pub(super) fn left(&self) -> f32 {
        self.bottom() - self.y
    }

    pub(super) fn put(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut() {
            page.items.push(item);
        }
    }

    pub(super) fn gap(&mut self, points: f32) {
        self.y += points;
    }

    fn advance(&self, c: char, style: Style) -> f32 {
        let widths = &self.widths[usize::from(style.bold)];
        widths.of_char(c) * style.size
    }

    pub(super) fn width(&self, text: &str, style: Style) -> f32 {
        text.chars().map(|c| self.advance(c, style)).sum()
    }

    /// A text in lines of at most `width`: broken at spaces, between characters of Chinese, and wherever it must.
    /// Closing marks do not begin a line (GB/T 15834).
    pub(super) fn lines(&self, text: &str, style: Style, width: f32) -> Vec<String> {
        let mut out = Vec::new();
        let (mut line, mut wide) = (String::new(), 0.0);
        // the last place in the line where it may break, in bytes, and the width up to there
        let mut chance: Option<(usize, f32)> = None;
        for c in text.chars() {
            let advance = self.advance(c, style);
            if wide + advance > width && !line.is_empty() {
                let at = if closes(c) {
                    self.before_closing(&line, style)
                } else {
                    chance.filter(|(at, _)| *at > 0 && c != ' ' && !square(c))
                };
                match at {
                    Some((at, up_to)) => {
                        let rest = line.split_off(at);
                        out.push(std::mem::replace(&mut line, rest).trim_end().to_owned());
                        wide -= up_to;
                    }
                    None => {
                        out.push(std::mem::take(&mut line).trim_end().to_owned());
                        wide = 0.0;
                    }
                }
                chance = None;
                if c == ' ' && line.is_empty() {
                    continue;
                }
            }
            line.push(c);
            wide += advance;
            let goes_on = opens(c) && square(c);
            if c == ' ' || c == '/' || c == ',' || c == '-' || c == '_' || (square(c) && !goes_on) {
                chance = Some((line.len(), wide));
            }
        }
        if !line.trim().is_empty() || out.is_empty() {
            out.push(line.trim_end().to_owned());
        }
        out
    }

    /// Where a line breaks that a closing mark does not fit on: before the character that the mark belongs to, and before
    /// what opens there. In bytes, with the width up to there; nothing where the line has nothing else.
    fn before_closing(&self, line: &str, style: Style) -> Option<(usize, f32)> {
        let mut chars = line.char_indices().rev().skip_while(|(_, c)| closes(*c) || *c == ' ');
        let (mut at, last) = chars.next()?;
        if !square(last) {
            // a word goes with its mark
            let word = |c: char| !square(c) && !matches!(c, ' ' | '/' | ',' | '-' | '_');
            at = chars.by_ref().take_while(|(_, c)| word(*c)).last().map_or(at, |(at, _)| at);
        }
        let up_to = line.get(..at)?;
        let at = up_to.trim_end_matches(opens).len();
        (at > 0).then(|| (at, self.width(line.get(..at).unwrap_or_default(), style)))
    }

    /// A paragraph across the page.
    pub(super) fn paragraph(&mut self, text: &str, style: Style) {
        let width = self.size().0 - 2.0 * MARGIN;
        for line in self.lines(text, style, width) {
            if self.left() < style.size * LEADING && !self.page(self.size()) {
                return;
            }
            let y = self.y + style.size;
            self.text(MARGIN, y, line, style);
            self.y += style.size * LEADING;
        }
    }

    /// A text in the middle of the page.
    pub(super) fn centred(&mut self, text: &str, style: Style) {
        let x = (self.size().0 - self.width(text, style)) / 2.0;
        let y = self.y + style.size;
        self.text(x.max(MARGIN), y, text.to_owned(), style);
        self.y += style.size * LEADING;
    }

    pub(super) fn text(&mut self, x: f32, y: f32, text: String, style: Style) {
        let Style { size, bold, colour } = style;
        self.put(Item::Text { x, y, size, bold, colour, text });
    }

    /// A row of a table with cells of these widths; on the next page where it does not fit, below `head` again. Says
    /// whether there was room for it.
    pub(super) fn row(
        &mut self,
        widths: &[f32],
        cells: &[Cell],
        shaded: bool,
        head: Option<&[Cell]>,
    ) -> bool {
        let most = (self.size().1 - 2.0 * MARGIN - FOOT) * 0.5;
        let lines: Vec<Vec<String>> =
            cells.iter().zip(widths).map(|(c, w)| self.lines(&c.text, c.style, w - 2.0 * PAD)).collect();
        let high = |(c, lines): (&Cell, &Vec<String>)| lines.len() as f32 * c.style.size * LEADING;
        let height = cells.iter().zip(&lines).map(high).fold(0.0, f32::max).min(most) + 2.0 * PAD;
        if self.left() < height {
            if !self.page(self.size()) {
                return false;
            }
            if let Some(head) = head {
                self.row(widths, head, true, None);
            }
        }
        let (mut x, top) = (MARGIN, self.y);
        for ((cell, lines), w) in cells.iter().zip(lines).zip(widths) {
            let fill = shaded.then_some(SHADE);
            self.put(Item::Box { x, y: top, w: *w, h: height, fill, line: Some(RULE) });
            let mut y = top + PAD;
            for line in lines {
                if y + cell.style.size * LEADING > top + height {
                    break;
                }
                self.text(x + PAD, y + cell.style.size, line, cell.style);
                y += cell.style.size * LEADING;
            }
            x += w;
        }
        self.y = top + height;
        true
    }

    /// The pages, each with the foot and its number.
    pub(super) fn finish(mut self, foot: &str) -> Vec<Page> {
        let style = Style { size: 8.0, bold: false, colour: FAINT };
        let total = self.pages.len();
        let widths: Vec<f32> = (1..=total).map(|n| self.width(&format!("{n} / {total}"), style)).collect();
        for (n, (page, wide)) in self.pages.iter_mut().zip(widths).enumerate() {
            let y = page.size.1 - MARGIN + 8.0;
            let Style { size, bold, colour } = style;
            let mut put =
                |x: f32, text: String| page.items.push(Item::Text { x, y, size, bold, colour, text });
            put(MARGIN, foot.to_owned());
            put(page.size.0 - MARGIN - wide, format!("{} / {total}", n + 1));
        }
        self.pages
    }
}

/// Characters as wide as they are high, between any two of which a line may break.
const fn square(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// Marks that do not end a line.
const fn opens(c: char) -> bool {
    matches!(c, '（' | '《' | '“' | '‘' | '【' | '(')
}

/// Marks that do not begin a line.
const fn closes(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '？'
            | '！'
            | '）'
            | '》'
            | '”'
            | '’'
            | '】'
            | ','
            | '.'
            | ';'
            | ':'
            | ')'
    )
}
