//! Whose turn it is: addresses in line by host, so that a host is asked by few at a time and not too
//! often, and none waits for another.
//!
//! Nothing here waits, asks or looks at a clock: times come in as values.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::robots::Robots;

/// Attempts that fail in a row before a host is given up: three for each of about seven items.
const FAILURES_MAX: u32 = 20;
/// Longest pause that a host can ask for between two requests; search engines keep to about as much.
pub(super) const LONGEST_DELAY: Duration = Duration::from_secs(30);
/// Hosts that are remembered with nothing in line ...
const HOSTS_MAX: usize = 50_000;
/// ... and bytes of their robots.txt files.
const ROBOTS_BYTES_MAX: usize = 64 << 20;

/// Something that stands in line.
pub(super) trait Waiting {
    /// What one robots.txt is for.
    fn origin(&self) -> &str;
}

/// The lines before all hosts.
pub(super) struct Hosts<J> {
    pace: Pace,
    hosts: BTreeMap<String, Host<J>>,
    /// Hosts that somebody may go to, by when and by whose turn came first.
    ready: BTreeSet<(Instant, u64, String)>,
    /// Counts everything that came into line.
    came: u64,
    waiting: usize,
    away: usize,
    robots_bytes: usize,
    /// How many hosts and bytes are too many; more where all of them are needed.
    most: (usize, usize),
}

/// How a host is treated.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Who may be there at a time.
    pub(super) per_host: usize,
    /// From one request to the next.
    pub(super) delay: Duration,
}

struct Host<J> {
    line: VecDeque<(u64, J)>,
    /// How many are there now.
    busy: usize,
    /// Whether the one who is there reads robots.txt: nobody else may go.
    is_alone: bool,
    /// Nobody goes before.
    not_before: Instant,
    /// As it stands in `ready`.
    listed: Option<(Instant, u64)>,
    /// Attempts that failed in a row.
    failures: u32,
    /// By origin.
    robots: BTreeMap<String, Arc<Robots>>,
    /// Attempts to read one of these.
    robots_tries: u32,
    /// What robots.txt asks for.
    delay: Duration,
}

/// The next to go.
pub(super) enum Next<J> {
    Go(Turn<J>),
    /// Nobody, before this moment.
    Wait(Instant),
    /// Nobody is in line whose turn could come before somebody comes back.
    Nobody,
}

/// Somebody's turn.
pub(super) struct Turn<J> {
    pub(super) host: String,
    pub(super) job: J,
    /// What robots.txt says; `None`: it has to be read first.
    pub(super) robots: Option<Arc<Robots>>,
    /// Whether the host failed too often in a row.
    pub(super) is_given_up: bool,
    /// When the host could have been asked next, had nobody gone, and when it can be now.
    moved: (Instant, Instant),
}

/// What came of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// Nothing was asked.
    Unasked,
    /// The host answered.
    Well,
    /// It failed: no connection, no whole answer, trouble of its own, or too busy.
    Badly,
}

