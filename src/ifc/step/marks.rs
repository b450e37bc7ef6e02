//! Where quotes, semicolons and equals signs stand in 64 bytes: one bit for each byte, told by vector instructions.

use wide::u8x16;

/// Bytes that are looked at together.
pub(super) const BLOCK: usize = 64;

/// The characters that records are told by, a bit for each byte of a block, the first byte lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    pub quotes: u64,
    pub semicolons: u64,
    pub equals: u64,
}

impl Marks {
    /// Of a block.
    #[inline]
    pub(super) fn of(block: &[u8; BLOCK]) -> Self {
        let mut out = Self { quotes: 0, semicolons: 0, equals: 0 };
        let (parts, _) = block.as_chunks::<16>();
        for (i, part) in parts.iter().enumerate() {
            let part = u8x16::from(*part);
            let all = |c: u8| u64::from(part.simd_eq(u8x16::splat(c)).to_bitmask()) << (16 * i);
            out.quotes |= all(b'\'');
            out.semicolons |= all(b';');
            out.equals |= all(b'=');
        }
        out
    }

    /// Bytes inside strings, where `open` says whether the block begins in one: opening quotes are, closing ones not.
    #[inline]
    pub(super) fn inside(self, open: bool) -> u64 {
        let mut parity = self.quotes;
        for shift in [1, 2, 4, 8, 16, 32] {
            parity ^= parity << shift;
        }
        if open { !parity } else { parity }
    }
}

/// The first place of a character in a block.
#[inline]
pub(super) fn first(c: u8, block: &[u8; BLOCK]) -> Option<usize> {
    let (parts, _) = block.as_chunks::<16>();
    for (i, part) in parts.iter().enumerate() {
        let found = u8x16::from(*part).simd_eq(u8x16::splat(c)).to_bitmask();
        if found != 0 {
            return Some(16 * i + found.trailing_zeros() as usize);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_told_in_its_place() {
        for c in 0..=255u8 {
            for at in [0, 1, 15, 16, 31, 47, 48, 63] {
                let mut block = [b' '; BLOCK];
                block[at] = c;
                let is = |mark: u8| if c == mark { 1 << at } else { 0 };
                let marks = Marks { quotes: is(b'\''), semicolons: is(b';'), equals: is(b'=') };
                assert_eq!(Marks::of(&block), marks);
                assert_eq!(first(c, &block), if c == b' ' { Some(0) } else { Some(at) });
            }
        }
    }

    #[test]
    fn strings_are_told_from_quote_to_quote() {
        let mut block = [b'x'; BLOCK];
        for at in [2, 5, 6, 9, 63] {
            block[at] = b'\'';
        }
        let marks = Marks::of(&block);
        let inside = [2..5, 6..9, 63..64].into_iter().flatten().fold(0u64, |bits, at: u32| bits | 1 << at);
        assert_eq!(marks.inside(false), inside);
        assert_eq!(marks.inside(true), !inside);
    }
}
