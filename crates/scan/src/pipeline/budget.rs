//! A bound on the bytes in flight.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often somebody who waits looks whether all is to stop.
#[cfg(feature = "remote")]
const LOOK: Duration = Duration::from_millis(100);

/// Bytes that may be taken before somebody has to wait.
pub(crate) struct Budget {
    limit: usize,
    taken: Mutex<Taken>,
    given_back: Condvar,
}

#[derive(Default)]
struct Taken {
    all: usize,
    /// Of these, what is reserved for answers that are being read: it is not given back by anybody
    /// who examines items.
    reserved: usize,
    /// Whether one of them goes beyond its first share.
    is_growing: bool,
}

/// Bytes that are given back when this goes.
pub(crate) struct Held<'a> {
    budget: &'a Budget,
    bytes: usize,
}

impl Budget {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            taken: Mutex::default(),
            given_back: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        // A count is never left half-changed, so a poisoned lock is as good as any.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `bytes` fit. A single item larger than the whole budget goes
    /// ahead when nothing else is in flight.
    pub(super) fn take(&self, bytes: usize) {
        let mut taken = self.lock();
        while taken.all > 0 && taken.all + bytes > self.limit {
            taken = self
                .given_back
                .wait(taken)
                .unwrap_or_else(PoisonError::into_inner);
        }
        taken.all += bytes;
    }

    /// Gives bytes back at the end of a scope.
    pub(crate) fn hold(&self, bytes: usize) -> Held<'_> {
        Held {
            budget: self,
            bytes,
        }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let mut taken = self.budget.lock();
        taken.all = taken.all.saturating_sub(self.bytes);
        self.budget.given_back.notify_all();
    }
}

/// Bytes that are reserved for an answer while it is read.
#[cfg(feature = "remote")]
pub(crate) struct Reserved<'a> {
    budget: &'a Budget,
    bytes: usize,
    is_growing: bool,
}

#[cfg(feature = "remote")]
impl Budget {
    /// Waits until `bytes` fit, for an answer that is to be read. `None` when all is to stop.
    pub(crate) fn reserve(
        &self,
        bytes: usize,
        is_stopped: &dyn Fn() -> bool,
    ) -> Option<Reserved<'_>> {
        let has_room = |taken: &Taken| taken.all == 0 || taken.all + bytes <= self.limit;
        let mut taken = self.wait_until(has_room, is_stopped)?;
        taken.all += bytes;
        taken.reserved += bytes;
        Some(Reserved {
            budget: self,
            bytes,
            is_growing: false,
        })
    }

    fn wait_until(
        &self,
        condition: impl Fn(&Taken) -> bool,
        is_stopped: &dyn Fn() -> bool,
    ) -> Option<MutexGuard<'_, Taken>> {
        let mut taken = self.lock();
        while !condition(&taken) {
            if is_stopped() {
                return None;
            }
            let waited = self.given_back.wait_timeout(taken, LOOK);
            taken = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        Some(taken)
    }
}

#[cfg(feature = "remote")]
impl<'a> Reserved<'a> {
    /// Bytes that it is for.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Waits until it can be for `more` bytes. One answer at a time grows so, and it goes ahead when
    /// nothing is in flight but answers that are being read: those that wait for one another would
    /// wait for good. `false` when all is to stop.
    pub(crate) fn grow(&mut self, more: usize, is_stopped: &dyn Fn() -> bool) -> bool {
        let limit = self.budget.limit;
        let is_own = self.is_growing;
        let may_grow = |taken: &Taken| {
            let has_room = taken.all + more <= limit || taken.all == taken.reserved;
            (is_own || !taken.is_growing) && has_room
        };
        let Some(mut taken) = self.budget.wait_until(may_grow, is_stopped) else {
            return false;
        };
        taken.is_growing = true;
        taken.all += more;
        taken.reserved += more;
        self.is_growing = true;
        self.bytes += more;
        true
    }

    /// The answer is there and has so many bytes: they are held until they are examined.
    pub(crate) fn settle(self, bytes: usize) -> Held<'a> {
        let budget = self.budget;
        let mut taken = budget.lock();
        taken.all += bytes;
        drop(taken);
        // What was reserved goes at the end of this.
        drop(self);
        budget.hold(bytes)
    }
}

#[cfg(feature = "remote")]
impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        let mut taken = self.budget.lock();
        taken.all = taken.all.saturating_sub(self.bytes);
        taken.reserved = taken.reserved.saturating_sub(self.bytes);
        if self.is_growing {
            taken.is_growing = false;
        }
        self.budget.given_back.notify_all();
    }
}

#[cfg(all(test, feature = "remote"))]
mod tests;
