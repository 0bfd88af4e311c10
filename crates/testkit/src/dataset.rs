//! Builds Parquet files as training datasets have them.

mod column;
mod features;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use crate::error::Error;
use column::{BinaryKind, Column, Media, TextKind};

/// One medium in a `struct<bytes, path>` column: embedded, or a path to look for, or neither.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MediaCell {
    /// The file itself.
    pub bytes: Option<Vec<u8>>,
    /// Where it came from, or where it is.
    pub path: Option<String>,
}

impl MediaCell {
    /// A cell with a path and null bytes.
    pub fn path_only(path: impl Into<String>) -> Self {
        Self {
            bytes: None,
            path: Some(path.into()),
        }
    }
}

impl From<Vec<u8>> for MediaCell {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            bytes: Some(bytes),
            path: None,
        }
    }
}

impl<P: Into<String>> From<(Vec<u8>, P)> for MediaCell {
    fn from((bytes, path): (Vec<u8>, P)) -> Self {
        Self {
            bytes: Some(bytes),
            path: Some(path.into()),
        }
    }
}

/// How pages of the file are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compression {
    /// Not at all.
    None,
    /// Snappy, the default of most writers.
    #[default]
    Snappy,
    /// Zstandard, level 3.
    Zstd,
    /// LZ4 without framing.
    Lz4,
    /// Brotli, level 1.
    Brotli,
    /// Gzip, level 6.
    Gzip,
}

/// Collects columns and writes one Parquet file.
///
/// ```
/// use clearance_testkit::dataset::DatasetBuilder;
/// let file = DatasetBuilder::new()
///     .audio("audio", [Some((vec![1, 2, 3], "a.wav")), None])
///     .text("text", [Some("first"), Some("second")])
///     .rows_per_group(1)
///     .to_bytes()?;
/// assert!(file.starts_with(b"PAR1"));
/// # Ok::<(), clearance_testkit::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct DatasetBuilder {
    columns: Vec<(String, Column)>,
    rows_per_group: usize,
    compression: Compression,
    features: FeaturesMetadata,
    has_arrow_schema: bool,
    is_path_first: bool,
}

/// What goes under the `huggingface` key.
#[derive(Debug, Clone)]
enum FeaturesMetadata {
    FromColumns,
    Absent,
    Given(String),
}

impl Default for DatasetBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl DatasetBuilder {
    /// An empty dataset: 1,000 rows per group, Snappy, features metadata written.
    pub fn new() -> Self {
        Self {
            columns: Vec::new(),
            rows_per_group: 1000,
            compression: Compression::default(),
            features: FeaturesMetadata::FromColumns,
            has_arrow_schema: true,
            is_path_first: false,
        }
    }

    fn with(mut self, name: &str, column: Column) -> Self {
        self.columns.push((name.to_owned(), column));
        self
    }

    /// A `struct<bytes, path>` column declared as `Audio` in the features.
    pub fn audio<M: Into<MediaCell>>(
        self,
        name: &str,
        rows: impl IntoIterator<Item = Option<M>>,
    ) -> Self {
        self.with(name, Column::Media(Media::Audio, into_options(rows)))
    }

    /// A `struct<bytes, path>` column declared as `Image` in the features.
    pub fn image<M: Into<MediaCell>>(
        self,
        name: &str,
        rows: impl IntoIterator<Item = Option<M>>,
    ) -> Self {
        self.with(name, Column::Media(Media::Image, into_options(rows)))
    }

    /// A `struct<bytes, path>` column declared as a plain struct.
    pub fn media_struct<M: Into<MediaCell>>(
        self,
        name: &str,
        rows: impl IntoIterator<Item = Option<M>>,
    ) -> Self {
        self.with(name, Column::Media(Media::Plain, into_options(rows)))
    }

    /// A list of `struct<bytes, path>` declared as a list of `Audio`.
    pub fn audio_list(self, name: &str, rows: Vec<Option<Vec<Option<MediaCell>>>>) -> Self {
        self.with(name, Column::MediaList(Media::Audio, rows))
    }

    /// A list of `struct<bytes, path>` declared as a list of `Image`.
    pub fn image_list(self, name: &str, rows: Vec<Option<Vec<Option<MediaCell>>>>) -> Self {
        self.with(name, Column::MediaList(Media::Image, rows))
    }

    /// A list of `struct<bytes, path>` declared as a list of plain structs.
    pub fn media_list(self, name: &str, rows: Vec<Option<Vec<Option<MediaCell>>>>) -> Self {
        self.with(name, Column::MediaList(Media::Plain, rows))
    }

    /// A `binary` column.
    pub fn binary<B: Into<Vec<u8>>>(
        self,
        name: &str,
        rows: impl IntoIterator<Item = Option<B>>,
    ) -> Self {
        self.with(name, Column::Binary(BinaryKind::Plain, into_options(rows)))
    }

    /// A `large_binary` column (64-bit offsets).
    pub fn large_binary<B: Into<Vec<u8>>>(
        self,
        name: &str,
        rows: impl IntoIterator<Item = Option<B>>,
    ) -> Self {
        self.with(name, Column::Binary(BinaryKind::Large, into_options(rows)))
    }

    /// A `binary_view` column.
    pub fn binary_view<B: Into<Vec<u8>>>(
        self,
        name: &str,
        rows: impl IntoIterator<Item = Option<B>>,
    ) -> Self {
        self.with(name, Column::Binary(BinaryKind::View, into_options(rows)))
    }

    /// A `string` column.
    pub fn text<S: Into<String>>(
        self,
        name: &str,
        rows: impl IntoIterator<Item = Option<S>>,
    ) -> Self {
        self.with(name, Column::Text(TextKind::Plain, into_options(rows)))
    }

