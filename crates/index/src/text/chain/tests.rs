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
