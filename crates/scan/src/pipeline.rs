//! The work itself: one thread reads, all others examine, one gathers.
//!
//! The reader hands out small tasks as long as the items in flight stay below
//! a number of bytes, so memory does not grow with the dataset. The gatherer
//! puts each unit's outcomes in order and writes its part; what threads did when
//! leaves no trace in the results. Items behind addresses, where they are to be fetched, take a way
//! around: threads that wait for servers (`fetching`) hand them to the pool once they are there. A scan and a fingerprint table are made the same
//! way: they differ in what is done with an item and in what is gathered.

mod again;
mod batches;
mod budget;
mod fetching;
mod gather;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use clearance_index::Snapshot;
use crossbeam_channel::{Receiver, Sender};

use crate::checkpoint::{Checkpoint, PARTS, key};
use crate::error::{Error, Result};
use crate::fetch::{FetchOptions, Stage};
use crate::plan::{Plan, ScanOptions, Unit};
use crate::progress::Progress;
use crate::remote;
use crate::schema::MediaColumn;
use crate::source::{Item, Opened, Payload, PlannedFile, Request, RowsRead};
use crate::worker::{Examiner, Kept};
pub use again::examine_again;
pub(crate) use batches::stopped;
pub use batches::{BatchScanner, ScannedBatch};
#[cfg(feature = "remote")]
pub(crate) use budget::Reserved;
pub(crate) use budget::{Budget, Held};
use fetching::Ticket;
use gather::gather;

/// Bytes of items in flight, for each thread.
const BUDGET_PER_THREAD: usize = 64 << 20;
/// Small items travel together up to this many bytes ...
const TASK_BYTES: usize = 256 << 10;
/// ... and this many items.
const TASK_ITEMS: usize = 256;

/// What is done with each item, on any thread.
pub(crate) trait Examine: Sync {
    /// What comes of it.
    type Outcome: Send;

    /// Examines an item of a column. Paths are relative to the folder `dataset`.
    fn examine(&self, item: Item, column: &MediaColumn, dataset: &Path) -> Self::Outcome;

    /// Largest item that is examined, in bytes.
    fn item_bytes(&self) -> u64;

    /// Counts an outcome for whoever watches.
    fn count(&self, outcome: &Self::Outcome, progress: &Progress);
}

/// An item's place and what became of it.
pub(crate) struct Placed<T> {
    pub(crate) row: u64,
    pub(crate) column: usize,
    pub(crate) index: i32,
    pub(crate) outcome: T,
}

/// What the reader and the workers tell the gatherer.
pub(crate) enum Message<'a, T> {
    Open(Unit),
    Done {
        unit: Unit,
        /// Which of the unit's tasks, in the order of its items, from 0.
        task: usize,
        outcomes: Vec<Placed<T>>,
        /// The items' share of the bytes in flight, until this goes.
        held: Held<'a>,
    },
    Close {
        unit: Unit,
        tasks: usize,
        rows_read: u64,
        damage: Option<String>,
    },
}

/// How many units were opened and how many came to an end.
pub(crate) struct Gathered {
    pub(crate) opened: usize,
    pub(crate) written: usize,
}

/// A scan that ran.
pub struct Scanned {
    /// Whether it was stopped before the end; the parts done so far are kept.
    pub stopped: bool,
    pub(crate) checkpoint: Checkpoint,
    /// Names the scan: the same for all of its shards.
    pub(crate) key: String,
}

/// Examines every item of the plan and leaves part files in `out`. Runs on the
/// current rayon pool.
pub fn scan(
    plan: &Plan,
    snapshot: &Snapshot,
    options: &ScanOptions,
    out: &Path,
    progress: &Progress,
    stop: &AtomicBool,
) -> Result<Scanned> {
    std::fs::create_dir_all(out).map_err(Error::io(out))?;
    let key = key(plan, snapshot, options);
    let of_shard = plan
        .shard
        .map_or_else(|| key.clone(), |shard| format!("{key} {shard}"));
    let checkpoint = Checkpoint::open(&out.join(PARTS), &of_shard, plan)?;
    let kept = Kept::new(snapshot, options, options.decoders()?);
    let examiner = Examiner::new(snapshot, options, &kept);
    let watch = Watch { progress, stop };
    let stopped = run(
        plan,
        &examiner,
        options.fetch.as_ref(),
        &|unit| checkpoint.is_done(unit),
        watch,
        |receiver| gather(plan, &checkpoint, snapshot, kept.names(), options, receiver),
    )?;
    Ok(Scanned {
        stopped,
        checkpoint,
        key,
    })
}

