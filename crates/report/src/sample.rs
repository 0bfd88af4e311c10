//! A small scan's results, for tests.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clearance_decode::Media;
use clearance_index::{Evidence, Transform};
use clearance_rights::Verdict;
use clearance_rights::signals::{Answer, Scheme, Signature};
use clearance_scan::{
    Exhibit, FileTotals, Finding, FindingKind, FoundDeclaration, ItemCounts, MediaCounts,
    RowCounts, SoundExhibit, Totals,
};
use serde::Serialize;

use crate::summary::{
    Coverage, DeclarationSummary, PolicySummary, RegistrySummary, RunSettings, Summary,
    ToolSummary, WorkSummary,
};

/// The headers of a JPEG of 160 by 80 pixels.
pub(crate) const JPEG: &str = "/9j/4AAEAQL/wAALCABQAKABEQD/2Q==";

/// A picture finding of work `W-1`, numbered by its row.
pub(crate) fn picture(row: i64) -> Finding {
    Finding {
        finding_id: format!("F-{row:016x}"),
        file: "train-00000.parquet".to_owned(),
        row_index: row,
        column_name: "image".to_owned(),
        item_index: 0,
        item_digest: "ab".repeat(32),
        item_bytes: Some(48_300),
        media: Media::Image,
        work_id: "W-1".to_owned(),
        asset_id: "W-1/master".to_owned(),
        kind: FindingKind::Copy,
        score: 0.75,
        e_value: 2.5e-30,
        query_start: None,
        query_end: None,
        work_start: None,
        work_end: None,
        query_box: Some([0.0, 0.0, 1.0, 1.0]),
        work_box: Some([0.0, 0.0, 1.0, 1.0]),
        transform: Some(Transform {
            flip: true,
            rotation_deg: 90.0,
            ..Transform::default()
        }),
        evidence: Evidence {
            distance_bits: Some(7),
            ..Evidence::default()
        },
        verdict: Verdict::Reserved,
        reservation_id: Some("R-1".to_owned()),
        license_id: None,
        reason: "Reservation R-1 reserves train-generative on 2026-01-31.".to_owned(),
        declaration: None,
        mention: None,
    }
}

/// A picture of no registered work that declares something about its use.
pub(crate) fn declared(row: i64) -> Finding {
    Finding {
        work_id: String::new(),
        asset_id: String::new(),
        kind: FindingKind::Declared,
        score: 1.0,
        e_value: 0.0,
        query_box: None,
        work_box: None,
        transform: None,
        evidence: Evidence::default(),
        reservation_id: None,
        reason: "The item reserves train-generative: plus:DataMining in XMP (JPEG APP1) \
                 (`DMI-PROHIBITED`)."
            .to_owned(),
        declaration: Some(FoundDeclaration {
            scheme: Scheme::Plus,
            place: "XMP (JPEG APP1)".to_owned(),
            value: "DMI-PROHIBITED".to_owned(),
            answer: Some(Answer::Deny),
            signature: Signature::None,
            policy_url: None,
        }),
        ..picture(row)
    }
}

/// A copy of work `W-1` that lost what its original declared.
pub(crate) fn stripped(row: i64) -> Finding {
    Finding {
        finding_id: format!("F-{:016x}", row + 0x100),
        kind: FindingKind::Stripped,
        reason: "This copy does not declare what its registered original does: the original \
                 reserves train-generative: plus:DataMining in XMP (JPEG APP1) (`DMI-PROHIBITED`)."
            .to_owned(),
        declaration: declared(row).declaration,
        ..picture(row)
    }
}

/// A finding of a quarter of the picture of work `W-1` in a part of the item.
pub(crate) fn cutting(row: i64) -> Finding {
    Finding {
        kind: FindingKind::Excerpt,
        query_box: Some([0.12, 0.3, 0.48, 0.72]),
        work_box: Some([0.0, 0.0, 0.5, 0.5]),
        transform: Some(Transform {
            rotation_deg: 15.0,
            scale: Some(0.72),
            ..Transform::default()
        }),
        evidence: Evidence {
            aligned_points: Some(31),
            examined_points: Some(58),
            points_nats: Some(88.5),
            aligned_areas: Some(5),
            examined_areas: Some(6),
            areas_nats: Some(9.25),
            ..Evidence::default()
        },
        ..picture(row)
    }
}

