//! Arrow IPC: files (also as `.feather`), and streams as the `datasets` library caches them.
//!
//! A file holds the same messages as a stream, between a first word and a footer. They are walked
//! from the front, so that the lengths they claim are checked before memory is taken.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_ipc::{Message, MessageHeader, root_as_message};
use arrow_schema::SchemaRef;
use clearance_decode::{Reason, Unreadable, guard};

use super::cells::{items, sample};
use super::rows::{Request, RowSource, RowsRead};
use super::{Input, Item, Surveyed};
use crate::schema::{Declared, SAMPLE_ROWS, Sample};

/// First word of a file, and the padding behind it.
const FILE_MAGIC: &[u8; 8] = b"ARROW1\0\0";
/// Where the first message of a file stands at last: writers fill up to their own alignment.
const MOST_PADDING: u64 = 512;
/// What stands before the length of a message since Arrow 0.15.
const CONTINUATION: u32 = u32::MAX;
/// Longest description of a message, in bytes.
const LONGEST_HEADER: u64 = 64 << 20;
/// Longest message, packed and unpacked, in bytes.
const LONGEST_BODY: u64 = 2 << 30;
/// Rows of a batch, at most.
const MOST_ROWS: i64 = 1 << 24;

/// A message in a file, from the word that says how long its description is.
#[derive(Clone, Copy, Debug)]
struct Frame {
    offset: u64,
    bytes: u64,
}

/// A batch of rows, and how many dictionaries stand before it.
#[derive(Clone, Copy, Debug)]
struct Batch {
    frame: Frame,
    rows: u64,
    dictionaries: usize,
}

/// Where the batches of a file are.
#[derive(Clone, Debug)]
pub(crate) struct ArrowForm {
    schema: Frame,
    dictionaries: Vec<Frame>,
    batches: Vec<Batch>,
}

/// Looks at the messages of a file, and at the first rows.
pub(crate) fn survey(path: &Path) -> Result<(Surveyed, ArrowForm, Declared), Unreadable> {
    let (form, damage) = guard(|| Walk::new(path)?.run())?;
    let mut source = ArrowSource::open(path, &form)?;
    let schema = source.schema()?;
    let first = form.batches.iter().position(|batch| batch.rows > 0);
    let mut samples = vec![Sample::default(); schema.fields().len()];
    if let Some(first) = first
        && let Ok(batch) = guard(|| source.batch(first))
    {
        for (array, samples) in batch.columns().iter().zip(&mut samples) {
            sample(array, SAMPLE_ROWS, samples);
        }
    }
    let declared = Declared::huggingface(schema.metadata().get("huggingface").map(String::as_str));
    let surveyed = Surveyed {
        schema: schema.as_ref().clone(),
        samples,
        rows: form.batches.iter().map(|batch| batch.rows).collect(),
        damage,
        remarks: Vec::new(),
    };
    Ok((surveyed, form, declared))
}

/// Walks the messages of a file.
struct Walk {
    file: Input,
    length: u64,
    at: u64,
    is_file: bool,
}

/// Why a walk ends before the file does.
type Damage = Option<Unreadable>;

impl Walk {
    fn new(path: &Path) -> Result<Self, Unreadable> {
        let mut file = Input::open(path).map_err(|error| unreadable(&error))?;
        let length = file.length().map_err(|error| unreadable(&error))?;
        let mut magic = [0; 8];
        let is_file = length >= 8 && {
            file.read_exact(&mut magic)
                .map_err(|error| unreadable(&error))?;
            &magic == FILE_MAGIC
        };
        if magic.starts_with(b"FEA1") {
            let detail = "Feather of the first version; write it again as Arrow or Parquet";
            return Err(Unreadable::new(Reason::Unsupported, detail));
        }
        Ok(Self {
            file,
            length,
            at: if is_file { 8 } else { 0 },
            is_file,
        })
    }

    /// Goes over what fills up the first word of a file.
    fn pass_padding(&mut self) -> Result<(), Unreadable> {
        let mut word = [0; 8];
        while self.is_file && self.at < MOST_PADDING && self.at + 8 <= self.length {
            self.read_at(self.at, &mut word)?;
            if word != [0; 8] {
                break;
            }
            self.at += 8;
        }
        Ok(())
    }

