//! The metadata stream of a PDF (ISO 32000-2, section 14.3.2), where it is kept as it is, which
//! the standard recommends.

use super::Collector;
use super::bytes::find;

/// Packets of one document: its own, and those of pictures in it.
const PACKETS_MAX: usize = 64;

/// Reads the packets that stand in the file uncompressed. Those of an older revision are read as
/// well: the most restrictive one counts.
pub(super) fn read(bytes: &[u8], collector: &mut Collector) {
    let mut rest = bytes;
    for _ in 0..PACKETS_MAX {
        let Some(start) = find(rest, b"<x:xmpmeta") else {
            return;
        };
        let packet = &rest[start..];
        let Some(end) = find(packet, b"</x:xmpmeta>") else {
            collector.xmp(packet, "PDF metadata");
            return;
        };
        collector.xmp(&packet[..end + 12], "PDF metadata");
        rest = &packet[end + 12..];
    }
}
