use super::*;

/// A header of version 1 with a pre-skip of 312 frames.
fn head(channels: u8, gain: i16, family: u8, table: &[u8]) -> Vec<u8> {
    let mut bytes = b"OpusHead\x01".to_vec();
    bytes.extend([channels, 0x38, 0x01, 0x80, 0xbb, 0, 0]);
    bytes.extend(gain.to_le_bytes());
    bytes.push(family);
    bytes.extend(table);
    bytes
}

#[test]
fn mono_stereo_and_loudspeakers_are_mapped() {
    let mono = Head::read(&head(1, 0, 0, &[])).unwrap();
    assert_eq!((mono.streams, mono.coupled_streams), (1, 0));
    let stereo = Head::read(&head(2, 0, 0, &[])).unwrap();
    assert_eq!(stereo, Head::plain(2).unwrap());
    let surround = Head::read(&head(6, 0, 1, &[4, 2, 0, 4, 1, 2, 3, 5])).unwrap();
    assert_eq!((surround.streams, surround.coupled_streams), (4, 2));
    assert_eq!(surround.mapping, [0, 4, 1, 2, 3, 5]);
}

#[test]
fn gain_is_in_256ths_of_a_decibel_in_either_order_of_bytes() {
    let quieter = head(1, -6 * 256, 0, &[]);
    assert!((Head::read(&quieter).unwrap().gain() - 0.501).abs() < 1e-3);
    let mut in_mp4 = quieter;
    in_mp4[8] = 0;
    in_mp4.swap(16, 17);
    assert!((Head::read(&in_mp4).unwrap().gain() - 0.501).abs() < 1e-3);
    assert!(
        Head::read(&head(1, i16::MAX, 0, &[]))
            .unwrap()
            .gain()
            .is_finite()
    );
}

#[test]
fn other_mappings_and_damaged_headers_are_refused() {
    let cases = [
        head(0, 0, 0, &[]),
        head(3, 0, 0, &[]),
        head(0, 0, 1, &[1, 0]),
        head(9, 0, 1, &[9, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]),
        head(6, 0, 1, &[4, 2, 0, 4, 1, 2, 3]),
        head(2, 0, 1, &[1]),
        head(2, 0, 1, &[255, 0, 0, 1]),
        head(4, 0, 2, &[4, 0, 0, 1, 2, 3]),
        head(2, 0, 255, &[2, 0, 0, 1]),
        b"OpusHead".to_vec(),
        [&b"NotAHead"[..], &head(1, 0, 0, &[])[8..]].concat(),
        [&b"OpusHead\x10"[..], &head(1, 0, 0, &[])[9..]].concat(),
    ];
    for bytes in cases {
        assert!(Head::read(&bytes).is_err(), "{bytes:?}");
    }
}
