//! Chance that is the same in every run, and damage by it.

/// Numbers that look random (Knuth's MMIX generator).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    /// A number below `n`; 0 where `n` is 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

/// Flips bytes, cuts, doubles, swaps lines, or puts in `words` that readers stumble over.
pub(super) fn damaged(whole: &[u8], words: &[&[u8]], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..1 + dice.below(8) {
        if bytes.is_empty() {
            break;
        }
        let (at, to) = (dice.below(bytes.len()), dice.below(bytes.len()));
        match dice.below(7) {
            0 => bytes[at] = dice.below(256) as u8,
            1 => bytes[at] ^= 1 << dice.below(8),
            2 => bytes.truncate(at.max(bytes.len() / 2)),
            3 => {
                let end = (at + 1 + dice.below(60)).min(bytes.len());
                bytes.drain(at..end);
            }
            4 => {
                let piece = bytes[at..(at + 1 + dice.below(400)).min(bytes.len())].to_vec();
                bytes.splice(to..to, piece);
            }
            5 => {
                let mut lines: Vec<&[u8]> = bytes.split(|&b| b == b'\n').collect();
                let (a, b) = (dice.below(lines.len()), dice.below(lines.len()));
                lines.swap(a, b);
                bytes = lines.join(&b'\n');
            }
            _ => {
                bytes.splice(at..at, words[dice.below(words.len())].iter().copied());
            }
        }
    }
    bytes
}
