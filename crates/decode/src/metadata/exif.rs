//! EXIF, read from its first directory: copyright and artist (JEITA CP-3451, section 4.6.4).

use super::tiff::Directory;
use super::{Carrier, Collector, bytes};

const COPYRIGHT: u16 = 0x8298;
const ARTIST: u16 = 0x013b;

/// Reads a TIFF structure. Copyright lines are claims: where they are not asked for, nothing is
/// looked at.
pub(super) fn read(tiff: &[u8], place: &str, collector: &mut Collector) {
    if !collector.wants_everything() {
        return;
    }
    let Some(directory) = Directory::first(tiff) else {
        return;
    };
    collector.next_packet();
    read_claims(&directory, place, collector);
}

pub(super) fn read_claims(directory: &Directory<'_>, place: &str, collector: &mut Collector) {
    for tag in [COPYRIGHT, ARTIST] {
        if let Some(value) = directory.value(tag) {
            // Photographer and editor stand one behind the other, a zero between.
            let parts = value.split(|&byte| byte == 0);
            for part in parts.map(bytes::text) {
                let part = part.trim();
                if !part.is_empty() {
                    collector.sign(Carrier::Exif, format!("{tag:#06x}"), part, place);
                }
            }
        }
    }
}
