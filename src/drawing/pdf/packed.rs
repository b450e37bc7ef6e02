//! How large a file unpacks, looked at before any reader unpacks it: nothing of it is kept, and it stops at a limit.

use flate2::read::{DeflateDecoder, ZlibDecoder};
use rayon::prelude::*;
use std::io::Read;

/// What one stream may unpack to: the largest content of a page seen in practice is a tenth of it.
const MAX_STREAM: u64 = 256 << 20;
/// The same of a picture, which is never unpacked by the reader of drawings: 300 million pixels in colour.
const MAX_PICTURE: u64 = 1 << 30;
/// All streams of a file together.
const MAX_FILE: u64 = 8 << 30;
/// Deflate packs no more than this into a byte.
const DEFLATE_RATIO: u64 = 1032;
/// How far before its data the dictionary of a stream is looked for.
const DICTIONARY: usize = 64 << 10;
/// Packings within packings of one stream that are followed.
const MAX_LAYERS: usize = 4;

/// How a stream is packed, as far as it grows when unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    Flate,
    Lzw,
    RunLength,
    /// Letters for bytes; at most four bytes a letter.
    Letters,
}

/// Holds a file to the limits.
///
/// # Errors
/// With what is too large, as the end of a sentence about the file.
pub(super) fn hold(bytes: &[u8]) -> Result<(), String> {
    let starts: Vec<usize> = memchr::memmem::find_iter(bytes, b"stream")
        .filter(|at| !bytes[..*at].ends_with(b"end"))
        .map(|at| at + b"stream".len())
        .collect();
    let sizes: Vec<u64> =
        starts.par_iter().map(|&start| size(bytes, start)).collect::<Result<Vec<u64>, String>>()?;
    if sizes.iter().fold(0u64, |a, b| a.saturating_add(*b)) > MAX_FILE {
        return Err(format!("unpacks to more than {} GB", MAX_FILE >> 30));
    }
    Ok(())
}

/// The size of the stream whose data begins at `start`, unpacked.
fn size(bytes: &[u8], start: usize) -> Result<u64, String> {
    let data = data(bytes, start);
    let dictionary = dictionary(&bytes[..start]);
    let packings = packings(dictionary);
    let limit = if is_picture(dictionary) { MAX_PICTURE } else { MAX_STREAM };
    let too_large = || Err(format!("holds a stream that unpacks to more than {} MB", limit >> 20));
    let growing = packings.iter().filter(|p| **p != Packing::Letters).count();
    if growing > 1 && packings.iter().any(|p| matches!(p, Packing::Lzw | Packing::RunLength)) {
        return Err("packs a stream in several ways at once".into());
    }
    let unpacked = match packings.as_slice() {
        [] => 0,
        [Packing::RunLength | Packing::Letters, ..]
            if growing <= 1 && !packings.contains(&Packing::Flate) =>
        {
            (data.len() as u64).saturating_mul(if growing == 1 { 64 } else { 4 })
        }
        _ if packings.contains(&Packing::Lzw) => lzw_size(data, limit),
        _ => flate_size(data, &packings, limit),
    };
    if unpacked > limit { too_large() } else { Ok(unpacked) }
}

/// From the line's end behind `stream` on; where it ends is told by the packing itself.
fn data(bytes: &[u8], start: usize) -> &[u8] {
    let rest = bytes.get(start..).unwrap_or_default();
    rest.strip_prefix(b"\r\n")
        .or_else(|| rest.strip_prefix(b"\n"))
        .or_else(|| rest.strip_prefix(b"\r"))
        .unwrap_or(rest)
}

/// The dictionary before a stream: what stands behind the last `obj`.
fn dictionary(before: &[u8]) -> &[u8] {
    let near = &before[before.len().saturating_sub(DICTIONARY)..];
    memchr::memmem::rfind(near, b"obj").map_or(near, |at| &near[at..])
}

/// The filters that a dictionary names, in order. Names may hide letters behind `#`; a reference says nothing, and then
/// packings within packings are taken for granted.
fn packings(dictionary: &[u8]) -> Vec<Packing> {
    let names = names(dictionary);
    let mut out = Vec::new();
    for name in &names {
        match name.as_slice() {
            b"FlateDecode" | b"Fl" => out.push(Packing::Flate),
            b"LZWDecode" | b"LZW" => out.push(Packing::Lzw),
            b"RunLengthDecode" | b"RL" => out.push(Packing::RunLength),
            b"ASCIIHexDecode" | b"AHx" | b"ASCII85Decode" | b"A85" => out.push(Packing::Letters),
            _ => {}
        }
    }
    if out.is_empty() && names.iter().any(|n| n == b"Filter" || n == b"F") {
        out = vec![Packing::Flate; MAX_LAYERS];
    }
    out.truncate(MAX_LAYERS * 2);
    out
}

