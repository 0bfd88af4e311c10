use super::*;

#[test]
fn split_mix_64_agrees_with_the_published_first_output_for_seed_zero() {
    // First output of SplitMix64 seeded with 0, as listed with the reference generator.
    assert_eq!(split_mix_64(&mut 0), 0xE220_A839_7B1D_CDAF);
}

#[test]
fn xoshiro_step_agrees_with_a_hand_worked_state() {
    // With state [1, 2, 3, 4] the first output is rotl(1 + 4, 23) + 1.
    let mut prng = Prng {
        state: [1, 2, 3, 4],
    };
    assert_eq!(prng.next_u64(), (5 << 23) + 1);
    // s2 = 3^1 = 2, s3 = 4^2 = 6, s1 = 2^2 = 0, s0 = 1^6 = 7, s2 ^= 2<<17, s3 = rotl(6, 45).
    assert_eq!(prng.state, [7, 0, 2 ^ (2 << 17), 6 << 45]);
}

#[test]
fn streams_differ_by_seed_and_by_purpose() {
    assert_ne!(Prng::new(1).next_u64(), Prng::new(2).next_u64());
    assert_ne!(
        Prng::for_purpose(1, "notes").next_u64(),
        Prng::for_purpose(1, "drums").next_u64()
    );
}

#[test]
fn numbers_stay_in_range_and_spread_evenly() {
    let mut prng = Prng::new(3);
    let mut counts = [0_u32; 10];
    for _ in 0..10_000 {
        counts[prng.below(10)] += 1;
        let unit = prng.unit();
        assert!((0.0..1.0).contains(&unit));
    }
    assert!(
        counts.iter().all(|count| (850..1150).contains(count)),
        "{counts:?}"
    );
    assert_eq!(prng.below(0), 0);
}

#[test]
fn normal_numbers_have_mean_zero_and_variance_one() {
    let mut prng = Prng::new(4);
    let draws: Vec<f64> = (0..20_000).map(|_| prng.normal()).collect();
    let mean = draws.iter().sum::<f64>() / draws.len() as f64;
    let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / draws.len() as f64;
    assert!(mean.abs() < 0.03, "{mean}");
    assert!((variance - 1.0).abs() < 0.05, "{variance}");
}

#[test]
fn shuffle_keeps_every_item() {
    let mut items: Vec<u32> = (0..50).collect();
    Prng::new(5).shuffle(&mut items);
    assert_ne!(items, (0..50).collect::<Vec<_>>());
    items.sort_unstable();
    assert_eq!(items, (0..50).collect::<Vec<_>>());
}
