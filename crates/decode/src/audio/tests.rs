use std::f64::consts::TAU;

use proptest::prelude::*;

use super::*;

mod endings;
#[cfg(feature = "opus")]
mod opus;
mod shapes;

/// How samples are stored in a WAV file.
#[derive(Clone, Copy, Debug)]
enum Store {
    U8,
    I16,
    I24,
    I32,
    F32,
}

const STORES: [Store; 5] = [Store::U8, Store::I16, Store::I24, Store::I32, Store::F32];

/// A WAV file of interleaved samples, -1 to 1.
fn wav(store: Store, rate_hz: u32, channels: u16, samples: &[f32]) -> Vec<u8> {
    let (tag, width) = match store {
        Store::U8 => (1_u16, 1_u16),
        Store::I16 => (1, 2),
        Store::I24 => (1, 3),
        Store::I32 => (1, 4),
        Store::F32 => (3, 4),
    };
    let content: Vec<u8> = samples
        .iter()
        .flat_map(|&sample| match store {
            Store::U8 => vec![(sample * 127.0 + 128.0).round() as u8],
            Store::I16 => ((sample * 32_767.0).round() as i16).to_le_bytes().to_vec(),
            Store::I24 => ((sample * 8_388_607.0).round() as i32).to_le_bytes()[..3].to_vec(),
            Store::I32 => ((f64::from(sample) * 2_147_483_647.0).round() as i32)
                .to_le_bytes()
                .to_vec(),
            Store::F32 => sample.to_le_bytes().to_vec(),
        })
        .collect();
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + content.len() as u32).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0");
    bytes.extend(tag.to_le_bytes());
    bytes.extend(channels.to_le_bytes());
    bytes.extend(rate_hz.to_le_bytes());
    bytes.extend((rate_hz.saturating_mul(u32::from(channels * width))).to_le_bytes());
    bytes.extend((channels * width).to_le_bytes());
    bytes.extend((width * 8).to_le_bytes());
    bytes.extend(b"data");
    bytes.extend((content.len() as u32).to_le_bytes());
    bytes.extend(content);
    bytes
}

fn tone(rate_hz: u32, frequency_hz: f64, frames: usize) -> Vec<f32> {
    let step = TAU * frequency_hz / f64::from(rate_hz);
    (0..frames)
        .map(|n| (0.5 * (step * n as f64).sin()) as f32)
        .collect()
}

fn read_within(bytes: &[u8], limits: &Limits) -> (Result<AudioReading, Unreadable>, Vec<f32>) {
    let mut samples = Vec::new();
    let source = Source::Bytes(Bytes::copy_from_slice(bytes));
    let reading = decode_audio(&source, limits, &mut |block| {
        samples.extend_from_slice(block);
    });
    (reading, samples)
}

fn read(bytes: &[u8]) -> (Result<AudioReading, Unreadable>, Vec<f32>) {
    read_within(bytes, &Limits::default())
}

#[test]
fn wav_of_every_depth_and_rate_gives_the_tone_back() {
    for store in STORES {
        for rate_hz in [
            8_000, 11_025, 16_000, 22_050, 44_056, 44_100, 48_000, 96_000, 192_000,
        ] {
            let left = tone(rate_hz, 440.0, rate_hz as usize);
            let stereo: Vec<f32> = left
                .iter()
                .flat_map(|sample| [*sample * 1.5, *sample * 0.5])
                .collect();
            let (reading, samples) = read(&wav(store, rate_hz, 2, &stereo));
            let reading = reading.unwrap();
            assert_eq!((reading.sample_rate_hz, reading.channels), (rate_hz, 2));
            assert_eq!(reading.partial, None, "{store:?} {rate_hz}");
            assert!((reading.duration_s - 1.0).abs() < 1e-9);
            assert_eq!(samples.len(), AUDIO_RATE_HZ as usize);
            let ideal = tone(AUDIO_RATE_HZ, 440.0, samples.len());
            let tolerance = if matches!(store, Store::U8) {
                1e-2
            } else {
                2e-3
            };
            for (got, want) in samples[200..10_800].iter().zip(&ideal[200..]) {
                assert!(
                    (got - want).abs() < tolerance,
                    "{store:?} {rate_hz}: {got} {want}"
                );
            }
        }
    }
}

