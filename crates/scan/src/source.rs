//! Datasets: the files behind the inputs, and the items in their rows.

mod arrow_file;
mod cells;
mod copying;
mod croissant;
mod expand;
mod folder;
mod form;
mod grouped;
mod in_memory;
mod input;
mod json;
mod links;
mod members;
mod parquet_file;
mod paths;
mod planning;
mod records;
mod records_file;
mod rows;
mod separated;
mod stream;
mod survey;
mod tar_file;

use std::path::{Path, PathBuf};

use arrow_schema::Schema;
use bytes::Bytes;
use clearance_decode::Unreadable;
use serde::{Deserialize, Serialize};

pub(crate) use cells::{Item, Payload};
pub use copying::{CopiedRows, copy_rows};
pub(crate) use expand::{DEEPEST, Loose, expand};
pub(crate) use form::Form;
pub use in_memory::BatchPlace;
pub(crate) use in_memory::{columns as batch_columns, read_batch};
pub use input::Input;
pub(crate) use input::length;
pub(crate) use parquet_file::{ParquetSource, corrupt};
pub(crate) use paths::{resolve, resolve_remote};
pub(crate) use planning::open;
pub(crate) use rows::{Opened, Request, RowsRead};

use crate::error::Result;
use crate::schema::{Declared, Holds, MediaColumn, Overrides, Sample, detect};
use crate::table::PrintedFile;

/// A dataset file, planned.
#[derive(Clone, Debug)]
pub struct PlannedFile {
    /// Where it is.
    pub path: PathBuf,
    /// How reports name it: the input as given, and the path below it.
    pub name: String,
    /// The columns that hold items; empty when none was recognized.
    pub columns: Vec<MediaColumn>,
    /// Columns with the addresses that rows came from, which are no items.
    pub(crate) origins: Vec<MediaColumn>,
    /// Names and types of all columns, for inspection.
    pub schema: Vec<(String, String)>,
    /// Rows of each row group; of each run of rows that is read as a whole in files without.
    pub row_groups: Vec<u64>,
    /// What identifies its contents.
    pub identity: FileIdentity,
    /// Why it cannot be read, or not to its end, if so.
    pub damage: Option<String>,
    /// What else is to be said of it: what was passed over.
    pub remarks: Vec<String>,
    /// How its rows are found.
    pub(crate) form: Form,
    /// Where its items stand in a fingerprint table, if that was given in its place.
    pub(crate) printed: Option<PrintedFile>,
}

impl PlannedFile {
    /// Whether the file stands in a fingerprint table of an earlier version, which does not say what
    /// items declare about their own use.
    pub fn lacks_declarations(&self) -> bool {
        let printed = self.printed.as_ref();
        printed.is_some_and(|printed| !printed.has_declarations)
    }

    /// Whether the file stands in a fingerprint table of an earlier version, which does not say what
    /// may be a picture of its own in a picture.
    pub fn lacks_regions(&self) -> bool {
        let printed = self.printed.as_ref();
        printed.is_some_and(|printed| !printed.has_regions)
    }

    /// Whether the file stands in a fingerprint table of an earlier version, which does not say how
    /// bright pictures are.
    pub fn lacks_tones(&self) -> bool {
        let printed = self.printed.as_ref();
        printed.is_some_and(|printed| !printed.has_tones)
    }

    /// Whether it has columns that hold items; others are looked up only.
    pub fn has_items(&self) -> bool {
        self.columns.iter().any(|it| it.holds != Holds::Origin)
    }

    /// Whether it is in an object store or on the web.
    pub(crate) fn is_remote(&self) -> bool {
        crate::remote::is_remote(&self.path)
    }

    /// All rows.
    pub fn rows(&self) -> u64 {
        self.row_groups.iter().sum()
    }

    /// Whether a fingerprint table stands for it.
    pub fn is_printed(&self) -> bool {
        self.printed.is_some()
    }

    /// Whether it is a Parquet file.
    pub fn is_parquet(&self) -> bool {
        matches!(self.form, Form::Parquet) && self.printed.is_none()
    }

    /// Whether it is a table in letters: JSON, CSV or TSV.
    pub(crate) fn is_text_table(&self) -> bool {
        matches!(self.form, Form::Records(_))
    }

    /// Whether it is a folder whose files are the rows.
    pub fn is_folder(&self) -> bool {
        matches!(self.form, Form::Folder(_))
    }

