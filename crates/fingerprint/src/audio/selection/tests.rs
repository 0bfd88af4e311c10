use super::*;

/// Whether a level is a peak, by the definition: every place around it looked at.
fn is_peak_by_definition(bin: usize, around: &[Levels]) -> bool {
    let level = around[REACH_FRAMES][bin];
    let edge = around[0][bin].min(around[2 * REACH_FRAMES][bin]);
    if !(1..BINS - 1).contains(&bin) || level <= FAINTEST || level < edge + RISE {
        return false;
    }
    let bins = bin.saturating_sub(REACH_BINS)..(bin + REACH_BINS + 1).min(BINS);
    around.iter().enumerate().all(|(index, levels)| {
        bins.clone().all(|other| {
            let is_earlier = (index, other) < (REACH_FRAMES, bin);
            let is_itself = (index, other) == (REACH_FRAMES, bin);
            is_itself || levels[other] < level || (levels[other] <= level && !is_earlier)
        })
    })
}

#[test]
fn peaks_are_the_highest_around_and_of_plateaus_the_first_place() {
    let mut state = 1u64;
    let mut draw = |of: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % of
    };
    let mut found = 0;
    for round in 0..200 {
        // Few different levels, so that many are alike; in some rounds next to none stand out.
        let levels = 2 + round % 40;
        let around: Vec<Levels> = (0..=2 * REACH_FRAMES)
            .map(|_| std::array::from_fn(|_| draw(levels) as f32 - 26.0))
            .collect();
        let frames: Vec<Frame> = around.iter().map(Frame::new).collect();
        let mut selection = PeakSelection::default();
        selection.examine(0, &frames.iter().collect::<Vec<_>>());
        let expected: Vec<usize> = (0..BINS)
            .filter(|&bin| is_peak_by_definition(bin, &around))
            .collect();
        let place = |candidate: &Candidate| f32::from(candidate.bin) / f32::from(BIN_STEPS);
        let places: Vec<f32> = selection.candidates.iter().map(place).collect();
        assert_eq!(places.len(), expected.len(), "round {round}");
        let mut both = places.iter().zip(&expected);
        assert!(both.all(|(place, bin)| (place - *bin as f32).abs() <= 0.5));
        found += expected.len();
    }
    assert!(found > 300, "{found}");
}
