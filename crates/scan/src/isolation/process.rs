//! One decoding process, as the scan sees it.

use std::io::{self, BufReader};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::Isolation;
use super::wire::{self, Answer, Question, Settings, What};

/// Free memory that a process keeps: 64 MiB.
const KEPT_BYTES: &str = "67108864";
/// Pieces of memory that are asked of the system one by one: those of 32 MiB and more.
const MAPPED_BYTES: &str = "33554432";

/// How long a process that closed its socket may take to end.
const ENDING: Duration = Duration::from_secs(5);

/// What became of a question.
pub(super) type Answered = Result<Option<Vec<u8>>, Lost>;

/// A process that gave no answer. It is gone.
#[derive(Debug)]
pub(super) enum Lost {
    /// It ended, by this signal or with this code.
    Ended(ExitStatus),
    /// It said nothing for too long and was stopped.
    Silent(Duration),
    /// It said what is no answer and was stopped.
    Nonsense(io::Error),
}

/// A process that reads items, one after the other.
pub(super) struct Process {
    child: Child,
    /// What the process says; it is spoken to behind the buffer.
    socket: BufReader<UnixStream>,
    patience: Duration,
    answer_bytes: u64,
}

impl Process {
    /// Starts one and tells it how items are read.
    pub(super) fn start(
        isolation: &Isolation,
        settings: &Settings,
        pem: &[u8],
        patience: Duration,
    ) -> io::Result<Self> {
        let (ours, theirs) = UnixStream::pair()?;
        ours.set_read_timeout(Some(patience))?;
        ours.set_write_timeout(Some(patience))?;
        let child = Command::new(program(&isolation.program))
            .arg0("clearance")
            .args(&isolation.arguments)
            // Credentials are none of a decoder's business.
            .env_clear()
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Memory that an item took is kept for the next one, up to this much: to give it back
            // and to ask for it again would cost more than starting the process (glibc only).
            .env("MALLOC_TRIM_THRESHOLD_", KEPT_BYTES)
            .env("MALLOC_MMAP_THRESHOLD_", MAPPED_BYTES)
            // An interrupt at the terminal is for the scan, which lets items in work end.
            .process_group(0)
            .spawn()?;
        let mut process = Self {
            child,
            socket: BufReader::new(ours),
            patience,
            answer_bytes: isolation.memory_bytes,
        };
        let sent = wire::send(process.socket.get_mut(), settings, pem);
        match sent.and_then(|()| process.answer()) {
            Ok(_) => Ok(process),
            Err(lost) => Err(io::Error::other(process.lost(lost).to_string())),
        }
    }

    /// Asks about an item.
    pub(super) fn ask(&mut self, what: What, bytes: &[u8]) -> Answered {
        let question = Question {
            what,
            length: bytes.len() as u64,
        };
        let sent = wire::send(self.socket.get_mut(), &question, bytes);
        sent.and_then(|()| self.answer())
            .map_err(|error| self.lost(error))
    }

    fn answer(&mut self) -> io::Result<Option<Vec<u8>>> {
        let answer: Answer = wire::head(&mut self.socket)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        // It cannot have held more.
        let bytes = wire::bytes(&mut self.socket, answer.length, self.answer_bytes)?;
        Ok(answer.is_there.then_some(bytes))
    }

    /// Stops the process, if it has not ended itself, and says what happened.
    fn lost(&mut self, error: io::Error) -> Lost {
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                self.stop();
                Lost::Silent(self.patience)
            }
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset => {
                // It closes its socket by ending, unless it is up to something.
                drop(self.socket.get_ref().shutdown(Shutdown::Both));
                match self.ended() {
                    Ok(Some(status)) => Lost::Ended(status),
                    Ok(None) => {
                        self.stop();
                        Lost::Nonsense(error)
                    }
                    Err(error) => Lost::Nonsense(error),
                }
            }
            _ => {
                self.stop();
                Lost::Nonsense(error)
            }
        }
    }

    /// How it ended, if it does within a short time: nobody waits for one that only closed its socket.
    fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        let begun = Instant::now();
        loop {
            let status = self.child.try_wait()?;
            if status.is_some() || begun.elapsed() > ENDING {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn stop(&mut self) {
        // Both fail only for a process that has ended and was waited for.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// On Linux the running program itself, also where its file has been replaced since it started.
fn program(program: &Path) -> &Path {
    let itself = Path::new("/proc/self/exe");
    match (itself.read_link(), program.canonicalize()) {
        (Ok(running), Ok(asked)) if running == asked => itself,
        _ => program,
    }
}

impl std::fmt::Display for Lost {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ended(status) => match status.signal() {
                Some(signal) => write!(
                    formatter,
                    "the decoding process ended by signal {signal}{}",
                    meaning(signal)
                ),
                None => write!(
                    formatter,
                    "the decoding process ended with code {}",
                    status.code().unwrap_or_default()
                ),
            },
            Self::Silent(patience) => write!(
                formatter,
                "no answer of the decoding process within {} s",
                patience.as_secs()
            ),
            Self::Nonsense(error) => write!(formatter, "the decoding process answered: {error}"),
        }
    }
}

/// What the signals mean that a decoder may end by: POSIX.1-2017, `signal.h`; their numbers are the
/// same wherever processes are isolated.
fn meaning(signal: i32) -> &'static str {
    match signal {
        4 => " (invalid instruction)",
        6 => " (out of memory, or stopped by itself)",
        7 | 10 => " (bus error)",
        8 => " (arithmetic)",
        9 => " (killed)",
        11 => " (memory fault, or out of stack)",
        24 => " (processor time used up)",
        _ => "",
    }
}

#[cfg(test)]
mod tests;
