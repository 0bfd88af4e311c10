//! Rows of a dataset file, whatever its form.

use clearance_decode::{Reason, Unreadable};

use super::form::Form;
use super::records_file::RecordSource;
use super::{Item, ParquetSource, PlannedFile, arrow_file, folder, tar_file};
use crate::plan::Unit;
use crate::table;

/// Rows that were read, and why not all that were asked for.
pub(crate) type RowsRead = (u64, Option<String>);

/// What is asked of a file: the items of a unit's rows.
pub(crate) struct Request<'a> {
    pub(crate) file: &'a PlannedFile,
    pub(crate) unit: Unit,
    /// Rows from the unit's first on; a few more may be read.
    pub(crate) wanted: u64,
    /// Largest item that is taken into memory.
    pub(crate) item_bytes: u64,
    pub(crate) is_stopped: &'a dyn Fn() -> bool,
    /// Told of rows that were read, some at a time.
    pub(crate) count_rows: &'a dyn Fn(u64),
}

impl Request<'_> {
    /// Whether more rows are to be read after so many.
    pub(crate) fn goes_on(&self, rows: u64) -> bool {
        rows < self.wanted.min(self.unit.rows) && !(self.is_stopped)()
    }

    /// The column that trouble of a whole row is told of.
    pub(crate) fn first_column(&self) -> usize {
        let columns = &self.file.columns;
        let items = columns
            .iter()
            .position(|column| column.holds != crate::schema::Holds::Origin);
        items.unwrap_or(0)
    }
}

/// A dataset file that is open. Units may be asked for in any order; those that follow one another
/// are read without going back.
pub(crate) trait RowSource {
    /// Hands out the items of a unit's rows, row by row.
    fn read(
        &mut self,
        request: &Request<'_>,
        visit: &mut dyn FnMut(Item),
    ) -> Result<RowsRead, Unreadable>;
}

/// The file of a plan that was read last, still open.
#[derive(Default)]
pub(crate) struct Opened {
    source: Option<(usize, Box<dyn RowSource>)>,
}

impl Opened {
    /// Hands out the items of a unit's rows. Returns how many rows could be read, and why not all.
    pub(crate) fn read(&mut self, request: &Request<'_>, visit: &mut dyn FnMut(Item)) -> RowsRead {
        if request.file.columns.is_empty() {
            (request.count_rows)(request.unit.rows);
            return (request.unit.rows, None);
        }
        if let Some(printed) = &request.file.printed {
            let stopped = request.is_stopped;
            let read = table::read_unit(printed, request.file, request.unit, stopped, visit);
            (request.count_rows)(read.0);
            return read;
        }
        // A panic of a library is damage of the file.
        let read = clearance_decode::guard(|| {
            let source = match self.source.take() {
                Some((file, source)) if file == request.unit.file => source,
                _ => open(request.file)?,
            };
            let (_, source) = self.source.insert((request.unit.file, source));
            source.read(request, visit)
        });
        read.unwrap_or_else(|unreadable| {
            self.source = None;
            (0, Some(unreadable.to_string()))
        })
    }
}

fn open(file: &PlannedFile) -> Result<Box<dyn RowSource>, Unreadable> {
    Ok(match &file.form {
        Form::Parquet => Box::new(ParquetSource::open(&file.path)?),
        Form::Unknown => {
            let damage = file.damage.clone().unwrap_or_default();
            return Err(Unreadable::new(Reason::Corrupt, damage));
        }
        Form::Records(form) => Box::new(RecordSource::open(&file.path, form)?),
        Form::Arrow(form) => Box::new(arrow_file::ArrowSource::open(&file.path, form)?),
        Form::Tar(form) => Box::new(tar_file::TarSource::open(&file.path, form)?),
        Form::Folder(form) => Box::new(folder::FolderSource::new(&file.path, form)),
    })
}
