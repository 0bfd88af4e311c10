//! TIFF directories (TIFF 6.0, section 2), and the metadata in the first of a file.

use super::{Collector, exif, iptc};

const XMP: u16 = 700;
const IPTC: u16 = 33_723;
const PHOTOSHOP: u16 = 34_377;
const C2PA: u16 = 0xcd41;
/// Tags of one directory that are looked at.
const TAGS_MAX: usize = 4096;

pub(super) fn read(bytes: &[u8], collector: &mut Collector) {
    let Some(directory) = Directory::first(bytes) else {
        return;
    };
    if let Some(packet) = directory.value(XMP) {
        collector.xmp(packet, "TIFF tag 700");
    }
    if let Some(store) = directory.value(C2PA) {
        collector.jumbf(store, "TIFF tag 52545");
    }
    if collector.wants_everything() {
        collector.next_packet();
        exif::read_claims(&directory, "TIFF", collector);
        if let Some(data) = directory.value(IPTC) {
            iptc::read(data, "IPTC-IIM (TIFF tag 33723)", collector);
        }
        if let Some(resources) = directory.value(PHOTOSHOP) {
            iptc::read_resources(resources, "IPTC-IIM (TIFF tag 34377)", collector);
        }
    }
}

/// The first directory of a TIFF structure.
pub(super) struct Directory<'b> {
    bytes: &'b [u8],
    is_little: bool,
    /// `BigTIFF` has lengths and places of eight bytes.
    is_big_form: bool,
    start: usize,
    count: usize,
}

impl<'b> Directory<'b> {
    pub(super) fn first(bytes: &'b [u8]) -> Option<Self> {
        let is_little = match bytes.get(..2)? {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        let mut directory = Self {
            bytes,
            is_little,
            is_big_form: false,
            start: 0,
            count: 0,
        };
        let (at, count) = match directory.number(2, 2)? {
            42 => {
                let at = directory.number(4, 4)?;
                (at.checked_add(2)?, directory.number(at, 2)?)
            }
            43 => {
                directory.is_big_form = true;
                let at = directory.number(8, 8)?;
                (at.checked_add(8)?, directory.number(at, 8)?)
            }
            _ => return None,
        };
        directory.start = at;
        directory.count = count.min(TAGS_MAX);
        Some(directory)
    }

    /// The bytes of a tag's values, whatever their type.
    pub(super) fn value(&self, wanted: u16) -> Option<&'b [u8]> {
        let (entry_bytes, word) = if self.is_big_form { (20, 8) } else { (12, 4) };
        for number in 0..self.count {
            let at = self.start.checked_add(number * entry_bytes)?;
            if self.number(at, 2)? != usize::from(wanted) {
                continue;
            }
            let each = match self.number(at + 2, 2)? {
                1 | 2 | 6 | 7 => 1,
                3 | 8 => 2,
                4 | 9 | 11 | 13 => 4,
                5 | 10 | 12 | 16 | 17 | 18 => 8,
                _ => return None,
            };
            let length = self.number(at + 4, word)?.checked_mul(each)?;
            let place = at + 4 + word;
            let start = if length <= word {
                place
            } else {
                self.number(place, word)?
            };
            return self.bytes.get(start..start.checked_add(length)?);
        }
        None
    }

    fn number(&self, at: usize, width: usize) -> Option<usize> {
        let bytes = self.bytes.get(at..at.checked_add(width)?)?;
        let fold = |sum: u64, &byte: &u8| sum << 8 | u64::from(byte);
        let number = if self.is_little {
            bytes.iter().rev().fold(0, fold)
        } else {
            bytes.iter().fold(0, fold)
        };
        usize::try_from(number).ok()
    }
}
