use super::*;

fn tally(count: u32, pixels: u64, limits: &Limits) -> Tally {
    let mut tally = Tally::new(limits);
    (0..count).for_each(|_| tally.add(pixels));
    tally
}

fn kept(count: u32, image_frames: u32) -> Option<Vec<u32>> {
    let limits = Limits {
        image_frames,
        ..Limits::default()
    };
    let plan = Plan::new(tally(count, 100, &limits), 100, &limits)?;
    assert_eq!(plan.partial, None);
    Some(plan.further)
}

#[test]
fn frames_are_spread_to_the_last() {
    assert_eq!(kept(1, 8), None);
    assert_eq!(kept(300, 1), None);
    assert_eq!(kept(300, 0), None);
    assert_eq!(kept(2, 8), Some(vec![1]));
    assert_eq!(kept(8, 8), Some((1..8).collect()));
    assert_eq!(kept(300, 2), Some(vec![299]));
    assert_eq!(kept(101, 5), Some(vec![25, 50, 75, 100]));
}

#[test]
fn pixels_are_bounded_in_sum_and_in_memory() {
    let limits = Limits {
        image_pixels: 1_000,
        ..Limits::default()
    };
    let plan = Plan::new(tally(50, 200, &limits), 200, &limits).unwrap();
    // 4,000 pixels are 20 frames, and planes of 1,000 pixels are six behind the first.
    assert_eq!(plan.further, [3, 6, 9, 12, 15, 19]);
    let expected = "limit: frames behind the first 20 of 50 are left out";
    assert_eq!(plan.partial.as_deref(), Some(expected));
    let large = Plan::new(tally(3, 251, &limits), 251, &limits).unwrap();
    assert!(large.is_first_only());
    let expected = "limit: only the first frame is read: an animation of 251 pixels, limit 250";
    assert_eq!(large.partial.as_deref(), Some(expected));
}

fn first() -> Reading {
    Reading {
        width_px: 2,
        height_px: 1,
        luma: vec![1, 1],
        further_frames: Vec::new(),
        orientation: image::metadata::Orientation::NoTransforms,
        partial: None,
    }
}

#[test]
fn frames_that_repeat_the_one_before_are_dropped() {
    let limits = Limits::default();
    let plan = Plan::new(tally(6, 2, &limits), 2, &limits).unwrap();
    let mut grays = [1, 2, 2, 1, 1].into_iter();
    let next = |_| grays.next().map(|gray| Ok(vec![gray; 2]));
    let reading = plan.collect(first(), &Clock::start(&limits), next).unwrap();
    let kept: Vec<_> = reading.further_frames.iter().map(|it| it.index).collect();
    assert_eq!(kept, [2, 4]);
}

#[test]
fn trouble_with_a_later_frame_costs_only_what_follows() {
    let limits = Limits::default();
    let plan = Plan::new(tally(9, 2, &limits), 2, &limits).unwrap();
    let mut count = 0;
    let reading = plan.collect(first(), &Clock::start(&limits), |_| {
        count += 1;
        assert!(count < 4, "a bug in a decoder");
        Some(Ok(vec![count + 7; 2]))
    });
    let reading = reading.unwrap();
    assert_eq!(reading.further_frames.len(), 3);
    let partial = reading.partial.unwrap();
    let expected = "frame 4 of the animation: panicked: decoder panicked: a bug in a decoder";
    assert_eq!(partial, expected);
    let reading = plan
        .collect(first(), &Clock::start(&limits), |_| None)
        .unwrap();
    let expected = "the animation ends before frame 1";
    assert_eq!(reading.partial.as_deref(), Some(expected));
}

#[test]
fn the_end_of_time_costs_everything() {
    let limits = Limits {
        decode_time_ms: 0,
        ..Limits::default()
    };
    let plan = Plan::new(tally(6, 2, &limits), 2, &limits).unwrap();
    let refused = plan.collect(first(), &Clock::start(&limits), |_| Some(Ok(vec![0, 0])));
    assert_eq!(
        refused.err().map(|it| it.reason),
        Some(crate::Reason::Timeout)
    );
}