    /// A `large_string` column (64-bit offsets).
    pub fn large_text<S: Into<String>>(
        self,
        name: &str,
        rows: impl IntoIterator<Item = Option<S>>,
    ) -> Self {
        self.with(name, Column::Text(TextKind::Large, into_options(rows)))
    }

    /// A `string_view` column.
    pub fn text_view<S: Into<String>>(
        self,
        name: &str,
        rows: impl IntoIterator<Item = Option<S>>,
    ) -> Self {
        self.with(name, Column::Text(TextKind::View, into_options(rows)))
    }

    /// A `list<string>` column.
    pub fn text_list(self, name: &str, rows: Vec<Option<Vec<Option<String>>>>) -> Self {
        self.with(name, Column::TextList(rows))
    }

    /// An `int64` column.
    pub fn integers(self, name: &str, rows: impl IntoIterator<Item = Option<i64>>) -> Self {
        self.with(name, Column::Integers(rows.into_iter().collect()))
    }

    /// A `float64` column.
    pub fn floats(self, name: &str, rows: impl IntoIterator<Item = Option<f64>>) -> Self {
        self.with(name, Column::Floats(rows.into_iter().collect()))
    }

    /// At most this many rows in a row group; 0 counts as 1.
    pub fn rows_per_group(mut self, rows: usize) -> Self {
        self.rows_per_group = rows.max(1);
        self
    }

    /// How pages are compressed.
    pub fn compression(mut self, compression: Compression) -> Self {
        self.compression = compression;
        self
    }

    /// Leaves out the `huggingface` metadata.
    pub fn without_features(mut self) -> Self {
        self.features = FeaturesMetadata::Absent;
        self
    }

    /// Writes this text as `huggingface` metadata, whatever the columns are.
    pub fn features_json(mut self, json: impl Into<String>) -> Self {
        self.features = FeaturesMetadata::Given(json.into());
        self
    }

    /// Leaves out the embedded Arrow schema, as writers other than Arrow do; large and view
    /// types read back as plain ones.
    pub fn without_arrow_schema(mut self) -> Self {
        self.has_arrow_schema = false;
        self
    }

    /// Puts `path` before `bytes` in media structs.
    pub fn path_first(mut self) -> Self {
        self.is_path_first = true;
        self
    }

    /// Writes the file, over what was there.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        std::fs::write(path, self.to_bytes()?).map_err(Error::io(path))
    }

    /// The file in memory.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let failed = |error: &dyn std::fmt::Display| Error::encode("Parquet")(error);
        let batch = self.record_batch()?;
        let features = batch
            .schema()
            .metadata()
            .get(features::METADATA_KEY)
            .cloned();
        let mut properties = WriterProperties::builder()
            .set_created_by("clearance-testkit".to_owned())
            .set_compression(self.compression.to_parquet()?)
            .set_max_row_group_row_count(Some(self.rows_per_group));
        if let Some(json) = features {
            // Arrow's C++ writer keeps schema metadata in the file metadata too; readers look there.
            let pair = KeyValue::new(features::METADATA_KEY.to_owned(), json);
            properties = properties.set_key_value_metadata(Some(vec![pair]));
        }
        let options = ArrowWriterOptions::new()
            .with_properties(properties.build())
            .with_skip_arrow_metadata(!self.has_arrow_schema);
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new_with_options(&mut bytes, batch.schema(), options)
            .map_err(|error| failed(&error))?;
        writer.write(&batch).map_err(|error| failed(&error))?;
        writer.close().map_err(|error| failed(&error))?;
        Ok(bytes)
    }

    fn record_batch(&self) -> Result<RecordBatch, Error> {
        let rows = self.columns.first().map_or(0, |(_, column)| column.len());
        if let Some((name, column)) = self.columns.iter().find(|(_, column)| column.len() != rows) {
            let length = column.len();
            return Err(Error::Params(format!(
                "column {name:?} has {length} rows instead of {rows}"
            )));
        }
        let mut fields = Vec::new();
        let mut arrays = Vec::new();
        for (name, column) in &self.columns {
            let array = column.to_array(self.is_path_first)?;
            fields.push(Field::new(name, array.data_type().clone(), true));
            arrays.push(array);
        }
        let metadata = match &self.features {
            FeaturesMetadata::Absent => None,
            FeaturesMetadata::Given(json) => Some(json.clone()),
            FeaturesMetadata::FromColumns => Some(features::to_json(&self.columns)),
        };
        let metadata: HashMap<String, String> = metadata
            .map(|json| (features::METADATA_KEY.to_owned(), json))
            .into_iter()
            .collect();
        let schema = Arc::new(Schema::new_with_metadata(fields, metadata));
        RecordBatch::try_new(schema, arrays).map_err(|error| Error::encode("Arrow batch")(&error))
    }
}

impl Compression {
    fn to_parquet(self) -> Result<basic::Compression, Error> {
        let failed = |error: parquet::errors::ParquetError| Error::encode("Parquet")(&error);
        Ok(match self {
            Self::None => basic::Compression::UNCOMPRESSED,
            Self::Snappy => basic::Compression::SNAPPY,
            Self::Zstd => basic::Compression::ZSTD(basic::ZstdLevel::try_new(3).map_err(failed)?),
            Self::Lz4 => basic::Compression::LZ4_RAW,
            Self::Brotli => basic::Compression::BROTLI(basic::BrotliLevel::default()),
            Self::Gzip => basic::Compression::GZIP(basic::GzipLevel::default()),
        })
    }
}

fn into_options<T: Into<U>, U>(rows: impl IntoIterator<Item = Option<T>>) -> Vec<Option<U>> {
    rows.into_iter().map(|row| row.map(Into::into)).collect()
}

#[cfg(test)]
mod tests;
