//! Many words looked for in one pass over a text.

use super::fold::is_cjk;
use aho_corasick::AhoCorasick;

/// Words of a data file, ready to be looked for. A word is known by its number in the order given.
pub struct Lexicon {
    /// `None` where there is no word.
    automaton: Option<AhoCorasick>,
    /// Which of them count anywhere, and not as whole words only.
    anywhere: Vec<bool>,
}

impl Lexicon {
    /// Folded words: Chinese ones are found anywhere, the rest as whole words.
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let words: Vec<&str> = words.into_iter().collect();
        let anywhere = words.iter().map(|w| w.chars().any(is_cjk)).collect();
        Self { automaton: AhoCorasick::new(&words).ok().filter(|_| !words.is_empty()), anywhere }
    }

    /// Numbers of the words that the folded text holds, rising, each once.
    pub fn found(&self, folded: &str) -> Vec<usize> {
        let mut out: Vec<usize> = self.matches(folded).collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    /// The folded text holds any of the words.
    pub fn any(&self, folded: &str) -> bool {
        self.matches(folded).next().is_some()
    }

    /// Some word stands in the folded text, be it within another one.
    pub fn within(&self, folded: &str) -> bool {
        self.automaton.as_ref().is_some_and(|a| a.is_match(folded))
    }

    fn matches<'a>(&'a self, folded: &'a str) -> impl Iterator<Item = usize> + 'a {
        // most texts hold none, which is told fastest
        let automaton = self.automaton.as_ref().filter(|a| a.is_match(folded));
        automaton.into_iter().flat_map(move |a| {
            a.find_overlapping_iter(folded)
                .filter(|m| self.anywhere[m.pattern().as_usize()] || stands_alone(folded, m.start(), m.end()))
                .map(|m| m.pattern().as_usize())
        })
    }
}

/// Nothing that would make it part of a longer word stands around this part of the text.
pub(super) fn stands_alone(folded: &str, start: usize, end: usize) -> bool {
    let before = folded.get(..start).and_then(|t| t.chars().next_back());
    let after = folded.get(end..).and_then(|t| t.chars().next());
    let open = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() || is_cjk(c));
    open(before) && open(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::recognise::text::title::has_word;

    #[test]
    fn finds_what_each_word_alone_would() {
        let words = ["PLAN", "GROUND FLOOR", "FLOOR", "平面", "总平面图", "EG", "1:1"];
        let lexicon = Lexicon::new(words);
        for text in [
            "",
            "GROUND FLOOR PLAN",
            "PLANT FLOORS",
            "总平面图",
            "平面PLAN图",
            "EGAL EG",
            "LEGEG",
            "EG1 1:1",
            "PLANPLAN PLAN",
            "ÉEG",
        ] {
            let one_by_one: Vec<usize> = (0..words.len()).filter(|&i| has_word(text, words[i])).collect();
            assert_eq!(lexicon.found(text), one_by_one, "{text}");
            assert_eq!(lexicon.any(text), !one_by_one.is_empty(), "{text}");
        }
        assert!(Lexicon::new([]).found("PLAN").is_empty());
        assert!(lexicon.within("PLANT") && !lexicon.within("PLUTO"));
    }
}
