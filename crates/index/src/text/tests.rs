use proptest::prelude::*;

use super::*;

fn hit(asset: u32, query: u32, reference: u32) -> Hit {
    Hit {
        asset,
        query,
        reference,
        common: false,
    }
}

#[test]
fn hits_of_one_passage_form_one_chain() {
    let found = chains(vec![
        hit(0, 10, 110),
        hit(0, 30, 130),
        hit(0, 60, 161),
        hit(1, 30, 7),
    ]);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].seeds, [(10, 110), (30, 130), (60, 161)]);
}

#[test]
fn far_apart_hits_form_two_chains() {
    assert_eq!(chains(vec![hit(0, 10, 110), hit(0, 2000, 2100)]).len(), 2);
    // Close in the item, far apart in the work.
    assert_eq!(chains(vec![hit(0, 10, 110), hit(0, 40, 9000)]).len(), 2);
}

#[test]
fn seeds_of_many_works_are_common() {
    let mut chain = chains(vec![hit(0, 10, 110), hit(0, 30, 130)]);
    assert!((chain[0].distinct_share() - 1.0).abs() < 1e-9);
    let common = |query, reference| Hit {
        common: true,
        ..hit(0, query, reference)
    };
    chain = chains(vec![
        hit(0, 10, 110),
        common(30, 130),
        common(50, 150),
        common(70, 170),
    ]);
    assert!((chain[0].distinct_share() - 0.25).abs() < 1e-9);
}

proptest! {
    #[test]
    fn stretches_of_a_chain_follow_one_another(
        head in "[ab]{0,40}", shared in "[a-z]{60}", middle in "[a-z]{0,30}", tail in "[a-z]{40}",
    ) {
        let item = format!("{head}{shared}{tail}");
        let work = format!("{shared}{middle}{tail}");
        let (h, s, m) = (head.len() as u32, shared.len() as u32, middle.len() as u32);
        let hits = vec![hit(0, h, 0), hit(0, h + 20, 20), hit(0, h + s, s + m)];
        let mut end = (0, 0);
        let mut matched = 0;
        for chain in chains(hits) {
            for stretch in stretches(item.as_bytes(), work.as_bytes(), &chain) {
                prop_assert!(stretch.query.start >= end.0 && stretch.reference.start >= end.1);
                prop_assert!(stretch.matched <= stretch.query.len().min(stretch.reference.len()));
                end = (stretch.query.end, stretch.reference.end);
                matched += stretch.matched;
            }
        }
        prop_assert!(matched >= 60);
    }
}
