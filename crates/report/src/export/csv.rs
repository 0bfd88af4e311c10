//! `findings.csv`: a line a finding, safe to open in a spreadsheet.

use std::io::BufWriter;
use std::path::Path;

use clearance_scan::Finding;

use crate::csv_cell::safe;
use crate::error::{Error, Result};
use crate::lines::each_line;
use crate::write::{FINDINGS, replace};

/// Writes the findings of an output folder.
pub(super) fn write(out: &Path, path: &Path) -> Result<()> {
    write_some(out, path, &|_| true).map(|_| ())
}

/// Writes the findings that are wanted; returns how many those are.
pub(crate) fn write_some(
    out: &Path,
    path: &Path,
    wanted: &dyn Fn(&Finding) -> bool,
) -> Result<u64> {
    let (mut failed, mut lines) = (None, 0);
    replace(path, |file| {
        let mut writer = csv::Writer::from_writer(BufWriter::new(file));
        writer.write_record(COLUMNS)?;
        let written = each_line(&out.join(FINDINGS), |finding: Finding| {
            if !wanted(&finding) {
                return Ok(());
            }
            lines += 1;
            writer
                .write_record(record(&finding))
                .map_err(|error| Error::io(path)(error.into()))
        });
        // The error of the findings, not of the list, is to reach the user.
        failed = written.err();
        writer.flush()
    })?;
    failed.map_or(Ok(lines), Err)
}

const COLUMNS: [&str; 53] = [
    "finding_id",
    "file",
    "row_index",
    "column_name",
    "item_index",
    "item_digest",
    "item_bytes",
    "media",
    "work_id",
    "asset_id",
    "kind",
    "score",
    "e_value",
    "query_start",
    "query_end",
    "work_start",
    "work_end",
    "query_left",
    "query_top",
    "query_right",
    "query_bottom",
    "work_left",
    "work_top",
    "work_right",
    "work_bottom",
    "flip",
    "rotation_deg",
    "scale",
    "tempo",
    "pitch_semitones",
    "speed",
    "aligned_peaks",
    "examined_peaks",
    "landmarks",
    "equal_places",
    "distance_bits",
    "aligned_points",
    "examined_points",
    "aligned_areas",
    "examined_areas",
    "matched_words",
    "identity",
    "shared_works",
    "verdict",
    "reservation_id",
    "license_id",
    "reason",
    "declaration_scheme",
    "declaration_place",
    "declaration_value",
    "declaration_answer",
    "declaration_signature",
    "declaration_policy_url",
];

/// The cells of a finding. Texts come from strangers; numbers and words of ours cannot be formulas.
fn record(finding: &Finding) -> Vec<String> {
    let text = |text: &str| safe(text).into_owned();
    let optional = |value: &Option<String>| value.as_deref().map(text).unwrap_or_default();
    let place = |value: Option<f64>| number(value);
    let corner = |corners: Option<[f32; 4]>, at: usize| number(corners.map(|corners| corners[at]));
    let evidence = &finding.evidence;
    let mut cells = vec![
        text(&finding.finding_id),
        text(&finding.file),
        finding.row_index.to_string(),
        text(&finding.column_name),
        finding.item_index.to_string(),
        text(&finding.item_digest),
        number(finding.item_bytes),
        finding.media.to_string(),
        text(&finding.work_id),
        text(&finding.asset_id),
        finding.kind.as_str().to_owned(),
        finding.score.to_string(),
        format!("{:e}", finding.e_value),
        place(finding.query_start),
        place(finding.query_end),
        place(finding.work_start),
        place(finding.work_end),
    ];
    cells.extend((0..4).map(|at| corner(finding.query_box, at)));
    cells.extend((0..4).map(|at| corner(finding.work_box, at)));
    let transform = finding.transform.as_ref();
    cells.extend([
        number(transform.map(|t| t.flip)),
        number(transform.map(|t| t.rotation_deg)),
        number(transform.and_then(|t| t.scale)),
        number(transform.and_then(|t| t.tempo)),
        number(transform.and_then(|t| t.pitch_semitones)),
        number(transform.and_then(|t| t.speed)),
        number(evidence.aligned_peaks),
        number(evidence.examined_peaks),
        number(evidence.landmarks),
        number(evidence.equal_places),
        number(evidence.distance_bits),
        number(evidence.aligned_points),
        number(evidence.examined_points),
        number(evidence.aligned_areas),
        number(evidence.examined_areas),
        number(evidence.matched_words),
        number(evidence.identity),
        number(evidence.shared_works),
        finding.verdict.to_string(),
        optional(&finding.reservation_id),
        optional(&finding.license_id),
        text(&finding.reason),
    ]);
    let declaration = finding.declaration.as_ref();
    cells.extend([
        number(declaration.map(|found| found.scheme)),
        declaration.map_or_else(String::new, |found| text(&found.place)),
        declaration.map_or_else(String::new, |found| text(&found.value)),
        number(declaration.and_then(|found| found.answer)),
        number(declaration.map(|found| found.signature)),
        declaration.map_or_else(String::new, |found| optional(&found.policy_url)),
    ]);
    cells
}

fn number<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
