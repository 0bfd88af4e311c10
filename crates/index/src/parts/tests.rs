use clearance_decode::{Limits, Source};
use clearance_fingerprint::audio::{AudioExtractor, AudioFingerprint};
use clearance_fingerprint::image::ImageFingerprint;
use clearance_rights::Work;
use clearance_testkit::{art, encode, music, prose};
use proptest::prelude::*;

use super::division::part_of;
use super::*;
use crate::{
    ChangeNote, FingerprintedWork, KeptTexts, Print, Snapshot, WorkPrint, print_item,
    register_fingerprints,
};

/// A registry whose segments hold little, so that there are several.
const SEGMENT_BYTES: usize = 1 << 19;

fn sound(seed: u64) -> AudioFingerprint {
    let mut extractor = AudioExtractor::new();
    extractor.push(&music::compose_at(seed, 8.0, 11_025));
    extractor.finish()
}

fn picture(seed: u64, quality: u8) -> ImageFingerprint {
    let bytes = encode::jpeg(&art::paint(seed, 200, 150), quality).unwrap();
    let source = Source::Bytes(bytes.into());
    let printed = print_item(&source, None, None, false, &Limits::default()).unwrap();
    match printed.print {
        Print::Image { print, .. } => print,
        other => panic!("{other:?}"),
    }
}

/// Few things in many works: of any medium, number 0 stands in half of them.
fn skewed(choice: u64) -> u64 {
    if choice.is_multiple_of(2) {
        0
    } else {
        choice % 9
    }
}

fn print(choice: u64) -> WorkPrint {
    match choice % 3 {
        0 => WorkPrint::Audio(sound(skewed(choice / 3))),
        1 => WorkPrint::Image(vec![picture(skewed(choice / 3), 60)]),
        _ => {
            let common = prose::write(skewed(choice / 3), 40);
            let own = prose::write(100 + choice, 30);
            WorkPrint::Text(format!("{common} {own} {common}"), KeptTexts::Whole)
        }
    }
}

fn found(snapshot: &Snapshot, number: u64) -> Vec<Vec<crate::Match>> {
    let text = format!(
        "{} {}",
        prose::write(number, 40),
        prose::write(100 + 5 * number, 30)
    );
    vec![
        snapshot.search_audio(&sound(number)),
        snapshot.search_image(&picture(number, 80)),
        snapshot.search_text(&text),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn parts_find_what_the_whole_registry_finds(
        choices in prop::collection::vec(0u64..60, 1..48),
        hashes_only in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let registry = folder.path().join("registry");
        let works = choices.iter().enumerate().map(|(number, &choice)| FingerprintedWork {
            work: Work::new(format!("work-{number}")),
            print: match print(choice) {
                WorkPrint::Text(text, _) if hashes_only => WorkPrint::Text(text, KeptTexts::Hashes),
                other => other,
            },
        });
        register_fingerprints(works, &registry, SEGMENT_BYTES, &ChangeNote::default()).unwrap();
        let whole = Snapshot::open(&registry).unwrap();
        for parts in [1, 2, 3, 7] {
            let divided = folder.path().join(parts.to_string());
            split_registry(&registry, &divided, parts, None).unwrap();
            let parted = Snapshot::open(&divided).unwrap();
            for number in [0, 3, 50] {
                prop_assert_eq!(found(&whole, number), found(&parted, number), "{} parts", parts);
            }
            prop_assert_eq!(parted.trouble(), None);
        }
    }

    #[test]
    fn what_is_cut_is_all_there_and_weighs_the_same(
        weights in prop::collection::vec(0u64..50, 0..200),
        parts in 1usize..9,
    ) {
        let bounds = crate::segment::cut(weights.iter().copied(), parts);
        prop_assert_eq!(bounds.len(), parts + 1);
        prop_assert!(bounds.is_sorted());
        prop_assert_eq!(bounds[0], 0);
        prop_assert_eq!(bounds[parts], weights.len() as u64);
        let total: u64 = weights.iter().sum();
        for (part, range) in bounds.windows(2).enumerate() {
            let own: u64 = weights[range[0] as usize..range[1] as usize].iter().sum();
            // A bucket is in one part alone.
            prop_assert!(own <= total / parts as u64 + 50, "part {part} of {total}: {own}");
        }
        for number in 0..weights.len() as u64 {
            let part = part_of(&bounds, number);
            prop_assert!(bounds[part] <= number && number < bounds[part + 1]);
        }
    }

    #[test]
    fn any_message_is_answered_or_refused(message in prop::collection::vec(any::<u8>(), 0..200)) {
        let folder = tempfile::tempdir().unwrap();
        let registry = folder.path().join("registry");
        let one = FingerprintedWork { work: Work::new("one".to_owned()), print: print(2) };
        let works = std::iter::once(one);
        register_fingerprints(works, &registry, SEGMENT_BYTES, &ChangeNote::default()).unwrap();
        let divided = folder.path().join("parts");
        split_registry(&registry, &divided, 1, None).unwrap();
        let part = HeldPart::open(&divided, 0).unwrap();
        let first = part.answer(&message);
        prop_assert_eq!(first, part.answer(&message));
    }
}

#[test]
fn a_part_that_does_not_answer_ends_the_search() {
    struct Silent;
    impl Exchange for Silent {
        fn exchange(
            &self,
            questions: Vec<(usize, Vec<u8>)>,
        ) -> std::result::Result<Vec<Vec<u8>>, String> {
            Err(format!("{} questions too many", questions.len()))
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let registry = folder.path().join("registry");
    let one = FingerprintedWork {
        work: Work::new("one".to_owned()),
        print: print(2),
    };
    let works = std::iter::once(one);
    register_fingerprints(works, &registry, SEGMENT_BYTES, &ChangeNote::default()).unwrap();
    let divided = folder.path().join("parts");
    split_registry(&registry, &divided, 2, None).unwrap();
    let division = Division::read(&divided).unwrap();
    let parts = Parts {
        routes: Routes::new(&division),
        division,
        exchange: Arc::new(Silent),
        trouble: Mutex::new(None),
    };
    assert!(parts.ask(&[(1, Question::Near(Vec::new()))]).is_empty());
    assert_eq!(parts.trouble().unwrap(), "1 questions too many");
}
