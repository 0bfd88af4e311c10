//! A registry, and what scans and fingerprints batches.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use clearance::{TableSettings, batch_settings, open_registry, table_settings};
use clearance_decode::Media;
use clearance_report::{coverage_rows, finding_rows};
use clearance_scan::{BatchPlace, BatchScanner, MediaColumn, fingerprint_batch};
use pyo3::prelude::*;

use crate::arrow::{Batch, taken, value_error};
use crate::work::{Pool, raised, released};

/// A registry as it is when it is opened, or as it stood before.
#[pyclass(frozen, module = "clearance._native")]
pub(crate) struct Snapshot(Arc<clearance_index::Snapshot>);

#[pymethods]
impl Snapshot {
    #[new]
    #[pyo3(signature = (folder, at=None))]
    fn new(py: Python<'_>, folder: PathBuf, at: Option<&str>) -> PyResult<Self> {
        static OPENING: Pool = Pool::new(None);
        let pool = OPENING.get()?;
        let opened = py.detach(move || pool.install(|| open_registry(&folder, at)));
        opened
            .map(|snapshot| Self(Arc::new(snapshot)))
            .map_err(|failure| raised(py, failure))
    }

    /// Registered works.
    #[getter]
    fn works(&self) -> usize {
        self.0.work_count()
    }

    /// Names the state of the registry: two with the same digest hold the same.
    #[getter]
    fn digest(&self) -> String {
        self.0.manifest().digest()
    }
}

/// Scans batches against one registry under one set of settings.
#[pyclass(frozen, module = "clearance._native")]
pub(crate) struct Scanner {
    scanner: BatchScanner,
    pool: Pool,
}

/// Findings, coverage, the bucket of each row and whether it is over policy, and examined items:
/// recordings, pictures, texts.
type Scanned = (Batch, Batch, Vec<&'static str>, Vec<bool>, (u64, u64, u64));

#[pymethods]
impl Scanner {
    /// `flags` are those of `clearance scan`.
    #[new]
    fn new(py: Python<'_>, snapshot: &Snapshot, flags: Vec<OsString>) -> PyResult<Self> {
        let snapshot = Arc::clone(&snapshot.0);
        let settings = batch_settings(flags).map_err(|failure| raised(py, failure))?;
        let scanner = py.detach(|| BatchScanner::new(snapshot, settings.options));
        Ok(Self {
            scanner,
            pool: Pool::new(settings.threads),
        })
    }

    /// The day that reservations and licenses are judged at.
    #[getter]
    fn as_of(&self) -> String {
        self.scanner.options().policy.as_of.to_string()
    }

    /// Name, medium (where the column says so) and reason of each column that holds items.
    fn columns(
        &self,
        py: Python<'_>,
        batch: &Bound<'_, PyAny>,
    ) -> PyResult<Vec<(String, Option<&'static str>, String)>> {
        let columns = self.scanner.columns(&taken(batch)?);
        let columns = columns.map_err(|error| raised(py, error.into()))?;
        let named = |column: MediaColumn| {
            let media = column.media.map(Media::as_str);
            (column.name, media, column.because)
        };
        Ok(columns.into_iter().map(named).collect())
    }

    fn scan(
        &self,
        py: Python<'_>,
        batch: &Bound<'_, PyAny>,
        file: &str,
        first_row: u64,
    ) -> PyResult<Scanned> {
        let (batch, pool) = (taken(batch)?, self.pool.get()?);
        let place = BatchPlace { file, first_row };
        let scanned = released(py, |stop| {
            pool.install(|| self.scanner.scan(&batch, place, stop))
        })?;
        let scanned = scanned.map_err(|error| raised(py, error.into()))?;
        let part = &scanned.part;
        let mut over_policy = vec![false; part.rows.rows as usize];
        let policy = &self.scanner.options().policy;
        for finding in part.findings.iter().filter(|found| found.is_over(policy)) {
            let row = (finding.row_index as u64).wrapping_sub(first_row);
            if let Some(over) = over_policy.get_mut(row as usize) {
                *over = true;
            }
        }
        let media = &part.media;
        Ok((
            Batch(finding_rows(&part.findings).map_err(value_error)?),
            Batch(coverage_rows(&part.coverage).map_err(value_error)?),
            scanned.buckets().collect(),
            over_policy,
            (
                media.audio.examined(),
                media.image.examined(),
                media.text.examined(),
            ),
        ))
    }
}

/// Fingerprints batches.
#[pyclass(frozen, module = "clearance._native")]
pub(crate) struct Printer {
    settings: TableSettings,
    pool: Pool,
}

#[pymethods]
impl Printer {
    /// `flags` are those of `clearance fingerprint`.
    #[new]
    fn new(py: Python<'_>, flags: Vec<OsString>) -> PyResult<Self> {
        let settings = table_settings(flags).map_err(|failure| raised(py, failure))?;
        Ok(Self {
            pool: Pool::new(settings.threads),
            settings,
        })
    }

    fn fingerprint(
        &self,
        py: Python<'_>,
        batch: &Bound<'_, PyAny>,
        file: &str,
        first_row: u64,
    ) -> PyResult<Batch> {
        let (batch, pool) = (taken(batch)?, self.pool.get()?);
        let place = BatchPlace { file, first_row };
        let TableSettings {
            options, overrides, ..
        } = &self.settings;
        let table = released(py, |stop| {
            pool.install(|| fingerprint_batch(&batch, place, options, overrides, stop))
        })?;
        table.map(Batch).map_err(|error| raised(py, error.into()))
    }
}

/// The columns of findings, without rows.
#[pyfunction]
pub(crate) fn finding_columns() -> PyResult<Batch> {
    finding_rows(&[]).map(Batch).map_err(value_error)
}

/// The columns of coverage, without rows.
#[pyfunction]
pub(crate) fn coverage_columns() -> PyResult<Batch> {
    coverage_rows(&[]).map(Batch).map_err(value_error)
}
