//! MP4: a `uuid` box (ISO/IEC 14496-12, section 4.2; Adobe XMP Specification, part 3, 1.2.6).
//!
//! The file's tables say where its sound stands, counted from its beginning. So nothing before the
//! sound moves: the box is put at the end, and one that is there becomes free space.

use super::Task;
use crate::bytes::{be_u32, be_u64, length_u32, part};
use crate::edits::Edits;
use crate::error::{Error, Result};

const XMP: [u8; 16] = [
    0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf, 0xac,
];
/// Boxes on the outermost level. Streams in fragments have two for every few seconds.
const BOXES_MAX: usize = 1 << 20;

pub(super) fn edits(bytes: &[u8], task: Task<'_>) -> Result<Edits> {
    let mut edits = Edits::default();
    let mut old = None;
    let (mut has_movie, mut at, mut place) = (false, 0, bytes.len());
    for _ in 0..BOXES_MAX {
        if at == bytes.len() {
            break;
        }
        let name = part(bytes, at + 4, 4)?;
        let (header, length) = match be_u32(bytes, at)? {
            // It reaches to the end of the file, which is about to be elsewhere.
            0 => {
                let length = bytes.len() - at;
                edits.replace(at..at + 4, length_u32(length)?.to_be_bytes());
                (8, length)
            }
            1 => (16, be_u64(bytes, at + 8)?),
            length => (8, length),
        };
        if length < header {
            return Err(Error::damaged("a box is shorter than its header"));
        }
        let body = part(bytes, at + header, length - header)?;
        match name {
            b"moov" => has_movie = true,
            // Whoever looks for it reads the last bytes of the file.
            b"mfra" if at + length == bytes.len() => place = at,
            b"uuid" if body.starts_with(&XMP) && old.is_none() => {
                old = Some((at + 4, &body[XMP.len()..]));
            }
            _ => {}
        }
        at += length;
    }
    if !has_movie || at != bytes.len() {
        return Err(Error::damaged("the MP4 file does not say what is in it"));
    }
    let Some(new) = task.xmp(old.map(|(_, packet)| packet))? else {
        return Ok(Edits::default());
    };
    if let Some((name_at, packet)) = old {
        edits.replace(name_at..name_at + 4, *b"free");
        // What is free says nothing: readers may look for packets anywhere.
        let packet_at = name_at + 4 + XMP.len();
        let packet_at =
            packet_at + usize::from(bytes.get(name_at - 4..name_at) == Some(&[0, 0, 0, 1])) * 8;
        edits.replace(packet_at..packet_at + packet.len(), vec![0; packet.len()]);
    }
    let mut new_box = length_u32(8 + XMP.len() + new.len())?
        .to_be_bytes()
        .to_vec();
    new_box.extend_from_slice(b"uuid");
    new_box.extend_from_slice(&XMP);
    new_box.extend_from_slice(&new);
    edits.insert(place, new_box);
    Ok(edits)
}