/// Who looks on, and who says when to stop.
#[derive(Clone, Copy)]
pub(crate) struct Watch<'a> {
    pub(crate) progress: &'a Progress,
    pub(crate) stop: &'a AtomicBool,
}

/// Examines every item of the units that are not done, and gathers what comes of them. Items behind
/// addresses are fetched where `fetching` says how. Runs on the current rayon pool. Returns whether it
/// was stopped before the end.
pub(crate) fn run<E: Examine>(
    plan: &Plan,
    examiner: &E,
    fetching: Option<&FetchOptions>,
    is_done: &dyn Fn(Unit) -> bool,
    watch: Watch<'_>,
    gather: impl FnOnce(Receiver<Message<'_, E::Outcome>>) -> Result<Gathered> + Send,
) -> Result<bool> {
    let budget = Budget::new(BUDGET_PER_THREAD * rayon::current_num_threads());
    let failed = AtomicBool::new(false);
    let (sender, receiver) = crossbeam_channel::unbounded();
    let run = Run {
        plan,
        examiner,
        budget: &budget,
        watch,
        failed: &failed,
    };
    let stage = fetching.and_then(|how| Stage::new(how, examiner.item_bytes(), &budget));
    let (read, gathered) = std::thread::scope(|threads| {
        let gatherer = threads.spawn(|| {
            let outcome = gather(receiver);
            // A full disk must stop the reader too.
            failed.fetch_or(outcome.is_err(), Ordering::Relaxed);
            outcome
        });
        let read = rayon::in_place_scope(|scope| run.read(stage.as_ref(), scope, &sender, is_done));
        drop(sender);
        (read, gatherer.join())
    });
    read?;
    let Gathered { written, opened } = gathered.map_err(|_| Error::Worker {
        detail: "the thread that gathers results ended early".to_owned(),
    })??;
    remote::check(plan.files.iter().map(|file| file.path.as_path()))?;
    let stopped = watch.stop.load(Ordering::Relaxed);
    if written < opened && !stopped {
        return Err(Error::Worker {
            detail: format!(
                "{} of {opened} row groups came to no result",
                opened - written
            ),
        });
    }
    Ok(stopped)
}

struct Run<'a, E> {
    plan: &'a Plan,
    examiner: &'a E,
    budget: &'a Budget,
    watch: Watch<'a>,
    failed: &'a AtomicBool,
}

impl<E> Clone for Run<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Run<'_, E> {}

impl<'a, E: Examine> Run<'a, E> {
    /// Whether a network withheld a file, or one beside it: its rows are to be read another time, not
    /// to be called unreadable.
    fn is_cut_off(&self, file: &PlannedFile) -> bool {
        let is_cut_off = remote::check([file.path.as_path()]).is_err();
        self.failed.fetch_or(is_cut_off, Ordering::Relaxed);
        is_cut_off
    }

    fn is_stopped(&self) -> bool {
        self.watch.stop.load(Ordering::Relaxed) || self.failed.load(Ordering::Relaxed)
    }

    /// Reads all units that are not done, on this thread.
    fn read(
        self,
        stage: Option<&Stage<'a, Ticket>>,
        scope: &rayon::Scope<'a>,
        sender: &Sender<Message<'a, E::Outcome>>,
        is_done: &dyn Fn(Unit) -> bool,
    ) -> Result<()> {
        let hand = Hand {
            scope,
            sender,
            stage,
        };
        std::thread::scope(|threads| {
            if let Some(stage) = stage {
                let started = self.start_fetching(stage, threads, scope, sender);
                if let Err(error) = started {
                    self.failed.store(true, Ordering::Relaxed);
                    let detail = format!("a thread that fetches could not be started: {error}");
                    return Err(Error::Worker { detail });
                }
            }
            let mut opened = Opened::default();
            for unit in self.plan.units() {
                if self.is_stopped() {
                    break;
                }
                if is_done(unit) {
                    self.watch.progress.add_rows(unit.rows);
                    continue;
                }
                self.read_unit(unit, &mut opened, hand);
            }
            if let Some(stage) = stage {
                self.end_fetching(stage);
            }
            Ok(())
        })
    }

