//! Blocks of remote files: fetched once, ahead of a reader that goes forward, and kept within a bound.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::runtime::Handle;

use super::object::{Failure, Object};

/// Bytes of a block; the last one of a file is shorter.
pub(super) const BLOCK_BYTES: u64 = 4 << 20;
/// Blocks that are kept, those on their way included: 128 MiB. A reader that waits may go beyond it
/// by one.
const KEPT: usize = 32;
/// Blocks that are fetched before a reader that goes forward asks for them.
const AHEAD: u64 = 6;

/// A block: of which file, and which of its blocks.
type Key = (u64, u64);

enum Slot {
    Coming,
    There {
        bytes: Bytes,
        /// When it was asked for last; nothing for what nobody asked for yet.
        used: Option<u64>,
    },
    Failed(Failure),
}

#[derive(Default)]
struct State {
    slots: BTreeMap<Key, Slot>,
    /// Counts what is asked for.
    clock: u64,
}

/// The blocks of all remote files of this process.
pub(super) struct Blocks {
    state: Mutex<State>,
    changed: Condvar,
    runtime: Handle,
}

impl Blocks {
    pub(super) fn new(runtime: Handle) -> Self {
        Self {
            state: Mutex::default(),
            changed: Condvar::new(),
            runtime,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A slot is never left half-changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A block of a file; waits until it is there. A reader that goes forward has those after it
    /// fetched, too.
    pub(super) fn get(
        self: &Arc<Self>,
        object: &Arc<Object>,
        block: u64,
        goes_forward: bool,
    ) -> Result<Bytes, Failure> {
        let key = (object.number, block);
        let mut state = self.lock();
        if !state.slots.contains_key(&key) {
            state.make_room(true);
            self.start(&mut state, object, block);
        }
        if goes_forward {
            let last = object.bytes.div_ceil(BLOCK_BYTES);
            for next in (block + 1..last).take(AHEAD as usize) {
                if state.slots.contains_key(&(object.number, next)) {
                    continue;
                }
                if !state.make_room(false) {
                    break;
                }
                self.start(&mut state, object, next);
            }
        }
        loop {
            state.clock += 1;
            let now = state.clock;
            match state.slots.get_mut(&key) {
                Some(Slot::There { bytes, used }) => {
                    *used = Some(now);
                    return Ok(bytes.clone());
                }
                Some(Slot::Failed(failure)) => {
                    let failure = failure.clone();
                    state.slots.remove(&key);
                    return Err(failure);
                }
                Some(Slot::Coming) => {
                    let waited = self.changed.wait(state);
                    state = waited.unwrap_or_else(PoisonError::into_inner);
                }
                // It came and went while others were served first.
                None => {
                    state.make_room(true);
                    self.start(&mut state, object, block);
                }
            }
        }
    }

    fn start(self: &Arc<Self>, state: &mut State, object: &Arc<Object>, block: u64) {
        let key = (object.number, block);
        state.slots.insert(key, Slot::Coming);
        let (blocks, object) = (Arc::clone(self), Arc::clone(object));
        self.runtime.spawn(async move {
            let start = block * BLOCK_BYTES;
            let end = object.bytes.min(start + BLOCK_BYTES);
            let slot = match object.fetch(start..end).await {
                Ok(bytes) => Slot::There { bytes, used: None },
                Err(failure) => Slot::Failed(failure),
            };
            blocks.lock().slots.insert(key, slot);
            blocks.changed.notify_all();
        });
    }
}

impl State {
    /// Drops blocks until there is room for one more. What nobody has read yet goes for a reader
    /// that waits only. Returns whether there is room.
    fn make_room(&mut self, is_awaited: bool) -> bool {
        while self.slots.len() >= KEPT {
            let droppable = self.slots.iter().filter_map(|(key, slot)| match slot {
                Slot::There { used, .. } => {
                    // What was read goes first, longest ago before.
                    let is_unread = used.is_none();
                    (is_awaited || !is_unread).then_some(((is_unread, *used), *key))
                }
                Slot::Coming | Slot::Failed(_) => None,
            });
            let Some((_, key)) = droppable.min() else {
                return false;
            };
            self.slots.remove(&key);
        }
        true
    }
}

#[cfg(test)]
mod tests;