fn is_picture(dictionary: &[u8]) -> bool {
    names(dictionary).iter().any(|n| n == b"Image")
}

/// All names in a dictionary, `#` resolved.
fn names(dictionary: &[u8]) -> Vec<Vec<u8>> {
    let ends = |b: &u8| b.is_ascii_whitespace() || b"/<>[](){}%\0".contains(b);
    let mut out = Vec::new();
    for part in dictionary.split(|b| *b == b'/').skip(1) {
        let raw = &part[..part.iter().position(ends).unwrap_or(part.len())];
        let mut name = Vec::with_capacity(raw.len());
        let mut at = 0;
        while at < raw.len() {
            let hex = raw.get(at + 1..at + 3).and_then(|h| std::str::from_utf8(h).ok());
            match hex.filter(|_| raw[at] == b'#').and_then(|h| u8::from_str_radix(h, 16).ok()) {
                Some(byte) => {
                    name.push(byte);
                    at += 3;
                }
                None => {
                    name.push(raw[at]);
                    at += 1;
                }
            }
        }
        out.push(name);
    }
    out
}

/// Unpacks deflate, layer in layer, counting only the last; stops beyond the limit.
fn flate_size(data: &[u8], packings: &[Packing], limit: u64) -> u64 {
    let layers = packings.iter().filter(|p| **p == Packing::Flate).count().min(MAX_LAYERS);
    let plain = !packings.contains(&Packing::Letters);
    if layers <= 1 && plain && (data.len() as u64).saturating_mul(DEFLATE_RATIO) <= limit {
        // Too little for the limit, whatever is in it.
        return (data.len() as u64).min(limit);
    }
    let mut held = match packings {
        [Packing::Letters, ..] => letters(data),
        _ => Vec::new(),
    };
    let mut largest = 0;
    for layer in 1..=layers {
        let input = if held.is_empty() && layer == 1 { data } else { held.as_slice() };
        let mut reader = zlib_or_deflate(input);
        if layer == layers {
            return largest.max(counted(&mut reader, limit));
        }
        // An inner packing needs its bytes; they are held to the same limit.
        let mut inner = Vec::new();
        let _ = reader.take(limit + 1).read_to_end(&mut inner);
        largest = largest.max(inner.len() as u64);
        if largest > limit || inner.is_empty() {
            return largest;
        }
        held = inner;
    }
    largest
}

/// Bytes from letters: hexadecimal where only such stand before the first `>`, else base 85 (ISO 32000-1, 7.4.2 and
/// 7.4.3).
fn letters(data: &[u8]) -> Vec<u8> {
    let is_hex = |b: &u8| b.is_ascii_hexdigit() || b.is_ascii_whitespace();
    let end = data.iter().position(|b| matches!(b, b'>' | b'~')).unwrap_or(data.len());
    let own: Vec<u8> = data[..end].iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
    if data.get(end) == Some(&b'>') && data[..end].iter().all(is_hex) {
        let digit = |b: u8| (b as char).to_digit(16).unwrap_or(0) as u8;
        return own.chunks(2).map(|c| digit(c[0]) << 4 | c.get(1).copied().map_or(0, digit)).collect();
    }
    // Base 85 knows `>` as a letter: its end is `~`.
    let end = memchr::memchr(b'~', data).unwrap_or(data.len());
    let mut out = Vec::new();
    let mut group = Vec::with_capacity(5);
    for &b in data[..end].iter().filter(|b| !b.is_ascii_whitespace()) {
        if b == b'z' && group.is_empty() {
            out.extend_from_slice(&[0; 4]);
            continue;
        }
        group.push(u32::from(b.saturating_sub(b'!')));
        if group.len() == 5 {
            let value = group.iter().fold(0u32, |v, d| v.wrapping_mul(85).wrapping_add(*d));
            out.extend_from_slice(&value.to_be_bytes());
            group.clear();
        }
    }
    if group.len() > 1 {
        let n = group.len() - 1;
        group.resize(5, 84);
        let value = group.iter().fold(0u32, |v, d| v.wrapping_mul(85).wrapping_add(*d));
        out.extend_from_slice(&value.to_be_bytes()[..n]);
    }
    out
}