/// A recording's finding of work `W-2`.
pub(crate) fn recording(row: i64) -> Finding {
    Finding {
        column_name: "audio".to_owned(),
        media: Media::Audio,
        work_id: "W-2".to_owned(),
        asset_id: "W-2/master".to_owned(),
        kind: FindingKind::Excerpt,
        score: 0.9,
        e_value: 1e-88,
        query_start: Some(0.0),
        query_end: Some(30.04),
        work_start: Some(61.5),
        work_end: Some(91.5),
        query_box: None,
        work_box: None,
        transform: None,
        evidence: Evidence {
            aligned_peaks: Some(1_412),
            examined_peaks: Some(1_530),
            landmarks: Some(88),
            ..Evidence::default()
        },
        verdict: Verdict::Licensed,
        reservation_id: None,
        license_id: Some("L-1".to_owned()),
        reason: "License L-1 to anyone covers train-generative on 2026-01-31.".to_owned(),
        ..picture(row)
    }
}

/// A text's finding of work `W-3`.
pub(crate) fn quotation(row: i64) -> Finding {
    Finding {
        column_name: "text".to_owned(),
        media: Media::Text,
        work_id: "W-3".to_owned(),
        asset_id: "W-3/first".to_owned(),
        kind: FindingKind::Excerpt,
        score: 0.6,
        e_value: 3e-9,
        query_start: Some(1_204.0),
        query_end: Some(2_011.0),
        work_start: Some(88.0),
        work_end: Some(895.0),
        query_box: None,
        work_box: None,
        transform: None,
        evidence: Evidence {
            matched_words: Some(137),
            identity: Some(0.984),
            shared_works: Some(1),
            ..Evidence::default()
        },
        verdict: Verdict::Unreserved,
        reservation_id: None,
        license_id: None,
        reason: "No reservation of work W-3 covers train-generative on 2026-01-31.".to_owned(),
        ..picture(row)
    }
}

/// The exhibit of a finding: all three parts.
pub(crate) fn exhibit(finding: &Finding) -> Exhibit {
    let has_pictures = finding.media == Media::Image;
    Exhibit {
        finding_id: finding.finding_id.clone(),
        excerpt: (finding.media == Media::Text).then(|| "It was a quiet morning.".to_owned()),
        thumbnail: has_pictures.then(|| JPEG.to_owned()),
        work_thumbnail: has_pictures.then(|| JPEG.to_owned()),
        work_excerpt: (finding.media == Media::Text).then(|| "It was a silent morning.".to_owned()),
        sound: (finding.media == Media::Audio).then(|| SoundExhibit {
            item: vec![(500, 10), (1_000, 200)],
            work: vec![(62_000, 10), (63_000, 90)],
            aligned: vec![[500, 10, 62_000, 10]],
        }),
    }
}

/// The summary of a scan of 20 rows with these findings.
pub(crate) fn summary(findings: &[Finding]) -> Summary {
    let mut summary = Summary {
        schema_version: 1,
        totals: totals(),
        findings: findings.len() as u64,
        over_policy: 0,
        verdicts: [].into(),
        kinds: [].into(),
        declarations: DeclarationSummary::default(),
        mentions: None,
        coverage: Coverage {
            examined_share: 0.85,
            complete: false,
        },
        decoys: [(
            "audio".to_owned(),
            crate::DecoyEstimate {
                decoys: 19,
                found: 0,
                false_items: 0.0,
                false_items_at_most: 27.3,
                false_items_by_e_value: 0.038,
            },
        )]
        .into(),
        sample: None,
        recall: crate::recall::measured_recall(),
        review: None,
        works: Vec::new(),
        registry: RegistrySummary {
            digest: "ef".repeat(32),
            generation: 4,
            changed_at: None,
            segments: Vec::new(),
            works: 460,
            assets: 512,
        },
        policy: PolicySummary {
            mode: "opt-out".to_owned(),
            use_: "train-generative".to_owned(),
            as_of: "2026-01-31".to_owned(),
            licensee: Some("Acme".to_owned()),
            territory: Some("DE".to_owned()),
        },
        settings: RunSettings {
            inputs: vec!["train-00000.parquet".to_owned()],
            columns: [("picture".to_owned(), "image".to_owned())].into(),
            limits: [("audio_duration_s".to_owned(), 43_200.0)].into(),
            min_coverage: None,
            decoy_share: 0.1,
            media_roots: Vec::new(),
            gate: None,
            declarations: true,
            mentions: false,
            iscc: false,
            passed_over: Vec::new(),
            signers: None,
            places: None,
            fetch: None,
        },
        tool: ToolSummary {
            name: "clearance".to_owned(),
            version: "0.1.0".to_owned(),
            params: ["audio/1", "image/1", "text/1"].map(str::to_owned).into(),
        },
    };
    for finding in findings {
        count_finding(&mut summary, finding);
    }
    summary
}

