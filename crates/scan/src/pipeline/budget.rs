//! A bound on the bytes in flight.

use std::sync::{Condvar, Mutex, PoisonError};

/// Bytes that may be taken before somebody has to wait.
pub(super) struct Budget {
    limit: usize,
    taken: Mutex<usize>,
    given_back: Condvar,
}

/// Bytes that are given back when this goes.
pub(crate) struct Held<'a> {
    budget: &'a Budget,
    bytes: usize,
}

impl Budget {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            taken: Mutex::new(0),
            given_back: Condvar::new(),
        }
    }

    /// Waits until `bytes` fit. A single item larger than the whole budget goes
    /// ahead when nothing else is in flight.
    pub(super) fn take(&self, bytes: usize) {
        // A count is never left half-changed, so a poisoned lock is as good as any.
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while *taken > 0 && *taken + bytes > self.limit {
            taken = self
                .given_back
                .wait(taken)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *taken += bytes;
    }

    /// Gives bytes back at the end of a scope.
    pub(super) fn hold(&self, bytes: usize) -> Held<'_> {
        Held {
            budget: self,
            bytes,
        }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let mut taken = self
            .budget
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *taken = taken.saturating_sub(self.bytes);
        self.budget.given_back.notify_all();
    }
}
