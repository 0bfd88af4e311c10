//! Deny lists: what to leave out, for loaders that filter by themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef};
use clearance_rights::Verdict;
use clearance_scan::{Finding, Input};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use serde::Serialize;

use super::marks::{Marks, RowMarks};
use super::targets::Target;
use crate::csv_cell::safe;
use crate::error::{Error, Result};
use crate::lines::each_line;
use crate::write::{FINDINGS, replace};

/// One finding on a deny list.
#[derive(Serialize)]
struct Denied<'a> {
    file: &'a str,
    row_index: i64,
    column_name: &'a str,
    item_index: i32,
    item_digest: &'a str,
    uid: Option<&'a str>,
    verdict: Verdict,
    work_id: &'a str,
    finding_id: &'a str,
}

/// Values of a column by file and row.
type Uids = BTreeMap<(String, u64), String>;

/// Writes the list; returns its number of lines.
pub(super) fn write(
    out: &Path,
    targets: &[Target],
    marks: &Marks,
    verdicts: &BTreeSet<Verdict>,
    uid_column: Option<&str>,
    list: &Path,
) -> Result<u64> {
    let mut uids = Uids::new();
    for target in targets {
        let Some(marks) = marks.of(&target.scanned_as) else {
            continue;
        };
        match uid_column {
            Some(column) if target.file.is_parquet() => {
                read_uids(target, column, marks, &mut uids)?;
            }
            Some(column) => {
                let detail = format!(
                    "values of the column {column:?} can be listed for Parquet alone: list without --uid-column"
                );
                return Err(Error::refused(&target.from, detail));
            }
            // Where files have names of their own, rows are known by them.
            None => {
                let names = target.file.row_names(&|row| marks.has_row(row))?;
                let named = names.into_iter();
                uids.extend(named.map(|(row, name)| ((target.scanned_as.clone(), row), name)));
            }
        }
    }
    let given: BTreeSet<&str> = targets.iter().map(|t| t.scanned_as.as_str()).collect();
    let is_csv = list
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("csv"));
    let mut lines = 0;
    let mut failed = None;
    replace(list, |file| {
        let mut writer = Lines::new(file, is_csv);
        let written = each_line(&out.join(FINDINGS), |finding: Finding| {
            let is_denied = verdicts.contains(&finding.verdict) && !finding.is_mention();
            if !is_denied || !given.contains(finding.file.as_str()) {
                return Ok(());
            }
            let key = (finding.file.clone(), finding.row_index.unsigned_abs());
            lines += 1;
            let denied = Denied {
                file: &finding.file,
                row_index: finding.row_index,
                column_name: &finding.column_name,
                item_index: finding.item_index,
                item_digest: &finding.item_digest,
                uid: uids.get(&key).map(String::as_str),
                verdict: finding.verdict,
                work_id: &finding.work_id,
                finding_id: &finding.finding_id,
            };
            writer.add(&denied).map_err(Error::io(list))
        });
        // The error of the findings, not of the list, is to reach the user.
        failed = written.err();
        writer.finish()
    })?;
    failed.map_or(Ok(lines), Err)
}

/// CSV or JSON Lines.
enum Lines<'a> {
    Csv(Box<csv::Writer<BufWriter<&'a mut File>>>),
    Json(BufWriter<&'a mut File>),
}

impl<'a> Lines<'a> {
    fn new(file: &'a mut File, is_csv: bool) -> Self {
        let out = BufWriter::new(file);
        if is_csv {
            Self::Csv(Box::new(csv::Writer::from_writer(out)))
        } else {
            Self::Json(out)
        }
    }

    fn add(&mut self, denied: &Denied<'_>) -> std::io::Result<()> {
        match self {
            Self::Csv(out) => {
                let uid = denied.uid.map(safe);
                let denied = Denied {
                    file: &safe(denied.file),
                    column_name: &safe(denied.column_name),
                    uid: uid.as_deref(),
                    work_id: &safe(denied.work_id),
                    ..*denied
                };
                out.serialize(&denied).map_err(std::io::Error::other)
            }
            Self::Json(out) => {
                serde_json::to_writer(&mut *out, denied)?;
                out.write_all(b"\n")
            }
        }
    }

    fn finish(&mut self) -> std::io::Result<()> {
        match self {
            Self::Csv(out) => out.flush(),
            Self::Json(out) => out.flush(),
        }
    }
}

/// Reads a column of a file, keeping the values of the marked rows.
fn read_uids(target: &Target, column: &str, marks: &RowMarks, uids: &mut Uids) -> Result<()> {
    let damaged = |error: &dyn std::fmt::Display| Error::corrupt(&target.from, error);
    let file = Input::open(&target.from).map_err(Error::io(&target.from))?;
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)
        .map_err(|error| damaged(&error))?;
    let fields = builder.schema().fields();
    let place = fields.iter().position(|field| field.name() == column);
    let place = place.ok_or_else(|| damaged(&format!("there is no column {column:?}")))?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), [place]);
    let reader = builder.with_projection(mask).build();
    let mut first = 0u64;
    for batch in reader.map_err(|error| damaged(&error))? {
        let batch = batch.map_err(|error| damaged(&error))?;
        for at in 0..batch.num_rows() {
            let row = first + at as u64;
            if marks.has_row(row) {
                let value = in_text(batch.column(0), at).map_err(|detail| damaged(&detail))?;
                if let Some(value) = value {
                    uids.insert((target.scanned_as.clone(), row), value);
                }
            }
        }
        first += batch.num_rows() as u64;
    }
    Ok(())
}

/// A text or a whole number, as text.
fn in_text(array: &ArrayRef, at: usize) -> std::result::Result<Option<String>, String> {
    if array.is_null(at) {
        return Ok(None);
    }
    let text = array
        .as_string_opt::<i32>()
        .map(|texts| texts.value(at).to_owned())
        .or_else(|| array.as_string_opt::<i64>().map(|t| t.value(at).to_owned()))
        .or_else(|| array.as_string_view_opt().map(|t| t.value(at).to_owned()));
    let number = || {
        let int64 = array
            .as_primitive_opt::<Int64Type>()
            .map(|n| n.value(at).to_string());
        int64
            .or_else(|| {
                array
                    .as_primitive_opt::<Int32Type>()
                    .map(|n| n.value(at).to_string())
            })
            .or_else(|| {
                array
                    .as_primitive_opt::<UInt64Type>()
                    .map(|n| n.value(at).to_string())
            })
            .or_else(|| {
                array
                    .as_primitive_opt::<UInt32Type>()
                    .map(|n| n.value(at).to_string())
            })
    };
    let found = text.or_else(number);
    found
        .map(Some)
        .ok_or_else(|| format!("{} is neither text nor whole numbers", array.data_type()))
}
