//! IPTC-IIM 4.2: data sets of the application record, also inside Photoshop's image resources.

use super::bytes::{be_u16, be_u32, slice, text};
use super::{Carrier, Collector, PACKETS_MAX};

/// By-line, credit, source and copyright notice (IIM 4.2, section 6).
const READ: [u8; 4] = [80, 110, 115, 116];
/// The resource that holds IIM data (Adobe Photoshop File Formats Specification, image resources).
const IIM_RESOURCE: usize = 0x0404;

/// Reads Photoshop's image resources: `8BIM`, number, name, length, data.
pub(super) fn read_resources(bytes: &[u8], place: &str, collector: &mut Collector) {
    if !collector.wants_everything() {
        return;
    }
    let mut at = 0;
    for _ in 0..PACKETS_MAX {
        if slice(bytes, at, 4) != b"8BIM" {
            return;
        }
        let Some(number) = be_u16(bytes, at + 4) else {
            return;
        };
        // A name with its length before it; both together fill whole pairs, as the data do.
        let name = usize::from(bytes.get(at + 6).copied().unwrap_or(0)) + 1;
        let data_at = at + 6 + name + name % 2;
        let Some(length) = be_u32(bytes, data_at) else {
            return;
        };
        if number == IIM_RESOURCE {
            read(slice(bytes, data_at + 4, length), place, collector);
        }
        at = data_at
            .saturating_add(4)
            .saturating_add(length + length % 2);
    }
}

/// Reads data sets: 0x1c, record, number, length, value (section 1.5).
pub(super) fn read(bytes: &[u8], place: &str, collector: &mut Collector) {
    if !collector.wants_everything() {
        return;
    }
    collector.next_packet();
    let mut at = 0;
    for _ in 0..PACKETS_MAX {
        let &[0x1c, record, number, high, low] = slice(bytes, at, 5) else {
            return;
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        // Longer values have the length of their length here.
        if length > 0x7fff {
            return;
        }
        if record == 2 && READ.contains(&number) {
            let value = text(slice(bytes, at + 5, length));
            collector.sign(Carrier::Iptc, format!("2:{number}"), &value, place);
        }
        at += 5 + length;
    }
}