    fn run(mut self) -> Result<(ArrowForm, Damage), Unreadable> {
        self.pass_padding()?;
        let Some((schema, header)) = self.frame()? else {
            return Err(corrupt("no message in it"));
        };
        if message(&header)?.header_type() != MessageHeader::Schema {
            return Err(corrupt("the first message is no schema"));
        }
        let mut form = ArrowForm {
            schema,
            dictionaries: Vec::new(),
            batches: Vec::new(),
        };
        loop {
            let read = self.frame().and_then(|found| match found {
                Some((frame, header)) => self.add(&mut form, frame, &header).map(|()| true),
                None => Ok(false),
            });
            match read {
                Ok(true) => {}
                Ok(false) => return Ok((form, None)),
                Err(damage) => return Ok((form, Some(damage))),
            }
        }
    }

    fn add(&mut self, form: &mut ArrowForm, frame: Frame, header: &[u8]) -> Result<(), Unreadable> {
        let message = message(header)?;
        match message.header_type() {
            MessageHeader::DictionaryBatch => {
                let batch = message.header_as_dictionary_batch();
                self.check_buffers(frame, &message, batch.and_then(|batch| batch.data()))?;
                form.dictionaries.push(frame);
            }
            MessageHeader::RecordBatch => {
                let batch = message.header_as_record_batch();
                let rows = batch.map_or(0, |batch| batch.length());
                if !(0..=MOST_ROWS).contains(&rows) {
                    let detail = format!("arrow: a batch of {rows} rows");
                    return Err(Unreadable::new(Reason::Limit, detail));
                }
                self.check_buffers(frame, &message, batch)?;
                form.batches.push(Batch {
                    frame,
                    rows: rows as u64,
                    dictionaries: form.dictionaries.len(),
                });
            }
            _ => return Err(corrupt("a message of another kind")),
        }
        Ok(())
    }

    /// Holds the buffers of a batch to its body, and what they claim to unpack to, to the limit.
    fn check_buffers(
        &mut self,
        frame: Frame,
        message: &Message<'_>,
        batch: Option<arrow_ipc::RecordBatch<'_>>,
    ) -> Result<(), Unreadable> {
        let Some(batch) = batch else {
            return Err(corrupt("a message without contents"));
        };
        let body = u64::try_from(message.bodyLength()).unwrap_or_default();
        let start = frame.offset + frame.bytes - body;
        let mut unpacked = 0u64;
        for buffer in batch.buffers().into_iter().flatten() {
            let (Ok(offset), Ok(length)) = (
                u64::try_from(buffer.offset()),
                u64::try_from(buffer.length()),
            ) else {
                return Err(corrupt("a buffer of negative length"));
            };
            if offset.checked_add(length).is_none_or(|end| end > body) {
                return Err(corrupt("a buffer outside of its message"));
            }
            if batch.compression().is_some() && length >= 8 {
                let mut claimed = [0; 8];
                self.read_at(start + offset, &mut claimed)?;
                // -1 stands for a buffer that was left as it is.
                let claimed = u64::try_from(i64::from_le_bytes(claimed)).unwrap_or(length);
                unpacked = unpacked.saturating_add(claimed);
            }
        }
        if unpacked > LONGEST_BODY {
            let detail = format!("arrow: a batch that unpacks to {unpacked} bytes");
            return Err(Unreadable::new(Reason::Limit, detail));
        }
        Ok(())
    }

    /// The next message and its description; `None` at the end.
    fn frame(&mut self) -> Result<Option<(Frame, Vec<u8>)>, Unreadable> {
        let offset = self.at;
        if offset == self.length && !self.is_file {
            return Ok(None);
        }
        let mut word = [0; 4];
        self.read_at(offset, &mut word)?;
        let mut prefix = 4;
        if u32::from_le_bytes(word) == CONTINUATION {
            self.read_at(offset + 4, &mut word)?;
            prefix = 8;
        }
        let length = u64::from(u32::from_le_bytes(word));
        if length == 0 {
            return Ok(None);
        }
        if length > LONGEST_HEADER {
            return Err(corrupt("a message with an impossible description"));
        }
        if offset + prefix + length > self.length {
            return Err(ends_early());
        }
        let mut header = vec![0; length as usize];
        self.read_at(offset + prefix, &mut header)?;
        let body = u64::try_from(message(&header)?.bodyLength())
            .map_err(|_| corrupt("a message of negative length"))?;
        if body > LONGEST_BODY {
            let detail = format!("arrow: a message of {body} bytes");
            return Err(Unreadable::new(Reason::Limit, detail));
        }
        let end = offset + prefix + length + body;
        if end > self.length {
            return Err(ends_early());
        }
        self.at = end;
        let offset = offset + prefix - 4;
        let bytes = end - offset;
        Ok(Some((Frame { offset, bytes }, header)))
    }

    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> Result<(), Unreadable> {
        read_at(&mut self.file, offset, into)
    }
}

