use clearance_fingerprint::text::normalize;

use super::*;

/// Twelve hundred words of five letters.
fn text() -> NormalizedText {
    normalize(&"abcde ".repeat(1200))
}

fn alike(query: Range<usize>, reference: Range<usize>) -> Stretch {
    Stretch {
        matched: query.len(),
        score: query.len() as f64,
        query,
        reference,
        distinct: 1.0,
        numbers: false,
        words_per_letter: 0.2,
    }
}

fn joined(stretches: Vec<Stretch>) -> Vec<Passage> {
    passages(stretches, &text())
}

#[test]
fn words_are_counted_whole() {
    let found = joined(vec![alike(100..150, 500..550)]);
    assert!((found[0].words - 10.0).abs() < 1e-9);
    // Three letters of a word are none.
    let found = joined(vec![alike(100..153, 500..553)]);
    assert!((found[0].words - 10.0).abs() < 1e-9);
}

#[test]
fn sentences_in_another_order_are_one_passage() {
    let found = joined(vec![alike(100..150, 560..610), alike(152..200, 510..558)]);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (&found[0].query, &found[0].reference),
        (&(100..200), &(510..610))
    );
    // Nine whole words and ten, less three for joining and little for what stands between.
    assert!((15.0..17.0).contains(&found[0].words), "{:?}", found[0]);
}

#[test]
fn far_apart_they_are_two() {
    let found = joined(vec![alike(100..200, 500..600), alike(210..310, 3000..3100)]);
    assert_eq!(found.len(), 2);
}

#[test]
fn pieces_of_phrases_are_no_passage() {
    // Short pieces from here and there in the work: only the best stands.
    let pieces = vec![
        alike(100..130, 500..530),
        alike(130..170, 900..940),
        alike(170..200, 300..330),
    ];
    let found = joined(pieces);
    assert!(
        found.iter().all(|passage| passage.words <= 8.0),
        "{found:?}"
    );
}

#[test]
fn formulas_have_to_agree_better() {
    let loose = Stretch {
        matched: 70,
        score: 58.0,
        ..alike(100..200, 500..600)
    };
    assert_eq!(joined(vec![loose.clone()]).len(), 1);
    let of_formulas = Stretch {
        distinct: 0.3,
        ..loose
    };
    assert_eq!(joined(vec![of_formulas]).len(), 0);
}

#[test]
fn labels_of_a_table_are_not_joined_over_other_numbers() {
    let rows = |numbers| {
        let label = |at: usize| Stretch {
            numbers,
            ..alike(at..at + 40, 500 + at..540 + at)
        };
        joined(vec![label(100), label(144), label(188)])
    };
    assert!(rows(false)[0].words > 12.0);
    assert!(rows(true).iter().all(|passage| passage.words <= 8.0));
}
