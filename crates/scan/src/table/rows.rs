//! The table's rows to items. Tables come from strangers: what could mislead a comparison is
//! refused, row by row.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float32Type, Float64Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, BinaryArray, RecordBatch};
use clearance_decode::{Media, Unreadable};
use clearance_index::Print;

use super::header::PrintedFile;
use super::{TEXT_NOT_KEPT, name, status};
use crate::plan::Unit;
use crate::reading::{ItemBytes, Reading as ItemReading, Trouble};
use crate::source::{Item, ParquetSource, Payload, PlannedFile, corrupt};
use crate::stated::{
    Stated, StatedItem, StatedPicture, StatedPoints, StatedPrint, StatedRecording, StatedSaid,
};

type Reading<T> = Result<T, Unreadable>;

/// Calls `visit` for the items of a row group of a dataset file. Returns how many of its rows could
/// be read, and why not all.
pub(crate) fn read_unit(
    printed: &PrintedFile,
    file: &PlannedFile,
    unit: Unit,
    is_stopped: &dyn Fn() -> bool,
    visit: &mut dyn FnMut(Item),
) -> (u64, Option<String>) {
    let Some(stored) = printed.units.get(unit.group) else {
        return (0, Some("corrupt: not in the fingerprint table".to_owned()));
    };
    let mut reader = UnitReader {
        file,
        unit,
        pending: None,
        row: unit.first_row,
        visit,
    };
    let outcome = clearance_decode::guard(|| {
        let source = ParquetSource::open(&printed.table)?;
        for group in stored.groups.clone() {
            reader.read_group(&source, group, is_stopped)?;
        }
        Ok(())
    });
    if let Err(unreadable) = outcome {
        return reader.broken(&unreadable);
    }
    reader.hand_over();
    (stored.rows_read.min(unit.rows), stored.damage.clone())
}

/// Reads the rows of one unit in order.
struct UnitReader<'a> {
    file: &'a PlannedFile,
    unit: Unit,
    /// The item that was read last; further frames of it may follow.
    pending: Option<Item>,
    /// The dataset row that was read last.
    row: u64,
    visit: &'a mut dyn FnMut(Item),
}

impl UnitReader<'_> {
    fn read_group(
        &mut self,
        source: &ParquetSource,
        group: usize,
        is_stopped: &dyn Fn() -> bool,
    ) -> Reading<()> {
        if group >= source.row_groups().len() {
            return Err(damaged("a row group is missing"));
        }
        let all: Vec<usize> = (0..source.column_count()).collect();
        for batch in source.batches(group, &all)? {
            if is_stopped() {
                return Ok(());
            }
            let batch = batch.map_err(|error| corrupt(&error))?;
            let rows = Rows::new(&batch)?;
            for at in 0..batch.num_rows() {
                self.read_row(&rows, at)?;
            }
        }
        Ok(())
    }

    fn read_row(&mut self, rows: &Rows<'_>, at: usize) -> Reading<()> {
        let row = u64::try_from(rows.row.value(at)).map_err(|_| damaged("a negative row"))?;
        let within = self.unit.first_row..self.unit.first_row + self.unit.rows;
        if !within.contains(&row) || row < self.row || text(rows.file, at) != self.file.name {
            return Err(damaged("rows are not in order"));
        }
        self.row = row;
        let column = text(rows.column, at);
        let columns = self.file.columns.iter();
        let column = columns.clone().position(|known| known.name == column);
        let column = column.ok_or_else(|| damaged("a column that is not announced"))?;
        let index = rows.item.value(at);
        if rows.frame.value(at) > 0 {
            return self.add_frame(rows, at, (row, column, index));
        }
        self.hand_over();
        self.pending = Some(Item {
            row,
            column,
            index,
            payload: Payload::Printed(rows.reading(at)),
        });
        Ok(())
    }

    fn add_frame(&mut self, rows: &Rows<'_>, at: usize, place: (u64, usize, i32)) -> Reading<()> {
        let item = self.pending.as_mut();
        let item = item.filter(|item| (item.row, item.column, item.index) == place);
        let item = item.ok_or_else(|| damaged("a frame of no picture"))?;
        match &mut item.payload {
            Payload::Printed(reading) => add_frame(reading, rows, at),
            _ => Ok(()),
        }
    }

    fn hand_over(&mut self) {
        if let Some(item) = self.pending.take() {
            (self.visit)(item);
        }
    }

    /// Ends at damage: the row that was read last may lack items, and all that follow do.
    fn broken(mut self, unreadable: &Unreadable) -> (u64, Option<String>) {
        self.pending = None;
        let reason = unreadable.to_string();
        (self.visit)(Item {
            row: self.row,
            column: 0,
            index: 0,
            payload: Payload::Printed(ItemReading::trouble(Trouble::Unreadable(reason.clone()))),
        });
        (self.row - self.unit.first_row, Some(reason))
    }
}

