//! Work with the GIL released, that Ctrl-C stops.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clearance::{Failure, FailureKind};
use crossbeam_channel::{RecvTimeoutError, bounded};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// How often a signal is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Does `work` on a thread of its own, with the GIL released. On Ctrl-C it is told to stop, awaited,
/// and its result dropped.
pub(crate) fn released<T: Send>(
    py: Python<'_>,
    work: impl FnOnce(&AtomicBool) -> T + Send,
) -> PyResult<T> {
    let stop = AtomicBool::new(false);
    let (sender, receiver) = bounded(1);
    let (result, interrupt) = std::thread::scope(|threads| {
        threads.spawn(|| {
            // Nobody waits any more only where this thread is no more awaited either.
            drop(sender.send(work(&stop)));
        });
        let mut interrupt = None;
        loop {
            match py.detach(|| receiver.recv_timeout(LOOK_EVERY)) {
                Ok(result) => return (Some(result), interrupt),
                // It panicked; the scope passes that on.
                Err(RecvTimeoutError::Disconnected) => return (None, interrupt),
                Err(RecvTimeoutError::Timeout) => {
                    if let Err(error) = py.check_signals() {
                        stop.store(true, Ordering::Relaxed);
                        interrupt = Some(error);
                    }
                }
            }
        }
    });
    match (interrupt, result) {
        (Some(error), _) => Err(error),
        (None, Some(result)) => Ok(result),
        (None, None) => Err(PyRuntimeError::new_err("the work ended without a result")),
    }
}

/// The exception of `clearance` for a failure, with the words of the command line.
pub(crate) fn raised(py: Python<'_>, failure: Failure) -> PyErr {
    let name = match failure.kind {
        FailureKind::Usage => "UsageError",
        FailureKind::Registry => "RegistryError",
        FailureKind::Dataset => "DatasetError",
        FailureKind::Results => "ResultsError",
        FailureKind::Machine => "MachineError",
    };
    let made = py
        .import("clearance._errors")
        .and_then(|module| module.getattr(name))
        .and_then(|class| class.call1((failure.words, failure.hint)));
    made.map_or_else(|error| error, PyErr::from_value)
}

/// Threads for batches. They are made when they are needed, and anew in a process that was forked,
/// where none of them came along.
pub(crate) struct Pool {
    threads: Option<usize>,
    made: Mutex<Option<(u32, Arc<ThreadPool>)>>,
}

impl Pool {
    pub(crate) const fn new(threads: Option<usize>) -> Self {
        Self {
            threads,
            made: Mutex::new(None),
        }
    }

    pub(crate) fn get(&self) -> PyResult<Arc<ThreadPool>> {
        let here = std::process::id();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((process, pool)) = made.as_ref()
            && *process == here
        {
            return Ok(Arc::clone(pool));
        }
        let mut builder = ThreadPoolBuilder::new();
        if let Some(threads) = self.threads {
            builder = builder.num_threads(threads);
        }
        let pool = builder.build();
        let pool = pool.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        let pool = Arc::new(pool);
        // The parent's pool cannot be ended here: there is nobody to end.
        std::mem::forget(made.replace((here, Arc::clone(&pool))));
        Ok(pool)
    }
}
