//! Opus. The files beside this one are a tone of 1 kHz at half of full scale (5.1: in all but
//! the low-frequency channel), encoded by libopus at 10 to 24 kbit/s.

use super::*;

const TONE: &[u8] = include_bytes!("opus/tone.opus");
/// 19 bytes of a mono header up to and including the mapping family.
const HEAD: &[u8] = b"OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0";
const TAGS: &[u8] = b"OpusTags\x04\0\0\0test\0\0\0\0";

/// Amplitude of one frequency (a single bin of a Fourier transform).
fn amplitude(samples: &[f32], frequency_hz: f64) -> f64 {
    let step = TAU * frequency_hz / f64::from(AUDIO_RATE_HZ);
    let (sine, cosine) =
        samples
            .iter()
            .enumerate()
            .fold((0.0, 0.0), |(sine, cosine), (n, &sample)| {
                let (s, c) = (step * n as f64).sin_cos();
                (sine + s * f64::from(sample), cosine + c * f64::from(sample))
            });
    2.0 * f64::hypot(sine, cosine) / samples.len() as f64
}

/// A stream of these packets in Ogg, each on its page.
fn ogg(head: &[u8], packets: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = [ogg_page(2, 0, head), ogg_page(0, 1, TAGS)].concat();
    for (sequence, packet) in (2_u32..).zip(packets) {
        let is_last = sequence as usize > packets.len();
        bytes.extend(ogg_page(if is_last { 4 } else { 0 }, sequence, packet));
    }
    bytes
}

#[test]
fn the_tone_comes_back_from_every_container() {
    let cases: [(&str, &[u8], u16, f64, f64); 5] = [
        ("ogg", TONE, 2, 1.0, 0.5),
        ("webm", include_bytes!("opus/tone.webm"), 1, 0.3, 0.5),
        ("mp4", include_bytes!("opus/tone.mp4"), 1, 0.3, 0.5),
        ("caf", include_bytes!("opus/tone.caf"), 1, 0.3, 0.5),
        (
            "5.1",
            include_bytes!("opus/surround.opus"),
            6,
            0.3,
            5.0 / 12.0,
        ),
    ];
    for (name, bytes, channels, duration_s, loudness) in cases {
        let (reading, samples) = read(bytes);
        let reading = reading.unwrap_or_else(|refused| panic!("{name}: {refused}"));
        assert_eq!(reading.partial, None, "{name}");
        assert_eq!(
            (reading.sample_rate_hz, reading.channels),
            (48_000, channels)
        );
        assert!(
            (reading.duration_s - duration_s).abs() < 0.1,
            "{name}: {reading:?}"
        );
        // Five hundredths of a second hold fifty periods of the tone.
        let middle = &samples[1_103..][..1_654];
        let heard = amplitude(middle, 1_000.0);
        assert!((heard - loudness).abs() < 0.05, "{name}: {heard}");
        for other_hz in [500.0, 900.0, 1_100.0, 2_000.0, 3_000.0] {
            assert!(amplitude(middle, other_hz) < 0.05, "{name}: {other_hz} Hz");
        }
    }
}

#[test]
fn encoder_delay_is_kept() {
    let reading = read(TONE).0.unwrap();
    // 51 packets of 20 ms: 312 frames before the tone, and the last packet whole.
    assert!((reading.duration_s - 1.02).abs() < 1e-9, "{reading:?}");
}

#[test]
fn a_stream_cut_short_keeps_its_beginning() {
    let (_, whole) = read(TONE);
    for sixteenths in 4..16 {
        let (reading, samples) = read(&TONE[..TONE.len() * sixteenths / 16]);
        let reading = reading.unwrap();
        let expected_s = sixteenths as f64 / 16.0;
        assert!((reading.duration_s - expected_s).abs() < 0.2, "{reading:?}");
        let partial = reading.partial.unwrap_or_default();
        assert!(
            partial.starts_with("ended early: "),
            "{sixteenths}: {partial}"
        );
        let same = samples.len() - 100;
        assert_eq!(samples[..same], whole[..same]);
    }
}

#[test]
fn the_gain_of_the_header_is_applied() {
    let pages = |gain: i16| {
        let mut head = TONE[28..47].to_vec();
        head[16..18].copy_from_slice(&gain.to_le_bytes());
        let mut page = TONE[..28].to_vec();
        page.extend(head);
        [sealed(page), TONE[47..].to_vec()].concat()
    };
    let (_, loud) = read(&pages(0));
    assert_eq!(loud, read(TONE).1);
    let (_, quiet) = read(&pages(-6 * 256));
    let ratio = amplitude(&quiet[1_103..5_513], 1_000.0) / amplitude(&loud[1_103..5_513], 1_000.0);
    assert!((ratio - 0.501).abs() < 1e-3, "{ratio}");
}

#[test]
fn garbage_behind_the_header_is_refused() {
    let garbage: Vec<Vec<u8>> = (0..20).map(|n| vec![0xff, 0xff, n]).collect();
    let refused = read(&ogg(HEAD, &garbage)).0.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "corrupt: none of 20 packets could be decoded"
    );
}

#[test]
fn other_channel_mappings_are_unsupported() {
    for (channels, family) in [(4, 2), (4, 3), (2, 255)] {
        let mut head = HEAD.to_vec();
        (head[9], head[18]) = (channels, family);
        head.extend([1, 1, 0, 1, 0, 1]);
        let refused = read(&ogg(&head, &[vec![0xfc; 40]])).0.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "unsupported: codec opus is not supported with these channels"
        );
    }
    for (channels, family) in [(0, 0), (3, 0), (0, 1), (9, 1)] {
        let mut head = HEAD.to_vec();
        (head[9], head[18]) = (channels, family);
        head.extend([1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
        assert!(read(&ogg(&head, &[vec![0xfc; 40]])).0.is_err());
    }
    // A mapping to a stream that is not there.
    let head = [&HEAD[..18], &[1, 1, 0, 9]].concat();
    let refused = read(&ogg(&head, &[vec![0xfc; 40]])).0.unwrap_err();
    assert_eq!(refused.reason, Reason::Corrupt, "{refused}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_packets_behind_the_header_never_panic(
        packets in proptest::collection::vec(
            proptest::collection::vec(any::<u8>(), 0..255),
            1..20,
        ),
        channels in 1_u8..=2,
    ) {
        let mut head = HEAD.to_vec();
        head[9] = channels;
        let (outcome, samples) = read(&ogg(&head, &packets));
        prop_assert!(samples.iter().all(|sample| sample.is_finite()));
        if let Err(refused) = outcome {
            prop_assert_ne!(refused.reason, Reason::Panicked, "{}", refused);
        }
    }

    /// Matroska has no checksums, so that the damage reaches the decoder.
    #[test]
    fn damaged_streams_never_panic(
        damage in proptest::collection::vec((300_usize..1_200, any::<u8>()), 1..20),
    ) {
        let mut bytes = include_bytes!("opus/tone.webm").to_vec();
        for (place, value) in damage {
            bytes[place] = value;
        }
        let (outcome, samples) = read(&bytes);
        prop_assert!(samples.iter().all(|sample| sample.is_finite()));
        if let Err(refused) = outcome {
            prop_assert_ne!(refused.reason, Reason::Panicked, "{}", refused);
        }
    }
}
