//! Copies of dataset files without some of their rows, as the bytes that they are written in.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use clearance_decode::{Reason, Unreadable};
use flate2::write::GzEncoder;

use super::form::Form;
use super::members::Members;
use super::records::Records;
use super::records_file::{Language, RecordsForm, is_row};
use super::separated;
use super::stream::{Codec, Stream};
use super::tar_file::{TarForm, row_of};
use super::{PlannedFile, records_file};
use crate::error::{Error, Result};

/// What happened to a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CopiedRows {
    /// Rows of the file.
    pub rows: u64,
    /// Rows that were left out of the copy.
    pub removed: u64,
}

impl PlannedFile {
    /// Why [`copy_rows`] cannot copy it, if so, and what to do instead.
    pub fn why_not_copied(&self) -> Option<&'static str> {
        match &self.form {
            Form::Records(_) | Form::Tar(_) if self.damage.is_some() => {
                Some("it is damaged: get the whole file again, and scan it")
            }
            Form::Records(_) | Form::Tar(_) => None,
            Form::Parquet => Some("Parquet is copied otherwise"),
            Form::Unknown => Some("it is damaged: get the whole file again, and scan it"),
            Form::Arrow(_) => Some(
                "a copy of Arrow files cannot be made: write the dataset as Parquet and scan that, or use --deny-list",
            ),
            Form::Folder(_) => Some(
                "a copy of a folder of media cannot be made: use --deny-list, which names its files",
            ),
        }
    }
}

impl PlannedFile {
    /// The names of rows that have one: the path of a file in a folder, what the files of a row share
    /// in an archive. Empty for other forms.
    pub fn row_names(&self, is_wanted: &dyn Fn(u64) -> bool) -> Result<Vec<(u64, String)>> {
        let mut names = Vec::new();
        match &self.form {
            Form::Folder(form) => {
                let rows = (0..).zip(form.paths()).filter(|(row, _)| is_wanted(*row));
                names.extend(rows.map(|(row, path)| (row, path.to_owned())));
            }
            Form::Tar(form) => {
                let stream = Stream::open(&self.path, form.codec).map_err(Error::io(&self.path))?;
                let mut members = Members::new(stream);
                let (mut rows, mut name) = (0, String::new());
                // What is damaged holds no further rows.
                while let Ok(Some(member)) = members.next() {
                    if let Some((row, _)) = row_of(&member)
                        && row != name
                    {
                        row.clone_into(&mut name);
                        if is_wanted(rows) {
                            names.push((rows, name.clone()));
                        }
                        rows += 1;
                    }
                }
            }
            _ => {}
        }
        Ok(names)
    }
}

/// Why a copy failed.
enum Failure {
    From(Unreadable),
    To(io::Error),
}

impl From<Unreadable> for Failure {
    fn from(unreadable: Unreadable) -> Self {
        Self::From(unreadable)
    }
}

type Copying<T> = std::result::Result<T, Failure>;

/// Copies a file of records or a tar archive to `to`, without the rows for which `is_removed`. All
/// other bytes stay as they are; what was compressed is compressed again. Nothing when it was
/// stopped; what is at `to` is then of no use.
pub fn copy_rows(
    file: &PlannedFile,
    to: &Path,
    is_removed: &dyn Fn(u64) -> bool,
    stop: &AtomicBool,
) -> Result<Option<CopiedRows>> {
    if let Some(reason) = file.why_not_copied() {
        return Err(Error::input(&file.path, reason));
    }
    let target = File::create(to).map_err(Error::io(to))?;
    let mut copy = Copy {
        is_removed,
        stop,
        copied: CopiedRows::default(),
    };
    let outcome = match &file.form {
        Form::Records(form) => Sink::new(target, form.codec)
            .map_err(Failure::To)
            .and_then(|mut sink| copy.records(&file.path, form, &mut sink).map(|()| sink)),
        Form::Tar(form) => Sink::new(target, form.codec)
            .map_err(Failure::To)
            .and_then(|mut sink| copy.tar(&file.path, form, &mut sink).map(|()| sink)),
        _ => return Ok(None),
    };
    let finished = outcome.and_then(|sink| sink.finish().map_err(Failure::To));
    match finished {
        Ok(()) if stop.load(Ordering::Relaxed) => Ok(None),
        Ok(()) => Ok(Some(copy.copied)),
        Err(Failure::To(error)) => Err(Error::io(to)(error)),
        Err(Failure::From(unreadable)) => Err(Error::Corrupt {
            path: file.path.clone(),
            detail: unreadable.to_string(),
        }),
    }
}

