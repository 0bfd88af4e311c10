//! The brightness of a baseline JPEG that stores its components one after the other.

use super::header::Header;

/// A grayscale JPEG made of the first component, if that has a scan of its own, the first.
///
/// The decoder mixes up the rows of such pictures where chroma is subsampled, and it would read
/// the chroma too, only to drop it. The data of a scan with one component are the same whether
/// the frame has others or not (ITU-T T.81, A.2.2), as long as the component is the densest.
pub(super) fn first_component(bytes: &[u8], header: &Header<'_>) -> Option<Vec<u8>> {
    let first = header.components.first()?;
    let is_alone = header.first_scan == [first.id] && header.components.len() > 1;
    if header.is_progressive || !is_alone || !header.is_first_dense() {
        return None;
    }
    let (frame_start, frame_end) = header.frame_at;
    // Marker, length, precision and both sides stay; one component follows, one sample a pixel.
    let sides = bytes.get(frame_start + 5..frame_start + 9)?;
    let rest = bytes.get(frame_end..header.first_scan_end)?;
    let mut gray = Vec::with_capacity(bytes.len());
    gray.extend_from_slice(bytes.get(..frame_start)?);
    gray.extend_from_slice(&[0xff, 0xc1, 0, 11, 8]);
    gray.extend_from_slice(sides);
    gray.extend_from_slice(&[1, first.id, 0x11, first.table]);
    gray.extend_from_slice(rest);
    gray.extend_from_slice(&[0xff, 0xd9]);
    Some(gray)
}
