//! TIFF: tag 700 (TIFF 6.0, section 2; Adobe XMP Specification, part 3, 1.1.8).
//!
//! Places in a TIFF are absolute, so nothing moves: packet and a new first directory are appended,
//! and the header leads to the new one. The old directory stays where it is, unused.

use super::Task;
use crate::bytes::{ends_early, part};
use crate::edits::Edits;
use crate::error::{Error, Result};

const XMP: u64 = 700;
/// `BYTE`, as many as the packet has.
const BYTE: u64 = 1;
/// Tags of one directory; cameras write some dozen.
const TAGS_MAX: u64 = 4096;

/// How numbers stand in the file.
#[derive(Clone, Copy)]
struct Layout {
    is_little: bool,
    /// `BigTIFF` has lengths and places of eight bytes.
    is_big_form: bool,
}

impl Layout {
    fn word(self) -> usize {
        if self.is_big_form { 8 } else { 4 }
    }

    fn entry_bytes(self) -> usize {
        4 + 2 * self.word()
    }

    fn count_bytes(self) -> usize {
        if self.is_big_form { 8 } else { 2 }
    }

    fn read(self, bytes: &[u8], at: usize, width: usize) -> Result<u64> {
        let bytes = part(bytes, at, width)?;
        let fold = |sum: u64, &byte: &u8| sum << 8 | u64::from(byte);
        Ok(if self.is_little {
            bytes.iter().rev().fold(0, fold)
        } else {
            bytes.iter().fold(0, fold)
        })
    }

    fn place(self, bytes: &[u8], at: usize) -> Result<usize> {
        let place = self.read(bytes, at, self.word())?;
        usize::try_from(place).map_err(|_| ends_early())
    }

    fn write(self, number: u64, width: usize, out: &mut Vec<u8>) {
        let big = number.to_be_bytes();
        let used = big[8 - width.min(8)..].iter();
        if self.is_little {
            out.extend(used.rev());
        } else {
            out.extend(used);
        }
    }
}

pub(super) fn edits(bytes: &[u8], task: Task<'_>) -> Result<Edits> {
    let mut layout = Layout {
        is_little: part(bytes, 0, 2)? == b"II",
        is_big_form: false,
    };
    layout.is_big_form = layout.read(bytes, 2, 2)? == 43;
    let header_at = if layout.is_big_form { 8 } else { 4 };
    let start = layout.place(bytes, header_at)?;
    let count = layout.read(bytes, start, layout.count_bytes())?;
    if count > TAGS_MAX {
        return Err(Error::Limit(format!("more than {TAGS_MAX} tags")));
    }
    let first = start + layout.count_bytes();
    let each = layout.entry_bytes();
    let entries = part(bytes, first, count as usize * each)?;
    let next = part(bytes, first + entries.len(), layout.word())?;
    let known = packet(bytes, entries, layout)?;
    let mut edits = Edits::default();
    let Some(new) = task.xmp(known)? else {
        return Ok(edits);
    };
    check_strips(bytes, entries, layout)?;
    // Directories begin at an even place.
    let mut appended = vec![0; bytes.len() % 2];
    let packet_at = (bytes.len() + appended.len()) as u64;
    appended.extend_from_slice(&new);
    appended.resize(appended.len().next_multiple_of(2), 0);
    appended.extend(vec![0; (bytes.len() + appended.len()) % 2]);
    let directory_at = (bytes.len() + appended.len()) as u64;
    let mut entry = Vec::new();
    layout.write(XMP, 2, &mut entry);
    layout.write(BYTE, 2, &mut entry);
    layout.write(new.len() as u64, layout.word(), &mut entry);
    layout.write(packet_at, layout.word(), &mut entry);
    let (mut others, mut tags) = (Vec::new(), vec![(XMP, entry.as_slice())]);
    for old in entries.chunks_exact(each) {
        others.push((layout.read(old, 0, 2)?, old));
    }
    tags.extend(others.into_iter().filter(|(tag, _)| *tag != XMP));
    tags.sort_by_key(|(tag, _)| *tag);
    layout.write(tags.len() as u64, layout.count_bytes(), &mut appended);
    for (_, entry) in tags {
        appended.extend_from_slice(entry);
    }
    appended.extend_from_slice(next);
    if !layout.is_big_form && u32::try_from(bytes.len() + appended.len()).is_err() {
        return Err(Error::Limit("a TIFF beyond 4 GiB".to_owned()));
    }
    let mut header = Vec::new();
    layout.write(directory_at, layout.word(), &mut header);
    edits.replace(header_at..header_at + layout.word(), header);
    edits.insert(bytes.len(), appended);
    Ok(edits)
}

/// The packet that is there.
fn packet<'b>(bytes: &'b [u8], entries: &[u8], layout: Layout) -> Result<Option<&'b [u8]>> {
    for entry in entries.chunks_exact(layout.entry_bytes()) {
        if layout.read(entry, 0, 2)? == XMP {
            let length = layout.place(entry, 4)?;
            let at = layout.place(entry, 4 + layout.word())?;
            if length <= layout.word() {
                return Err(Error::damaged("its XMP is too short"));
            }
            return part(bytes, at, length).map(Some);
        }
    }
    Ok(None)
}

/// Refuses a file in which the last strip or tile of the first picture is cut off.
fn check_strips(bytes: &[u8], entries: &[u8], layout: Layout) -> Result<()> {
    let value = |wanted: &[u64]| -> Result<Option<Vec<u64>>> {
        for entry in entries.chunks_exact(layout.entry_bytes()) {
            if wanted.contains(&layout.read(entry, 0, 2)?) {
                return numbers(bytes, entry, layout).map(Some);
            }
        }
        Ok(None)
    };
    // StripOffsets or TileOffsets, StripByteCounts or TileByteCounts.
    let (Some(places), Some(lengths)) = (value(&[273, 324])?, value(&[279, 325])?) else {
        return Ok(());
    };
    for (place, length) in places.iter().zip(&lengths) {
        let end = place.saturating_add(*length);
        if end > bytes.len() as u64 {
            return Err(ends_early());
        }
    }
    Ok(())
}

fn numbers(bytes: &[u8], entry: &[u8], layout: Layout) -> Result<Vec<u64>> {
    let width = match layout.read(entry, 2, 2)? {
        3 => 2,
        4 => 4,
        16 => 8,
        _ => return Err(Error::damaged("a place of the picture is of no known kind")),
    };
    let count = layout.place(entry, 4)?;
    let length = count.checked_mul(width).ok_or_else(ends_early)?;
    let value_at = 4 + layout.word();
    let values = if length <= layout.word() {
        part(entry, value_at, length)?
    } else {
        part(bytes, layout.place(entry, value_at)?, length)?
    };
    let each = values.chunks_exact(width);
    each.map(|number| layout.read(number, 0, width)).collect()
}