fn add_frame(reading: &mut ItemReading, rows: &Rows<'_>, at: usize) -> Reading<()> {
    // Where the first frame was refused, the item is.
    if let Ok(printed) = &mut reading.item {
        let Print::Image { further, .. } = &mut printed.print else {
            return Err(damaged("a frame of what is no picture"));
        };
        let (frame, _) = rows.picture(at)?.checked().map_err(damaged)?;
        further.push(frame);
    }
    Ok(())
}

fn damaged(detail: &str) -> Unreadable {
    corrupt(&format!("fingerprint table: {detail}"))
}

type Primitive<'b, T> = &'b arrow_array::PrimitiveArray<T>;

/// The columns of a batch, each of the type it must have.
struct Rows<'b> {
    file: &'b ArrayRef,
    row: Primitive<'b, Int64Type>,
    column: &'b ArrayRef,
    item: Primitive<'b, Int32Type>,
    frame: Primitive<'b, Int32Type>,
    status: &'b ArrayRef,
    reason: &'b ArrayRef,
    media: &'b ArrayRef,
    digest: &'b ArrayRef,
    /// Tables of earlier programs have none.
    bytes: Option<Primitive<'b, Int64Type>>,
    extent: Primitive<'b, Float64Type>,
    text: &'b ArrayRef,
    /// Tables of the first version have none.
    declarations: Option<&'b ArrayRef>,
    batch: &'b RecordBatch,
}

fn column<'b>(batch: &'b RecordBatch, name: &str) -> Reading<&'b ArrayRef> {
    let column = batch.column_by_name(name);
    column.ok_or_else(|| damaged(&format!("no column {name}")))
}

fn primitive<'b, T: ArrowPrimitiveType>(
    batch: &'b RecordBatch,
    name: &str,
) -> Reading<Primitive<'b, T>> {
    let column = column(batch, name)?.as_primitive_opt::<T>();
    column.ok_or_else(|| damaged(&format!("column {name} is of another type")))
}

/// A value that has to be there.
fn value<T: ArrowPrimitiveType>(batch: &RecordBatch, name: &str, at: usize) -> Reading<T::Native> {
    let column = primitive::<T>(batch, name)?;
    if column.is_null(at) {
        return Err(damaged(&format!("column {name} is empty")));
    }
    Ok(column.value(at))
}

/// A list that has to be there.
fn list<T: ArrowPrimitiveType>(
    batch: &RecordBatch,
    name: &str,
    at: usize,
) -> Reading<Vec<T::Native>> {
    let wrong = || damaged(&format!("column {name} is of another type"));
    let lists = column(batch, name)?
        .as_list_opt::<i32>()
        .ok_or_else(wrong)?;
    if lists.is_null(at) {
        return Err(damaged(&format!("column {name} is empty")));
    }
    let values = lists.value(at);
    let values = values.as_primitive_opt::<T>().ok_or_else(wrong)?;
    Ok(values.values().to_vec())
}

fn binary<'b>(batch: &'b RecordBatch, name: &str, at: usize) -> Reading<&'b [u8]> {
    let column: Option<&BinaryArray> = column(batch, name)?.as_binary_opt();
    let column = column.filter(|column| !column.is_null(at));
    let column = column.ok_or_else(|| damaged(&format!("column {name} is empty")))?;
    Ok(column.value(at))
}

/// [`binary`] of a column that tables of earlier programs do not have; empty in those.
fn later_column(batch: &RecordBatch, name: &str, at: usize) -> Reading<Vec<u8>> {
    match batch.column_by_name(name) {
        Some(_) => Ok(binary(batch, name, at)?.to_vec()),
        None => Ok(Vec::new()),
    }
}

/// The text in a cell; empty where there is none.
fn text(column: &ArrayRef, at: usize) -> &str {
    let texts = column.as_string_opt::<i32>();
    let texts = texts.filter(|texts| !texts.is_null(at));
    texts.map_or("", |texts| texts.value(at))
}

impl<'b> Rows<'b> {
    fn new(batch: &'b RecordBatch) -> Reading<Self> {
        let string = |name| {
            let column = column(batch, name)?;
            let is_text = column.as_string_opt::<i32>().is_some();
            is_text
                .then_some(column)
                .ok_or_else(|| damaged(&format!("column {name} is of another type")))
        };
        Ok(Self {
            file: string(name::FILE)?,
            row: primitive(batch, name::ROW)?,
            column: string(name::COLUMN)?,
            item: primitive(batch, name::ITEM)?,
            frame: primitive(batch, name::FRAME)?,
            status: string(name::STATUS)?,
            reason: string(name::REASON)?,
            media: string(name::MEDIA)?,
            digest: string(name::DIGEST)?,
            bytes: match batch.column_by_name(name::BYTES) {
                Some(_) => Some(primitive(batch, name::BYTES)?),
                None => None,
            },
            extent: primitive(batch, name::EXTENT)?,
            text: string(name::TEXT)?,
            declarations: match batch.column_by_name(name::DECLARATIONS) {
                Some(_) => Some(string(name::DECLARATIONS)?),
                None => None,
            },
            batch,
        })
    }

