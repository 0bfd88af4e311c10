//! The decoding processes of a scan: one for each thread that asks.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use clearance_decode::{Media, Reason, Unreadable, guard};

use super::process::{Lost, Process};
use super::wire::{self, Settings, What};
use super::{Isolation, LEAST_DECODER_MEMORY};
use crate::error::{Error, Result};
use crate::reading::{ItemBytes, Reader, Reading};

pub use super::serving::serve_decoding;

/// A process is waited for this much longer than an item may take of processor time: on a machine
/// with other work it gets a part of that.
const PATIENCE: u32 = 8;
/// Time to start and to answer, at least.
const LEAST_PATIENCE: Duration = Duration::from_mins(8);
/// Waits before a process is started once more where the system would not.
const STARTS: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(5),
];

/// Decoding processes, each with a thread while it works on an item.
pub(crate) struct DecoderPool {
    isolation: Isolation,
    settings: Settings,
    pem: Vec<u8>,
    patience: Duration,
    idle: Mutex<Vec<Process>>,
}

impl DecoderPool {
    /// Starts the first process, to see that it can be done. Items are read as `reader` reads them;
    /// `pem` holds the certificates of the signers that it trusts.
    pub(crate) fn start(isolation: &Isolation, reader: &Reader<'_>, pem: &str) -> Result<Self> {
        if isolation.memory_bytes < LEAST_DECODER_MEMORY {
            let detail = format!(
                "{} bytes of memory; a decoding process needs {LEAST_DECODER_MEMORY}",
                isolation.memory_bytes
            );
            return Err(Error::Decoder { detail });
        }
        let decode_time = Duration::from_millis(reader.limits.decode_time_ms);
        let pool = Self {
            isolation: isolation.clone(),
            settings: Settings {
                version: Settings::VERSION.to_owned(),
                limits: reader.limits.clone(),
                declarations: reader.declarations,
                signers: reader.signers.is_some(),
                length: pem.len() as u64,
                memory_bytes: isolation.memory_bytes,
            },
            pem: pem.as_bytes().to_vec(),
            patience: decode_time.saturating_mul(2 * PATIENCE).max(LEAST_PATIENCE),
            idle: Mutex::default(),
        };
        let first = pool.new_process().map_err(|error| Error::Decoder {
            detail: format!("{}: {error}", isolation.program.display()),
        })?;
        pool.keep(first);
        Ok(pool)
    }

    /// What is learnt of an item.
    pub(crate) fn read(
        &self,
        bytes: &Bytes,
        name: Option<&str>,
        media: Option<Media>,
        source: ItemBytes,
    ) -> Reading {
        let what = || What::Read {
            name: name.map(|name| wire::short(name).to_owned()),
            media,
            digest: source.hex(),
        };
        let answer = self.ask(&what, bytes).and_then(|answer| {
            let answer = answer.unwrap_or_default();
            guard(|| wire::read(&answer).map_err(|error| impossible(&error)))
        });
        match answer {
            Ok(reading) if is_of(&reading, source) => reading,
            Ok(_) => Reading::trouble(impossible(&wire::nonsense()).into()),
            Err(unreadable) => Reading::trouble(unreadable.into()),
        }
    }

    /// A small JPEG of a picture.
    pub(crate) fn thumbnail(
        &self,
        bytes: &[u8],
        side_px: u32,
    ) -> std::result::Result<Vec<u8>, Unreadable> {
        let answer = self.ask(&|| What::Thumbnail { side_px }, bytes)?;
        answer.ok_or_else(|| Unreadable::new(Reason::Unsupported, "no thumbnail"))
    }

    /// The ISCC of a picture.
    pub(crate) fn iscc(&self, bytes: &[u8]) -> Option<String> {
        let answer = self.ask(&|| What::Iscc, bytes).ok().flatten();
        answer.and_then(|code| String::from_utf8(code).ok())
    }

    /// Asks a process, and a fresh one where it ends: its end may be owed to what it read before.
    fn ask(
        &self,
        what: &dyn Fn() -> What,
        bytes: &[u8],
    ) -> std::result::Result<Option<Vec<u8>>, Unreadable> {
        let idle = self.lock().pop();
        if let Some(mut process) = idle {
            match process.ask(what(), bytes) {
                Ok(answer) => {
                    self.keep(process);
                    return Ok(answer);
                }
                Err(lost @ Lost::Silent(_)) => return Err(unreadable(&lost)),
                Err(Lost::Ended(_) | Lost::Nonsense(_)) => {}
            }
        }
        let mut process = self.fresh_process()?;
        let answer = process.ask(what(), bytes);
        let answer = answer.map_err(|lost| unreadable(&lost))?;
        self.keep(process);
        Ok(answer)
    }

    fn fresh_process(&self) -> std::result::Result<Process, Unreadable> {
        for wait in STARTS {
            match self.new_process() {
                Ok(process) => return Ok(process),
                Err(_) => std::thread::sleep(wait),
            }
        }
        self.new_process().map_err(|error| {
            Unreadable::new(
                Reason::Io,
                format!("no decoding process could be started: {error}"),
            )
        })
    }

    fn new_process(&self) -> io::Result<Process> {
        Process::start(&self.isolation, &self.settings, &self.pem, self.patience)
    }

    fn keep(&self, process: Process) {
        self.lock().push(process);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Process>> {
        // A list of processes is whole at any moment.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a reading is one of these very bytes.
fn is_of(reading: &Reading, source: ItemBytes) -> bool {
    let printed = reading.item.as_ref().ok().map(|item| item.source);
    let said = reading.said.as_ref().map(|said| said.source);
    printed.is_none_or(|known| known == source) && said.is_none_or(|known| known == source)
}

fn unreadable(lost: &Lost) -> Unreadable {
    let reason = match lost {
        Lost::Silent(_) => Reason::Timeout,
        Lost::Ended(_) | Lost::Nonsense(_) => Reason::Crashed,
    };
    Unreadable::new(reason, lost.to_string())
}

fn impossible(error: &io::Error) -> Unreadable {
    Unreadable::new(
        Reason::Crashed,
        format!("the decoding process answered: {error}"),
    )
}
