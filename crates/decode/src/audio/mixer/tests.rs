use super::*;

#[test]
fn channels_are_averaged_and_odd_samples_are_silence() {
    let mut mono = Vec::new();
    downmix(
        &[vec![1.0, 0.5, f32::NAN], vec![0.0, -0.5, 0.25]],
        &mut mono,
    );
    assert_eq!(mono, [0.5, 0.0, 0.125]);
    downmix(
        &[
            vec![f32::INFINITY, f32::MAX],
            vec![f32::NEG_INFINITY, f32::MAX],
        ],
        &mut mono,
    );
    assert_eq!(mono, [0.0, LOUDEST]);
    downmix(&[], &mut mono);
    assert!(mono.is_empty());
}
