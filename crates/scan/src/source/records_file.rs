//! JSON Lines, JSON arrays, and values separated by commas or tabs: a record a row.

use std::path::Path;

use arrow_schema::{DataType, Schema};
use clearance_decode::{Reason, Unreadable};

use super::cells::Payload;
use super::json;
use super::records::{LONGEST_RECORD, Record, Records, Splitting};
use super::rows::{Request, RowSource, RowsRead};
use super::separated::{self, Dialect};
use super::stream::{Codec, Stream};
use super::survey::{Chunk, Chunker, Survey};
use super::{Item, Surveyed};
use crate::schema::MediaColumn;

/// Rows of a chunk, at most.
const CHUNK_ROWS: u64 = 16_384;
/// Bytes of a chunk, at most; a single row may be longer.
const CHUNK_BYTES: u64 = 64 << 20;
/// Rows are told of when there are so many of them.
const COUNTED_ROWS: u64 = 256;

/// How the records of a file are found and read.
#[derive(Clone, Debug)]
pub(crate) struct RecordsForm {
    pub(crate) codec: Codec,
    pub(crate) language: Language,
    chunks: Vec<Chunk>,
}

/// What a record is written in.
#[derive(Clone, Debug)]
pub(crate) enum Language {
    /// A JSON object a line.
    Lines,
    /// The objects of one JSON array.
    Array,
    /// Separated values, with the names of the columns.
    Separated {
        dialect: Dialect,
        columns: Vec<String>,
    },
}

impl RecordsForm {
    pub(crate) fn name(&self) -> &'static str {
        match &self.language {
            Language::Lines => "JSON Lines",
            Language::Array => "JSON",
            Language::Separated { dialect, .. } if dialect.delimiter == b'\t' => "TSV",
            Language::Separated { .. } => "CSV",
        }
    }
}

impl Language {
    pub(crate) fn splitting(&self) -> Splitting {
        match self {
            Self::Lines => Splitting::Lines,
            Self::Array => Splitting::Elements,
            Self::Separated { dialect, .. } => dialect.splitting(),
        }
    }
}

/// Reads JSON once: its columns, and where its chunks begin.
pub(crate) fn survey_json(
    path: &Path,
    codec: Codec,
    is_array: bool,
) -> Result<(Surveyed, RecordsForm), Unreadable> {
    let language = if is_array {
        Language::Array
    } else {
        Language::Lines
    };
    let records = Records::new(open(path, codec)?, language.splitting());
    let mut survey = Survey::default();
    let (chunks, damage) = walk(records, &mut |record| {
        // What is no JSON is a row that cannot be read.
        json::survey_object(record, &mut survey).ok();
    });
    let remarks = remarks(&survey);
    let (schema, samples) = survey.finish();
    let surveyed = Surveyed {
        schema,
        samples,
        rows: chunks.iter().map(|chunk| chunk.rows).collect(),
        damage,
        remarks,
    };
    let form = RecordsForm {
        codec,
        language,
        chunks,
    };
    Ok((surveyed, form))
}

/// Reads separated values once.
pub(crate) fn survey_separated(
    path: &Path,
    codec: Codec,
    is_tab: bool,
) -> Result<(Surveyed, RecordsForm), Unreadable> {
    let dialect = Dialect::detect(&mut open(path, codec)?, is_tab)?;
    let mut records = Records::new(open(path, codec)?, dialect.splitting());
    let columns = separated::columns(&mut records, dialect)?;
    let mut survey = Survey::default();
    let places: Vec<Option<usize>> = columns.iter().map(|name| survey.column(name)).collect();
    let mut parser = separated::Parser::new(dialect);
    let (chunks, damage) = walk(records, &mut |record| {
        for (cell, place) in parser.cells(record).zip(&places) {
            let (Some(place), Ok(text)) = (*place, std::str::from_utf8(cell)) else {
                continue;
            };
            if !text.is_empty() {
                survey.count(place, super::survey::Kind::Text);
                if survey.is_wanted(place) {
                    survey.see_text(place, text);
                }
            }
        }
    });
    let remarks = remarks(&survey);
    let (schema, samples) = survey.finish();
    let surveyed = Surveyed {
        schema: with_texts(&schema),
        samples,
        rows: chunks.iter().map(|chunk| chunk.rows).collect(),
        damage,
        remarks,
    };
    let form = RecordsForm {
        codec,
        language: Language::Separated { dialect, columns },
        chunks,
    };
    Ok((surveyed, form))
}

/// Cells are texts, those of an empty column too.
fn with_texts(schema: &Schema) -> Schema {
    let fields = schema.fields().iter().map(|field| {
        let field = field.as_ref().clone();
        match field.data_type() {
            DataType::Null => field.with_data_type(DataType::Utf8),
            _ => field,
        }
    });
    Schema::new(fields.collect::<Vec<_>>())
}

fn remarks(survey: &Survey) -> Vec<String> {
    let more = survey.has_more;
    more.then(|| {
        "it has more columns than are told apart; the others were not looked at".to_owned()
    })
    .into_iter()
    .collect()
}

pub(super) fn open(path: &Path, codec: Codec) -> Result<Stream, Unreadable> {
    Stream::open(path, codec).map_err(|error| Unreadable::new(Reason::Io, error.kind().to_string()))
}

