//! A dataset file, planned: its form, its chunks and its columns.

use std::path::Path;
use std::sync::Arc;

use clearance_decode::{Reason, Unreadable, guard};

use super::expand::Found;
use super::form::{Form, JsonForm, Named, json_form};
use super::stream::Codec;
use super::{
    Detected, FileIdentity, PlannedFile, Surveyed, arrow_file, detected, folder, length,
    parquet_file, records_file, tar_file,
};
use crate::digests::file_blake3;
use crate::error::{Error, Result};
use crate::remote;
use crate::schema::{Declared, Overrides};
use crate::table;

/// Plans a file or folder. What is not sound is planned with its damage named; a fingerprint table is
/// planned as the files that it was made of.
pub(crate) fn open(found: &Found, overrides: &Overrides) -> Result<Vec<PlannedFile>> {
    let path = &found.path;
    let planned = match found.named {
        None => vec![folder(found, overrides)?],
        Some(Named::Parquet) => parquet(found, overrides)?,
        Some(named) => {
            // The digest reads what the survey reads at the same time.
            let (surveyed, identity) =
                rayon::join(|| survey(path, named, overrides), || whole_file(path));
            vec![surveyed?.into_file(found, identity?)]
        }
    };
    // What a network withheld is no damage.
    remote::check([path.as_path()])?;
    Ok(planned)
}

fn parquet(found: &Found, overrides: &Overrides) -> Result<Vec<PlannedFile>> {
    let path = &found.path;
    let version = version(path)?;
    let identity = parquet_file::identity(path);
    remote::check([path.as_path()])?;
    let identity = FileIdentity {
        version,
        ..identity?
    };
    if let Some(files) = table::planned(path, &identity, overrides)? {
        return Ok(files);
    }
    let planned = match parquet_file::survey(path, overrides) {
        Ok((rows, detected)) => Planned {
            detected: detected?,
            rows,
            damage: None,
            remarks: Vec::new(),
            form: Form::Parquet,
        },
        Err(unreadable) => Planned::damaged(&unreadable, Form::Parquet),
    };
    Ok(vec![planned.into_file(found, identity)])
}

fn folder(found: &Found, overrides: &Overrides) -> Result<PlannedFile> {
    let surveyed = folder::survey(&found.path, overrides)?.ok_or_else(|| {
        Error::input(
            &found.path,
            "no dataset here: no Parquet, Arrow, JSON Lines, CSV, TSV or tar file, and no media",
        )
    })?;
    let planned = Planned {
        detected: surveyed.detected,
        rows: surveyed.rows,
        damage: None,
        remarks: surveyed.remarks,
        form: Form::Folder(Arc::new(surveyed.form)),
    };
    Ok(planned.into_file(found, surveyed.identity))
}

/// What identifies a file that has no footer.
fn whole_file(path: &Path) -> Result<FileIdentity> {
    Ok(FileIdentity {
        bytes: length(path)?,
        footer_blake3: file_blake3(path)?,
        version: version(path)?,
    })
}

/// What its server calls the version of a remote file that is read.
fn version(path: &Path) -> Result<Option<String>> {
    if remote::is_remote(path) {
        remote::planned_version(path)
    } else {
        Ok(None)
    }
}

fn survey(path: &Path, named: Named, overrides: &Overrides) -> Result<Planned> {
    let outcome = match named {
        Named::Tar(codec) => return tar(path, codec, overrides),
        Named::Arrow => arrow(path),
        Named::JsonLines(codec) => json(path, codec, false),
        Named::Json(codec) => match json_form(path, codec) {
            Ok(JsonForm::Spread) => Err(Unreadable::new(
                Reason::Unsupported,
                "no rows: write them as lines of JSON, or as one array of objects",
            )),
            Ok(form) => json(path, codec, form == JsonForm::Array),
            Err(error) => Err(Unreadable::new(Reason::Io, error.kind().to_string())),
        },
        Named::Separated { codec, is_tab } => guard(|| {
            let (surveyed, form) = records_file::survey_separated(path, codec, is_tab)?;
            Ok((surveyed, Form::Records(Arc::new(form)), Declared::default()))
        }),
        Named::Parquet => Err(Unreadable::new(Reason::Unrecognized, "Parquet")),
    };
    let (surveyed, form, declared) = match outcome {
        Ok(found) => found,
        Err(unreadable) => return Ok(Planned::damaged(&unreadable, Form::Unknown)),
    };
    let samples = surveyed.samples;
    let sample = |index: usize| samples.get(index).cloned().unwrap_or_default();
    Ok(Planned {
        detected: detected(&surveyed.schema, &sample, &declared, overrides)?,
        rows: surveyed.rows,
        damage: surveyed.damage,
        remarks: surveyed.remarks,
        form,
    })
}

type Read = (Surveyed, Form, Declared);

fn json(path: &Path, codec: Codec, is_array: bool) -> std::result::Result<Read, Unreadable> {
    guard(|| {
        let (surveyed, form) = records_file::survey_json(path, codec, is_array)?;
        Ok((surveyed, Form::Records(Arc::new(form)), Declared::default()))
    })
}

fn arrow(path: &Path) -> std::result::Result<Read, Unreadable> {
    let (surveyed, form, declared) = arrow_file::survey(path)?;
    Ok((surveyed, Form::Arrow(Arc::new(form)), declared))
}

fn tar(path: &Path, codec: Codec, overrides: &Overrides) -> Result<Planned> {
    let surveyed = tar_file::survey(path, codec, overrides)?;
    Ok(Planned {
        detected: surveyed.detected,
        rows: surveyed.rows,
        damage: surveyed.damage,
        remarks: surveyed.remarks,
        form: Form::Tar(Arc::new(surveyed.form)),
    })
}

/// A planned file before its name and identity.
struct Planned {
    detected: Detected,
    rows: Vec<u64>,
    damage: Option<Unreadable>,
    remarks: Vec<String>,
    form: Form,
}

impl Planned {
    fn damaged(unreadable: &Unreadable, form: Form) -> Self {
        Self {
            detected: Detected::default(),
            rows: Vec::new(),
            damage: Some(unreadable.clone()),
            remarks: Vec::new(),
            form,
        }
    }

    fn into_file(self, found: &Found, identity: FileIdentity) -> PlannedFile {
        PlannedFile {
            path: found.path.clone(),
            name: found.name.clone(),
            columns: self.detected.columns,
            origins: self.detected.origins,
            schema: self.detected.schema,
            row_groups: self.rows,
            identity,
            damage: self.damage.map(|unreadable| unreadable.to_string()),
            remarks: self.remarks,
            form: self.form,
            printed: None,
        }
    }
}
