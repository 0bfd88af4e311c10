//! The one place where a panic is stopped.
//!
//! Decoders parse strangers' files; a bug in one may cost its item but never the run. The process
//! must be built with `panic = "unwind"` for this to work.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use crate::{Reason, Unreadable};

thread_local! {
    /// How many guards are open on this thread; panics under one are not printed.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Runs `work` and turns a panic in it into [`Reason::Panicked`] with the panic's message.
///
/// The first call installs a panic hook that stays silent on guarded threads and hands every
/// other panic to the hook that was there before. Guards nest.
pub fn guard<T>(work: impl FnOnce() -> Result<T, Unreadable>) -> Result<T, Unreadable> {
    silence_guarded_threads();
    let open = Open::new();
    // What `work` borrowed is dropped or abandoned by the caller together with the item.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the guard the rule speaks of"
    )]
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    drop(open);
    outcome.unwrap_or_else(|payload| Err(Unreadable::new(Reason::Panicked, message(&*payload))))
}

/// Counts one open guard for as long as it lives.
struct Open;

impl Open {
    fn new() -> Self {
        DEPTH.with(|depth| depth.set(depth.get() + 1));
        Self
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get() - 1));
    }
}

fn silence_guarded_threads() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            // A thread that is being torn down has no counter any more; it is not guarded.
            if DEPTH.try_with(Cell::get).unwrap_or(0) == 0 {
                previous(panic);
            }
        }));
    });
}

/// The words of a panic, without its place in the source: that differs between machines.
fn message(payload: &(dyn Any + Send)) -> String {
    let words = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    format!("decoder panicked: {}", words.unwrap_or("no message"))
}

#[cfg(test)]
mod tests;