fn read_at(file: &mut Input, offset: u64, into: &mut [u8]) -> Result<(), Unreadable> {
    file.seek(SeekFrom::Start(offset))
        .and_then(|_| file.read_exact(into))
        .map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => ends_early(),
            _ => unreadable(&error),
        })
}

fn message(header: &[u8]) -> Result<Message<'_>, Unreadable> {
    root_as_message(header).map_err(|error| corrupt(&format!("a message that is none: {error}")))
}

fn corrupt(detail: &str) -> Unreadable {
    Unreadable::new(Reason::Corrupt, format!("arrow: {detail}"))
}

fn ends_early() -> Unreadable {
    corrupt("the file ends early; get the whole file again")
}

fn unreadable(error: &io::Error) -> Unreadable {
    Unreadable::new(Reason::Io, error.kind().to_string())
}

/// An Arrow file that is open.
pub(crate) struct ArrowSource {
    file: Input,
    form: ArrowForm,
    decoder: StreamDecoder,
    /// How many dictionaries the decoder knows.
    dictionaries: usize,
    /// Whether the decoder stands between two messages: after an error it is in the middle of one.
    is_between: bool,
}

impl ArrowSource {
    pub(crate) fn open(path: &Path, form: &ArrowForm) -> Result<Self, Unreadable> {
        let mut source = Self {
            file: Input::open(path).map_err(|error| unreadable(&error))?,
            form: form.clone(),
            decoder: StreamDecoder::new(),
            dictionaries: 0,
            is_between: true,
        };
        guard(|| source.begin())?;
        Ok(source)
    }

    fn begin(&mut self) -> Result<(), Unreadable> {
        (self.decoder, self.dictionaries) = (StreamDecoder::new(), 0);
        self.decode(self.form.schema).map(drop)
    }

    fn schema(&self) -> Result<SchemaRef, Unreadable> {
        let schema = self.decoder.schema();
        schema.ok_or_else(|| corrupt("the first message is no schema"))
    }

    fn batch(&mut self, number: usize) -> Result<RecordBatch, Unreadable> {
        let batch = self.form.batches.get(number).copied();
        let batch = batch.ok_or_else(|| corrupt("no such batch"))?;
        if !self.is_between || self.dictionaries > batch.dictionaries {
            self.begin()?;
        }
        while self.dictionaries < batch.dictionaries {
            let frame = self.form.dictionaries.get(self.dictionaries).copied();
            self.decode(frame.ok_or_else(|| corrupt("no such dictionary"))?)?;
            self.dictionaries += 1;
        }
        let decoded = self.decode(batch.frame)?;
        decoded.ok_or_else(|| corrupt("a message that holds no batch"))
    }

    fn decode(&mut self, frame: Frame) -> Result<Option<RecordBatch>, Unreadable> {
        let mut bytes = vec![0; frame.bytes as usize];
        read_at(&mut self.file, frame.offset, &mut bytes)?;
        // The decoder looks at a message without a body only when something follows: the word that
        // stands before the next one.
        bytes.extend_from_slice(&CONTINUATION.to_le_bytes());
        let mut buffer = Buffer::from_vec(bytes);
        self.is_between = false;
        let decoded = self.decoder.decode(&mut buffer);
        let decoded = decoded.map_err(|error| corrupt(&error.to_string()))?;
        self.is_between = true;
        Ok(decoded)
    }
}

impl RowSource for ArrowSource {
    fn read(
        &mut self,
        request: &Request<'_>,
        visit: &mut dyn FnMut(Item),
    ) -> Result<RowsRead, Unreadable> {
        let batch = match guard(|| self.batch(request.unit.group)) {
            Ok(batch) => batch,
            Err(unreadable) => return Ok((0, Some(unreadable.to_string()))),
        };
        let columns = request.file.columns.iter().enumerate();
        let arrays: Vec<_> = columns
            .filter_map(|(place, column)| Some((batch.columns().get(column.index)?, column, place)))
            .collect();
        items(&arrays, request.unit.first_row, visit);
        let rows = batch.num_rows() as u64;
        (request.count_rows)(rows);
        Ok((rows, None))
    }
}

#[cfg(test)]
mod tests;
