//! Numbers as DXF writes them. The fast path is exact: a mantissa below 2^53 and a power of ten up to 22 give the
//! correctly rounded value with one division; anything else goes to the standard parser.

const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// A real number, blanks around it allowed; `None` for anything else, and for what is not finite.
pub(super) fn real(bytes: &[u8]) -> Option<f64> {
    let bytes = bytes.trim_ascii();
    let (negative, digits) = match bytes.first()? {
        b'-' => (true, &bytes[1..]),
        b'+' => (false, &bytes[1..]),
        _ => (false, bytes),
    };
    let (mut mantissa, mut scale, mut seen, mut point) = (0u64, 0usize, false, false);
    for &b in digits {
        match b {
            b'0'..=b'9' => {
                seen = true;
                if mantissa >= (1 << 53) / 10 {
                    return slow(bytes);
                }
                mantissa = mantissa * 10 + u64::from(b - b'0');
                scale += usize::from(point);
            }
            b'.' if !point => point = true,
            _ => return slow(bytes),
        }
    }
    if !seen {
        return None;
    }
    let Some(power) = POWERS.get(scale) else { return slow(bytes) };
    let value = mantissa as f64 / power;
    Some(if negative { -value } else { value })
}

/// The exact fall-back; also takes Fortran's `D` and a decimal comma, which some programs write.
#[cold]
fn slow(bytes: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(bytes).ok()?;
    let value = match text.parse::<f64>() {
        Ok(value) => value,
        Err(_) => text.replace(',', ".").replace(['d', 'D'], "e").parse().ok()?,
    };
    value.is_finite().then_some(value)
}

/// A whole number, blanks around it allowed. Reals that are whole are taken too.
pub(super) fn integer(bytes: &[u8]) -> Option<i64> {
    let bytes = bytes.trim_ascii();
    let (negative, digits) = match bytes.first()? {
        b'-' => (true, &bytes[1..]),
        b'+' => (false, &bytes[1..]),
        _ => (false, bytes),
    };
    let mut value = 0i64;
    for &b in digits {
        if !b.is_ascii_digit() {
            return real(bytes).filter(|v| v.fract() == 0.0 && v.abs() < 9e15).map(|v| v as i64);
        }
        value = value.checked_mul(10)?.checked_add(i64::from(b - b'0'))?;
    }
    (!digits.is_empty()).then_some(if negative { -value } else { value })
}

/// A handle: hexadecimal.
pub(super) fn handle(bytes: &[u8]) -> Option<u64> {
    let bytes = bytes.trim_ascii();
    if bytes.is_empty() || bytes.len() > 16 {
        return None;
    }
    let mut value = 0u64;
    for &b in bytes {
        value = value << 4 | u64::from((b as char).to_digit(16)?);
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reals_equal_the_standard_parser() {
        for text in [
            "0",
            "0.0",
            "-0.0",
            "1",
            "12.5",
            "-1234.567890123456",
            "0.1",
            "1e10",
            "1.5E-3",
            "+3",
            "9007199254740993",
            "123456789012345678901234567890",
            "0.00000000000000000000001",
            "0.0000000000000000000000001",
            ".5",
            "5.",
            "1E308",
            "4.9e-324",
            "3.14159265358979323846",
            "1234567.8901234567",
        ] {
            assert_eq!(
                real(text.as_bytes()).unwrap().to_bits(),
                text.parse::<f64>().unwrap().to_bits(),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", " ", "-", ".", "abc", "1.2.3", "nan", "inf", "1e999", "0x10"] {
            assert!(real(text.as_bytes()).is_none(), "{text}");
        }
        assert_eq!(real(b" 1,5 "), Some(1.5));
        assert_eq!(real(b"1.5D+2"), Some(150.0));
        assert_eq!(integer(b"  -12 "), Some(-12));
        assert_eq!(integer(b"3.0"), Some(3));
        assert_eq!(integer(b"99999999999999999999"), None);
        assert_eq!(handle(b"2F7"), Some(0x2F7));
        assert_eq!(handle(b"XYZ"), None);
    }
}