/// Reads all records that are rows. Returns their chunks, and why the file ends early if it does.
fn walk(mut records: Records, visit: &mut dyn FnMut(&[u8])) -> (Vec<Chunk>, Option<Unreadable>) {
    let mut chunker = Chunker::new(CHUNK_ROWS, CHUNK_BYTES);
    let mut buffer = Vec::new();
    loop {
        match records.next(&mut buffer) {
            Ok(Some(record)) => {
                if is_row(&record, &buffer) {
                    chunker.add_row(record.offset, record.line);
                    if !record.is_too_long {
                        visit(trimmed(&record, &buffer));
                    }
                }
            }
            Ok(None) => return (chunker.finish(), None),
            Err(error) => {
                let damage = records.stream().damage(&error);
                return (chunker.finish(), Some(damage));
            }
        }
    }
}

/// Blank lines are no rows.
pub(crate) fn is_row(record: &Record, bytes: &[u8]) -> bool {
    record.is_too_long || !trimmed(record, bytes).trim_ascii().is_empty()
}

/// A record without the mark before UTF-8 and without its line end.
fn trimmed<'a>(record: &Record, bytes: &'a [u8]) -> &'a [u8] {
    let bytes = match record.offset {
        0 => bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes),
        _ => bytes,
    };
    separated::without_end(bytes)
}

/// A file of records that is open.
pub(crate) struct RecordSource {
    records: Records,
    form: RecordsForm,
    buffer: Vec<u8>,
    parser: Option<separated::Parser>,
}

impl RecordSource {
    pub(crate) fn open(path: &Path, form: &RecordsForm) -> Result<Self, Unreadable> {
        let parser = match &form.language {
            Language::Separated { dialect, .. } => Some(separated::Parser::new(*dialect)),
            _ => None,
        };
        Ok(Self {
            records: Records::new(open(path, form.codec)?, form.language.splitting()),
            form: form.clone(),
            buffer: Vec::new(),
            parser,
        })
    }

    /// The items of the record in the buffer, by column and position in a list.
    fn items(
        &mut self,
        record: &Record,
        columns: &[MediaColumn],
    ) -> Result<Vec<(usize, i32, Payload)>, Unreadable> {
        if record.is_too_long {
            let detail = format!("longer than {} MiB", LONGEST_RECORD >> 20);
            return Err(Unreadable::new(Reason::Limit, detail));
        }
        let bytes = trimmed(record, &self.buffer);
        let mut items = Vec::new();
        if let (Language::Separated { columns: names, .. }, Some(parser)) =
            (&self.form.language, &mut self.parser)
        {
            let cells = parser.row(bytes, names.len())?;
            for (place, column) in columns.iter().enumerate() {
                let cell = cells.get(column.index).copied().unwrap_or_default();
                if cell.is_empty() {
                    continue;
                }
                let payload = match std::str::from_utf8(cell) {
                    Ok(text) => json::text_payload(text.to_owned(), column.holds),
                    Err(_) => Payload::Broken(not_utf8()),
                };
                items.push((place, 0, payload));
            }
            return Ok(items);
        }
        let names: Vec<&str> = columns.iter().map(|it| it.name.as_str()).collect();
        let values = json::values(bytes, &names)?;
        for (place, value) in values.into_iter().enumerate() {
            let (Some(value), Some(column)) = (value, columns.get(place)) else {
                continue;
            };
            json::items(value, column, &mut |index, payload| {
                items.push((place, index, payload));
            });
        }
        Ok(items)
    }
}

fn not_utf8() -> Unreadable {
    Unreadable::new(Reason::Corrupt, "not UTF-8; convert the file")
}

impl RowSource for RecordSource {
    fn read(
        &mut self,
        request: &Request<'_>,
        visit: &mut dyn FnMut(Item),
    ) -> Result<RowsRead, Unreadable> {
        let chunk = self.form.chunks.get(request.unit.group).copied();
        let Some(chunk) = chunk else {
            return Ok((0, Some("corrupt: no such chunk".to_owned())));
        };
        let damage = |records: &Records, error: &std::io::Error| {
            Some(records.stream().damage(error).to_string())
        };
        if let Err(error) = self.records.go_to(chunk.offset, chunk.line) {
            return Ok((0, damage(&self.records, &error)));
        }
        let mut rows = 0;
        let mut counted = 0;
        while request.goes_on(rows) {
            let record = match self.records.next(&mut self.buffer) {
                Ok(Some(record)) => record,
                Ok(None) => {
                    return Ok((rows, Some("corrupt: fewer rows than before".to_owned())));
                }
                Err(error) => return Ok((rows, damage(&self.records, &error))),
            };
            if !is_row(&record, &self.buffer) {
                continue;
            }
            let row = request.unit.first_row + rows;
            match self.items(&record, &request.file.columns) {
                Ok(items) => {
                    for (column, index, payload) in items {
                        visit(Item {
                            row,
                            column,
                            index,
                            payload: payload.on_line(record.line),
                        });
                    }
                }
                Err(unreadable) => visit(Item {
                    row,
                    column: request.first_column(),
                    index: 0,
                    payload: Payload::Broken(unreadable).on_line(record.line),
                }),
            }
            rows += 1;
            if rows - counted >= COUNTED_ROWS {
                (request.count_rows)(rows - counted);
                counted = rows;
            }
        }
        (request.count_rows)(rows - counted);
        Ok((rows, None))
    }
}