fn zlib_or_deflate(data: &[u8]) -> Box<dyn Read + '_> {
    let is_zlib = matches!(data, [cmf, flg, ..] if cmf & 0x0F == 8 && (u16::from(*cmf) << 8 | u16::from(*flg)) % 31 == 0);
    if is_zlib { Box::new(ZlibDecoder::new(data)) } else { Box::new(DeflateDecoder::new(data)) }
}

fn counted(reader: &mut dyn Read, limit: u64) -> u64 {
    let mut buffer = [0u8; 1 << 16];
    let mut sum = 0u64;
    while sum <= limit {
        match reader.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(n) => sum += n as u64,
        }
    }
    sum
}

/// The size of LZW data (ISO 32000-1, 7.4.4) by the lengths of its strings alone.
fn lzw_size(data: &[u8], limit: u64) -> u64 {
    const CLEAR: usize = 256;
    const END: usize = 257;
    let mut lengths: Vec<u64> = vec![1; 258];
    let (mut width, mut bits, mut held, mut sum) = (9u32, 0u32, 0u32, 0u64);
    let mut last: Option<u64> = None;
    for byte in data {
        held = (held << 8 | u32::from(*byte)) & 0x00FF_FFFF;
        bits += 8;
        if bits < width {
            continue;
        }
        bits -= width;
        let code = (held >> bits) as usize & ((1 << width) - 1);
        match code {
            CLEAR => {
                lengths.truncate(258);
                width = 9;
                last = None;
                continue;
            }
            END => break,
            _ => {}
        }
        let length = lengths.get(code).copied().or(last.map(|l| l + 1)).unwrap_or(1);
        if let Some(last) = last.filter(|_| lengths.len() < 4096) {
            lengths.push(last + 1);
        }
        last = Some(length);
        sum = sum.saturating_add(length);
        if sum > limit {
            break;
        }
        width = match lengths.len() + 1 {
            0..=511 => 9,
            512..=1023 => 10,
            1024..=2047 => 11,
            _ => 12,
        };
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    fn packed(data: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn file(dictionary: &str, data: &[u8]) -> Vec<u8> {
        let mut out = format!("%PDF-1.7\n1 0 obj\n{dictionary}\nstream\n").into_bytes();
        out.extend_from_slice(data);
        out.extend_from_slice(b"\nendstream\nendobj\n");
        out
    }

    #[test]
    fn bombs_are_told_by_their_size_alone() {
        assert_eq!(hold(&file("<</Filter/FlateDecode/Length 9>>", &packed(b"q Q"))), Ok(()));
        let large = packed(&vec![7u8; 300 << 20]);
        let told = hold(&file("<</Filter/FlateDecode>>", &large)).unwrap_err();
        assert!(told.contains("256 MB"), "{told}");
        assert!(hold(&file("<</Filter 7 0 R>>", &packed(&large))).is_err());
        for names in ["/FlateDecode/FlateDecode", "/Fl#61teDecode /Fl"] {
            assert!(hold(&file(&format!("<</Filter[{names}]>>"), &packed(&large))).is_err(), "{names}");
        }
        assert_eq!(hold(&file("<</Subtype/Image/Filter/FlateDecode>>", &large)), Ok(()));
        assert!(hold(&file("<</Filter[/LZWDecode/FlateDecode]>>", b"x")).is_err());
    }

    #[test]
    fn letters_are_bytes() {
        assert_eq!(letters(b"61 62 7>"), b"ab\x70");
        assert_eq!(letters(b"87cURD]i,\"Ebo80~>"), b"Hello World!");
        let hidden: Vec<u8> =
            packed(&vec![7u8; 300 << 20]).iter().flat_map(|b| format!("{b:02x}").into_bytes()).collect();
        assert!(hold(&file("<</Filter[/AHx/Fl]>>", &[hidden.as_slice(), b">"].concat())).is_err());
    }

    #[test]
    fn lzw_counts_what_it_stands_for() {
        // The example of ISO 32000-1, 7.4.4.2: 45 45 45 45 45 65 45 45 45 66.
        let data = [0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01];
        assert_eq!(lzw_size(&data, 1000), 10);
    }
}
