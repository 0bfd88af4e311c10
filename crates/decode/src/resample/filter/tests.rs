use super::*;

#[test]
fn our_sine_is_the_sine() {
    for step in -4000..4000 {
        let x = f64::from(step) / 317.0;
        assert!(
            (sine_of_half_turns(x) - (PI * x).sin()).abs() < 2e-14,
            "{x}"
        );
    }
}

#[test]
fn bessel_values_from_the_tables() {
    // Abramowitz and Stegun, table 9.8 and 9.11.
    for (x, expected) in [
        (0.0, 1.0),
        (1.0, 1.266_065_878),
        (2.5, 3.289_839_144),
        (5.0, 27.239_871_82),
    ] {
        assert!((bessel_i0(x) - expected).abs() < 1e-7 * expected, "{x}");
    }
}

#[test]
fn rows_sum_to_one_and_tables_stay_small() {
    for from_hz in [
        1_000, 8_000, 16_000, 22_050, 44_056, 44_100, 48_000, 96_000, 192_000, 767_999,
    ] {
        let filter = Filter::design(from_hz, 11_025);
        assert!(filter.table.len() <= COEFFICIENTS_MAX, "{from_hz}");
        assert!(filter.phases <= PHASES_MAX, "{from_hz}");
        for row in filter.table.chunks_exact(filter.taps) {
            let sum: f32 = row.iter().sum();
            assert!((sum - 1.0).abs() < 1e-5, "{from_hz}: {sum}");
        }
    }
}

/// Gain in dB of the plain decimation filter at a frequency, by its Fourier sum.
fn gain_db(filter: &Filter, from_hz: f64, frequency_hz: f64) -> f64 {
    let (mut real, mut imaginary) = (0.0, 0.0);
    for (tap, coefficient) in filter.table[..filter.taps].iter().enumerate() {
        let angle = 2.0 * PI * frequency_hz / from_hz * tap as f64;
        real += f64::from(*coefficient) * angle.cos();
        imaginary += f64::from(*coefficient) * angle.sin();
    }
    10.0 * (real * real + imaginary * imaginary).log10()
}

#[test]
fn response_is_flat_below_and_gone_above_the_new_nyquist() {
    let filter = Filter::design(44_100, 11_025);
    for frequency_hz in (0..4_400).step_by(100) {
        let gain = gain_db(&filter, 44_100.0, f64::from(frequency_hz));
        assert!(gain.abs() < 0.02, "{frequency_hz} Hz: {gain} dB");
    }
    for frequency_hz in (5_513..22_050).step_by(37) {
        let gain = gain_db(&filter, 44_100.0, f64::from(frequency_hz));
        assert!(gain < -60.0, "{frequency_hz} Hz: {gain} dB");
    }
}

#[test]
fn filters_are_kept_for_the_next_stream() {
    assert!(Arc::ptr_eq(
        &between(44_100, 11_025),
        &between(44_100, 11_025)
    ));
}
