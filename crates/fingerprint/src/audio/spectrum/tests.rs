use super::*;

#[test]
fn log2_is_close_and_monotone() {
    let mut last = f32::NEG_INFINITY;
    for i in 1..200_000 {
        let x = i as f32 * 1e-4;
        let [y, ..] = log2(Lanes::splat(x)).to_array();
        assert!((y - x.log2()).abs() < 2e-3, "{x}: {y} against {}", x.log2());
        assert!(y >= last - 2e-3);
        last = y;
    }
}

#[test]
fn a_tone_lands_in_its_bin_in_every_frame() {
    let mut analyzer = SpectrumAnalyzer::new();
    for bin in [20usize, 60, 120, 180] {
        let hz = LOWEST_HZ * (bin as f64 / BINS_PER_OCTAVE).exp2();
        let samples: Vec<f32> = (0..FRAME + HOP)
            .map(|i| (2.0 * PI * hz * i as f64 / f64::from(SAMPLE_RATE_HZ)).sin() as f32)
            .collect();
        for levels in analyzer.analyze(&samples, 2) {
            let levels = levels.unwrap();
            let best = (0..BINS)
                .max_by(|&a, &b| levels[a].total_cmp(&levels[b]))
                .unwrap();
            assert!(
                best.abs_diff(bin) <= 1,
                "{hz} Hz: bin {best}, expected {bin}"
            );
            assert!(levels[best].abs() < 1.0, "level {}", levels[best]);
        }
    }
}

#[test]
fn silence_has_no_levels() {
    let mut analyzer = SpectrumAnalyzer::new();
    for level in [0.0, 1e-4] {
        let samples = [level; FRAME + (TOGETHER - 1) * HOP];
        assert_eq!(analyzer.analyze(&samples, TOGETHER).flatten().count(), 0);
    }
}

#[test]
fn frames_come_out_alike_in_every_place() {
    let samples: Vec<f32> = (0..FRAME + (TOGETHER - 1) * HOP)
        .map(|i| (i * i % 4093) as f32 / 4093.0 - 0.5)
        .collect();
    let together: Vec<_> = SpectrumAnalyzer::new()
        .analyze(&samples, TOGETHER)
        .collect();
    for from in (0..TOGETHER).step_by(2) {
        let pair: Vec<_> = SpectrumAnalyzer::new()
            .analyze(&samples[from * HOP..], 2)
            .collect();
        assert_eq!(pair, together[from..from + 2]);
    }
}
