use super::*;
use crate::decode_image;
use crate::image::tests::make::{PNG_SIGNATURE, apng, chunk, flat, png, png_header};

#[test]
fn a_still_picture_apart_comes_before_the_animation() {
    let frames = [flat(6, 4, 50), flat(6, 4, 100)];
    let bytes = apng(&frames, Some(&flat(6, 4, 200)));
    let picture = decode_image(&bytes, &Limits::default()).unwrap();
    assert_eq!(picture.luma, [200; 24]);
    let kept: Vec<_> = picture
        .further_frames
        .iter()
        .map(|it| (it.index, it.luma[0]))
        .collect();
    assert_eq!(kept, [(1, 50), (2, 100)]);
}

#[test]
fn only_frames_that_are_announced_and_there_count() {
    let limits = Limits::default();
    let count = |bytes: &[u8]| survey(bytes, &limits).tally.count;
    let frames = [flat(6, 4, 50), flat(6, 4, 100), flat(6, 4, 150)];
    let bytes = apng(&frames, None);
    assert_eq!(count(&bytes), 3);
    assert_eq!(count(&apng(&frames, Some(&frames[0]))), 4);
    let control = bytes.windows(4).position(|it| it == b"acTL").unwrap();
    let mut boasting = bytes.clone();
    boasting[control + 4..control + 8].fill(0xff);
    assert_eq!(count(&boasting), 3);
    let mut silent = bytes;
    silent[control..control + 4].copy_from_slice(b"acTx");
    assert_eq!(count(&silent), 0);
    assert_eq!(count(PNG_SIGNATURE), 1);
}

#[test]
fn deep_animations_give_their_first_frame() {
    let control = |sequence: u8| {
        let sides = [0, 0, 0, 1, 0, 0, 0, 1];
        let content = [
            &[0, 0, 0, sequence][..],
            &sides,
            &[0; 8],
            &[0, 1, 0, 10, 0, 0],
        ]
        .concat();
        chunk(*b"fcTL", &content)
    };
    let before = [chunk(*b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]), control(0)];
    let mut bytes = png(&png_header((1, 1), 16, 0, false), &before, &[0, 0x40, 0x40]);
    let end = bytes.split_off(bytes.len() - 12);
    bytes.extend([control(1), end].concat());
    let picture = decode_image(&bytes, &Limits::default()).unwrap();
    assert_eq!(picture.luma, [64]);
    let expected = "limit: only the first frame is read: the animation has 16 bits a sample";
    assert_eq!(picture.partial.as_deref(), Some(expected));
}
