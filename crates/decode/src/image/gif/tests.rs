use super::*;
use crate::image::tests::make::{flat, gif, scene};
use crate::{Reason, decode_image};

fn frame_at(bytes: &[u8]) -> usize {
    // The descriptor of a frame at the corner, eight pixels wide and high.
    let descriptor = [FRAME, 0, 0, 0, 0, 8, 0, 8, 0];
    bytes.windows(9).position(|it| it == descriptor).unwrap()
}

#[test]
fn frames_are_counted_without_decoding() {
    let limits = Limits::default();
    let frames: Vec<_> = (0..5).map(|at| flat(8, 8, at * 40)).collect();
    let (tally, is_whole) = survey(&gif(&frames), &limits).unwrap();
    assert_eq!((tally.count, tally.readable, is_whole), (5, 5, true));
    let (tally, is_whole) = survey(b"GIF89a", &limits).unwrap();
    assert_eq!((tally.count, is_whole), (0, false));
}

#[test]
fn frames_beside_the_canvas_show_nothing() {
    let mut bytes = gif(&[scene(8, 8), flat(8, 8, 9)]);
    let place = frame_at(&bytes);
    bytes[place + 1..place + 3].copy_from_slice(&500_u16.to_le_bytes());
    let picture = decode_image(&bytes, &Limits::default()).unwrap();
    assert_eq!(picture.luma, [255; 64]);
    assert_eq!(picture.further_frames.len(), 1);
}

#[test]
fn frames_far_larger_than_the_canvas_are_not_decoded() {
    let mut bytes = gif(&[flat(8, 8, 9), flat(8, 8, 90), flat(8, 8, 190)]);
    let first = frame_at(&bytes);
    let second = first + 9 + frame_at(&bytes[first + 9..]);
    bytes[second + 5..second + 9].fill(0xff);
    let picture = decode_image(&bytes, &Limits::default()).unwrap();
    assert!(picture.further_frames.is_empty());
    let expected = "limit: frames behind the first 1 of 3 are left out";
    assert_eq!(picture.partial.as_deref(), Some(expected));
    bytes[first + 5..first + 9].fill(0xff);
    let refused = decode_image(&bytes, &Limits::default()).unwrap_err();
    assert_eq!(refused.reason, Reason::Limit);
}
