//! A dataset to its fingerprint table.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clearance_decode::Limits;
use clearance_index::Print;
use crossbeam_channel::Receiver;

use super::beside;
use super::columns::batch;
use super::header::{Header, HeaderUnit};
use super::join::join;
use super::part::PartWriter;
use crate::checkpoint::{Checkpoint, print_key};
use crate::error::{Error, Result};
use crate::isolation::{DecoderPool, Isolation};
use crate::pipeline::{Examine, Gathered, Held, Message, Placed, Watch, run};
use crate::plan::{Plan, Unit};
use crate::progress::Progress;
use crate::reading::{Reader, Reading, Trouble};
use crate::schema::MediaColumn;
use crate::signers::TrustedSigners;
use crate::source::Item;

/// Settings of a fingerprint table.
#[derive(Clone, Debug)]
pub struct TableOptions {
    /// Bounds on each item.
    pub limits: Limits,
    /// Folders outside the dataset that paths may lead to.
    pub media_roots: Vec<PathBuf>,
    /// Whether the texts themselves are kept: texts are compared letter by letter, so without them
    /// a scan of the table skips them.
    pub texts: bool,
    /// Whose signatures of C2PA manifests are trusted; without it none is checked. A scan of the
    /// table finds what was found then.
    pub signers: Option<Arc<TrustedSigners>>,
    /// Decodes in processes of its own.
    pub isolation: Option<Isolation>,
}

impl TableOptions {
    fn reader(&self) -> Reader<'_> {
        Reader {
            limits: &self.limits,
            media_roots: &self.media_roots,
            // Facts about the bytes, whatever a scan asks of them.
            declarations: true,
            signers: self.signers.as_deref().map(|it| &it.signers),
            decoders: None,
        }
    }

    fn decoders(&self) -> Result<Option<DecoderPool>> {
        let pem = self.signers.as_ref().map_or("", |signers| &signers.pem);
        let start = |isolation| DecoderPool::start(isolation, &self.reader(), pem);
        self.isolation.as_ref().map(start).transpose()
    }
}

/// What a table was made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TableTotals {
    /// Whether it was stopped before the end; what is done so far is kept, and there is no table.
    pub stopped: bool,
    /// Rows of the dataset.
    pub rows: u64,
    /// Rows that its files did not give up.
    pub rows_unread: u64,
    /// Items that were fingerprinted.
    pub examined: u64,
    /// Items that could not be read; they stand in the table with their reasons.
    pub unreadable: u64,
    /// Items that were left aside, the same way.
    pub skipped: u64,
    /// Bytes of the table.
    pub bytes: u64,
}

impl TableTotals {
    pub(super) fn add(&mut self, unit: &HeaderUnit) {
        self.rows += unit.rows;
        self.rows_unread += unit.rows.saturating_sub(unit.rows_read);
        self.examined += unit.examined;
        self.unreadable += unit.unreadable;
        self.skipped += unit.skipped;
    }
}

/// Reads and fingerprints every item of the plan into one Parquet file. Runs on the current rayon
/// pool; parts are kept in a folder beside the table until it is whole, so a run that was stopped
/// or killed continues.
pub fn fingerprint(
    plan: &Plan,
    options: &TableOptions,
    table: &Path,
    progress: &Progress,
    stop: &AtomicBool,
) -> Result<TableTotals> {
    if let Some(file) = plan.files.iter().find(|file| file.printed.is_some()) {
        return Err(Error::input(
            &file.path,
            "this is a fingerprint table already",
        ));
    }
    let folder = beside(table, ".parts");
    let checkpoint = Checkpoint::open(&folder, &print_key(plan, options), plan)?;
    let decoders = options.decoders()?;
    let printer = Printer::new(options, decoders.as_ref());
    let part = |unit: Unit| folder.join(format!("{:06}-{:06}.parquet", unit.file, unit.group));
    let is_done = |unit| part(unit).exists();
    let watch = Watch { progress, stop };
    let stopped = run(plan, &printer, None, &is_done, watch, |receiver| {
        gather(plan, options.texts, &part, receiver)
    })?;
    if stopped {
        return Ok(TableTotals {
            stopped,
            ..TableTotals::default()
        });
    }
    checkpoint.check_inputs(plan)?;
    let header = Header::new(options.texts, &plan.files);
    let units = plan.units();
    let parts: Vec<(usize, PathBuf)> = units.iter().map(|&unit| (unit.file, part(unit))).collect();
    let totals = join(
        table,
        header,
        parts.iter().map(|(file, path)| (*file, path.as_path())),
    )?;
    checkpoint.remove()?;
    Ok(totals)
}

/// Reads and fingerprints items.
pub(super) struct Printer<'a> {
    reader: Reader<'a>,
    texts: bool,
}

