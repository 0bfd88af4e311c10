use tempfile::TempDir;

use super::*;
use crate::sample;

fn results() -> TempDir {
    let out = TempDir::new().unwrap();
    let findings = [
        sample::cutting(3),
        sample::recording(7),
        sample::quotation(11),
    ];
    let exhibits: Vec<Exhibit> = findings.iter().map(sample::exhibit).collect();
    sample::write(
        out.path(),
        &sample::summary(&findings),
        &findings,
        &exhibits,
    );
    out
}

fn explain(row: i64) -> Explanation {
    Explanation::read(results().path(), &format!("F-{row:016x}")).unwrap()
}

#[test]
fn a_quotation_reads_on_a_terminal() {
    insta::assert_snapshot!(explain(11).text(), @"
    finding     F-000000000000000b
    kind        Excerpt of the work, text
    work        Title of W-3 (W-3)
    creators    Ada, Ben
    holder      Northlight Records
    asset       W-3/first
    where       train-00000.parquet row 11, column text, item 0
    evidence    moderate evidence: 3.0 × 10⁻⁹ findings like this one are expected by
                chance in this whole scan
    score       0.600 of 1
                137 words agree
                98.4% identity
                characters 1,204 to 2,011 of the item, 88 to 895 of the work
                same passage in 1 other registered work
    verdict     unreserved: No reservation of work W-3 covers train-generative on
                2026-01-31.

    in the item
      It was a [quiet] morning.

    in the work
      It was a [silent] morning.

    Words in brackets stand in one of the two only.
    ");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for row in [3, 7, 11] {
        for line in explain(row).text().lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
    let text = explain(7).text();
    assert!(text.contains("1,412 of 1,530 peaks aligned"), "{text}");
    assert!(text.chars().any(|c| ('\u{2801}'..='\u{28ff}').contains(&c)));
}

#[test]
fn every_form_is_escaped() {
    let out = TempDir::new().unwrap();
    let hostile = "</svg><script>alert(1)</script>\x1b[2J";
    let finding = Finding {
        file: hostile.to_owned(),
        reason: hostile.to_owned(),
        ..sample::quotation(0)
    };
    let exhibit = Exhibit {
        excerpt: Some(hostile.to_owned()),
        ..sample::exhibit(&finding)
    };
    let mut summary = sample::summary(std::slice::from_ref(&finding));
    summary.works[0].title = Some(hostile.to_owned());
    sample::write(out.path(), &summary, &[finding], &[exhibit]);
    let explanation = Explanation::read(out.path(), "F-").unwrap();
    for form in [explanation.text(), explanation.svg(), explanation.html()] {
        assert!(!form.contains('\x1b'), "{form}");
    }
    assert!(!explanation.svg().contains("<script"));
    assert!(!explanation.html().contains("<script"));
}

#[test]
fn pictures_are_in_the_drawings() {
    let explanation = explain(3);
    assert_eq!(explanation.svg().matches("<image ").count(), 2);
    assert_eq!(explanation.html().matches("<image ").count(), 2);
}

#[test]
fn ids_may_be_shortened_as_long_as_one_is_meant() {
    let out = results();
    let found = Explanation::read(out.path(), "F-000000000000000b").unwrap();
    assert_eq!(found.finding.row_index, 11);
    let several = Explanation::read(out.path(), "F-0")
        .err()
        .unwrap()
        .to_string();
    assert!(
        several.contains("several findings begin with \"F-0\""),
        "{several}"
    );
    let none = Explanation::read(out.path(), "F-9")
        .err()
        .unwrap()
        .to_string();
    assert!(none.contains("no finding \"F-9\""), "{none}");
}
