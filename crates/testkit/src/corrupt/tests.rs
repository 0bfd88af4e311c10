use std::io::Cursor;

use image::ImageReader;

use super::*;

#[test]
fn truncation_keeps_the_beginning() {
    let bytes = random_bytes(1, 100);
    assert_eq!(truncate(&bytes, 0.25), bytes[..25]);
    assert_eq!(truncate(&bytes, 2.0), bytes);
    assert!(truncate(&bytes, -1.0).is_empty());
    assert!(truncate(&[], 0.5).is_empty());
}

#[test]
fn flips_change_the_asked_number_of_bits() {
    let bytes = random_bytes(2, 1000);
    let flipped = flip_bits(&bytes, 5, 3);
    let changed: u32 = bytes
        .iter()
        .zip(&flipped)
        .map(|(a, b)| (a ^ b).count_ones())
        .sum();
    assert_eq!(changed, 5);
    assert_eq!(flipped, flip_bits(&bytes, 5, 3));
    assert!(flip_bits(&[], 5, 3).is_empty());
}

#[test]
fn zeroing_stays_within_the_bytes() {
    assert_eq!(zero_range(&[1, 2, 3, 4], 1, 2), [1, 0, 0, 4]);
    assert_eq!(zero_range(&[1, 2], 1, usize::MAX), [1, 0]);
    assert_eq!(zero_range(&[1, 2], 9, 1), [1, 2]);
    assert!(zero_bytes().is_empty());
}

#[test]
fn names_get_their_new_extension() {
    assert_eq!(wrong_extension("a.b.jpg", "png"), "a.b.png");
    assert_eq!(wrong_extension("plain", "png"), "plain.png");
}

#[test]
fn picture_bombs_announce_their_size_to_a_real_reader() {
    for (name, side) in [
        ("bomb.png", 100_000),
        ("bomb.gif", 65_535),
        ("bomb.bmp", 60_000),
        ("bomb.webp", 16_383),
        ("bomb.tiff", 100_000),
    ] {
        let bombs = header_bombs();
        let (_, bytes) = bombs.iter().find(|(found, _)| *found == name).unwrap();
        assert!(bytes.len() < 200, "{name}");
        let reader = ImageReader::new(Cursor::new(bytes))
            .with_guessed_format()
            .unwrap();
        assert_eq!(reader.into_dimensions().unwrap(), (side, side), "{name}");
    }
}

#[test]
fn other_bombs_carry_their_lies() {
    let wav = wav_length_lie(u32::MAX);
    assert_eq!(&wav[40..44], &[0xFF; 4]);
    assert!(wav.len() < 600);
    assert_eq!(&gzip_lie()[16..], &[0xFF; 4]);
    let jpeg = jpeg_bomb(65_500, 65_500);
    assert!(
        jpeg.windows(4)
            .any(|window| window == [0xFF, 0xDC, 0xFF, 0xDC])
    );
    assert_eq!(nested_html(3), "<div><div><div>deep</div></div></div>");
}