#[test]
fn files_and_bytes_read_alike() {
    let bytes = wav(Store::I16, 44_100, 1, &tone(44_100, 300.0, 60_000));
    let path = std::env::temp_dir().join(format!("clearance-decode-{}.jpg", std::process::id()));
    std::fs::write(&path, &bytes).unwrap();
    let mut samples = Vec::new();
    let source = Source::File(path.clone());
    let limits = Limits::default();
    let from_file = decode_audio(&source, &limits, &mut |block| {
        samples.extend_from_slice(block);
    });
    std::fs::remove_file(&path).unwrap();
    assert_eq!((from_file, samples), read(&bytes));
    let missing = decode_audio(&source, &limits, &mut |_| {}).unwrap_err();
    assert_eq!(missing.reason, Reason::Missing);
    let small = Limits {
        item_bytes: 1_000,
        ..limits
    };
    assert_eq!(
        read_within(&bytes, &small).0.unwrap_err().reason,
        Reason::Limit
    );
}

#[test]
fn files_cut_short_keep_what_is_there() {
    let frames = 44_100;
    for store in STORES {
        let bytes = wav(store, 44_100, 1, &tone(44_100, 440.0, frames));
        for sixteenths in 1..16 {
            let (reading, samples) = read(&bytes[..bytes.len() * sixteenths / 16]);
            let reading = reading.unwrap();
            let expected_s = sixteenths as f64 / 16.0;
            assert!(
                (reading.duration_s - expected_s).abs() < 0.03,
                "{store:?} {sixteenths}/16"
            );
            assert!(
                samples
                    .len()
                    .abs_diff((reading.duration_s * 11_025.0) as usize)
                    <= 1
            );
            let partial = reading.partial.unwrap();
            assert!(partial.starts_with("ended early: "), "{partial}");
        }
    }
}

#[test]
fn the_duration_limit_keeps_the_beginning() {
    let bytes = wav(Store::I16, 8_000, 1, &tone(8_000, 440.0, 80_000));
    let limits = Limits {
        audio_duration_s: 2.5,
        ..Limits::default()
    };
    let (reading, samples) = read_within(&bytes, &limits);
    let reading = reading.unwrap();
    assert_eq!(
        reading.partial.as_deref(),
        Some("only the first 2.5 s were read")
    );
    assert!((reading.duration_s - 2.5).abs() < 1e-9);
    assert_eq!(samples.len(), 27_563);
    let (_, whole) = read(&bytes);
    assert_eq!(samples[..27_000], whole[..27_000]);
}

#[test]
fn a_deadline_in_the_past_is_a_timeout() {
    let bytes = wav(Store::I16, 8_000, 1, &tone(8_000, 440.0, 8_000));
    let limits = Limits {
        decode_time_ms: 0,
        ..Limits::default()
    };
    let refused = read_within(&bytes, &limits).0.unwrap_err();
    assert_eq!(refused.to_string(), "timeout: not decoded within 0 ms");
}

#[test]
fn strange_samples_come_out_as_numbers() {
    let strange = [
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::MAX,
        f32::MIN,
        1e-40,
        0.5,
    ];
    let (reading, samples) = read(&wav(Store::F32, 44_100, 1, &strange.repeat(2_000)));
    assert!(reading.is_ok());
    assert!(samples.iter().all(|sample| sample.is_finite()));
}

#[test]
fn impossible_rates_are_corrupt() {
    for rate_hz in [0, 1, 999, 768_001, u32::MAX] {
        let (reading, samples) = read(&wav(Store::I16, rate_hz, 1, &tone(44_100, 440.0, 4_000)));
        assert_eq!(reading.unwrap_err().reason, Reason::Corrupt, "{rate_hz}");
        assert!(samples.is_empty());
    }
}

