//! GIF application extensions (`GIF89a`, section 26; XMP: Adobe XMP Specification, part 3, 1.1.2).

use super::Collector;
use super::bytes::{find, slice};

/// Blocks of one file. Sub-blocks have 255 bytes at most, so a large animation has many.
const BLOCKS_MAX: usize = 1 << 22;
/// XMP stands in the file as it is; this trailer ends it for readers that count sub-blocks.
const XMP_END: &[u8] = &[0x01, 0xff, 0xfe, 0xfd];

pub(super) fn read(bytes: &[u8], collector: &mut Collector) {
    let Some(&flags) = bytes.get(10) else {
        return;
    };
    let mut at = 13 + color_table_bytes(flags);
    for _ in 0..BLOCKS_MAX {
        match bytes.get(at) {
            Some(0x2c) => {
                let Some(&flags) = bytes.get(at + 9) else {
                    return;
                };
                // Descriptor, colors, the size of codes, then the picture's data.
                at = after_blocks(bytes, at + 11 + color_table_bytes(flags));
            }
            Some(0x21) => {
                if slice(bytes, at, 14) == b"\x21\xff\x0bXMP DataXMP" {
                    let rest = bytes.get(at + 14..).unwrap_or_default();
                    let Some(end) = find(rest, XMP_END) else {
                        return;
                    };
                    collector.xmp(&rest[..end], "GIF application extension");
                }
                if slice(bytes, at, 11) == b"\x21\xff\x0bC2PA_GIF" {
                    collector.jumbf(&joined_blocks(bytes, at + 14), "GIF application extension");
                }
                at = after_blocks(bytes, at + 2);
            }
            _ => return,
        }
    }
}

fn color_table_bytes(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << ((flags & 7) + 1)
    }
}

/// The contents of a row of sub-blocks.
fn joined_blocks(bytes: &[u8], mut at: usize) -> Vec<u8> {
    let mut joined = Vec::new();
    while let Some(&length) = bytes.get(at).filter(|&&length| length > 0) {
        joined.extend_from_slice(slice(bytes, at + 1, usize::from(length)));
        at += 1 + usize::from(length);
    }
    joined
}

/// Where a row of sub-blocks ends that starts at `at`.
fn after_blocks(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&length) = bytes.get(at) {
        at += 1 + usize::from(length);
        if length == 0 {
            break;
        }
    }
    at
}
