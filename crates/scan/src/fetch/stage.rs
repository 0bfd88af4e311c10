//! The threads that fetch, between the reader and those that decode.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::address::Target;
use super::client::Client;
use super::hosts::{Came, Hosts, Next, Pace, Turn, Waiting};
use super::record::FETCHED;
use super::repeats::{Answered, Key, Repeats, Wanted};
use super::robots::Robots;
use super::{FetchOptions, FetchRecord, Fetched};
use crate::pipeline::{Budget, Held};

mod asking;

/// Items in line before the reader waits: enough that hosts with long lines leave others a turn.
const LINE_MAX: usize = 50_000;
/// The same in bytes of their addresses.
const LINE_BYTES_MAX: usize = 16 << 20;
/// How often somebody who waits looks whether all is to stop.
const LOOK: Duration = Duration::from_millis(100);
/// Outcomes that nothing was asked for.
const NOT_USABLE: &str = "address not usable";
const GIVEN_UP: &str = "host given up";

/// An item on its way.
struct Job<T> {
    /// Whose it is.
    ticket: T,
    key: Key,
    /// Where it is to be fetched now: after redirects elsewhere than its cell says.
    target: Target,
    origin: String,
    /// Attempts that failed.
    tries: u32,
    record: FetchRecord,
}

impl<T> Waiting for Job<T> {
    fn origin(&self) -> &str {
        &self.origin
    }
}

/// What one turn came to.
enum Step {
    /// The item's outcome, and how long the host is left alone.
    Done {
        came: Came,
        outcome: String,
        detail: String,
        body: Option<Bytes>,
        pause: Duration,
    },
    /// It failed and is tried again, after a pause.
    Again(Duration),
    /// The item is elsewhere.
    Moved(Target),
    /// robots.txt was read.
    Rules(Robots, Came),
    /// All is to stop.
    Stopped,
}

impl Step {
    fn ended(came: Came, outcome: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Done {
            came,
            outcome: outcome.into(),
            detail: detail.into(),
            body: None,
            pause: Duration::ZERO,
        }
    }
}

struct State<T> {
    hosts: Hosts<Job<T>>,
    /// Others that want the same, each with its own spelling of the address.
    repeats: Repeats<(T, String)>,
    /// Items that wait or are being fetched, and the bytes of their addresses.
    items: usize,
    address_bytes: usize,
    is_closed: bool,
}

/// Takes addresses, and hands out what came of them on its own threads.
pub(crate) struct Stage<'a, T> {
    client: Client,
    options: &'a FetchOptions,
    budget: &'a Budget,
    /// Largest item.
    most_bytes: u64,
    state: Mutex<State<T>>,
    changed: Condvar,
    /// Threads that still work.
    working: AtomicUsize,
}

/// What is to be told of when an item is done.
pub(crate) type Deliver<'d, 'a, T> = &'d dyn Fn(T, Fetched, Held<'a>);

impl<'a, T> Stage<'a, T> {
    /// A stage that holds what it fetches within the budget. [`Stage::work`] is to be called on
    /// [`Stage::threads`] threads.
    pub(crate) fn new(
        options: &'a FetchOptions,
        most_bytes: u64,
        budget: &'a Budget,
    ) -> Option<Self> {
        let pace = Pace {
            per_host: options.per_host.max(1),
            delay: options.delay,
        };
        let state = State {
            hosts: Hosts::new(pace),
            repeats: Repeats::new(),
            items: 0,
            address_bytes: 0,
            is_closed: false,
        };
        Some(Self {
            client: Client::new(options),
            options,
            budget,
            most_bytes,
            state: Mutex::new(state),
            changed: Condvar::new(),
            working: AtomicUsize::new(options.connections.max(1)),
        })
    }

