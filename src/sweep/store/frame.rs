//! The bytes of a store: frames, each with its length and checksum, by which a torn end is recognized.

use std::io::{self, Read};

use super::super::unit::Unit;
use crate::vocabulary::Ended;

/// The first bytes of every file of units.
pub const MAGIC: &[u8] = b"dropstorm units 1\n";

/// First byte of the frame of a head.
pub const HEADER: u8 = b'H';
/// First byte of the frame of a unit.
pub const UNIT: u8 = b'U';
/// First byte of the frame that ends a finished shard.
pub const FOOTER: u8 = b'F';

/// Longest frame in bytes that is taken for one; the head of a large plan is far shorter.
const LONGEST: usize = 1 << 30;

/// Bytes of a frame before its content: length and checksum.
pub const PREFIX: usize = 8;

/// Wraps content into a frame.
pub fn wrap(kind: u8, content: &[u8]) -> Vec<u8> {
    let mut payload = Vec::with_capacity(content.len() + 1);
    payload.push(kind);
    payload.extend_from_slice(content);
    let mut frame = Vec::with_capacity(payload.len() + PREFIX);
    frame.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    frame.extend_from_slice(&crc32fast::hash(&payload).to_le_bytes());
    frame.extend_from_slice(&payload);
    frame
}

/// Reads the kind and content of the next frame; `None` at the end of the file and at a frame that is not as written.
///
/// # Errors
/// The error of the system, unless it is the end of the file.
pub fn read(file: &mut impl Read) -> io::Result<Option<(u8, Vec<u8>)>> {
    let mut prefix = [0; PREFIX];
    if !filled(file, &mut prefix)? {
        return Ok(None);
    }
    let word = |at: usize| u32::from_le_bytes([prefix[at], prefix[at + 1], prefix[at + 2], prefix[at + 3]]);
    let (length, checksum) = (word(0) as usize, word(4));
    if length == 0 || length > LONGEST {
        return Ok(None);
    }
    let mut payload = Vec::new();
    // A corrupt length must not allocate memory that the file does not fill.
    if file.take(length as u64).read_to_end(&mut payload)? < length || crc32fast::hash(&payload) != checksum {
        return Ok(None);
    }
    let kind = payload.remove(0);
    Ok(Some((kind, payload)))
}

/// The flaw of a frame that could not be read, from its first bytes.
pub fn flaw(begun: &[u8]) -> &'static str {
    let length = begun.first_chunk::<4>().map_or(0, |bytes| u32::from_le_bytes(*bytes) as usize);
    if begun.len() < PREFIX || (1..=LONGEST).contains(&length) && begun.len() < PREFIX + length {
        "cut short"
    } else {
        "not as it was written"
    }
}

/// Fills a buffer; false if the file ends before the buffer is full.
pub fn filled(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Bytes of the frame of a unit with `figures` figures.
pub fn unit_length(figures: usize) -> usize {
    PREFIX + 1 + 8 + 8 + 1 + figures * 8
}

/// Writes a unit into a frame.
pub fn unit(unit: &Unit) -> Vec<u8> {
    let mut content = Vec::with_capacity(unit_length(unit.figures.len()));
    content.extend_from_slice(&unit.point.to_le_bytes());
    content.extend_from_slice(&unit.replication.to_le_bytes());
    content.push(unit.ended as u8);
    for figure in &unit.figures {
        content.extend_from_slice(&figure.to_le_bytes());
    }
    wrap(UNIT, &content)
}

/// Reads a unit from the content of a frame; `None` if it does not have `figures` figures.
pub fn unit_of(content: &[u8], figures: usize) -> Option<Unit> {
    let (point, rest) = content.split_first_chunk::<8>()?;
    let (replication, rest) = rest.split_first_chunk::<8>()?;
    let (ended, rest) = rest.split_first()?;
    let (values, []) = rest.as_chunks::<8>() else { return None };
    (values.len() == figures).then_some(())?;
    Some(Unit {
        point: u64::from_le_bytes(*point),
        replication: u64::from_le_bytes(*replication),
        ended: Ended::from_number(*ended)?,
        figures: values.iter().map(|value| f64::from_le_bytes(*value)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_that_is_not_as_written_is_no_frame() {
        let written = Unit { point: 3, replication: 2, ended: Ended::Done, figures: vec![0.1, f64::NAN] };
        let frame = unit(&written);
        assert_eq!(frame.len(), unit_length(2));
        let (kind, content) = read(&mut frame.as_slice()).unwrap().unwrap();
        assert!(kind == UNIT && unit_of(&content, 2).unwrap().same_as(&written));
        assert!(unit_of(&content, 3).is_none());
        for cut in 0..frame.len() {
            assert!(read(&mut &frame[..cut]).unwrap().is_none(), "{cut}");
        }
        for byte in 0..frame.len() {
            let mut torn = frame.clone();
            torn[byte] ^= 4;
            assert!(read(&mut torn.as_slice()).unwrap().is_none(), "{byte}");
        }
    }
}
