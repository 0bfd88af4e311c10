//! JPEG: an APP1 segment (ITU-T T.81, annex B).

use super::Task;
use crate::bytes::{be_u16, part};
use crate::edits::Edits;
use crate::error::{Error, Result};

const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: &[u8] = &[0xff, 0xd9];
/// Segments before the picture; photographs have some dozen.
const SEGMENTS_MAX: usize = 4096;
/// What fits a segment: its length counts itself.
const SEGMENT_BYTES_MAX: usize = 0xffff - 2;

pub(super) fn edits(bytes: &[u8], task: Task<'_>) -> Result<Edits> {
    let mut at = 2;
    // Behind the first segments for JFIF and EXIF, which readers expect in the beginning.
    let mut place = 2;
    let mut is_leading = true;
    let mut packet = None;
    for _ in 0..SEGMENTS_MAX {
        while part(bytes, at, 2)? == [0xff, 0xff] {
            at += 1;
        }
        let &[0xff, marker] = part(bytes, at, 2)? else {
            return Err(Error::damaged("bytes between the segments of the JPEG"));
        };
        if marker == START_OF_SCAN {
            if memchr::memmem::find(&bytes[at..], END_OF_IMAGE).is_none() {
                return Err(Error::damaged("the JPEG has no end"));
            }
            return write(bytes, task, place, packet);
        }
        if marker == 0x01 || (0xd0..=0xd9).contains(&marker) {
            return Err(Error::damaged("the JPEG has no picture"));
        }
        let length = be_u16(bytes, at + 2)?;
        let Some(inside) = length.checked_sub(2) else {
            return Err(Error::damaged("a segment of the JPEG has no length"));
        };
        let body = part(bytes, at + 4, inside)?;
        let end = at + 2 + length;
        is_leading &= marker == 0xe0 || (marker == 0xe1 && body.starts_with(b"Exif"));
        if is_leading {
            place = end;
        }
        if marker == 0xe1 && body.starts_with(XMP) && packet.is_none() {
            packet = Some(at..end);
        }
        at = end;
    }
    Err(Error::Limit(format!(
        "more than {SEGMENTS_MAX} segments before the picture"
    )))
}

fn write(
    bytes: &[u8],
    task: Task<'_>,
    place: usize,
    packet: Option<std::ops::Range<usize>>,
) -> Result<Edits> {
    let known = packet.clone().and_then(|range| bytes.get(range));
    let known = known.and_then(|segment| segment.get(4 + XMP.len()..));
    let mut edits = Edits::default();
    if let Some(new) = task.xmp(known)? {
        let length = XMP.len() + new.len();
        if length > SEGMENT_BYTES_MAX {
            let detail = "its XMP and the statement do not fit one segment of a JPEG";
            return Err(Error::Limit(detail.to_owned()));
        }
        let mut segment = vec![0xff, 0xe1];
        segment.extend_from_slice(&(length as u16 + 2).to_be_bytes());
        segment.extend_from_slice(XMP);
        segment.extend_from_slice(&new);
        edits.replace(packet.unwrap_or(place..place), segment);
    }
    Ok(edits)
}
