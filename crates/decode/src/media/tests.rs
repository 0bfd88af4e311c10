use super::*;

#[test]
fn media_words_round_trip() {
    for media in Media::ALL {
        assert_eq!(media.as_str().parse(), Ok(media));
        assert_eq!(media.to_string(), media.as_str());
        let json = serde_json::to_string(&media).unwrap();
        assert_eq!(json, format!("\"{media}\""));
        assert_eq!(serde_json::from_str::<Media>(&json).unwrap(), media);
    }
    let refused = "video".parse::<Media>().unwrap_err();
    assert_eq!(
        refused.to_string(),
        "`video` is not a medium (audio, image, text)"
    );
}

#[test]
fn format_names_in_json_are_the_names_in_reports() {
    for format in [
        Format::Mp3,
        Format::WavPack,
        Format::WebP,
        Format::JpegXl,
        Format::PlainText,
        Format::Subtitles,
        Format::Epub,
    ] {
        assert_eq!(
            serde_json::to_string(&format).unwrap(),
            format!("\"{format}\"")
        );
    }
}
