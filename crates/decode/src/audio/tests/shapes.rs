//! Numbers of channels.

use super::*;

/// A WAV file whose header also says which loudspeakers its channels are for, as files of more
/// than two channels do (`WAVE_FORMAT_EXTENSIBLE`).
fn wav_of_loudspeakers(mask: u32, store: Store, rate_hz: u32, samples: &[f32]) -> Vec<u8> {
    let channels = mask.count_ones() as u16;
    let plain = wav(store, rate_hz, channels, samples);
    let (tag, bits) = ([plain[20], plain[21]], [plain[34], plain[35]]);
    let mut format = [0xfe, 0xff].to_vec();
    format.extend(&plain[22..36]);
    format.extend([22, 0]);
    format.extend(bits);
    format.extend(mask.to_le_bytes());
    format.extend(tag);
    format.extend(b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71");
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((plain.len() as u32 + 16).to_le_bytes());
    bytes.extend(b"WAVEfmt \x28\0\0\0");
    bytes.extend(format);
    bytes.extend(&plain[36..]);
    bytes
}

#[test]
fn six_and_eight_channels_are_averaged() {
    // 5.1 and 7.1 as loudspeakers are numbered.
    for mask in [0x3f_u32, 0x63f] {
        let channels = mask.count_ones() as usize;
        let base = tone(48_000, 440.0, 48_000);
        // Louder from channel to channel, so that one that is missing shows.
        let samples: Vec<f32> = base
            .iter()
            .flat_map(|sample| (1..=channels).map(move |n| sample * n as f32 / channels as f32))
            .collect();
        let share = (channels as f32 + 1.0) / (2.0 * channels as f32);
        for store in STORES {
            let (reading, mono) = read(&wav_of_loudspeakers(mask, store, 48_000, &samples));
            let reading = reading.unwrap();
            assert_eq!(usize::from(reading.channels), channels, "{store:?}");
            assert_eq!((reading.duration_s, reading.partial), (1.0, None));
            let ideal = tone(AUDIO_RATE_HZ, 440.0, mono.len());
            for (got, want) in mono[200..10_800].iter().zip(&ideal[200..]) {
                assert!((got - want * share).abs() < 1e-2, "{store:?}: {got} {want}");
            }
        }
    }
}
