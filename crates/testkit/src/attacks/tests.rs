use super::*;
use crate::{art, music, prose};

fn letters(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[test]
fn gain_changes_the_level_by_the_asked_decibels() {
    let tune = music::compose(1, 1.0);
    let softer = audio::gain(&tune, -6.0);
    let ratio = audio::root_mean_square(&softer) / audio::root_mean_square(&tune);
    assert!((ratio - 0.501).abs() < 0.002, "{ratio}");
    assert!(audio::gain(&tune, 60.0).iter().all(|x| x.abs() <= 1.0));
}

#[test]
fn crop_takes_the_asked_part_and_no_more() {
    let ramp: Vec<f32> = (0..100).map(|x| x as f32).collect();
    assert_eq!(audio::crop(&ramp, 1.0, 2.0, 10), ramp[10..30]);
    assert_eq!(audio::crop(&ramp, 9.0, 5.0, 10), ramp[90..]);
    assert!(audio::crop(&ramp, 50.0, 5.0, 10).is_empty());
    assert!(audio::crop(&ramp, 5.0, -2.0, 10).is_empty());
}

#[test]
fn noise_has_the_asked_ratio() {
    let tone = music::tone(440.0, 2.0);
    let noisy = audio::add_white_noise(&tone, 20.0, 1);
    let noise: Vec<f32> = noisy.iter().zip(&tone).map(|(a, b)| a - b).collect();
    let ratio = audio::root_mean_square(&tone) / audio::root_mean_square(&noise);
    assert!((9.5..10.5).contains(&ratio), "{ratio}");
}

#[test]
fn insert_and_mix_keep_both_pieces() {
    let (host, excerpt) = (vec![0.1; 20], vec![0.5; 5]);
    let spliced = audio::insert(&host, &excerpt, 1.0, 10);
    assert_eq!(spliced.len(), 25);
    assert_eq!(spliced[10..15], excerpt);
    let mixed = audio::mix(&host, &excerpt, 0.0);
    assert!((mixed[0] - 0.6).abs() < 1e-6 && (mixed[19] - 0.1).abs() < 1e-6);
}

#[test]
fn flips_undo_themselves_and_grey_is_grey() {
    let picture = art::paint(1, 40, 30);
    assert_ne!(image::flip(&picture), picture);
    assert_eq!(image::flip(&image::flip(&picture)), picture);
    assert_eq!(image::turn_around(&image::turn_around(&picture)), picture);
    let grey = image::grey(&picture);
    assert!(
        grey.rgb
            .chunks_exact(3)
            .all(|p| p[0] == p[1] && p[1] == p[2])
    );
}

#[test]
fn crop_and_border_move_pixels_where_they_say() {
    let picture = art::paint(2, 40, 20);
    let cropped = image::crop(&picture, [0.25, 0.1, 0.25, 0.0]);
    assert_eq!((cropped.width, cropped.height), (20, 18));
    assert_eq!(cropped.pixel(0, 0), picture.pixel(10, 2));
    let framed = image::border(&picture, 3, [1, 2, 3]);
    assert_eq!((framed.width, framed.height), (46, 26));
    assert_eq!(framed.pixel(0, 13), [1, 2, 3]);
    assert_eq!(framed.pixel(3, 3), picture.pixel(0, 0));
    let pasted = image::paste(&art::flat([9, 9, 9], 60, 60), &picture, 50, 5);
    assert_eq!(pasted.pixel(50, 5), picture.pixel(0, 0));
    assert_eq!(pasted.pixel(49, 5), [9, 9, 9]);
}

#[test]
fn jpeg_and_resize_keep_the_picture_recognisable() {
    let picture = art::paint(3, 96, 64);
    let difference = |other: &art::Canvas| {
        let total: i32 = picture
            .rgb
            .iter()
            .zip(&other.rgb)
            .map(|(&a, &b)| (i32::from(a) - i32::from(b)).abs())
            .sum();
        f64::from(total) / picture.rgb.len() as f64
    };
    let fine = difference(&image::jpeg(&picture, 90).unwrap());
    let rough = difference(&image::jpeg(&picture, 15).unwrap());
    assert!(0.0 < fine && fine < rough && rough < 25.0, "{fine} {rough}");
    let small = image::resize(&picture, 48, 32).unwrap();
    assert_eq!((small.width, small.height), (48, 32));
    let mean = |canvas: &art::Canvas| {
        canvas.luminance().iter().sum::<f32>() / (canvas.width * canvas.height) as f32
    };
    assert!((mean(&small) - mean(&picture)).abs() < 2.0);
}

#[test]
fn brightness_scales_and_clips() {
    let flat = art::flat([100, 200, 0], 2, 2);
    assert_eq!(image::brightness(&flat, 1.5).pixel(0, 0), [150, 255, 0]);
}

#[test]
fn a_canvas_with_missing_pixels_is_refused() {
    let broken = art::Canvas {
        width: 10,
        height: 10,
        rgb: vec![0; 5],
    };
    assert!(image::resize(&broken, 5, 5).is_err());
}

#[test]
fn noise_leaves_every_letter_in_place() {
    let text = prose::write(1, 300);
    for noisy in [
        text::case_noise(&text, 1),
        text::whitespace_noise(&text, 1),
        text::punctuation_noise(&text, 1),
        text::upper_case(&text),
        text::hyphen_wrap(&text, 40),
    ] {
        assert_ne!(noisy, text);
        assert_eq!(letters(&noisy), letters(&text));
    }
}

#[test]
fn wrapped_lines_keep_to_the_width_and_break_words() {
    let wrapped = text::hyphen_wrap(&prose::write(2, 300), 40);
    assert!(
        wrapped.lines().all(|line| line.chars().count() <= 40),
        "{wrapped}"
    );
    assert!(wrapped.contains("-\n"));
}

#[test]
fn quotes_hold_the_excerpt_word_for_word() {
    let work = prose::write(3, 300);
    let excerpt = text::excerpt(&work, 20, 60);
    assert_eq!(excerpt.split(' ').count(), 60);
    let host = prose::write(4, 300);
    let quoted = text::quote_inside(&host, &excerpt);
    assert!(quoted.contains(&excerpt));
    assert!(quoted.len() > host.len() + excerpt.len());
}
