use clearance_testkit::dataset::DatasetBuilder;
use proptest::prelude::*;

use super::*;
use crate::schema::Overrides;

/// A plan of files with so many rows in groups of two each.
fn plan(folder: &Path, lengths: &[usize]) -> Plan {
    for (number, &length) in lengths.iter().enumerate() {
        let texts = (0..length).map(|row| Some("A quiet morning. ".repeat(1 + row % 7)));
        DatasetBuilder::new()
            .text("text", texts.collect::<Vec<_>>())
            .rows_per_group(2)
            .write(folder.join(format!("{number}.parquet")))
            .unwrap();
    }
    Plan::new(&[folder.to_owned()], &Overrides::new()).unwrap()
}

fn shard(number: u32, of: u32) -> Shard {
    format!("{number}/{of}").parse().unwrap()
}

#[test]
fn a_shard_is_written_as_a_fraction() {
    assert_eq!(shard(3, 8).to_string(), "3/8");
    for wrong in [
        "", "3", "0/8", "9/8", "1/0", "-1/8", "1/100001", "a/b", "1/2/3",
    ] {
        let error = wrong.parse::<Shard>().unwrap_err();
        assert!(error.contains("1/8"), "{wrong}: {error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn shards_divide_the_row_groups(
        lengths in prop::collection::vec(1usize..12, 1..5),
        of in 1u32..12,
        sampled in prop::option::of(1u64..20),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut plan = plan(folder.path(), &lengths);
        if let Some(rows) = sampled {
            plan.sample(Sampling { rows, seed: 3 });
        }
        let all = plan.units();
        let (mut joined, mut digested) = (Vec::new(), vec![false; lengths.len()]);
        for number in 1..=of {
            let mut own = plan.clone();
            own.take_shard(shard(number, of));
            joined.extend(own.units());
            for (known, here) in digested.iter_mut().zip(own.digested_files()) {
                *known |= here;
            }
        }
        // A run each, in order: together they are the whole, each once.
        prop_assert_eq!(joined, all);
        prop_assert!(digested.iter().all(|known| *known));
    }
}

#[test]
fn shards_are_about_equal() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan(folder.path(), &[40, 40, 80]);
    let rows = (1..=4).map(|number| {
        let mut own = plan.clone();
        own.take_shard(shard(number, 4));
        own.scanned_rows()
    });
    let rows: Vec<u64> = rows.collect();
    assert_eq!(rows.iter().sum::<u64>(), 160);
    assert!(rows.iter().all(|rows| (24..=56).contains(rows)), "{rows:?}");
}