    /// Its form, as people call it: `Parquet`, `JSON Lines`, `CSV`, `tar`, `folder` and so on.
    pub fn form_name(&self) -> &'static str {
        self.form.name()
    }

    /// BLAKE3 of its bytes, hexadecimal; of a folder, of the names and bytes of its files.
    pub fn blake3(&self) -> Result<String> {
        let digest = match &self.form {
            // All bytes of this version were read when it was planned.
            form if self.has_whole_identity(form) => {
                return Ok(self.identity.footer_blake3.clone());
            }
            Form::Folder(form) => form.digest(&self.path)?,
            _ => crate::digests::file_digest(&self.path)?,
        };
        Ok(blake3::Hash::from_bytes(digest).to_hex().to_string())
    }

    /// Whether it is what was planned, now that it has this digest.
    pub(crate) fn is_unchanged(&self, blake3: &str) -> Result<bool> {
        match self.form {
            _ if self.is_remote() && !self.is_same_version()? => Ok(false),
            Form::Parquet => {
                let now = parquet_file::identity(&self.path)?;
                let known = &self.identity;
                Ok((now.bytes, &now.footer_blake3) == (known.bytes, &known.footer_blake3))
            }
            // A file that is gone has no digest; one that came later is no part of the plan.
            Form::Folder(_) => Ok(true),
            _ => Ok(self.identity.footer_blake3 == blake3),
        }
    }

    /// Whether it is a remote file whose identity is a digest of all its bytes, and whose version is
    /// known, so that they are the same whenever it is.
    fn has_whole_identity(&self, form: &Form) -> bool {
        let is_parquet = matches!(form, Form::Parquet);
        let has_version = self.identity.version.is_some();
        self.is_remote() && has_version && !is_parquet && self.printed.is_none()
    }

    /// Whether its store still has the version that was planned.
    fn is_same_version(&self) -> Result<bool> {
        let now = crate::remote::identity_now(&self.path)?;
        Ok(now.version == self.identity.version && now.bytes == self.identity.bytes)
    }

    /// The folder that paths in its cells are relative to.
    pub(crate) fn folder(&self) -> &Path {
        match self.form {
            Form::Folder(_) => &self.path,
            _ => self.path.parent().unwrap_or(Path::new("")),
        }
    }
}

/// What one reading of a file without a schema of its own says of it.
pub(crate) struct Surveyed {
    pub(crate) schema: Schema,
    /// First values of each column.
    pub(crate) samples: Vec<Sample>,
    /// Rows of each chunk.
    pub(crate) rows: Vec<u64>,
    pub(crate) damage: Option<Unreadable>,
    pub(crate) remarks: Vec<String>,
}

/// The columns of a file: those that hold items, those with addresses, and all of them by name and
/// type.
#[derive(Clone, Debug, Default)]
pub(crate) struct Detected {
    pub(crate) columns: Vec<MediaColumn>,
    pub(crate) origins: Vec<MediaColumn>,
    pub(crate) schema: Vec<(String, String)>,
}

/// Finds the columns of a schema that hold items.
pub(crate) fn detected(
    schema: &Schema,
    sample: &dyn Fn(usize) -> Sample,
    declared: &Declared,
    overrides: &Overrides,
) -> Result<Detected> {
    let columns = detect(schema, declared, overrides, sample)?;
    let (origins, columns) = columns
        .into_iter()
        .partition(|column| column.holds == Holds::Origin);
    let named = schema.fields().iter();
    let named = named.map(|field| (field.name().clone(), field.data_type().to_string()));
    Ok(Detected {
        columns,
        origins,
        schema: named.collect(),
    })
}

impl Detected {
    /// Puts the column of the files themselves before all others, of which it leaves the texts:
    /// addresses and paths beside a file say where it is or came from.
    pub(crate) fn put_first(&mut self, column: MediaColumn) {
        let others = std::mem::take(&mut self.columns);
        self.columns.push(column);
        for other in others {
            match other.holds {
                Holds::Path => {}
                Holds::Url => self.origins.push(MediaColumn {
                    holds: Holds::Origin,
                    because: "addresses that rows came from".to_owned(),
                    ..other
                }),
                _ => self.columns.push(other),
            }
        }
    }
}

/// What tells one version of a dataset file from another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileIdentity {
    /// Length in bytes.
    pub bytes: u64,
    /// BLAKE3 of the Parquet footer, hexadecimal: schema, statistics and the
    /// place and size of every column chunk, without reading the data itself. Of files in other
    /// forms, of all their bytes; of a folder, of the names and lengths of its files.
    pub footer_blake3: String,
    /// Of a file in an object store or on the web, what its server calls this version: the `ETag`,
    /// else the time of the last change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// Bytes of a cell that keep their batch alive instead of being copied.
pub(crate) fn shared_bytes(buffer: arrow_buffer::Buffer) -> Bytes {
    struct Shared(arrow_buffer::Buffer);
    impl AsRef<[u8]> for Shared {
        fn as_ref(&self) -> &[u8] {
            self.0.as_slice()
        }
    }
    Bytes::from_owner(Shared(buffer))
}

#[cfg(test)]
mod tests;
