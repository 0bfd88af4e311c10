//! The scan itself: one thread reads, all others examine, one gathers.
//!
//! The reader hands out small tasks as long as the items in flight stay below
//! a number of bytes, so memory does not grow with the dataset. The gatherer
//! puts each unit's outcomes in order and writes its part; what threads did when
//! leaves no trace in the results.

mod budget;
mod gather;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use clearance_index::Snapshot;
use crossbeam_channel::Sender;

use crate::checkpoint::{Checkpoint, key};
use crate::error::{Error, Result};
use crate::plan::{Plan, ScanOptions, Unit};
use crate::progress::Progress;
use crate::source::{Item, ParquetSource, PlannedFile, corrupt, items};
use crate::worker::Examiner;
use budget::Budget;
use gather::{Gathered, Message, gather};

/// Bytes of items in flight, for each thread.
const BUDGET_PER_THREAD: usize = 64 << 20;
/// Small items travel together up to this many bytes ...
const TASK_BYTES: usize = 256 << 10;
/// ... and this many items.
const TASK_ITEMS: usize = 256;

/// A scan that ran.
pub struct Scanned {
    /// Whether it was stopped before the end; the parts done so far are kept.
    pub stopped: bool,
    pub(crate) checkpoint: Checkpoint,
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
    let checkpoint = Checkpoint::open(out, &key(plan, snapshot, options))?;
    let examiner = Examiner::new(snapshot, options);
    let budget = Budget::new(BUDGET_PER_THREAD * rayon::current_num_threads());
    let failed = AtomicBool::new(false);
    let (sender, receiver) = crossbeam_channel::unbounded();
    let run = Run {
        plan,
        examiner: &examiner,
        budget: &budget,
        progress,
        stop,
        failed: &failed,
    };
    let gathered = std::thread::scope(|threads| {
        let gatherer = threads.spawn(|| {
            let outcome = gather(plan, &checkpoint, snapshot, &options.policy, receiver);
            // A full disk must stop the reader too.
            failed.fetch_or(outcome.is_err(), Ordering::Relaxed);
            outcome
        });
        rayon::in_place_scope(|scope| {
            for unit in plan.units() {
                if run.is_stopped() {
                    break;
                }
                if checkpoint.is_done(unit) {
                    progress.add_rows(unit.rows);
                    continue;
                }
                run.read_unit(unit, scope, &sender);
            }
        });
        drop(sender);
        gatherer.join()
    });
    let Gathered { written, opened } = gathered.map_err(|_| Error::Worker {
        detail: "the thread that gathers results ended early".to_owned(),
    })??;
    let stopped = stop.load(Ordering::Relaxed);
    if written < opened && !stopped {
        return Err(Error::Worker {
            detail: format!(
                "{} of {opened} row groups came to no result",
                opened - written
            ),
        });
    }
    Ok(Scanned {
        stopped,
        checkpoint,
    })
}

#[derive(Clone, Copy)]
struct Run<'a> {
    plan: &'a Plan,
    examiner: &'a Examiner<'a>,
    budget: &'a Budget,
    progress: &'a Progress,
    stop: &'a AtomicBool,
    failed: &'a AtomicBool,
}

impl<'a> Run<'a> {
    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.failed.load(Ordering::Relaxed)
    }

    /// Reads a row group and hands its items out.
    fn read_unit(self, unit: Unit, scope: &rayon::Scope<'a>, sender: &Sender<Message>) {
        let file = &self.plan.files[unit.file];
        let send = |message| {
            // The gatherer is gone only when it failed, which it reports itself.
            sender.send(message).is_ok()
        };
        send(Message::Open(unit));
        let mut tasks = Tasks {
            run: self,
            unit,
            scope,
            sender,
            pending: Vec::new(),
            pending_bytes: 0,
            sent: 0,
        };
        let (rows_read, damage) = self.read_rows(file, unit, &mut tasks);
        tasks.flush();
        if self.is_stopped() {
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
        tasks: &mut Tasks<'_, 'a>,
    ) -> (u64, Option<String>) {
        if file.columns.is_empty() {
            self.progress.add_rows(unit.rows);
            return (unit.rows, None);
        }
        let columns: Vec<usize> = file.columns.iter().map(|column| column.index).collect();
        let opened = clearance_decode::guard(|| {
            ParquetSource::open(&file.path)?.batches(unit.group, &columns)
        });
        let mut batches = match opened {
            Ok(batches) => batches,
            Err(unreadable) => return (0, Some(unreadable.to_string())),
        };
        let mut rows = 0;
        while rows < unit.rows && !self.is_stopped() {
            let batch = clearance_decode::guard(|| {
                batches.next().transpose().map_err(|error| corrupt(&error))
            });
            let batch = match batch {
                Ok(Some(batch)) => batch,
                Ok(None) => {
                    return (
                        rows,
                        Some("corrupt: parquet: fewer rows than announced".to_owned()),
                    );
                }
                Err(unreadable) => return (rows, Some(unreadable.to_string())),
            };
            // Columns come in the order of the file, whatever order they were planned in.
            let mut order: Vec<usize> = (0..columns.len()).collect();
            order.sort_by_key(|&position| columns[position]);
            for (array, position) in batch.columns().iter().zip(order) {
                items(
                    array,
                    &file.columns[position],
                    position,
                    unit.first_row + rows,
                    &mut |item| {
                        tasks.push(item);
                    },
                );
            }
            rows += batch.num_rows() as u64;
            self.progress.add_rows(batch.num_rows() as u64);
        }
        (rows, None)
    }
}

/// Items on their way to the pool, small ones bundled.
struct Tasks<'s, 'a> {
    run: Run<'a>,
    unit: Unit,
    scope: &'s rayon::Scope<'a>,
    sender: &'s Sender<Message>,
    pending: Vec<Item>,
    pending_bytes: usize,
    sent: usize,
}

impl Tasks<'_, '_> {
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
        let (run, unit) = (self.run, self.unit);
        self.sent += 1;
        let sender = self.sender.clone();
        run.budget.take(bytes);
        self.scope.spawn(move |_| {
            // Given back however this ends.
            let _held = run.budget.hold(bytes);
            if run.is_stopped() {
                return;
            }
            let outcomes = run.examine(unit, items);
            run.progress.add_bytes(bytes);
            let message = Message::Done { unit, outcomes };
            run.failed
                .fetch_or(sender.send(message).is_err(), Ordering::Relaxed);
        });
    }
}

impl Run<'_> {
    fn examine(self, unit: Unit, items: Vec<Item>) -> Vec<gather::ItemOutcome> {
        let file = &self.plan.files[unit.file];
        let dataset = file.path.parent().unwrap_or(Path::new(""));
        items
            .into_iter()
            .map(|item| {
                let (row, column, index) = (item.row, item.column, item.index);
                let outcome = self.examiner.examine(item, &file.columns[column], dataset);
                match &outcome {
                    crate::worker::Outcome::Examined(examined) => {
                        self.progress
                            .add_item(examined.media, examined.matches.len());
                    }
                    crate::worker::Outcome::Unreadable(_) => self.progress.add_unreadable(),
                    crate::worker::Outcome::Skipped(_) => {}
                }
                gather::ItemOutcome {
                    row,
                    column,
                    index,
                    outcome,
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
