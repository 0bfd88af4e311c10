//! Items behind addresses, on their way through the threads that fetch them.

use std::thread::{Builder, Scope};
use std::time::Duration;

use crossbeam_channel::Sender;

use super::{Examine, Held, Message, Run, Tasks};
use crate::fetch::{FetchRecord, Fetched, FetchedLine, Stage};
use crate::plan::Unit;
use crate::source::{Item, Payload, PlannedFile};

/// How often somebody who waits looks again.
const LOOK: Duration = Duration::from_millis(5);

/// Where an item stands that is being fetched: each is a task of its own.
pub(super) struct Ticket {
    unit: Unit,
    task: usize,
    row: u64,
    column: usize,
    index: i32,
}

impl<'a, E: Examine> Run<'a, E> {
    /// Starts the threads that fetch.
    pub(super) fn start_fetching<'s, 'e>(
        self,
        stage: &'e Stage<'a, Ticket>,
        threads: &'s Scope<'s, 'e>,
        scope: &'e rayon::Scope<'a>,
        sender: &'e Sender<Message<'a, E::Outcome>>,
    ) -> std::io::Result<()>
    where
        'a: 'e,
        E::Outcome: 'a,
    {
        for _ in 0..stage.threads() {
            Builder::new().spawn_scoped(threads, move || {
                stage.work(&|| self.is_stopped(), &|ticket, fetched, held| {
                    self.examine_fetched(scope, sender, ticket, fetched, held);
                });
            })?;
        }
        Ok(())
    }

    /// Waits until all is fetched, or is to stop.
    pub(super) fn end_fetching(self, stage: &Stage<'a, Ticket>) {
        stage.close();
        self.help_until(&|| stage.has_ended());
        if self.is_stopped() {
            // What comes of it is looked at by nobody.
            stage.interrupt();
        }
    }

    /// Waits on the thread that reads. Where it is the pool's only one, it does the pool's work
    /// meanwhile, which makes room for more to be fetched.
    fn help_until(self, is_done: &dyn Fn() -> bool) {
        let is_alone = rayon::current_num_threads() == 1;
        while !is_done() && !self.is_stopped() {
            if !is_alone || rayon::yield_now() != Some(rayon::Yield::Executed) {
                std::thread::sleep(LOOK);
            }
        }
    }

    fn examine_fetched(
        self,
        scope: &rayon::Scope<'a>,
        sender: &Sender<Message<'a, E::Outcome>>,
        ticket: Ticket,
        fetched: Fetched,
        held: Held<'a>,
    ) {
        let bytes = fetched.body.as_ref().map_or(0, bytes::Bytes::len);
        let item = Item {
            row: ticket.row,
            column: ticket.column,
            index: ticket.index,
            payload: Payload::Fetched(Box::new(fetched)),
        };
        let task = (ticket.unit, ticket.task);
        self.spawn(scope, sender, task, vec![item], (bytes, held));
    }
}

impl<'a, E: Examine> Tasks<'_, 'a, E> {
    /// Has an item fetched; waits while too many are in line.
    pub(super) fn fetch(&mut self, stage: &Stage<'a, Ticket>, item: &Item, url: String) {
        let (run, ticket) = (
            self.run,
            Ticket {
                unit: self.unit,
                task: self.sent,
                row: item.row,
                column: item.column,
                index: item.index,
            },
        );
        self.sent += 1;
        run.help_until(&|| stage.has_room());
        if run.is_stopped() {
            return;
        }
        if let Some((ticket, fetched)) = stage.give(ticket, url) {
            let none = run.budget.hold(0);
            run.examine_fetched(self.hand.scope, self.hand.sender, ticket, fetched, none);
        }
    }
}

/// Row, column, place in a list, and what was asked and answered.
pub(super) type FetchedItem = (u64, usize, i32, Box<FetchRecord>);

/// What was fetched of a file's items, in their order.
pub(super) fn fetched_lines(mut fetched: Vec<FetchedItem>, file: &PlannedFile) -> Vec<FetchedLine> {
    fetched.sort_by_key(|(row, column, index, _)| (*row, *column, *index));
    let lines = fetched
        .into_iter()
        .map(|(row, column, index, record)| FetchedLine {
            file: file.name.clone(),
            row_index: row as i64,
            column_name: file.columns[column].name.clone(),
            item_index: index,
            record: *record,
        });
    lines.collect()
}