    /// What the row says of its item. Declarations that nobody can have written make it unreadable.
    fn reading(&self, at: usize) -> ItemReading {
        match self.said(at) {
            Ok(said) => {
                let item = self.item(at);
                Stated { item, said }.checked(&damaged)
            }
            Err(unreadable) => ItemReading::trouble(unreadable.into()),
        }
    }

    fn said(&self, at: usize) -> Reading<Option<StatedSaid>> {
        let Some(column) = self.declarations.filter(|column| !column.is_null(at)) else {
            return Ok(None);
        };
        let wrong = || damaged("impossible declarations");
        Ok(Some(StatedSaid {
            source: self.source(at).ok_or_else(wrong)?,
            media: text(self.media, at).parse::<Media>().map_err(|_| wrong())?,
            declarations: text(column, at).to_owned(),
        }))
    }

    /// What the row says of its item's bytes; `None` for what cannot be.
    fn source(&self, at: usize) -> Option<ItemBytes> {
        let digest = blake3::Hash::from_hex(text(self.digest, at)).ok()?;
        let bytes = self.bytes.filter(|column| !column.is_null(at));
        let length = bytes.map(|column| u64::try_from(column.value(at)));
        Some(ItemBytes {
            digest: *digest.as_bytes(),
            length: length.transpose().ok()?,
        })
    }

    /// What the row says of its item's contents.
    fn item(&self, at: usize) -> Result<StatedItem, Trouble> {
        let reason = || text(self.reason, at).to_owned();
        let partial = match text(self.status, at) {
            status::UNREADABLE => return Err(Trouble::Unreadable(reason())),
            status::SKIPPED => return Err(Trouble::Skipped(reason())),
            status::PARTIAL => Some(reason()),
            status::EXAMINED => None,
            _ => return Err(damaged("an unknown status").into()),
        };
        let print = self.print(at)?;
        let source = self
            .source(at)
            .ok_or_else(|| damaged("a digest or length that is none"))?;
        if self.extent.is_null(at) {
            return Err(damaged("an impossible extent").into());
        }
        Ok(StatedItem {
            source,
            extent: self.extent.value(at),
            partial,
            print,
        })
    }

    fn print(&self, at: usize) -> Result<StatedPrint, Trouble> {
        match text(self.media, at).parse::<Media>() {
            Ok(Media::Audio) => Ok(StatedPrint::Audio(self.recording(at)?)),
            Ok(Media::Image) => Ok(StatedPrint::Image(vec![self.picture(at)?])),
            Ok(Media::Text) if self.text.is_null(at) => {
                Err(Trouble::Skipped(TEXT_NOT_KEPT.to_owned()))
            }
            Ok(Media::Text) => Ok(StatedPrint::Text(text(self.text, at).to_owned())),
            Err(_) => Err(damaged("an unknown medium").into()),
        }
    }

    fn recording(&self, at: usize) -> Reading<StatedRecording> {
        Ok(StatedRecording {
            times: list::<UInt32Type>(self.batch, name::PEAK_TIME, at)?,
            bins: list::<UInt16Type>(self.batch, name::PEAK_BIN, at)?,
            ranks: list::<UInt8Type>(self.batch, name::PEAK_RANK, at)?,
            samples: value::<UInt64Type>(self.batch, name::SAMPLES, at)?,
        })
    }

    fn picture(&self, at: usize) -> Reading<StatedPicture> {
        let batch = self.batch;
        let hashes = column(batch, name::HASHES)?.as_fixed_size_binary_opt();
        let hashes = hashes.filter(|hashes| !hashes.is_null(at));
        Ok(StatedPicture {
            size_px: (
                value::<UInt32Type>(batch, name::WIDTH, at)?,
                value::<UInt32Type>(batch, name::HEIGHT, at)?,
            ),
            hashes: hashes.map_or(&[][..], |hashes| hashes.value(at)).to_vec(),
            quality: value::<UInt8Type>(batch, name::QUALITY, at)?,
            firm_bits: value::<UInt8Type>(batch, name::FIRM_BITS, at)?,
            flatness: value::<Float32Type>(batch, name::FLATNESS, at)?,
            points: self.points(at)?,
            regions: later_column(batch, name::REGIONS, at)?,
            tones: later_column(batch, name::TONES, at)?,
        })
    }

    fn points(&self, at: usize) -> Reading<StatedPoints> {
        let batch = self.batch;
        Ok(StatedPoints {
            x: list::<UInt16Type>(batch, name::POINT_X, at)?,
            y: list::<UInt16Type>(batch, name::POINT_Y, at)?,
            size: list::<UInt8Type>(batch, name::POINT_SIZE, at)?,
            angle: list::<UInt8Type>(batch, name::POINT_ANGLE, at)?,
            descriptors: binary(batch, name::POINT_DESCRIPTOR, at)?.to_vec(),
            doubts: binary(batch, name::POINT_DOUBTS, at)?.to_vec(),
        })
    }
}
