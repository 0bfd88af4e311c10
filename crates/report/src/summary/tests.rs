use super::*;
use crate::prevalence::SampleSummary;
use crate::sample;

#[test]
fn a_summary_reads_back_as_written() {
    let summary = sample::summary(&[
        sample::picture(0),
        sample::recording(1),
        sample::quotation(2),
    ]);
    let text = serde_json::to_string(&summary).unwrap();
    assert_eq!(serde_json::from_str::<Summary>(&text).unwrap(), summary);
}

#[test]
fn row_counts_stand_at_the_top() {
    let summary = serde_json::to_value(sample::summary(&[sample::picture(0)])).unwrap();
    for (key, rows) in [
        ("rows", 20),
        ("clear", 14),
        ("matched", 3),
        ("unreadable", 2),
        ("skipped", 1),
    ] {
        assert_eq!(summary[key], rows, "{key}");
        assert_eq!(summary["files"][0][key], rows, "{key}");
    }
    assert_eq!(summary["findings"], 1);
    assert_eq!(summary["policy"]["use"], "train-generative");
    assert_eq!(summary["media"]["audio"]["items"], 5);
}

#[test]
fn without_a_bar_only_whole_coverage_will_do() {
    let mut summary = sample::summary(&[]);
    assert!(!summary.is_covered());
    summary.settings.min_coverage = Some(0.85);
    assert!(summary.is_covered());
    summary.settings.min_coverage = Some(0.86);
    assert!(!summary.is_covered());
}

#[test]
fn coverage_is_complete_only_when_every_item_was_read_to_its_end() {
    let whole = || {
        let mut totals = sample::summary(&[]).totals;
        for items in [
            &mut totals.media.audio,
            &mut totals.media.image,
            &mut totals.media.text,
        ] {
            (items.unreadable, items.skipped, items.partial) = (0, 0, 0);
        }
        totals.rows.clear += totals.rows.unreadable + totals.rows.skipped;
        (totals.rows.unreadable, totals.rows.skipped) = (0, 0);
        totals
    };
    assert!(coverage(&whole(), None).complete);
    let mut partial = whole();
    partial.media.audio.partial = 1;
    assert!(!coverage(&partial, None).complete);
    let mut damaged = whole();
    damaged.files[0].damage = Some("corrupt".to_owned());
    assert!(!coverage(&damaged, None).complete);
    let mut skipped = whole();
    skipped.rows.skipped = 1;
    assert!(!coverage(&skipped, None).complete);
    let mut drawn = SampleSummary {
        dataset_rows: whole().rows.rows,
        ..SampleSummary::default()
    };
    assert!(coverage(&whole(), Some(&drawn)).complete);
    drawn.dataset_rows *= 2;
    let half = coverage(&whole(), Some(&drawn));
    assert!(!half.complete && (half.examined_share - 0.5).abs() < 1e-12);
    let nothing = coverage(&Totals::default(), None);
    assert!(nothing.complete && (nothing.examined_share - 1.0).abs() < 1e-12);
}

#[test]
fn works_with_most_findings_come_first_and_equal_ones_by_id() {
    let mut summary = sample::summary(&[]);
    let work = |work_id: &str, findings| {
        let work_id = work_id.to_owned();
        (
            work_id.clone(),
            WorkSummary {
                work_id,
                findings,
                ..WorkSummary::default()
            },
        )
    };
    summary.set_works([work("c", 1), work("b", 3), work("a", 1)].into());
    let order: Vec<&str> = summary
        .works
        .iter()
        .map(|work| work.work_id.as_str())
        .collect();
    assert_eq!(order, ["b", "a", "c"]);
}

#[test]
fn each_work_keeps_its_strongest_findings() {
    let mut works = BTreeMap::new();
    let mut kept = WorkSummary::default();
    for (row_index, score) in [(1, 0.5), (2, 0.9), (3, 0.4), (4, 0.9), (5, 0.6)] {
        kept.keep_if_strong(&Finding {
            row_index,
            score,
            ..sample::picture(0)
        });
    }
    works.insert(String::new(), kept);
    let mut summary = sample::summary(&[]);
    summary.set_works(works);
    let rows: Vec<i64> = summary.works[0]
        .strongest
        .iter()
        .map(|finding| finding.row_index)
        .collect();
    assert_eq!(rows, [2, 4, 5]);
}

#[test]
fn declarations_are_counted_apart() {
    let mut summary = sample::summary(&[]);
    for (finding, over) in [
        (sample::declared(1), 1),
        (sample::declared(2), 0),
        (sample::stripped(3), 1),
        (sample::picture(3), 1),
    ] {
        summary.declarations.add(&finding, over);
    }
    let found = &summary.declarations;
    assert_eq!((found.declared, found.declared_over_policy), (2, 1));
    assert_eq!((found.without_work, found.without_work_over_policy), (2, 1));
    assert_eq!((found.stripped, found.stripped_over_policy), (1, 1));
    assert_eq!(found.schemes, [("plus:DataMining".to_owned(), 3)].into());
}

#[test]
fn a_summary_from_before_declarations_is_read() {
    let mut summary = serde_json::to_value(sample::summary(&[sample::picture(0)])).unwrap();
    summary.as_object_mut().unwrap().remove("declarations");
    summary["settings"]
        .as_object_mut()
        .unwrap()
        .remove("declarations");
    let read: Summary = serde_json::from_value(summary).unwrap();
    assert_eq!(read.declarations, DeclarationSummary::default());
}