#[test]
fn other_media_and_noise_are_refused_by_content() {
    let cases: [(&[u8], &str); 6] = [
        (b"", "empty: no bytes"),
        (
            b"Call me Ishmael.",
            "unrecognized: the bytes are plain-text, not audio",
        ),
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR",
            "unrecognized: the bytes are png, not audio",
        ),
        (&[1; 2_000], "unrecognized: no audio format that we know"),
        (
            b"wvpk\x00\x10\x00\x00\x00\x00",
            "unsupported: wavpack files are not supported",
        ),
        (b"fLaC", "corrupt: truncated: unexpected end of file"),
    ];
    for (bytes, refusal) in cases {
        assert_eq!(read(bytes).0.unwrap_err().to_string(), refusal);
    }
    let silent = wav(Store::I16, 44_100, 1, &[]);
    assert_eq!(
        read(&silent).0.unwrap_err().to_string(),
        "corrupt: no sound in it"
    );
}

/// One Ogg page (RFC 3533 section 6) with a single short packet.
fn ogg_page(flags: u8, sequence: u32, packet: &[u8]) -> Vec<u8> {
    let mut page = b"OggS\0".to_vec();
    page.push(flags);
    page.extend([0; 8]);
    page.extend(7_u32.to_le_bytes());
    page.extend(sequence.to_le_bytes());
    page.extend([0; 4]);
    page.extend([1, packet.len() as u8]);
    page.extend(packet);
    sealed(page)
}

/// The page with the checksum that its bytes ask for.
fn sealed(mut page: Vec<u8>) -> Vec<u8> {
    page[22..26].fill(0);
    let crc = page.iter().fold(0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte) << 24, |crc, _| {
            crc << 1 ^ if crc >> 31 == 1 { 0x04c1_1db7 } else { 0 }
        })
    });
    page[22..26].copy_from_slice(&crc.to_le_bytes());
    page
}

#[cfg(not(feature = "opus"))]
#[test]
fn opus_is_named_as_what_is_missing() {
    let head = b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\0";
    let tags = b"OpusTags\x04\0\0\0test\0\0\0\0";
    let bytes = [
        ogg_page(2, 0, head),
        ogg_page(0, 1, tags),
        ogg_page(4, 2, &[0xfc; 40]),
    ]
    .concat();
    let refused = read(&bytes).0.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "unsupported: codec opus is not supported"
    );
}

#[test]
fn speex_is_named_too() {
    let refused = read(&ogg_page(2, 0, b"Speex   1.2.1")).0.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "unsupported: codec speex is not supported"
    );
}

/// A mono AIFF file of 16-bit silence at 44.1 kHz.
fn aiff_silence(frames: u32) -> Vec<u8> {
    let mut common = 1_u16.to_be_bytes().to_vec();
    common.extend(frames.to_be_bytes());
    common.extend(16_u16.to_be_bytes());
    // 44,100 as an 80-bit extended float.
    common.extend([0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0]);
    let mut bytes = b"FORM".to_vec();
    bytes.extend((46 + frames * 2).to_be_bytes());
    bytes.extend(b"AIFFCOMM\0\0\0\x12");
    bytes.extend(common);
    bytes.extend(b"SSND");
    bytes.extend((8 + frames * 2).to_be_bytes());
    bytes.resize(bytes.len() + 8 + frames as usize * 2, 0);
    bytes
}

#[test]
fn a_reader_that_wants_the_whole_file_is_given_what_is_there() {
    let whole = aiff_silence(44_100);
    let reading = read(&whole).0.unwrap();
    assert_eq!((reading.duration_s, reading.partial), (1.0, None));
    for sixteenths in 1..16 {
        let reading = read(&whole[..whole.len() * sixteenths / 16]).0.unwrap();
        assert!(
            (reading.duration_s - sixteenths as f64 / 16.0).abs() < 0.03,
            "{reading:?}"
        );
        assert!(reading.partial.is_some());
    }
}

#[test]
fn a_wav_from_a_pipe_ends_where_it_ends() {
    let mut bytes = wav(Store::I16, 8_000, 1, &tone(8_000, 440.0, 10_000));
    bytes[4..8].fill(0xff);
    bytes[40..44].fill(0xff);
    let reading = read(&bytes).0.unwrap();
    assert_eq!((reading.duration_s, reading.partial), (1.25, None));
}

