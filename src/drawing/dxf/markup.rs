//! Formatting codes in texts: `%%` codes of TEXT and the inline codes of MTEXT, resolved to what is seen.

/// `%%c` ⌀, `%%d` °, `%%p` ±, `%%%` %, `%%nnn` a character by number; `%%u %%o %%k` switch lines and vanish.
pub(super) fn percent_codes(text: &str) -> String {
    if !text.contains("%%") {
        return text.to_string();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("%%") {
        out.push_str(&rest[..at]);
        rest = &rest[at + 2..];
        let Some(c) = rest.chars().next() else {
            out.push_str("%%");
            break;
        };
        let digits = rest.bytes().take(3).take_while(u8::is_ascii_digit).count();
        let used = match c {
            'c' | 'C' => push(&mut out, '⌀', 1),
            'd' | 'D' => push(&mut out, '°', 1),
            'p' | 'P' => push(&mut out, '±', 1),
            '%' => push(&mut out, '%', 1),
            'u' | 'U' | 'o' | 'O' | 'k' | 'K' => 1,
            _ if digits > 0 => {
                // 天正 and PKPM fonts draw rebar signs with %%130 to %%135.
                let letter = match rest[..digits].parse().unwrap_or(0) {
                    130 => 'Φ',
                    131..=135 => 'Φ',
                    n => char::from_u32(n).unwrap_or('\u{FFFD}'),
                };
                push(&mut out, letter, digits)
            }
            _ => {
                out.push_str("%%");
                0
            }
        };
        rest = &rest[used..];
    }
    out.push_str(rest);
    out
}

fn push(out: &mut String, c: char, used: usize) -> usize {
    out.push(c);
    used
}

/// MTEXT as plain text; paragraphs and columns are parted by `\n`, stacked fractions become `a/b`.
pub(super) fn mtext(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' | '}' => {}
            '\n' => out.push('\n'),
            '\r' => {}
            '\\' => match chars.next() {
                Some('P' | 'N' | 'X') => out.push('\n'),
                Some('~') => out.push(' '),
                Some(c @ ('\\' | '{' | '}')) => out.push(c),
                Some('L' | 'l' | 'O' | 'o' | 'K' | 'k') => {}
                Some('S') => stacked(&mut chars, &mut out),
                Some('A' | 'C' | 'c' | 'F' | 'f' | 'H' | 'Q' | 'T' | 'W' | 'p') => {
                    for c in chars.by_ref() {
                        if c == ';' {
                            break;
                        }
                    }
                }
                Some(c) => {
                    out.push('\\');
                    out.push(c);
                }
                None => out.push('\\'),
            },
            c => out.push(c),
        }
    }
    percent_codes(&out)
}

/// `\Sa^b;`, `\Sa/b;`, `\Sa#b;`: a fraction or a tolerance on one line; a lone upper or lower part stands by itself.
fn stacked(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) {
    let (mut upper, mut lower, mut below) = (String::new(), String::new(), false);
    while let Some(c) = chars.next() {
        let part = if below { &mut lower } else { &mut upper };
        match c {
            ';' => break,
            '\\' => part.extend(chars.next()),
            '^' | '#' | '/' if !below => below = true,
            c => part.push(c),
        }
    }
    let (upper, lower) = (upper.trim(), lower.trim());
    out.push_str(upper);
    if !upper.is_empty() && !lower.is_empty() {
        out.push('/');
    }
    out.push_str(lower);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent() {
        assert_eq!(
            percent_codes("%%p0.000 %%c12 45%%d 100%%% %%uA%%u %%065 %%"),
            "±0.000 ⌀12 45° 100% A A %%"
        );
        assert_eq!(percent_codes("%%x"), "%%x");
    }

    #[test]
    fn inline_codes() {
        assert_eq!(mtext(r"{\fSimSun|b0|i0|c134|p2;一层\P\H2.5x;C1515}"), "一层\nC1515");
        assert_eq!(mtext(r"\A1;\C1;\S1/2; a\~b \{x\} \\ \Lu\l"), "1/2 a b {x} \\ u");
        assert_eq!(mtext(r"\S+0.1^ -0.2;%%d"), "+0.1/-0.2°");
        assert_eq!(mtext(r"12.5m\S2^;"), "12.5m2");
        assert_eq!(mtext(r"tail\"), "tail\\");
    }
}
