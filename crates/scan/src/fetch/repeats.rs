//! Addresses that stand in a dataset more than once are asked for once, as far as memory goes, and
//! never at the same time.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;

use super::FetchRecord;

/// Longest body that is kept ...
const BODY_BYTES_MAX: usize = 512 << 10;
/// ... and bytes of all of them with what is said of them.
const BYTES_MAX: usize = 32 << 20;
/// What an entry takes beside its texts.
const ENTRY_BYTES: usize = 600;

/// Names an address: its BLAKE3.
pub(super) type Key = [u8; 32];

/// What came of an address.
#[derive(Clone)]
pub(super) struct Answered {
    pub(super) record: FetchRecord,
    pub(super) body: Result<Bytes, String>,
}

enum State<T> {
    /// Somebody asks; these wait for the answer too.
    Asked(Vec<T>),
    Known(Answered),
}

/// What is known of an address that somebody wants.
pub(super) enum Wanted<T> {
    /// Nothing: whoever wants it asks.
    New(T),
    /// Somebody asks already, and tells.
    Waits,
    Known(T, Box<Answered>),
}

/// Addresses that are asked for, and the last answers.
pub(super) struct Repeats<T> {
    known: BTreeMap<Key, State<T>>,
    /// Known ones, the oldest first.
    order: VecDeque<(Key, usize)>,
    bytes: usize,
}

impl<T> Repeats<T> {
    pub(super) fn new() -> Self {
        Self {
            known: BTreeMap::new(),
            order: VecDeque::new(),
            bytes: 0,
        }
    }

    /// Somebody wants an address.
    pub(super) fn want(&mut self, key: Key, ticket: T) -> Wanted<T> {
        match self.known.get_mut(&key) {
            None => {
                self.known.insert(key, State::Asked(Vec::new()));
                Wanted::New(ticket)
            }
            Some(State::Asked(others)) => {
                others.push(ticket);
                Wanted::Waits
            }
            Some(State::Known(answered)) => Wanted::Known(ticket, Box::new(answered.clone())),
        }
    }

    /// An answer came: those who wait for it. It is kept where it is short enough.
    pub(super) fn answer(&mut self, key: Key, answered: &Answered) -> Vec<T> {
        let waiting = match self.known.remove(&key) {
            Some(State::Asked(waiting)) => waiting,
            _ => Vec::new(),
        };
        let body = answered.body.as_ref().map_or(0, Bytes::len);
        if body <= BODY_BYTES_MAX {
            let bytes = body + ENTRY_BYTES;
            self.known.insert(key, State::Known(answered.clone()));
            self.order.push_back((key, bytes));
            self.bytes += bytes;
        }
        while self.bytes > BYTES_MAX {
            let Some((oldest, bytes)) = self.order.pop_front() else {
                break;
            };
            self.known.remove(&oldest);
            self.bytes = self.bytes.saturating_sub(bytes);
        }
        waiting
    }
}
