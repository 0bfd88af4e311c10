use std::f64::consts::TAU;

use proptest::prelude::*;

use super::*;

const TO_HZ: u32 = 11_025;

fn tone(rate_hz: u32, frequency_hz: f64, samples: usize) -> Vec<f32> {
    let step = TAU * frequency_hz / f64::from(rate_hz);
    (0..samples)
        .map(|n| (step * n as f64).sin() as f32)
        .collect()
}

fn convert(from_hz: u32, input: &[f32]) -> Vec<f32> {
    let mut resampler = Resampler::new(from_hz, TO_HZ);
    let mut output = Vec::new();
    resampler.push(input, &mut output);
    resampler.finish(&mut output);
    output
}

/// Largest difference from the same tone made at the output rate, away from the ends.
fn error_against_tone(output: &[f32], frequency_hz: f64) -> f32 {
    let ideal = tone(TO_HZ, frequency_hz, output.len());
    let edge = 200;
    output[edge..output.len() - edge]
        .iter()
        .zip(&ideal[edge..])
        .map(|(got, want)| (got - want).abs())
        .fold(0.0, f32::max)
}

#[test]
fn tones_keep_amplitude_and_phase_at_every_rate() {
    let rates = [
        8_000, 11_024, 12_000, 16_000, 22_050, 24_000, 32_000, 44_056, 44_100, 47_999, 48_000,
        88_200, 96_000, 176_400, 192_000, 384_000, 768_000,
    ];
    for from_hz in rates {
        for frequency_hz in [100.0, 1_000.0, 3_000.0] {
            let output = convert(from_hz, &tone(from_hz, frequency_hz, from_hz as usize));
            let error = error_against_tone(&output, frequency_hz);
            assert!(
                error < 2e-3,
                "{from_hz} Hz, tone of {frequency_hz} Hz: off by {error}"
            );
        }
    }
}

#[test]
fn tones_above_the_new_nyquist_vanish() {
    for from_hz in [22_050, 44_056, 44_100, 48_000, 96_000] {
        for frequency_hz in [5_600.0, 7_000.0, 10_000.0] {
            let output = convert(from_hz, &tone(from_hz, frequency_hz, from_hz as usize));
            let loudest = output[200..output.len() - 200]
                .iter()
                .fold(0.0_f32, |a, b| a.max(b.abs()));
            assert!(
                loudest < 1.1e-3,
                "{from_hz} Hz, tone of {frequency_hz} Hz: {loudest}"
            );
        }
    }
}

#[test]
fn equal_rates_change_nothing() {
    let input = tone(TO_HZ, 440.0, 5_000);
    assert_eq!(convert(TO_HZ, &input), input);
}

#[test]
fn length_is_the_duration_at_the_new_rate() {
    for from_hz in [8_000_u32, 11_025, 22_050, 44_056, 44_100, 48_000, 768_000] {
        for samples in [0_usize, 1, 2, 3, 4, 5, 79, 80, 81, 1_152, 44_099, 44_100] {
            let expected = (samples as u64 * u64::from(TO_HZ)).div_ceil(u64::from(from_hz));
            assert_eq!(
                convert(from_hz, &vec![0.5; samples]).len() as u64,
                expected,
                "{from_hz} Hz"
            );
        }
    }
}

#[test]
fn constant_input_stays_constant_inside() {
    for from_hz in [8_000, 44_100, 48_000] {
        let output = convert(from_hz, &vec![0.25; 20_000]);
        for sample in &output[200..output.len() - 200] {
            assert!((sample - 0.25).abs() < 1e-6, "{from_hz} Hz: {sample}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_split_of_the_input_gives_the_same_bits(
        from_hz in prop_oneof![
            Just(44_100_u32), Just(48_000), Just(8_000), Just(44_056), 1_000_u32..400_000,
        ],
        cuts in proptest::collection::vec(0_usize..40_000, 0..12),
    ) {
        let input = tone(96_000, 1_234.5, 40_000);
        let mut cuts = cuts;
        cuts.sort_unstable();
        cuts.push(input.len());
        let mut resampler = Resampler::new(from_hz, TO_HZ);
        let mut output = Vec::new();
        let mut from = 0;
        for to in cuts {
            resampler.push(&input[from..to], &mut output);
            from = to;
        }
        resampler.finish(&mut output);
        prop_assert_eq!(output, convert(from_hz, &input));
    }
}