fn totals() -> Totals {
    let rows = RowCounts {
        rows: 20,
        clear: 14,
        matched: 3,
        unreadable: 2,
        skipped: 1,
    };
    let media = MediaCounts {
        audio: items(5, 1, 0, 5_400.0),
        image: items(8, 1, 1, 3.5e6),
        text: items(7, 0, 0, 12_345.0),
        unknown: ItemCounts::default(),
    };
    let reasons = [
        ("unreadable: corrupt".to_owned(), 2),
        ("skipped: url not fetched".to_owned(), 1),
    ];
    Totals {
        rows,
        media,
        files: vec![FileTotals {
            file: "train-00000.parquet".to_owned(),
            bytes: 1_234_567,
            footer_blake3: "cd".repeat(32),
            blake3: Some("0d".repeat(32)),
            version: None,
            rows,
            media,
            damage: None,
        }],
        declaring: 0,
        tables: Vec::new(),
        reasons: reasons.into(),
        fetched: BTreeMap::new(),
    }
}

/// Items of which one was matched.
fn items(items: u64, unreadable: u64, skipped: u64, extent: f64) -> ItemCounts {
    ItemCounts {
        items,
        clear: items - unreadable - skipped - 1,
        matched: 1,
        unreadable,
        skipped,
        partial: 0,
        extent,
        decoys: items / 10,
        decoys_found: 0,
        decoy_scores: [0; clearance_scan::DECOY_BINS],
    }
}

fn count_finding(summary: &mut Summary, finding: &Finding) {
    let over = u64::from(matches!(
        finding.verdict,
        Verdict::Reserved | Verdict::Review
    ));
    summary.over_policy += over;
    *summary
        .verdicts
        .entry(finding.verdict.to_string())
        .or_default() += 1;
    *summary
        .kinds
        .entry(finding.kind.as_str().to_owned())
        .or_default() += 1;
    let declarations = &mut summary.declarations;
    match finding.kind {
        FindingKind::Declared => declarations.declared += 1,
        FindingKind::Stripped => declarations.stripped += 1,
        FindingKind::Location => declarations.located += 1,
        _ => {}
    }
    if finding.work_id.is_empty() {
        declarations.without_work += 1;
        declarations.without_work_over_policy += over;
        return;
    }
    let known = summary
        .works
        .iter()
        .position(|work| work.work_id == finding.work_id);
    let place = known.unwrap_or_else(|| {
        summary.works.push(WorkSummary {
            work_id: finding.work_id.clone(),
            title: Some(format!("Title of {}", finding.work_id)),
            creators: vec!["Ada".to_owned(), "Ben".to_owned()],
            rightsholder: Some("Northlight Records".to_owned()),
            ..WorkSummary::default()
        });
        summary.works.len() - 1
    });
    summary.works[place].findings += 1;
    summary.works[place].over_policy += over;
}

/// Writes the files that the page is made from.
pub(crate) fn write(out: &Path, summary: &Summary, findings: &[Finding], exhibits: &[Exhibit]) {
    fs::write(
        out.join("summary.json"),
        serde_json::to_vec(summary).unwrap(),
    )
    .unwrap();
    fs::write(out.join("findings.jsonl"), lines(findings)).unwrap();
    fs::write(out.join("exhibits.jsonl"), lines(exhibits)).unwrap();
}

fn lines<T: Serialize>(values: &[T]) -> String {
    values
        .iter()
        .map(|value| serde_json::to_string(value).unwrap() + "\n")
        .collect()
}