impl<J: Waiting> Hosts<J> {
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            pace,
            hosts: BTreeMap::new(),
            ready: BTreeSet::new(),
            came: 0,
            waiting: 0,
            away: 0,
            robots_bytes: 0,
            most: (HOSTS_MAX, ROBOTS_BYTES_MAX),
        }
    }

    /// Whether nobody is in line, and nobody will come back to it.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting == 0 && self.away == 0
    }

    /// Puts somebody at the end of a host's line.
    pub(super) fn add(&mut self, host: &str, job: J, now: Instant) {
        self.put(host, job, now, false);
    }

    /// Puts somebody who was there already, or was sent there, at its beginning.
    pub(super) fn add_first(&mut self, host: &str, job: J, now: Instant) {
        self.put(host, job, now, true);
    }

    fn put(&mut self, host: &str, job: J, now: Instant, is_first: bool) {
        self.came += 1;
        self.waiting += 1;
        let known = self.hosts.entry(host.to_owned()).or_insert_with(|| Host {
            line: VecDeque::new(),
            busy: 0,
            is_alone: false,
            not_before: now,
            listed: None,
            failures: 0,
            robots: BTreeMap::new(),
            robots_tries: 0,
            delay: Duration::ZERO,
        });
        if is_first {
            known.line.push_front((self.came, job));
        } else {
            known.line.push_back((self.came, job));
        }
        self.list(host);
    }

    /// Enters a host among those that somebody may go to, or takes it out.
    fn list(&mut self, name: &str) {
        let per_host = self.pace.per_host;
        let Some(host) = self.hosts.get_mut(name) else {
            return;
        };
        if let Some((at, number)) = host.listed.take() {
            self.ready.remove(&(at, number, name.to_owned()));
        }
        let Some((number, first)) = host.line.front() else {
            return;
        };
        let is_known = host.failures >= FAILURES_MAX || host.robots.contains_key(first.origin());
        let may_go = if is_known {
            host.busy < per_host
        } else {
            host.busy == 0
        };
        if may_go && !host.is_alone {
            host.listed = Some((host.not_before, *number));
            self.ready
                .insert((host.not_before, *number, name.to_owned()));
        }
    }

    /// Whose turn it is.
    pub(super) fn next(&mut self, now: Instant) -> Next<J> {
        let Some((at, _, _)) = self.ready.first() else {
            return Next::Nobody;
        };
        if *at > now {
            return Next::Wait(*at);
        }
        let Some((_, _, name)) = self.ready.pop_first() else {
            return Next::Nobody;
        };
        let turn = self.hosts.get_mut(&name).and_then(|host| {
            host.listed = None;
            let (_, job) = host.line.pop_front()?;
            let is_given_up = host.failures >= FAILURES_MAX;
            let robots = host.robots.get(job.origin()).cloned();
            let before = host.not_before;
            host.busy += 1;
            host.is_alone = robots.is_none() && !is_given_up;
            host.not_before = if is_given_up {
                now
            } else {
                now + self.pace.delay.max(host.delay)
            };
            Some(Turn {
                host: name.clone(),
                job,
                robots,
                is_given_up,
                moved: (before, host.not_before),
            })
        });
        let Some(turn) = turn else {
            return Next::Nobody;
        };
        self.waiting -= 1;
        self.away += 1;
        self.list(&name);
        Next::Go(turn)
    }

    /// Somebody came back from a host. `pause` is what the host is left alone for.
    pub(super) fn back(&mut self, name: &str, ended: Ended, pause: Duration, now: Instant) {
        self.away = self.away.saturating_sub(1);
        if let Some(host) = self.hosts.get_mut(name) {
            host.busy = host.busy.saturating_sub(1);
            host.is_alone = false;
            let (before, after) = ended.moved;
            match ended.came {
                // Others who went meanwhile have moved it on.
                Came::Unasked if host.not_before == after => host.not_before = before,
                Came::Unasked => {}
                Came::Well => host.failures = 0,
                Came::Badly => host.failures += 1,
            }
            if host.failures >= FAILURES_MAX {
                host.not_before = now;
            } else if !pause.is_zero() {
                host.not_before = host.not_before.max(now + pause);
            }
        }
        self.list(name);
        self.forget();
    }

    /// Counts an attempt to read a robots.txt of a host; how many there were.
    pub(super) fn try_robots(&mut self, name: &str) -> u32 {
        self.hosts.get_mut(name).map_or(0, |host| {
            host.robots_tries += 1;
            host.robots_tries
        })
    }

    /// Keeps what the robots.txt of an origin says.
    pub(super) fn set_robots(&mut self, name: &str, origin: &str, robots: Robots) {
        self.robots_bytes += robots.bytes();
        if let Some(host) = self.hosts.get_mut(name) {
            host.delay = host.delay.max(robots.delay().min(LONGEST_DELAY));
            host.robots.insert(origin.to_owned(), Arc::new(robots));
            host.robots_tries = 0;
        }
        self.list(name);
    }

    /// Forgets hosts that nobody stands before, where too much is remembered.
    fn forget(&mut self) {
        let (hosts, bytes) = self.most;
        if self.hosts.len() <= hosts && self.robots_bytes <= bytes {
            return;
        }
        self.hosts
            .retain(|_, host| host.busy > 0 || !host.line.is_empty());
        let robots = self.hosts.values().flat_map(|host| host.robots.values());
        self.robots_bytes = robots.map(|robots| robots.bytes()).sum();
        // Where most are needed, forgetting would be tried again at every turn.
        self.most = (
            HOSTS_MAX.max(self.hosts.len() * 2),
            ROBOTS_BYTES_MAX.max(self.robots_bytes * 2),
        );
    }
}

/// A turn that is over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ended {
    came: Came,
    moved: (Instant, Instant),
}

impl<J> Turn<J> {
    /// What came of it.
    pub(super) fn ended(&self, came: Came) -> Ended {
        Ended {
            came,
            moved: self.moved,
        }
    }
}

#[cfg(test)]
mod tests;
