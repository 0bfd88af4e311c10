use super::*;

fn letters(text: &str) -> Vec<u8> {
    clearance_fingerprint::text::letters(text)
}

const WORK: &str = "It was the best of times, it was the worst of times, it was the age of wisdom, \
    it was the age of foolishness, it was the epoch of belief, it was the epoch of incredulity";

/// The stretch around the first place where both begin alike for a seed's length.
fn found(item: &str, work: &str) -> Option<Stretch> {
    let (item, work) = (letters(item), letters(work));
    let places = (0..item.len().saturating_sub(GRAM)).find_map(|q| {
        let gram = &item[q..q + GRAM];
        let r = work.windows(GRAM).position(|window| window == gram)?;
        Some((q, r))
    })?;
    stretch(&item, &work, places, (0, 0))
}

#[test]
fn changed_words_are_stepped_over() {
    let item = WORK
        .replace("worst", "very worst")
        .replace("age of wisdom", "era of wisdom");
    let stretch = found(&item, WORK).unwrap();
    assert_eq!(stretch.query, 0..letters(&item).len());
    assert_eq!(stretch.reference, 0..letters(WORK).len());
    // "very" is more, and two of the three letters of "era" are others.
    assert!(letters(WORK).len() - stretch.matched <= 3, "{stretch:?}");
    assert!(stretch.score < stretch.matched as f64);
}

#[test]
fn what_surrounds_a_passage_is_left_out() {
    let item =
        format!("Nothing of this is known elsewhere. {WORK}. Nor is what follows here, at all.");
    let stretch = found(&item, WORK).unwrap();
    assert_eq!(stretch.reference, 0..letters(WORK).len());
    assert_eq!(stretch.query.len(), stretch.reference.len());
}

#[test]
fn unequal_letters_are_no_stretch() {
    let (item, work) = (letters(WORK), letters(&WORK.replace('w', "v")));
    assert_eq!(stretch(&item, &work, (0, 0), (0, 0)), None);
    assert_eq!(stretch(&item, &work, (item.len() - 5, 0), (0, 0)), None);
}

#[test]
fn the_shortest_change_counts() {
    assert_eq!(change(b"xxabcdefghij", b"abcdefghijkl", 64), Some((2, 0)));
    assert_eq!(change(b"abcdefghijkl", b"yabcdefghijk", 64), Some((0, 1)));
    assert_eq!(change(b"abcdefghijkl", b"mnopqrstuvwx", 64), None);
    assert_eq!(change(b"xxabcdefghij", b"abcdefghijkl", 1), None);
    assert_eq!(change(b"", b"", 64), None);
}

#[test]
fn other_numbers_cost_more_than_the_labels_around_them_bring() {
    let work = "Installed capacity 3.7 million kW (2013 est.) from fossil fuels 84.2% of total \
        installed capacity (2012 est.)";
    let same = found(work, work).unwrap();
    assert!((same.score - same.matched as f64).abs() < 1e-9 && !same.numbers);
    let others = work.replace("3.7", "52.6").replace("84.2", "99.3");
    let stretch = found(&others, work).unwrap();
    assert!(
        stretch.numbers && stretch.score < 0.7 * same.score,
        "{stretch:?}"
    );
    assert!(is_number(b"463", b"37") && is_number(b"4lo", b"9"));
    // Zero and one are letters by now: alone they may be words.
    assert!(!is_number(b"lol", b"o") && !is_number(b"", b"4") && !is_number(b"4th", b"5"));
}