    /// Reads a unit and hands its items out.
    fn read_unit(self, unit: Unit, opened: &mut Opened, hand: Hand<'_, 'a, E::Outcome>) {
        let sender = hand.sender;
        let file = &self.plan.files[unit.file];
        let send = |message| {
            // The gatherer is gone only when it failed, which it reports itself.
            sender.send(message).is_ok()
        };
        send(Message::Open(unit));
        let mut tasks = Tasks {
            run: self,
            unit,
            hand,
            pending: Vec::new(),
            pending_bytes: 0,
            sent: 0,
        };
        let (rows_read, damage) = self.read_rows(file, unit, opened, &mut tasks);
        tasks.flush();
        if self.is_stopped() || self.is_cut_off(file) {
            return;
        }
        send(Message::Close {
            unit,
            tasks: tasks.sent,
            rows_read,
            damage,
        });
    }

    /// Returns how many rows could be read, and why not all of them.
    fn read_rows(
        self,
        file: &PlannedFile,
        unit: Unit,
        opened: &mut Opened,
        tasks: &mut Tasks<'_, 'a, E>,
    ) -> RowsRead {
        let request = Request {
            file,
            unit,
            wanted: self.plan.rows_to_read(unit),
            item_bytes: self.examiner.item_bytes(),
            is_stopped: &|| self.is_stopped(),
            count_rows: &|rows| self.watch.progress.add_rows(rows),
        };
        opened.read(&request, &mut |item| tasks.push_chosen(item))
    }
}

/// To whom items and outcomes are handed.
struct Hand<'s, 'a, T> {
    scope: &'s rayon::Scope<'a>,
    sender: &'s Sender<Message<'a, T>>,
    stage: Option<&'s Stage<'a, Ticket>>,
}

impl<T> Clone for Hand<'_, '_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Hand<'_, '_, T> {}

/// Items on their way to the pool, small ones bundled.
struct Tasks<'s, 'a, E: Examine> {
    run: Run<'a, E>,
    unit: Unit,
    hand: Hand<'s, 'a, E::Outcome>,
    pending: Vec<Item>,
    pending_bytes: usize,
    sent: usize,
}

impl<E: Examine> Tasks<'_, '_, E> {
    fn push_chosen(&mut self, mut item: Item) {
        if !self.run.plan.is_chosen(self.unit, item.row) {
            return;
        }
        match (self.hand.stage, &mut item.payload) {
            (Some(stage), Payload::Url(url)) => {
                let url = std::mem::take(url);
                self.fetch(stage, &item, url);
            }
            _ => self.push(item),
        }
    }

    fn push(&mut self, item: Item) {
        self.pending_bytes += item.payload.bytes();
        self.pending.push(item);
        if self.pending_bytes >= TASK_BYTES || self.pending.len() >= TASK_ITEMS {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let (items, bytes) = (
            std::mem::take(&mut self.pending),
            std::mem::take(&mut self.pending_bytes),
        );
        let (run, task) = (self.run, (self.unit, self.sent));
        self.sent += 1;
        run.budget.take(bytes);
        let Hand { scope, sender, .. } = self.hand;
        // Given back however this ends.
        let held = run.budget.hold(bytes);
        run.spawn(scope, sender, task, items, (bytes, held));
    }
}

impl<'a, E: Examine> Run<'a, E> {
    /// Has items of a unit examined on the pool. `held` is their share of the bytes in flight.
    fn spawn(
        self,
        scope: &rayon::Scope<'a>,
        sender: &Sender<Message<'a, E::Outcome>>,
        (unit, task): (Unit, usize),
        items: Vec<Item>,
        (bytes, held): (usize, Held<'a>),
    ) {
        let sender = sender.clone();
        scope.spawn(move |_| {
            if self.is_stopped() {
                return;
            }
            let outcomes = self.examine(unit, items);
            if self.is_cut_off(&self.plan.files[unit.file]) {
                return;
            }
            self.watch.progress.add_bytes(bytes);
            let message = Message::Done {
                unit,
                task,
                outcomes,
                held,
            };
            self.failed
                .fetch_or(sender.send(message).is_err(), Ordering::Relaxed);
        });
    }
}

impl<E: Examine> Run<'_, E> {
    fn examine(self, unit: Unit, items: Vec<Item>) -> Vec<Placed<E::Outcome>> {
        let file = &self.plan.files[unit.file];
        let dataset = file.folder();
        let examined = items.into_iter().map(|item| {
            let (row, column, index) = (item.row, item.column, item.index);
            let outcome = self.examiner.examine(item, &file.columns[column], dataset);
            self.examiner.count(&outcome, self.watch.progress);
            Placed {
                row,
                column,
                index,
                outcome,
            }
        });
        examined.collect()
    }
}

#[cfg(test)]
mod tests;
