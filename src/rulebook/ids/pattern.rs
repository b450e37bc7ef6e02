//! Regular expressions of XML Schema (XSD 1.0 part 2, appendix F), run by the linear-time engine of the `regex`
//! crate. The two dialects share their look and not their meaning: here `^` and `$` are letters like any other, the
//! whole value must match, `.` leaves out line ends, classes can be subtracted, and there is no look-around, no
//! back-reference, no lazy quantifier and no flag.

use regex::{Regex, RegexBuilder};
use std::fmt::Write as _;

/// Deepest nesting of groups and classes.
const MAX_DEPTH: usize = 64;
/// Longest pattern, characters.
const MAX_LENGTH: usize = 4_096;
/// Memory that one compiled pattern may take, bytes; `\w{30}` takes about half of it.
const MAX_PROGRAM: usize = 2 << 20;

/// A pattern, ready to be asked.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As written.
    pub source: String,
    program: Option<Regex>,
}

/// Why a pattern cannot be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is no regular expression of XML Schema: what is wrong and at which character, counted from 1.
    Invalid(String, usize),
    /// It is one, and is not run here.
    Unsupported(String),
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When it is no regular expression of XML Schema, or one that is not run here.
    pub fn new(source: &str) -> Result<Self, Refusal> {
        if source.chars().count() > MAX_LENGTH {
            return Err(Refusal::Unsupported(format!("it is longer than {MAX_LENGTH} characters")));
        }
        let mut translation =
            Translation { input: source.chars().collect(), at: 0, out: String::from(r"\A(?:"), depth: 0 };
        translation.alternatives()?;
        if translation.at < translation.input.len() {
            return Err(translation.invalid("a ) without its ("));
        }
        translation.out.push_str(r")\z");
        let program = RegexBuilder::new(&translation.out)
            .size_limit(MAX_PROGRAM)
            .dfa_size_limit(MAX_PROGRAM)
            .build()
            .map_err(|e| match e {
                regex::Error::CompiledTooBig(limit) => {
                    Refusal::Unsupported(format!("it needs more than {limit} bytes of memory"))
                }
                other => {
                    Refusal::Unsupported(other.to_string().lines().last().unwrap_or_default().to_owned())
                }
            })?;
        Ok(Self { source: source.to_owned(), program: Some(program) })
    }

    /// A pattern that was refused and is kept for what is said about it.
    pub(super) fn refused(source: &str) -> Self {
        Self { source: source.to_owned(), program: None }
    }

    /// Whether the whole text matches; `None` when the pattern cannot be asked.
    pub fn matches(&self, text: &str) -> Option<bool> {
        self.program.as_ref().map(|p| p.is_match(text))
    }
}

struct Translation {
    input: Vec<char>,
    at: usize,
    out: String,
    depth: usize,
}

