//! One turn at a host: a question, and what its answer means.

use std::io;
use std::time::Duration;

use super::super::address::Target;
use super::super::body::{Bounds, NoBody, read_body, read_start};
use super::super::client::{Answer, RetryAfter, Silence, is_timeout};
use super::super::hosts::Came;
use super::super::robots::{ROBOTS_BYTES_MAX, ROBOTS_REDIRECTS_MAX, ROBOTS_TRIES, Robots};
use super::{Job, NOT_USABLE, Stage, Step};
use crate::pipeline::Held;

/// Room that an answer has before anything of it is known: most items are shorter.
const FIRST_ROOM: usize = 1 << 20;
/// Times that an item may be elsewhere.
const REDIRECTS_MAX: usize = 5;
/// Attempts to fetch an item, of which all but the last failed.
const TRIES: u32 = 3;
/// The pause after the first of them; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause that a server can ask for. One that asks for more is not asked for that item again.
const LONGEST_PAUSE_S: u64 = 120;
/// The pause where it names a day and an hour ...
const UNREAD_PAUSE_S: u64 = 60;
/// ... and where it is busy and asks for none.
const BUSY_PAUSE_S: u64 = 5;

impl<'a, T> Stage<'a, T> {
    /// Reads the robots.txt of an origin.
    pub(super) fn read_robots(&self, asked: &Target, is_stopped: &dyn Fn() -> bool) -> Step {
        let read = asked.robots().map_err(|detail| Unread {
            outcome: NOT_USABLE,
            detail,
            is_final: true,
        });
        match read.and_then(|target| self.robots(target)) {
            Ok(robots) => Step::Rules(robots, Came::Well),
            Err(_) if is_stopped() => Step::Stopped,
            Err(unread) => {
                let tries = self.lock().hosts.try_robots(asked.host());
                if !unread.is_final && tries < ROBOTS_TRIES {
                    return Step::Again(FIRST_PAUSE);
                }
                let unknown = Robots::Unknown {
                    outcome: unread.outcome.to_owned(),
                    detail: unread.detail,
                };
                Step::Rules(unknown, Came::Badly)
            }
        }
    }

    fn robots(&self, mut target: Target) -> Result<Robots, Unread> {
        for _ in 0..=ROBOTS_REDIRECTS_MAX {
            let answer = self.client.get(&target).map_err(Unread::of)?;
            let status = answer.status;
            match status {
                200..=299 => {
                    let encoding = answer.encoding.clone();
                    let read = read_start(answer.into_reader(), &encoding, ROBOTS_BYTES_MAX);
                    let (bytes, is_cut) = read.map_err(|trouble| match trouble {
                        NoBody::Packed(how) => Unread::unreachable(format!("packed with {how}")),
                        NoBody::Broken(error) => Unread::unreachable(error.to_string()),
                        NoBody::TooLong | NoBody::Stopped => Unread::unreachable("not read"),
                    })?;
                    return Ok(Robots::read(&bytes, is_cut));
                }
                301 | 302 | 303 | 307 | 308 => {
                    let to = answer.location.unwrap_or_default();
                    target = target.join(&to).map_err(Unread::unreachable)?;
                }
                // Too many requests are trouble of the server's, not a missing file.
                429 | 500..=599 => return Err(Unread::unreachable(format!("status {status}"))),
                _ => return Ok(Robots::Absent(format!("no robots.txt: status {status}"))),
            }
        }
        // RFC 9309, section 2.3.1.2: it may be taken for one that is not there.
        Ok(Robots::Absent(
            "no robots.txt: redirected too often".to_owned(),
        ))
    }

    /// Asks for an item where robots.txt allows it. What it takes in memory is left in `held`.
    pub(super) fn ask(
        &self,
        robots: &Robots,
        job: &mut Job<T>,
        held: &mut Option<Held<'a>>,
        is_stopped: &dyn Fn() -> bool,
    ) -> Step {
        if let Some(denied) = denied(robots, job) {
            return denied;
        }
        let Some(mut room) = self.budget.reserve(FIRST_ROOM, is_stopped) else {
            return Step::Stopped;
        };
        let record = &mut job.record;
        record.requests += 1;
        let answer = self.client.get(&job.target);
        record.fetched_at_ms = Some(self.options.now_ms());
        let answer = match answer {
            Ok(answer) => answer,
            Err(silence) => return silent(silence, job),
        };
        record.status = Some(answer.status);
        record.headers.clone_from(&answer.headers);
        match answer.status {
            200 => {}
            301 | 302 | 303 | 307 | 308 => return moved(&answer, job),
            status => return refused(status, answer.retry_after, job),
        }
        let (encoding, length) = (answer.encoding.clone(), answer.length());
        let bounds = Bounds {
            most_bytes: self.most_bytes,
            is_stopped,
        };
        let body = read_body(answer.into_reader(), &encoding, length, &bounds, &mut room);
        match body {
            Ok(body) => {
                *held = Some(room.settle(body.len()));
                Step::Done {
                    came: Came::Well,
                    outcome: String::new(),
                    detail: String::new(),
                    body: Some(body),
                    pause: Duration::ZERO,
                }
            }
            Err(NoBody::Stopped) => Step::Stopped,
            Err(NoBody::TooLong) => {
                let detail = format!("more than {} bytes", self.most_bytes);
                Step::ended(Came::Well, "too large", detail)
            }
            Err(NoBody::Packed(how)) => {
                let detail = format!("packed with {how}, which nobody asked for");
                Step::ended(Came::Well, "encoding not known", detail)
            }
            Err(NoBody::Broken(error)) => failed(job, broken(&error), error.to_string(), None),
        }
    }
}

