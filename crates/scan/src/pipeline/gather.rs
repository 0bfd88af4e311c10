//! Outcomes in any order to parts in one order.

mod part;

use std::collections::HashMap;

use clearance_decode::Media;
use clearance_index::{Names, Snapshot};
use clearance_rights::Use;
use crossbeam_channel::Receiver;

pub(super) use part::part;

use super::fetching::FetchedItem;
use super::{Gathered, Message, Placed};
use crate::checkpoint::Checkpoint;
use crate::coverage::{MediaCounts, RowStatus};
use crate::error::{Error, Result};
use crate::plan::{Plan, ScanOptions, Unit};
use crate::source::PlannedFile;
use crate::worker::{Examined, Outcome, Seen};

pub(super) type ItemOutcome = Placed<Seen>;

/// A unit whose outcomes are coming in. Most items are clear; they leave only
/// their row's status and a count behind.
pub(super) struct Open {
    status: Vec<RowStatus>,
    media: MediaCounts,
    /// Thousandths of a second, pixels, words: whole numbers, because the order in
    /// which they are added up differs from run to run.
    extents: [u64; 3],
    /// Items that declare anything about their own use.
    declaring: u64,
    notable: Vec<ItemOutcome>,
    /// Items that were fetched or to be fetched, by row, column and place in a list.
    fetched: Vec<FetchedItem>,
    done: usize,
    closed: Option<(usize, u64, Option<String>)>,
}

impl Open {
    /// A unit whose rows are all there at once.
    pub(super) fn whole(unit: Unit, rows_read: u64, damage: Option<String>) -> Self {
        Self {
            closed: Some((0, rows_read, damage)),
            ..Self::new(unit)
        }
    }

    pub(super) fn new(unit: Unit) -> Self {
        Self {
            status: vec![RowStatus::Empty; unit.rows as usize],
            media: MediaCounts::default(),
            extents: [0; 3],
            declaring: 0,
            notable: Vec::new(),
            fetched: Vec::new(),
            done: 0,
            closed: None,
        }
    }

    pub(super) fn add(
        &mut self,
        file: &PlannedFile,
        unit: Unit,
        mut item: ItemOutcome,
        planned: Use,
    ) {
        if let Some(record) = item.outcome.fetched.take() {
            item.outcome.is_kept_back = record.keeps_copies_back();
            self.fetched
                .push((item.row, item.column, item.index, record));
        }
        let said = item.outcome.said.as_ref();
        self.declaring += u64::from(said.is_some() || item.outcome.is_place_declaring);
        let is_declared = said.is_some_and(|said| said.is_notable(planned));
        let (status, notable) = match &item.outcome.outcome {
            Outcome::Examined(examined) => self.count_examined(examined, is_declared),
            Outcome::Unreadable(_) => {
                let counts = self.media.of_mut(file.columns[item.column].media);
                counts.items += 1;
                counts.unreadable += 1;
                (RowStatus::Unreadable, true)
            }
            Outcome::Skipped(_) => {
                let counts = self.media.of_mut(file.columns[item.column].media);
                counts.items += 1;
                counts.skipped += 1;
                (RowStatus::Skipped, true)
            }
            // No item: it leaves the row as it is.
            Outcome::Origin => (RowStatus::Empty, false),
        };
        let is_located = item.outcome.located.is_some();
        let (status, notable) = if is_declared || is_located {
            (RowStatus::Matched, true)
        } else {
            (status, notable)
        };
        let place = (item.row - unit.first_row) as usize;
        if let Some(known) = self.status.get_mut(place) {
            *known = status.max(*known);
        }
        if notable {
            self.notable.push(item);
        }
    }

    fn count_examined(&mut self, examined: &Examined, is_declared: bool) -> (RowStatus, bool) {
        let counts = self.media.of_mut(Some(examined.media));
        let partial = examined.partial.is_some();
        counts.items += 1;
        counts.partial += u64::from(partial);
        if let Some(decoy) = examined.decoy {
            counts.add_decoy(decoy);
        }
        let unit = if examined.media == Media::Audio {
            1000.0
        } else {
            1.0
        };
        // A forged fingerprint table may claim any extent.
        let extent = &mut self.extents[examined.media as usize];
        *extent = extent.saturating_add((examined.extent * unit).round() as u64);
        if examined.matches.is_empty() && examined.coded.is_empty() && !is_declared {
            counts.clear += 1;
            // A name in a text leaves it clear, but is to be listed.
            (RowStatus::Clear, partial || !examined.mentions.is_empty())
        } else {
            counts.matched += 1;
            (RowStatus::Matched, true)
        }
    }

    fn is_whole(&self) -> bool {
        self.closed
            .as_ref()
            .is_some_and(|(tasks, _, _)| *tasks == self.done)
    }
}

/// Receives until all senders are gone, and writes a part for each whole unit.
pub(super) fn gather(
    plan: &Plan,
    checkpoint: &Checkpoint,
    snapshot: &Snapshot,
    names: Option<&Names>,
    options: &ScanOptions,
    receiver: Receiver<Message<'_, Seen>>,
) -> Result<Gathered> {
    let mut open: HashMap<(usize, usize), Open> = HashMap::new();
    let mut gathered = Gathered {
        opened: 0,
        written: 0,
    };
    for message in receiver {
        let unit = match message {
            Message::Open(unit) => {
                gathered.opened += 1;
                open.insert((unit.file, unit.group), Open::new(unit));
                continue;
            }
            Message::Done { unit, outcomes, .. } => {
                if let Some(open) = open.get_mut(&(unit.file, unit.group)) {
                    let file = &plan.files[unit.file];
                    for item in outcomes {
                        open.add(file, unit, item, options.policy.use_);
                    }
                    open.done += 1;
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
                    open.closed = Some((tasks, rows_read, damage));
                }
                unit
            }
        };
        let key = (unit.file, unit.group);
        if open.get(&key).is_some_and(Open::is_whole)
            && let Some(open) = open.remove(&key)
        {
            let (part, _) = part(plan, unit, open, snapshot, names, options);
            answered(snapshot)?;
            checkpoint.write(unit, &part)?;
            gathered.written += 1;
        }
    }
    Ok(gathered)
}

/// Ends a run against a registry in parts of which one does not answer: what seems clear since then
/// was not compared with all works.
pub(super) fn answered(snapshot: &Snapshot) -> Result<()> {
    let Some(detail) = snapshot.trouble() else {
        return Ok(());
    };
    Err(Error::Worker {
        detail: format!(
            "a part of the registry does not answer: {detail}; run the same command again when it does"
        ),
    })
}
