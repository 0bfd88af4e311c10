use super::*;
use crate::{art, music};

#[test]
fn wav_headers_follow_the_standard() {
    let bytes = wav(&[0.0, 1.0, -1.0, 2.0], 22_050);
    assert_eq!(bytes.len(), 44 + 8);
    assert_eq!(&bytes[..4], b"RIFF");
    assert_eq!(u32::from_le_bytes(bytes[4..8].try_into().unwrap()), 44);
    assert_eq!(&bytes[8..16], b"WAVEfmt ");
    assert_eq!(u16::from_le_bytes(bytes[22..24].try_into().unwrap()), 1);
    assert_eq!(
        u32::from_le_bytes(bytes[24..28].try_into().unwrap()),
        22_050
    );
    assert_eq!(
        u32::from_le_bytes(bytes[28..32].try_into().unwrap()),
        44_100
    );
    let samples: Vec<i16> = bytes[44..]
        .chunks_exact(2)
        .map(|pair| i16::from_le_bytes(pair.try_into().unwrap()))
        .collect();
    assert_eq!(samples, [0, 32_767, -32_767, 32_767]);
}

#[test]
fn float_and_stereo_wav_say_so() {
    let float = wav_float(&[f32::NAN], 8000);
    assert_eq!(&float[20..22], &[3, 0]);
    assert_eq!(float.len(), 48);
    let stereo = wav_channels(&music::silence(0.01), 22_050, 2);
    assert_eq!(&stereo[22..24], &[2, 0]);
    assert_eq!(
        u32::from_le_bytes(stereo[28..32].try_into().unwrap()),
        88_200
    );
}

#[test]
fn every_picture_format_reads_back_at_the_same_size() {
    let canvas = art::paint(1, 50, 30);
    for extension in ["jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff"] {
        let bytes = picture(&canvas, extension).unwrap();
        let read = image::load_from_memory(&bytes).unwrap().to_rgb8();
        assert_eq!((read.width(), read.height()), (50, 30), "{extension}");
        if ["png", "webp", "bmp", "tiff"].contains(&extension) {
            assert_eq!(read.into_raw(), canvas.rgb, "{extension}");
        }
    }
    assert!(picture(&canvas, "psd").is_err());
}

#[test]
fn lower_quality_makes_smaller_files() {
    let canvas = art::paint(2, 80, 60);
    assert!(jpeg(&canvas, 20).unwrap().len() < jpeg(&canvas, 90).unwrap().len());
}