    /// How many threads work.
    pub(crate) fn threads(&self) -> usize {
        self.options.connections.max(1)
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // What panics runs under the guard and without the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether another item may be given now.
    pub(crate) fn has_room(&self) -> bool {
        let state = self.lock();
        state.items < LINE_MAX && state.address_bytes < LINE_BYTES_MAX
    }

    /// Takes an address. What needs no request is answered at once.
    pub(crate) fn give(&self, ticket: T, url: String) -> Option<(T, Fetched)> {
        let target = match Target::parse(&url) {
            Ok(target) => target,
            Err(detail) => {
                let record = FetchRecord {
                    outcome: NOT_USABLE.to_owned(),
                    detail,
                    ..FetchRecord::default()
                };
                let body = Err(NOT_USABLE.to_owned());
                return Some((ticket, fetched(url, Answered { record, body })));
            }
        };
        let key = *blake3::hash(target.as_str().as_bytes()).as_bytes();
        let mut state = self.lock();
        let bytes = url.len();
        let (ticket, url) = match state.repeats.want(key, (ticket, url)) {
            Wanted::New(wanting) => wanting,
            Wanted::Waits => {
                state.items += 1;
                state.address_bytes += bytes;
                return None;
            }
            Wanted::Known((ticket, url), answered) => {
                return Some((ticket, fetched(url, again(*answered))));
            }
        };
        state.items += 1;
        state.address_bytes += bytes;
        let job = Job {
            ticket,
            key,
            origin: target.origin(),
            tries: 0,
            record: FetchRecord {
                url,
                ..FetchRecord::default()
            },
            target,
        };
        let host = job.target.host().to_owned();
        state.hosts.add(&host, job, Instant::now());
        drop(state);
        self.changed.notify_one();
        None
    }

    /// Says that no more items come.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    /// Ends what threads wait for, once all is to stop.
    pub(crate) fn interrupt(&self) {
        self.client.interrupt();
    }

    /// Whether all threads have ended.
    pub(crate) fn has_ended(&self) -> bool {
        self.working.load(Ordering::Acquire) == 0
    }

    /// Fetches until everything is done, or is to stop.
    pub(crate) fn work(&self, is_stopped: &dyn Fn() -> bool, deliver: Deliver<'_, 'a, T>) {
        let _working = Working(&self.working);
        while let Some(turn) = self.turn(is_stopped) {
            self.step(turn, is_stopped, deliver);
        }
    }

    /// Waits for a turn. `None` when nothing is left, or all is to stop.
    fn turn(&self, is_stopped: &dyn Fn() -> bool) -> Option<Turn<Job<T>>> {
        let mut state = self.lock();
        loop {
            if is_stopped() {
                return None;
            }
            let now = Instant::now();
            let wait = match state.hosts.next(now) {
                Next::Go(turn) => return Some(turn),
                Next::Wait(until) => until.saturating_duration_since(now).min(LOOK),
                Next::Nobody if state.is_closed && state.hosts.is_empty() => {
                    drop(state);
                    self.changed.notify_all();
                    return None;
                }
                Next::Nobody => LOOK,
            };
            let waited = self.changed.wait_timeout(state, wait);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn step(
        &self,
        mut turn: Turn<Job<T>>,
        is_stopped: &dyn Fn() -> bool,
        deliver: Deliver<'_, 'a, T>,
    ) {
        let mut held = None;
        let step = if turn.is_given_up {
            let detail = "it failed too often in a row";
            Step::ended(Came::Unasked, GIVEN_UP, detail)
        } else {
            let (robots, job) = (turn.robots.clone(), &mut turn.job);
            let asked = clearance_decode::guard(|| {
                Ok(match &robots {
                    None => self.read_robots(&job.target, is_stopped),
                    Some(robots) => self.ask(robots, job, &mut held, is_stopped),
                })
            });
            asked.unwrap_or_else(|panic| {
                Step::ended(Came::Badly, "answer not understood", panic.to_string())
            })
        };
        let now = Instant::now();
        match step {
            Step::Stopped => {}
            Step::Rules(robots, came) => self.learn(turn, robots, came, now),
            Step::Again(pause) => self.try_again(turn, pause, now),
            Step::Moved(target) => self.move_on(turn, target, now),
            Step::Done {
                came,
                outcome,
                detail,
                body,
                pause,
            } => {
                let ended = turn.ended(came);
                self.lock().hosts.back(&turn.host, ended, pause, now);
                let record = FetchRecord {
                    detail,
                    ..std::mem::take(&mut turn.job.record)
                };
                let held = held.unwrap_or_else(|| self.budget.hold(0));
                self.finish(turn.job, outcome, record, (body, held), deliver);
            }
        }
        self.changed.notify_all();
    }

    /// Hands out what came of an item, to others that want the same too.
    fn finish(
        &self,
        job: Job<T>,
        outcome: String,
        mut record: FetchRecord,
        (body, held): (Option<Bytes>, Held<'a>),
        deliver: Deliver<'_, 'a, T>,
    ) {
        let url = std::mem::take(&mut record.url);
        let body = match body {
            Some(bytes) => {
                record.bytes = Some(bytes.len() as u64);
                record.item_digest = Some(blake3::hash(&bytes).to_hex().to_string());
                FETCHED.clone_into(&mut record.outcome);
                Ok(bytes)
            }
            None => {
                record.outcome.clone_from(&outcome);
                Err(outcome)
            }
        };
        let answered = Answered { record, body };
        let mut state = self.lock();
        let others = state.repeats.answer(job.key, &answered);
        state.items -= 1 + others.len();
        let bytes = url.len() + others.iter().map(|(_, url)| url.len()).sum::<usize>();
        state.address_bytes -= bytes;
        drop(state);
        for (ticket, url) in others {
            let none = self.budget.hold(0);
            deliver(ticket, fetched(url, again(answered.clone())), none);
        }
        deliver(job.ticket, fetched(url, answered), held);
    }

    fn learn(&self, turn: Turn<Job<T>>, robots: Robots, came: Came, now: Instant) {
        let ended = turn.ended(came);
        let mut state = self.lock();
        let hosts = &mut state.hosts;
        hosts.set_robots(&turn.host, &turn.job.origin, robots);
        hosts.add_first(&turn.host, turn.job, now);
        hosts.back(&turn.host, ended, Duration::ZERO, now);
    }

    fn try_again(&self, turn: Turn<Job<T>>, pause: Duration, now: Instant) {
        let ended = turn.ended(Came::Badly);
        let mut state = self.lock();
        state.hosts.add_first(&turn.host, turn.job, now);
        state.hosts.back(&turn.host, ended, pause, now);
    }

    fn move_on(&self, mut turn: Turn<Job<T>>, target: Target, now: Instant) {
        let ended = turn.ended(Came::Well);
        turn.job.origin = target.origin();
        turn.job.target = target;
        let next = turn.job.target.host().to_owned();
        let mut state = self.lock();
        state.hosts.add_first(&next, turn.job, now);
        state.hosts.back(&turn.host, ended, Duration::ZERO, now);
    }
}

/// An answer that serves once more, without a request.
fn again(mut answered: Answered) -> Answered {
    answered.record.requests = 0;
    answered
}

fn fetched(url: String, Answered { mut record, body }: Answered) -> Fetched {
    record.url.clone_from(&url);
    let name = Target::parse(&url).ok().and_then(|target| target.name());
    Fetched {
        url,
        name,
        body,
        record: Some(Box::new(record)),
    }
}

/// Counts a thread that works, until it ends in whatever way.
struct Working<'w>(&'w AtomicUsize);

impl Drop for Working<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests;