struct Copy<'a> {
    is_removed: &'a dyn Fn(u64) -> bool,
    stop: &'a AtomicBool,
    copied: CopiedRows,
}

impl Copy<'_> {
    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Counts a row. Returns whether it stays.
    fn stays(&mut self) -> bool {
        let row = self.copied.rows;
        self.copied.rows += 1;
        let is_removed = (self.is_removed)(row);
        self.copied.removed += u64::from(is_removed);
        !is_removed
    }

    fn records(&mut self, path: &Path, form: &RecordsForm, sink: &mut Sink) -> Copying<()> {
        let mut records = Records::new(
            records_file::open(path, form.codec)?,
            form.language.splitting(),
        );
        let mut buffer = Vec::new();
        let is_array = matches!(form.language, Language::Array);
        if let Language::Separated { dialect, columns } = &form.language {
            let named = separated::columns(&mut records, *dialect)?;
            let header = records.stream().position();
            // The names stay as they are, with what stands before them.
            if named == *columns && header > 0 {
                let head = records_file::open(path, form.codec)?;
                io::copy(&mut head.take(header), sink).map_err(Failure::To)?;
            }
        }
        if is_array {
            sink.write_all(b"[").map_err(Failure::To)?;
        }
        let mut is_first = true;
        while !self.is_stopped() {
            let next = records.next(&mut buffer);
            let Some(record) = next.map_err(|error| records.stream().damage(&error))? else {
                break;
            };
            if record.is_too_long {
                let detail = "a record is longer than what is taken into memory";
                return Err(Unreadable::new(
                    Reason::Limit,
                    format!("line {}: {detail}", record.line),
                )
                .into());
            }
            if is_row(&record, &buffer) && !self.stays() {
                continue;
            }
            if is_array {
                let between: &[u8] = if is_first { b"\n" } else { b",\n" };
                sink.write_all(between).map_err(Failure::To)?;
            }
            is_first = false;
            sink.write_all(&buffer).map_err(Failure::To)?;
        }
        if is_array {
            sink.write_all(b"\n]\n").map_err(Failure::To)?;
        }
        Ok(())
    }

    fn tar(&mut self, path: &Path, form: &TarForm, sink: &mut Sink) -> Copying<()> {
        let open = || Stream::open(path, form.codec);
        let unreadable = |error: io::Error| Unreadable::new(Reason::Io, error.kind().to_string());
        let mut members = Members::new(open().map_err(unreadable)?);
        // The same bytes once more, to be copied behind what is understood.
        let mut bytes = open().map_err(unreadable)?;
        let (mut name, mut stays) = (String::new(), true);
        while let Some(member) = members.next()? {
            if self.is_stopped() {
                return Ok(());
            }
            let row = row_of(&member);
            if let Some((row, _)) = &row
                && *row != name
            {
                (*row).clone_into(&mut name);
                stays = self.stays();
            }
            let before = member.offset.saturating_sub(bytes.position());
            bytes.skip(before).map_err(unreadable)?;
            if stays || row.is_none() {
                let length = members.end().saturating_sub(member.offset);
                io::copy(&mut bytes.by_ref().take(length), sink).map_err(Failure::To)?;
            }
        }
        // Two empty blocks end an archive.
        sink.write_all(&[0; 1024]).map_err(Failure::To)
    }
}

/// Where a copy is written, packed as the file was.
enum Sink {
    Plain(BufWriter<File>),
    Gzip(GzEncoder<BufWriter<File>>),
    Zstd(zstd::stream::write::Encoder<'static, BufWriter<File>>),
}

impl Sink {
    fn new(file: File, codec: Codec) -> io::Result<Self> {
        let file = BufWriter::new(file);
        Ok(match codec {
            Codec::Plain => Self::Plain(file),
            Codec::Gzip => Self::Gzip(GzEncoder::new(file, flate2::Compression::default())),
            Codec::Zstd => Self::Zstd(zstd::stream::write::Encoder::new(file, 0)?),
        })
    }

    fn finish(self) -> io::Result<()> {
        let mut file = match self {
            Self::Plain(file) => file,
            Self::Gzip(encoder) => encoder.finish()?,
            Self::Zstd(encoder) => encoder.finish()?,
        };
        file.flush()?;
        file.get_ref().sync_all()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.flush(),
            Self::Gzip(encoder) => encoder.flush(),
            Self::Zstd(encoder) => encoder.flush(),
        }
    }
}
