//! The part of a table that one row group of the dataset gives.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};

use super::beside;
use super::columns::SCHEMA;
use super::header::HeaderUnit;
use crate::error::{Error, Result};

/// Key of the unit's description in the part's metadata.
pub(super) const UNIT: &str = "clearance.unit";
/// A row group is closed when it holds this much.
const GROUP_BYTES: usize = 64 << 20;

pub(super) fn properties() -> WriterPropertiesPtr {
    // The writer's name carries no version: the same fingerprints are the same bytes.
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by("clearance".to_owned())
        .build();
    Arc::new(properties)
}

pub(super) fn failed(path: &Path) -> impl FnOnce(ParquetError) -> Error + '_ {
    move |error| Error::Io {
        path: path.to_owned(),
        source: std::io::Error::other(error),
    }
}

/// A part that grows, under a temporary name.
pub(super) struct PartWriter {
    path: PathBuf,
    writing: PathBuf,
    writer: ArrowWriter<File>,
}

impl PartWriter {
    pub(super) fn create(path: PathBuf) -> Result<Self> {
        let writing = beside(&path, ".writing");
        let file = File::create(&writing).map_err(Error::io(&writing))?;
        let properties = properties().as_ref().clone();
        let writer = ArrowWriter::try_new(file, Arc::clone(&SCHEMA), Some(properties))
            .map_err(failed(&writing))?;
        Ok(Self {
            path,
            writing,
            writer,
        })
    }

    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        self.writer.write(batch).map_err(failed(&self.writing))?;
        if self.writer.in_progress_size() >= GROUP_BYTES {
            self.writer.flush().map_err(failed(&self.writing))?;
        }
        Ok(())
    }

    /// Closes the part and puts it in place. Sets how many row groups it has.
    pub(super) fn finish(mut self, mut unit: HeaderUnit) -> Result<()> {
        self.writer.flush().map_err(failed(&self.writing))?;
        unit.groups = self.writer.flushed_row_groups().len() as u64;
        let text = serde_json::to_string(&unit).map_err(|error| Error::Corrupt {
            path: self.path.clone(),
            detail: error.to_string(),
        })?;
        let described = KeyValue::new(UNIT.to_owned(), text);
        self.writer.append_key_value_metadata(described);
        self.writer.finish().map_err(failed(&self.writing))?;
        let synced = self.writer.inner().sync_all();
        synced
            .and_then(|()| fs::rename(&self.writing, &self.path))
            .map_err(Error::io(&self.path))
    }
}
