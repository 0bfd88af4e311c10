use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn lookups_find_what_was_added(lines in prop::collection::vec((0u64..60, 0u32..9, 0u32..9), 0..300)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("postings");
        let mut builder = PostingsBuilder::default();
        let mut expected: BTreeMap<u64, Vec<Posting>> = BTreeMap::new();
        for (hash, asset, position) in lines {
            let posting = Posting { asset, position };
            builder.add(hash, posting);
            expected.entry(hash).or_default().push(posting);
        }
        builder.write(&path, "p").unwrap();
        let postings = Postings::open(&path, "p").unwrap();
        for hash in 0..70 {
            let mut wanted = expected.remove(&hash).unwrap_or_default();
            wanted.sort();
            prop_assert_eq!(postings.get(hash).collect::<Vec<_>>(), wanted);
        }
    }
}
