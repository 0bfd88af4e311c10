//! PNG: an `iTXt` chunk (W3C PNG, third edition, section 11.3.3.4).

use std::io::Read as _;

use flate2::Crc;
use flate2::read::ZlibDecoder;

use super::Task;
use crate::bytes::{be_u32, length_u32, part};
use crate::edits::Edits;
use crate::error::{Error, Result};

const KEYWORD: &[u8] = b"XML:com.adobe.xmp\0";
/// Chunks of one file. Encoders write some of 8 KiB each.
const CHUNKS_MAX: usize = 1 << 20;
/// What a compressed packet may unpack to.
const PACKET_BYTES_MAX: u64 = 8 << 20;

pub(super) fn edits(bytes: &[u8], task: Task<'_>) -> Result<Edits> {
    let mut at = 8;
    let mut packet = None;
    let mut header_end = None;
    for _ in 0..CHUNKS_MAX {
        let length = be_u32(bytes, at)?;
        let name = part(bytes, at + 4, 4)?;
        let body = part(bytes, at + 8, length)?;
        let end = at + 8 + length + 4;
        let sum = be_u32(bytes, end - 4)?;
        match name {
            b"IHDR" => header_end = Some(end),
            b"iTXt" if body.starts_with(KEYWORD) && packet.is_none() => {
                if checksum(name, body) as usize != sum {
                    return Err(Error::damaged("the checksum of its XMP is wrong"));
                }
                packet = Some((at..end, unpacked(body)?));
            }
            b"IEND" => {
                let header_end =
                    header_end.ok_or_else(|| Error::damaged("the PNG has no header"))?;
                return write(task, header_end, packet);
            }
            _ => {}
        }
        at = end;
    }
    Err(Error::Limit(format!("more than {CHUNKS_MAX} chunks")))
}

/// The packet in the chunk: keyword, whether it is compressed, how, language, translated keyword.
fn unpacked(body: &[u8]) -> Result<Vec<u8>> {
    let rest = body.get(KEYWORD.len()..).unwrap_or_default();
    let (Some(&[is_compressed, _]), Some(rest)) = (rest.first_chunk(), rest.get(2..)) else {
        return Err(Error::damaged("an iTXt chunk is too short"));
    };
    let mut parts = rest.splitn(3, |&byte| byte == 0);
    let (Some(_), Some(_), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(Error::damaged("an iTXt chunk is too short"));
    };
    if is_compressed == 0 {
        return Ok(text.to_vec());
    }
    let mut packet = Vec::new();
    let mut decoder = ZlibDecoder::new(text).take(PACKET_BYTES_MAX + 1);
    let read = decoder.read_to_end(&mut packet);
    read.map_err(|error| Error::damaged(format!("its compressed XMP: {error}")))?;
    if packet.len() as u64 > PACKET_BYTES_MAX {
        return Err(Error::Limit("compressed XMP of more than 8 MiB".to_owned()));
    }
    Ok(packet)
}

fn write(
    task: Task<'_>,
    place: usize,
    packet: Option<(std::ops::Range<usize>, Vec<u8>)>,
) -> Result<Edits> {
    let (range, known) = packet.map_or((place..place, None), |(range, it)| (range, Some(it)));
    let mut edits = Edits::default();
    if let Some(new) = task.xmp(known.as_deref())? {
        let mut body = KEYWORD.to_vec();
        // Not compressed, no language, no translated keyword.
        body.extend_from_slice(&[0, 0, 0, 0]);
        body.extend_from_slice(&new);
        let mut chunk = length_u32(body.len())?.to_be_bytes().to_vec();
        chunk.extend_from_slice(b"iTXt");
        chunk.extend_from_slice(&body);
        chunk.extend_from_slice(&checksum(b"iTXt", &body).to_be_bytes());
        edits.replace(range, chunk);
    }
    Ok(edits)
}

/// The checksum of a chunk, over name and data.
fn checksum(name: &[u8], body: &[u8]) -> u32 {
    let mut sum = Crc::new();
    sum.update(name);
    sum.update(body);
    sum.sum()
}