impl Translation {
    fn peek(&self) -> Option<char> {
        self.input.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn invalid(&self, what: impl Into<String>) -> Refusal {
        Refusal::Invalid(what.into(), self.at + 1)
    }

    fn deeper(&mut self) -> Result<(), Refusal> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Refusal::Unsupported(format!("it nests deeper than {MAX_DEPTH}")));
        }
        Ok(())
    }

    fn letter(&mut self, c: char) {
        let _ = write!(self.out, "\\x{{{:X}}}", u32::from(c));
    }

    fn alternatives(&mut self) -> Result<(), Refusal> {
        loop {
            while let Some(c) = self.peek() {
                if c == '|' || c == ')' {
                    break;
                }
                self.atom()?;
                self.quantifier()?;
            }
            if self.peek() != Some('|') {
                return Ok(());
            }
            self.at += 1;
            self.out.push('|');
        }
    }

    fn atom(&mut self) -> Result<(), Refusal> {
        match self.next() {
            Some('(') => {
                if self.peek() == Some('?') {
                    return Err(self.invalid("(? opens no group in XML Schema"));
                }
                self.deeper()?;
                self.out.push_str("(?:");
                self.alternatives()?;
                if self.next() != Some(')') {
                    return Err(self.invalid("a ( without its )"));
                }
                self.out.push(')');
                self.depth -= 1;
            }
            Some('[') => self.class()?,
            Some('.') => self.out.push_str(r"[^\n\r]"),
            Some('\\') => {
                let escape = self.escape()?;
                match escape {
                    Escape::Letter(c) => self.letter(c),
                    Escape::Set(set) => {
                        let _ = write!(self.out, "[{set}]");
                    }
                }
            }
            Some(c @ ('?' | '*' | '+' | '{' | '}' | ']')) => {
                self.at -= 1;
                return Err(self.invalid(format!("{c} stands where a character was expected")));
            }
            Some(c) => self.letter(c),
            None => return Err(self.invalid("it ends too early")),
        }
        Ok(())
    }

    fn quantifier(&mut self) -> Result<(), Refusal> {
        match self.peek() {
            Some(c @ ('?' | '*' | '+')) => {
                self.at += 1;
                self.out.push(c);
            }
            Some('{') => {
                self.at += 1;
                let least = self.count()?;
                let most = match self.next() {
                    Some('}') => least,
                    Some(',') if self.peek() == Some('}') => {
                        self.at += 1;
                        None
                    }
                    Some(',') => {
                        let most = self.count()?;
                        if self.next() != Some('}') {
                            return Err(self.invalid("a { without its }"));
                        }
                        most
                    }
                    _ => return Err(self.invalid("a { without its }")),
                };
                let Some(least) = least else { return Err(self.invalid("a quantity without a number")) };
                match most {
                    Some(most) if most < least => return Err(self.invalid("a quantity that runs backwards")),
                    Some(most) => {
                        let _ = write!(self.out, "{{{least},{most}}}");
                    }
                    None => {
                        let _ = write!(self.out, "{{{least},}}");
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn count(&mut self) -> Result<Option<u32>, Refusal> {
        let digits: String = std::iter::from_fn(|| {
            let c = self.peek().filter(char::is_ascii_digit)?;
            self.at += 1;
            Some(c)
        })
        .collect();
        match digits.parse::<u32>() {
            Ok(n) => Ok(Some(n)),
            Err(_) if digits.is_empty() => Ok(None),
            Err(_) => Err(Refusal::Unsupported("it counts beyond 4294967295".into())),
        }
    }

    /// A class, its `[` already read.
    fn class(&mut self) -> Result<(), Refusal> {
        self.deeper()?;
        self.out.push('[');
        let negated = self.peek() == Some('^');
        if negated {
            self.at += 1;
        }
        // A class of Rust negates what remains after a subtraction; one of XML Schema negates first.
        self.out.push_str(if negated { "[^" } else { "[" });
        let mut any = false;
        loop {
            match self.next() {
                None => return Err(self.invalid("a [ without its ]")),
                Some(']') if any => {
                    self.out.push_str("]]");
                    break;
                }
                Some('-') if any && self.peek() == Some('[') => {
                    self.at += 1;
                    self.out.push_str("]--");
                    self.class()?;
                    if self.next() != Some(']') {
                        return Err(self.invalid("a subtraction must end its class"));
                    }
                    self.out.push(']');
                    break;
                }
                Some(']') => return Err(self.invalid("a class without a member")),
                Some('[') => return Err(self.invalid("a [ within a class needs a \\ before it")),
                Some(c) => self.member(c)?,
            }
            any = true;
        }
        self.depth -= 1;
        Ok(())
    }

    /// One character, range or escape of a class.
    fn member(&mut self, first: char) -> Result<(), Refusal> {
        let low = if first == '\\' {
            match self.escape()? {
                Escape::Letter(c) => c,
                Escape::Set(set) => {
                    self.out.push_str(&set);
                    return Ok(());
                }
            }
        } else {
            first
        };
        let ranged =
            self.peek() == Some('-') && !matches!(self.input.get(self.at + 1), Some(']' | '[') | None);
        if !ranged {
            self.letter(low);
            return Ok(());
        }
        self.at += 1;
        let high = match self.next() {
            Some('\\') => match self.escape()? {
                Escape::Letter(c) => c,
                Escape::Set(_) => return Err(self.invalid("a range must end in a character")),
            },
            Some(c) => c,
            None => return Err(self.invalid("a [ without its ]")),
        };
        if high < low {
            return Err(self.invalid(format!("the range {low}-{high} runs backwards")));
        }
        self.letter(low);
        self.out.push('-');
        self.letter(high);
        Ok(())
    }

    /// An escape, its `\` already read: a letter, or the inside of a class.
    fn escape(&mut self) -> Result<Escape, Refusal> {
        Ok(match self.next() {
            Some('n') => Escape::Letter('\n'),
            Some('r') => Escape::Letter('\r'),
            Some('t') => Escape::Letter('\t'),
            Some(
                c @ ('\\' | '|' | '.' | '-' | '^' | '?' | '*' | '+' | '{' | '}' | '(' | ')' | '[' | ']' | '$'
                | '/'),
            ) => Escape::Letter(c),
            Some('s') => Escape::Set(r"\x20\t\n\r".into()),
            Some('S') => Escape::Set(r"[^\x20\t\n\r]".into()),
            Some('d') => Escape::Set(r"\p{Nd}".into()),
            Some('D') => Escape::Set(r"\P{Nd}".into()),
            Some('w') => Escape::Set(r"[^\p{P}\p{Z}\p{C}]".into()),
            Some('W') => Escape::Set(r"\p{P}\p{Z}\p{C}".into()),
            Some('i') => Escape::Set(NAME_START.into()),
            Some('I') => Escape::Set(format!("[^{NAME_START}]")),
            Some('c') => Escape::Set(format!("{NAME_START}{NAME_MORE}")),
            Some('C') => Escape::Set(format!("[^{NAME_START}{NAME_MORE}]")),
            Some(c @ ('p' | 'P')) => Escape::Set(self.property(c == 'P')?),
            Some(c) => {
                self.at -= 1;
                return Err(self.invalid(format!("\\{c} is no escape of XML Schema")));
            }
            None => return Err(self.invalid("it ends in a \\")),
        })
    }

    /// `{Lu}` or `{IsGreek}` after `\p` or `\P`.
    fn property(&mut self, negated: bool) -> Result<String, Refusal> {
        if self.next() != Some('{') {
            return Err(self.invalid("\\p needs a category in braces"));
        }
        let name: String = std::iter::from_fn(|| self.next().filter(|&c| c != '}')).collect();
        if self.input.get(self.at.wrapping_sub(1)) != Some(&'}') {
            return Err(self.invalid("\\p needs a category in braces"));
        }
        if let Some(block) = name.strip_prefix("Is") {
            let Some((_, low, high)) = BLOCKS.iter().find(|(n, ..)| *n == block) else {
                return Err(Refusal::Unsupported(format!("the Unicode block {name} is not known here")));
            };
            let not = if negated { "^" } else { "" };
            return Ok(format!("[{not}\\x{{{low:X}}}-\\x{{{high:X}}}]"));
        }
        if !CATEGORIES.contains(&name.as_str()) {
            return Err(self.invalid(format!("{name} is no category of Unicode")));
        }
        Ok(format!("\\{}{{{name}}}", if negated { 'P' } else { 'p' }))
    }
}

enum Escape {
    Letter(char),
    Set(String),
}

/// NameStartChar of XML 1.0 (fifth edition), `:` and `_` included.
const NAME_START: &str = r":A-Z_a-z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}\x{200C}-\x{200D}\x{2070}-\x{218F}\x{2C00}-\x{2FEF}\x{3001}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}\x{10000}-\x{EFFFF}";
/// What NameChar of XML 1.0 adds to it.
const NAME_MORE: &str = r"\-.0-9\x{B7}\x{300}-\x{36F}\x{203F}-\x{2040}";

/// Categories of Unicode that XML Schema knows.
const CATEGORIES: &[&str] = &[
    "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps",
    "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp", "S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co", "Cn",
];

/// Blocks of Unicode in the spelling of XML Schema: those of scripts that building data is written in.
const BLOCKS: &[(&str, u32, u32)] = &[
    ("BasicLatin", 0x00, 0x7F),
    ("Latin-1Supplement", 0x80, 0xFF),
    ("LatinExtended-A", 0x100, 0x17F),
    ("LatinExtended-B", 0x180, 0x24F),
    ("Greek", 0x370, 0x3FF),
    ("GreekandCoptic", 0x370, 0x3FF),
    ("Cyrillic", 0x400, 0x4FF),
    ("Armenian", 0x530, 0x58F),
    ("Hebrew", 0x590, 0x5FF),
    ("Arabic", 0x600, 0x6FF),
    ("Devanagari", 0x900, 0x97F),
    ("Thai", 0xE00, 0xE7F),
    ("HangulJamo", 0x1100, 0x11FF),
    ("LatinExtendedAdditional", 0x1E00, 0x1EFF),
    ("GreekExtended", 0x1F00, 0x1FFF),
    ("GeneralPunctuation", 0x2000, 0x206F),
    ("CurrencySymbols", 0x20A0, 0x20CF),
    ("LetterlikeSymbols", 0x2100, 0x214F),
    ("NumberForms", 0x2150, 0x218F),
    ("Arrows", 0x2190, 0x21FF),
    ("MathematicalOperators", 0x2200, 0x22FF),
    ("CJKSymbolsandPunctuation", 0x3000, 0x303F),
    ("Hiragana", 0x3040, 0x309F),
    ("Katakana", 0x30A0, 0x30FF),
    ("CJKUnifiedIdeographsExtensionA", 0x3400, 0x4DBF),
    ("CJKUnifiedIdeographs", 0x4E00, 0x9FFF),
    ("HangulSyllables", 0xAC00, 0xD7A3),
    ("CJKCompatibilityIdeographs", 0xF900, 0xFAFF),
    ("HalfwidthandFullwidthForms", 0xFF00, 0xFFEF),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn yes(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern).unwrap().matches(text).unwrap()
    }

    #[test]
    fn the_whole_value_must_match_and_anchors_are_letters() {
        assert!(yes("DT[0-9]{2}", "DT01") && !yes("DT[0-9]{2}", "DT012") && !yes("DT[0-9]{2}", "ADT01"));
        assert!(!yes("^DT$", "DT") && yes("^DT$", "^DT$"));
        assert!(yes("a|b", "b") && !yes("a|b", "ab"));
        assert!(yes("", "") && yes(".*", "") && !yes(".", "\n"));
    }

    #[test]
    fn classes_subtract_and_negate_in_the_order_of_xml_schema() {
        assert!(yes("[a-z-[aeiou]]+", "xyz") && !yes("[a-z-[aeiou]]+", "xaz"));
        assert!(yes("[^a-z-[5]]", "4") && !yes("[^a-z-[5]]", "5") && !yes("[^a-z-[5]]", "c"));
        assert!(yes("[-a]", "-") && yes("[a-]", "-") && yes(r"[\^\]]", "]"));
        assert!(yes(r"[\i-[:]][\c-[:]]*", "IfcWall-1.a") && !yes(r"\i\c*", "1a"));
    }

    #[test]
    fn escapes_mean_what_xml_schema_says() {
        assert!(yes(r"\d+", "٣4") && yes(r"\w", "墙") && !yes(r"\w", "-") && !yes(r"\w", " "));
        assert!(
            yes(r"\s\S", " x") && yes(r"\p{Lu}\P{Lu}", "Ab") && yes(r"\p{IsCJKUnifiedIdeographs}+", "图模")
        );
        assert!(yes(r"a\.b\-c\\", r"a.b-c\") && !yes(r"a\.b", "axb"));
        assert!(yes("x{2}", "xx") && yes("x{2,}", "xxx") && !yes("x{1,2}", "xxx"));
    }

    #[test]
    fn what_is_no_pattern_is_told_where() {
        for (pattern, at) in [
            ("[Name", 6),
            ("(a", 3),
            ("a)", 2),
            ("*a", 1),
            ("a**", 3),
            (r"\b", 2),
            ("(?i)a", 2),
            ("[]", 3),
            ("[z-a]", 5),
            ("x{2,1}", 7),
            (r"\p{Xx}", 7),
        ] {
            match Pattern::new(pattern) {
                Err(Refusal::Invalid(_, found)) => assert_eq!(found, at, "{pattern}"),
                other => panic!("{pattern}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_would_grow_without_bound_is_refused_and_never_run() {
        for pattern in
            ["(((a{100}){100}){100}){100}", &"(".repeat(2_000), r"\p{IsKlingon}", &"a".repeat(5_000)]
        {
            assert!(matches!(Pattern::new(pattern), Err(Refusal::Unsupported(_))), "{pattern:.20}");
        }
        let start = std::time::Instant::now();
        assert!(!yes("(a*)*b", &"a".repeat(100_000)));
        assert!(start.elapsed().as_secs() < 5);
    }
}