#[test]
fn a_panicking_sink_costs_its_item_only() {
    let bytes = wav(Store::I16, 8_000, 1, &tone(8_000, 440.0, 8_000));
    let source = Source::Bytes(bytes.into());
    let outcome = decode_audio(&source, &Limits::default(), &mut |_| panic!("sink"));
    assert_eq!(outcome.unwrap_err().reason, Reason::Panicked);
}

/// MPEG-1 layer III frames with empty side information: digital silence.
fn mp3_silence(frames: usize) -> Vec<u8> {
    let mut frame = [0; 417];
    frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0xc0]);
    frame.repeat(frames)
}

#[test]
fn joined_files_of_two_sample_rates_are_read_to_the_end() {
    let first = mp3_silence(50);
    // MPEG-2 layer III, 64 kbit/s, 24 kHz: 192 bytes for 576 samples.
    let mut frame = [0; 192];
    frame[..4].copy_from_slice(&[0xff, 0xf3, 0x84, 0xc0]);
    let (reading, samples) = read(&[first, frame.repeat(60)].concat());
    let reading = reading.unwrap();
    let expected_s = 50.0 * 1_152.0 / 44_100.0 + 60.0 * 576.0 / 24_000.0;
    assert!((reading.duration_s - expected_s).abs() < 0.1, "{reading:?}");
    assert_eq!(reading.sample_rate_hz, 44_100);
    assert!(
        samples
            .len()
            .abs_diff((reading.duration_s * 11_025.0) as usize)
            <= 2
    );
}

#[test]
fn mpeg_audio_reads_around_damage() {
    let whole = mp3_silence(100);
    let reading = read(&whole).0.unwrap();
    assert_eq!((reading.sample_rate_hz, reading.channels), (44_100, 1));
    assert!(
        (reading.duration_s - 100.0 * 1_152.0 / 44_100.0).abs() < 0.06,
        "{}",
        reading.duration_s
    );
    let mut damaged = whole.clone();
    damaged[20_000..21_000].fill(0x55);
    let reading = read(&damaged).0.unwrap();
    assert!(reading.duration_s > 2.4, "{}", reading.duration_s);
    for sixteenths in 1..16 {
        let (reading, _) = read(&whole[..whole.len() * sixteenths / 16]);
        assert!(
            reading.unwrap().duration_s > 0.13 * sixteenths as f64,
            "{sixteenths}/16"
        );
    }
}

const SIGNATURES: [&[u8]; 9] = [
    b"fLaC",
    b"OggS\0\x02",
    b"\x1a\x45\xdf\xa3",
    b"caff\0\x01\0\0",
    b"\0\0\0\x10ftypM4A \0\0\0\0",
    b"FORM\0\0\0\xffAIFF",
    b"\xff\xf1\x50\x80",
    b"ID3\x04\0\0\0\0\0\0",
    b"\xff\xfb\x90\xc0",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Where overflow is checked some demuxers do panic, and the guard makes that a refusal.
    #[test]
    fn damaged_sound_is_read_or_refused_alike_twice(
        store in 0..STORES.len(),
        damage in proptest::collection::vec((0_usize..120, any::<u8>()), 1..10),
    ) {
        let mut bytes = wav(STORES[store], 16_000, 2, &tone(16_000, 440.0, 2_000));
        for (place, value) in damage {
            bytes[place] = value;
        }
        let limits = Limits { audio_duration_s: 60.0, ..Limits::default() };
        let (outcome, samples) = read_within(&bytes, &limits);
        prop_assert!(samples.iter().all(|sample| sample.is_finite()));
        prop_assert!(samples.len() <= 60 * 11_025 + 1);
        prop_assert_eq!((outcome, samples), read_within(&bytes, &limits));
    }

    #[test]
    fn any_bytes_behind_a_signature_never_panic(
        signature in 0..SIGNATURES.len(),
        bytes in proptest::collection::vec(any::<u8>(), 0..2_000),
    ) {
        let (outcome, samples) = read(&[SIGNATURES[signature], &bytes].concat());
        prop_assert!(samples.iter().all(|sample| sample.is_finite()));
        if let Err(refused) = outcome {
            prop_assert_ne!(refused.reason, Reason::Panicked, "{}", refused);
        }
    }
}
