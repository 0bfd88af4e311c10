//! GIF: an application extension (`GIF89a`, section 26; Adobe XMP Specification, part 3, 1.1.2).

use std::ops::Range;

use super::Task;
use crate::bytes::part;
use crate::edits::Edits;
use crate::error::{Error, Result};

const HEADER: &[u8] = b"\x21\xff\x0bXMP DataXMP";
/// Blocks of one file.
const BLOCKS_MAX: usize = 1 << 22;

pub(super) fn edits(bytes: &[u8], task: Task<'_>) -> Result<Edits> {
    let flags = part(bytes, 10, 1)?[0];
    let mut at = 13 + color_table_bytes(flags);
    // Before the first block that is shown; loops of animations stand in the beginning.
    let mut place = None;
    let mut packet: Option<Range<usize>> = None;
    for _ in 0..BLOCKS_MAX {
        let start = at;
        match part(bytes, at, 1)?[0] {
            0x2c => {
                let flags = part(bytes, at + 9, 1)?[0];
                at = after_blocks(bytes, at + 11 + color_table_bytes(flags))?;
                place.get_or_insert(start);
            }
            0x21 => {
                at = after_blocks(bytes, at + 2)?;
                if bytes[start..].starts_with(HEADER) {
                    packet.get_or_insert(start..at);
                }
                if part(bytes, start + 1, 1)?[0] != 0xff {
                    place.get_or_insert(start);
                }
            }
            0x3b => return write(bytes, task, place.unwrap_or(start), packet),
            _ => return Err(Error::damaged("a block of the GIF is of no known kind")),
        }
    }
    Err(Error::Limit(format!("more than {BLOCKS_MAX} blocks")))
}

fn write(
    bytes: &[u8],
    task: Task<'_>,
    place: usize,
    packet: Option<Range<usize>>,
) -> Result<Edits> {
    let known = match &packet {
        Some(range) => {
            let block = bytes.get(range.start + HEADER.len()..range.end);
            let block = block.unwrap_or_default();
            let end = memchr::memmem::find(block, &[0x01, 0xff, 0xfe, 0xfd]);
            let end = end.ok_or_else(|| Error::damaged("its XMP has no end"))?;
            Some(&block[..end])
        }
        None => None,
    };
    let mut edits = Edits::default();
    if let Some(new) = task.xmp(known)? {
        let mut block = HEADER.to_vec();
        block.extend_from_slice(&new);
        // Whoever counts sub-blocks is led to the end from anywhere in the packet.
        block.push(0x01);
        block.extend((0..=0xff).rev());
        block.push(0x00);
        edits.replace(packet.unwrap_or(place..place), block);
        // Extensions came with the second version.
        edits.replace(3..6, *b"89a");
    }
    Ok(edits)
}

fn color_table_bytes(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << ((flags & 7) + 1)
    }
}

/// Where a row of sub-blocks ends that starts at `at`.
fn after_blocks(bytes: &[u8], mut at: usize) -> Result<usize> {
    loop {
        let length = usize::from(part(bytes, at, 1)?[0]);
        at += 1 + length;
        if length == 0 {
            return Ok(at);
        }
    }
}