impl<'a> Printer<'a> {
    /// Items are decoded by `decoders`, or else here.
    pub(super) fn new(options: &'a TableOptions, decoders: Option<&'a DecoderPool>) -> Self {
        Self {
            reader: Reader {
                decoders,
                ..options.reader()
            },
            texts: options.texts,
        }
    }
}

impl Examine for Printer<'_> {
    type Outcome = Reading;

    fn examine(&self, item: Item, column: &MediaColumn, dataset: &Path) -> Reading {
        let mut reading = match self.reader.contents(item.payload, dataset) {
            Ok(contents) => self.reader.print(contents, column.media),
            Err(trouble) => Reading::trouble(trouble),
        };
        if let Ok(printed) = &mut reading.item
            && let Print::Text { text } = &mut printed.print
            && !self.texts
        {
            *text = String::new();
        }
        reading
    }

    fn item_bytes(&self) -> u64 {
        self.reader.limits.item_bytes
    }

    fn count(&self, reading: &Reading, progress: &Progress) {
        match &reading.item {
            Ok(item) => progress.add_item(item.print.media(), 0),
            Err(Trouble::Unreadable(_)) => progress.add_unreadable(),
            Err(Trouble::Skipped(_)) => {}
        }
    }
}

/// A part that is being written, task by task in their order.
struct Open<'a> {
    writer: PartWriter,
    next: usize,
    /// Outcomes of tasks that came before their turn. They keep their share of the bytes in
    /// flight, so that one slow item does not make the others pile up.
    waiting: BTreeMap<usize, (Vec<Placed<Reading>>, Held<'a>)>,
    closed: Option<(usize, HeaderUnit)>,
    /// Items by what became of them: examined, unreadable, skipped.
    counts: [u64; 3],
}

/// Receives until all senders are gone, and writes a part for each whole unit.
fn gather(
    plan: &Plan,
    texts: bool,
    part: &dyn Fn(Unit) -> PathBuf,
    receiver: Receiver<Message<'_, Reading>>,
) -> Result<Gathered> {
    let mut open: HashMap<(usize, usize), Open<'_>> = HashMap::new();
    let mut gathered = Gathered {
        opened: 0,
        written: 0,
    };
    for message in receiver {
        let unit = match message {
            Message::Open(unit) => {
                gathered.opened += 1;
                let new = Open {
                    writer: PartWriter::create(part(unit))?,
                    next: 0,
                    waiting: BTreeMap::new(),
                    closed: None,
                    counts: [0; 3],
                };
                open.insert((unit.file, unit.group), new);
                continue;
            }
            Message::Done {
                unit,
                task,
                outcomes,
                held,
            } => {
                if let Some(open) = open.get_mut(&(unit.file, unit.group)) {
                    open.waiting.insert(task, (outcomes, held));
                    open.write_next(plan, unit, texts)?;
                }
                unit
            }
            Message::Close {
                unit,
                tasks,
                rows_read,
                damage,
            } => {
                if let Some(open) = open.get_mut(&(unit.file, unit.group)) {
                    let described = HeaderUnit {
                        rows: unit.rows,
                        rows_read,
                        damage,
                        groups: 0,
                        examined: 0,
                        unreadable: 0,
                        skipped: 0,
                    };
                    open.closed = Some((tasks, described));
                }
                unit
            }
        };
        let key = (unit.file, unit.group);
        if open.get(&key).is_some_and(Open::is_whole)
            && let Some(open) = open.remove(&key)
            && let Some((_, mut described)) = open.closed
        {
            [described.examined, described.unreadable, described.skipped] = open.counts;
            open.writer.finish(described)?;
            gathered.written += 1;
        }
    }
    Ok(gathered)
}

impl Open<'_> {
    fn write_next(&mut self, plan: &Plan, unit: Unit, texts: bool) -> Result<()> {
        let file = &plan.files[unit.file];
        while let Some((outcomes, _held)) = self.waiting.remove(&self.next) {
            let batch = batch(&file.name, &file.columns, &outcomes, texts).map_err(|error| {
                Error::Worker {
                    detail: error.to_string(),
                }
            })?;
            self.writer.add(&batch)?;
            for item in &outcomes {
                let kind = match item.outcome.item {
                    Ok(_) => 0,
                    Err(Trouble::Unreadable(_)) => 1,
                    Err(Trouble::Skipped(_)) => 2,
                };
                self.counts[kind] += 1;
            }
            self.next += 1;
        }
        Ok(())
    }

    fn is_whole(&self) -> bool {
        let closed = self.closed.as_ref();
        closed.is_some_and(|(tasks, _)| *tasks == self.next)
    }
}
