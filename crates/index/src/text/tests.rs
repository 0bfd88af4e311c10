use clearance_fingerprint::text::normalize;
use proptest::prelude::*;

use super::verify::Block;
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
fn a_changed_word_leaves_one_passage() {
    let work = normalize(
        "the quick brown fox jumps over the lazy dog while seven wizards jog by the lake",
    );
    let item = normalize(
        "the quick brown fox jumps over the crazy dog while seven wizards jog by the lake",
    );
    let seeds: Vec<(u32, u32)> = vec![(0, 0), (40, 39)];
    let chain = Chain::for_test(seeds);
    let passage = verify(&item.letters, &work.letters, &chain).unwrap();
    assert_eq!(passage.blocks.len(), 2);
    assert_eq!(passage.query, 0..item.letters.len());
    assert_eq!(passage.reference, 0..work.letters.len());
}

#[test]
fn words_at_a_cut_are_not_counted() {
    let text = normalize("one two three four");
    let block = |query, length| Block {
        query,
        reference: 0,
        length,
    };
    assert_eq!(words_in(&text, &block(0, 11)), 3);
    assert_eq!(words_in(&text, &block(0, 13)), 3);
    assert_eq!(words_in(&text, &block(0, 15)), 4);
    assert_eq!(words_in(&text, &block(1, 10)), 2);
}

proptest! {
    #[test]
    fn blocks_agree_and_never_overlap(
        head in "[ab]{0,40}", shared in "[a-z]{60}", middle in "[a-z]{0,30}", tail in "[a-z]{40}",
    ) {
        let item = format!("{head}{shared}{tail}");
        let work = format!("{shared}{middle}{tail}");
        let (h, s, m) = (head.len() as u32, shared.len() as u32, middle.len() as u32);
        let chain = Chain::for_test(vec![(h, 0), (h + 20, 20), (h + s, s + m)]);
        let passage = verify(item.as_bytes(), work.as_bytes(), &chain).unwrap();
        let mut end = (0, 0);
        for block in &passage.blocks {
            let a = &item.as_bytes()[block.query..block.query + block.length];
            let b = &work.as_bytes()[block.reference..block.reference + block.length];
            prop_assert_eq!(a, b);
            prop_assert!(block.query >= end.0 && block.reference >= end.1);
            end = (block.query + block.length, block.reference + block.length);
        }
        prop_assert!(passage.matched() >= 60);
    }
}
