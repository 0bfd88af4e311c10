//! One column of one row group, copied without some rows or with some items made null.
//!
//! Works on values and levels as they are stored (Dremel encoding, as Parquet has it): no value is
//! converted, whatever it means.

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::column::writer::ColumnWriterImpl;
use parquet::data_type::DataType;
use parquet::errors::Result;
use parquet::file::writer::SerializedColumnWriter;
use parquet::schema::types::ColumnDescriptor;

use super::marks::RowMarks;

/// How the items of a column are made null in one of its leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nulling {
    /// Each row holds one item: its null is stored as definition level 0.
    Row,
    /// Each row holds a list of items: the null of an element is stored as this level.
    Element(i16),
}

/// What becomes of the rows of a column.
pub(super) struct LeafPlan<'a> {
    /// Marks of the row group, in order of row; rows count from its first.
    pub(super) marks: &'a RowMarks,
    /// Column among the marked ones, for nulling; otherwise marked rows are removed.
    pub(super) nulled: Option<(u16, Nulling)>,
    /// Rows read at a time.
    pub(super) batch_rows: usize,
}

/// Copies a column. Returns how many rows it has afterwards.
pub(super) fn copy(
    reader: ColumnReader,
    mut writer: SerializedColumnWriter<'_>,
    descriptor: &ColumnDescriptor,
    plan: &LeafPlan<'_>,
) -> Result<u64> {
    macro_rules! by_type {
        ($($variant:ident => $type:ident),*) => {
            match reader {
                $(ColumnReader::$variant(reader) => {
                    let writer = writer.typed::<parquet::data_type::$type>();
                    copy_typed(reader, writer, descriptor, plan)?
                })*
            }
        };
    }
    let rows = by_type!(
        BoolColumnReader => BoolType,
        Int32ColumnReader => Int32Type,
        Int64ColumnReader => Int64Type,
        Int96ColumnReader => Int96Type,
        FloatColumnReader => FloatType,
        DoubleColumnReader => DoubleType,
        ByteArrayColumnReader => ByteArrayType,
        FixedLenByteArrayColumnReader => FixedLenByteArrayType
    );
    writer.close()?;
    Ok(rows)
}

/// Values and levels of some whole rows.
struct Rows<T> {
    values: Vec<T>,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
}

impl<T> Rows<T> {
    fn new() -> Self {
        Self {
            values: Vec::new(),
            definitions: Vec::new(),
            repetitions: Vec::new(),
        }
    }

    fn clear(&mut self) {
        self.values.clear();
        self.definitions.clear();
        self.repetitions.clear();
    }
}

fn copy_typed<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    writer: &mut ColumnWriterImpl<'_, T>,
    descriptor: &ColumnDescriptor,
    plan: &LeafPlan<'_>,
) -> Result<u64> {
    let (deepest, nested) = (descriptor.max_def_level(), descriptor.max_rep_level() > 0);
    let (mut read, mut kept) = (Rows::<T::T>::new(), Rows::<T::T>::new());
    let (mut row, mut written) = (0u64, 0u64);
    loop {
        read.clear();
        kept.clear();
        let (records, _, levels) = reader.read_records(
            plan.batch_rows,
            Some(&mut read.definitions),
            Some(&mut read.repetitions),
            &mut read.values,
        )?;
        if records == 0 {
            return Ok(written);
        }
        let mut cursor = Cursor {
            plan,
            row,
            element: 0,
            fate: Fate::Keep,
        };
        let mut values = read.values.drain(..);
        for at in 0..levels {
            let repetition = if nested { read.repetitions[at] } else { 0 };
            let definition = if deepest > 0 { read.definitions[at] } else { 0 };
            let value = (definition == deepest).then(|| values.next()).flatten();
            let first_of_row = repetition == 0;
            let Some(definition) = cursor.step(repetition, definition, at > 0) else {
                continue;
            };
            written += u64::from(first_of_row);
            kept.repetitions.push(repetition);
            kept.definitions.push(definition);
            if definition == deepest {
                kept.values.extend(value);
            }
        }
        row += records as u64;
        let definitions = (deepest > 0).then_some(&kept.definitions[..]);
        let repetitions = nested.then_some(&kept.repetitions[..]);
        if !kept.repetitions.is_empty() {
            writer.write_batch(&kept.values, definitions, repetitions)?;
        }
    }
}

/// What becomes of the level at hand and of those that belong to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Keep,
    /// Not written.
    Drop,
    /// Written as a null of this level, and what follows of it not written.
    Null(i16),
}

/// Walks over the levels of a column and knows where it is.
struct Cursor<'a> {
    plan: &'a LeafPlan<'a>,
    row: u64,
    element: i32,
    fate: Fate,
}

impl Cursor<'_> {
    /// The definition level to write, or nothing when the level is left out.
    fn step(&mut self, repetition: i16, definition: i16, later: bool) -> Option<i16> {
        if repetition == 0 {
            self.row += u64::from(later);
            self.element = 0;
        } else if repetition == 1 {
            self.element += 1;
        }
        let unit = match self.plan.nulled {
            Some((_, Nulling::Element(_))) => 1,
            _ => 0,
        };
        if repetition > unit {
            // It belongs to what came before it.
            return (self.fate == Fate::Keep).then_some(definition);
        }
        self.fate = self.decide(definition);
        match self.fate {
            Fate::Keep => Some(definition),
            Fate::Drop => None,
            Fate::Null(level) => Some(level.min(definition)),
        }
    }

    fn decide(&self, definition: i16) -> Fate {
        let Some((column, nulling)) = self.plan.nulled else {
            let gone = self.plan.marks.has_row(self.row);
            return if gone { Fate::Drop } else { Fate::Keep };
        };
        match nulling {
            Nulling::Row if self.plan.marks.has_item(self.row, column, None) => Fate::Null(0),
            // A list without elements has a level of its own, below that of an element.
            Nulling::Element(level)
                if definition >= level
                    && self
                        .plan
                        .marks
                        .has_item(self.row, column, Some(self.element)) =>
            {
                Fate::Null(level)
            }
            _ => Fate::Keep,
        }
    }
}