/// Why an item may not be asked for, if so.
fn denied<T>(robots: &Robots, job: &mut Job<T>) -> Option<Step> {
    let record = &mut job.record;
    match robots {
        Robots::Absent(why) => {
            record.robots.clone_from(why);
            None
        }
        Robots::Unknown { outcome, detail } => {
            record.robots = format!("not known: {detail}");
            Some(Step::ended(Came::Unasked, outcome, detail))
        }
        Robots::Rules(rules) => {
            let permission = rules.permission(&job.target.path());
            record.robots = permission.to_string();
            let is_denied = !permission.is_allowed;
            is_denied.then(|| Step::ended(Came::Unasked, "robots disallows", ""))
        }
    }
}

/// Why a robots.txt could not be read.
struct Unread {
    outcome: &'static str,
    detail: String,
    /// Whether another attempt would come to the same.
    is_final: bool,
}

impl Unread {
    fn unreachable(detail: impl Into<String>) -> Self {
        Self {
            outcome: "robots.txt not reachable",
            detail: detail.into(),
            is_final: false,
        }
    }

    fn of(silence: Silence) -> Self {
        let (outcome, detail) = in_words(silence);
        let is_final = matches!(
            outcome,
            "address is private" | "host not found" | NOT_USABLE
        );
        if is_final {
            Self {
                outcome,
                detail,
                is_final,
            }
        } else {
            Self::unreachable(format!("{outcome}: {detail}"))
        }
    }
}

/// An outcome, and more about it.
fn in_words(silence: Silence) -> (&'static str, String) {
    match silence {
        Silence::NotPublic(detail) => ("address is private", detail),
        Silence::HostNotFound => ("host not found", String::new()),
        Silence::TimedOut(detail) => ("timed out", detail),
        Silence::NoConnection(detail) => ("no connection", detail),
        Silence::Garbled(detail) => ("answer not understood", detail),
        Silence::BadAddress(detail) => (NOT_USABLE, detail),
    }
}

fn silent<T>(silence: Silence, job: &mut Job<T>) -> Step {
    let (outcome, detail) = in_words(silence);
    match outcome {
        "address is private" | NOT_USABLE => Step::ended(Came::Unasked, outcome, detail),
        _ => failed(job, outcome, detail, None),
    }
}

fn broken(error: &io::Error) -> &'static str {
    if is_timeout(error) {
        "timed out"
    } else {
        "answer incomplete"
    }
}

/// An attempt failed: another follows, unless this was the last. `asked_s` is the pause that the
/// server asks for.
fn failed<T>(
    job: &mut Job<T>,
    outcome: impl Into<String>,
    detail: impl Into<String>,
    asked_s: Option<u64>,
) -> Step {
    job.tries += 1;
    let pause = match asked_s {
        Some(seconds) => Duration::from_secs(seconds.min(LONGEST_PAUSE_S)),
        None => FIRST_PAUSE * 2u32.saturating_pow(job.tries.min(8) - 1),
    };
    let is_too_long = asked_s.is_some_and(|seconds| seconds > LONGEST_PAUSE_S);
    if job.tries < TRIES && !is_too_long {
        return Step::Again(pause);
    }
    Step::Done {
        came: Came::Badly,
        outcome: outcome.into(),
        detail: detail.into(),
        body: None,
        pause: asked_s.map_or(Duration::ZERO, |_| pause),
    }
}

/// An answer that is none of the item.
fn refused<T>(status: u16, retry_after: Option<RetryAfter>, job: &mut Job<T>) -> Step {
    let outcome = format!("status {status}");
    match status {
        429 | 503 => {
            let asked_s = retry_after.map(|it| it.seconds().unwrap_or(UNREAD_PAUSE_S));
            let detail = asked_s.map_or_else(String::new, |seconds| {
                format!("it asked for a pause of {seconds} s")
            });
            failed(job, outcome, detail, Some(asked_s.unwrap_or(BUSY_PAUSE_S)))
        }
        500..=599 => failed(job, outcome, "", None),
        _ => Step::ended(Came::Well, outcome, ""),
    }
}

/// An answer that sends elsewhere.
fn moved<T>(answer: &Answer, job: &mut Job<T>) -> Step {
    let record = &mut job.record;
    if record.redirects.len() >= REDIRECTS_MAX {
        return Step::ended(Came::Well, "redirected too often", "");
    }
    let Some(to) = &answer.location else {
        let detail = "it sends elsewhere and does not say where";
        return Step::ended(Came::Well, "answer not understood", detail);
    };
    match job.target.join(to) {
        Ok(target) => {
            record.redirects.push(job.target.public());
            record.final_url = Some(target.public());
            Step::Moved(target)
        }
        Err(detail) => {
            let detail = format!("it sends elsewhere: {detail}");
            Step::ended(Came::Well, NOT_USABLE, detail)
        }
    }
}
