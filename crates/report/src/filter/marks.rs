//! The rows and items that findings point at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clearance_rights::Verdict;
use clearance_scan::{Finding, FindingKind};

use crate::error::Result;
use crate::lines::each_line;
use crate::write::FINDINGS;

/// Marked items of a row group or of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RowMarks {
    /// Row, column, item: sorted, each once.
    items: Vec<(u64, u16, i32)>,
}

impl RowMarks {
    fn add(&mut self, row: u64, column: u16, item: i32) {
        self.items.push((row, column, item));
    }

    fn sort(&mut self) {
        self.items.sort_unstable();
        self.items.dedup();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Number of marked items.
    pub(super) fn items(&self) -> u64 {
        self.items.len() as u64
    }

    /// Number of rows with a mark.
    pub(super) fn rows(&self) -> u64 {
        let rows: BTreeSet<u64> = self.items.iter().map(|item| item.0).collect();
        rows.len() as u64
    }

    pub(super) fn has_row(&self, row: u64) -> bool {
        let place = self.items.partition_point(|item| item.0 < row);
        self.items.get(place).is_some_and(|item| item.0 == row)
    }

    /// Whether an item of a row and column is marked; any item where none is named.
    pub(super) fn has_item(&self, row: u64, column: u16, item: Option<i32>) -> bool {
        let from = (row, column, item.unwrap_or(i32::MIN));
        let place = self.items.partition_point(|known| *known < from);
        self.items.get(place).is_some_and(|known| {
            (known.0, known.1) == (row, column) && item.is_none_or(|item| known.2 == item)
        })
    }

    /// Columns with a mark.
    pub(super) fn columns(&self) -> BTreeSet<u16> {
        self.items.iter().map(|item| item.1).collect()
    }

    /// The marks of the rows from `first` on, `rows` of them, counted from `first`.
    pub(super) fn part(&self, first: u64, rows: u64) -> Self {
        let from = self.items.partition_point(|item| item.0 < first);
        let to = self.items.partition_point(|item| item.0 < first + rows);
        let items = self.items[from..to].iter();
        Self {
            items: items.map(|item| (item.0 - first, item.1, item.2)).collect(),
        }
    }
}

/// Everything that the chosen findings of a scan mark.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    /// By name of the dataset file.
    files: BTreeMap<String, RowMarks>,
    /// Names of columns; marks hold their place.
    columns: Vec<String>,
    /// Findings with one of the verdicts.
    pub(super) findings: u64,
    /// Whether some of them are about addresses, and so about whole rows.
    pub(super) are_located: bool,
}

impl Marks {
    /// The marks of all findings with one of these verdicts.
    pub(super) fn read(out: &Path, verdicts: &BTreeSet<Verdict>) -> Result<Self> {
        let mut marks = Self::default();
        each_line(&out.join(FINDINGS), |finding: Finding| {
            // A name in a text is no reason to leave the text out.
            if verdicts.contains(&finding.verdict) && !finding.is_mention() {
                marks.add(&finding);
            }
            Ok(())
        })?;
        marks.files.values_mut().for_each(RowMarks::sort);
        Ok(marks)
    }

    fn add(&mut self, finding: &Finding) {
        let name = &finding.column_name;
        let known = self.columns.iter().position(|column| column == name);
        let column = known.unwrap_or_else(|| {
            self.columns.push(name.clone());
            self.columns.len() - 1
        });
        // `verify` holds rows to be inside their file, and columns are a handful.
        let row = finding.row_index.unsigned_abs();
        let column = u16::try_from(column).unwrap_or(u16::MAX);
        self.findings += 1;
        self.are_located |= finding.kind == FindingKind::Location;
        let file = self.files.entry(finding.file.clone()).or_default();
        file.add(row, column, finding.item_index);
    }

    pub(super) fn of(&self, file: &str) -> Option<&RowMarks> {
        self.files.get(file)
    }

    /// The name of a column.
    pub(super) fn column(&self, place: u16) -> &str {
        self.columns
            .get(usize::from(place))
            .map_or("", String::as_str)
    }
}
