//! A record of runs and approvals in which nothing can be changed unnoticed.
//!
//! One JSON object a line. Each line holds the SHA-256 of the line before it, and a file beside the
//! ledger (`.head`) the number of lines and the SHA-256 of the last, signed where a key is given. A
//! changed, moved or missing line breaks the chain; a ledger cut off at its end contradicts its head.
//! Whoever keeps a head elsewhere can tell a ledger that was written anew.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::attest::{self, ATTESTATION, PublicKey, SigningKey, hex, open_signed, seal};
use crate::error::{Error, Result};
use crate::summary::{PolicySummary, Summary};
use crate::verify::{VerifyOptions, verify};
use crate::write::{SUMMARY, replace};

/// Payload type of signed heads.
const HEAD_TYPE: &str = "application/vnd.clearance.ledger-head+json";
/// The word in the place of a digest before the first line.
const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// Longest line: a run with its counts has a kilobyte.
const MOST_LINE_BYTES: u64 = 1 << 20;

/// A line of a ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Counts from 1.
    pub number: u64,
    /// SHA-256 of the line before it, hexadecimal; zeros before the first.
    pub previous: String,
    /// When it was added, UTC, in whole seconds.
    pub at: String,
    /// By whom, as stated.
    pub by: Option<String>,
    /// Why, or what else there is to say.
    pub comment: Option<String>,
    /// What it records.
    #[serde(flatten)]
    pub event: Event,
}

/// What is recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "event")]
pub enum Event {
    /// Results of a scan.
    Run(Box<Run>),
    /// Results that somebody approved.
    Approval(Approved),
}

/// A scan, in short.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// SHA-256 of `summary.json`, which holds everything else.
    pub summary: String,
    /// SHA-256 of `attestation.json`, where there was one.
    pub attestation: Option<String>,
    /// What was scanned.
    pub inputs: Vec<String>,
    /// BLAKE3 over the digests of all input files.
    pub dataset: String,
    /// Digest of the registry.
    pub registry: String,
    /// Its generation.
    pub generation: u64,
    /// The question.
    pub policy: PolicySummary,
    /// Rows, and what became of them.
    pub rows: u64,
    /// Rows with a finding.
    pub matched: u64,
    /// Rows that could not be read.
    pub unreadable: u64,
    /// Rows left aside.
    pub skipped: u64,
    /// Findings.
    pub findings: u64,
    /// Findings over policy.
    pub over_policy: u64,
    /// Version of the program.
    pub version: String,
}

/// What was approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// SHA-256 of the run's `summary.json`.
    pub summary: String,
}

/// Who adds a line, when, and what they say.
#[derive(Clone, Debug, Default)]
pub struct EntryNote {
    /// When; the library knows no clock.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<String>,
    /// Why.
    pub comment: Option<String>,
}

/// The end of a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Number of lines.
    pub entries: u64,
    /// SHA-256 of the last line, hexadecimal.
    pub sha256: String,
}

/// What a ledger turned out to hold.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Ledger {
    /// Its lines as far as they could be read.
    pub entries: Vec<Entry>,
    /// Everything that is wrong with it.
    pub problems: Vec<String>,
    /// The only problem is that its last line has no head, which is not signed: a run was killed
    /// between the two.
    killed: bool,
}

/// Adds the results in the output folder `out` to the ledger at `path`. Results that contradict one
/// another, or their attestation, are not recorded.
pub fn log_run(
    path: &Path,
    out: &Path,
    note: &EntryNote,
    key: Option<&SigningKey>,
) -> Result<Head> {
    let verification = verify(out, &VerifyOptions::default())?;
    if let Some(problem) = verification.first_problem() {
        return Err(Error::refused(out, format!("not recorded: {problem}")));
    }
    let summary = Summary::read(out)?;
    let mut dataset = blake3::Hasher::new();
    for file in &summary.totals.files {
        let digest = file.blake3.as_ref().unwrap_or(&file.footer_blake3);
        dataset.update(digest.as_bytes());
    }
    let attestation = out.join(ATTESTATION);
    let run = Run {
        summary: attest::sha256(&out.join(SUMMARY))?,
        attestation: attestation
            .exists()
            .then(|| attest::sha256(&attestation))
            .transpose()?,
        inputs: summary.settings.inputs.clone(),
        dataset: dataset.finalize().to_hex().to_string(),
        registry: summary.registry.digest.clone(),
        generation: summary.registry.generation,
        policy: summary.policy.clone(),
        rows: summary.totals.rows.rows,
        matched: summary.totals.rows.matched,
        unreadable: summary.totals.rows.unreadable,
        skipped: summary.totals.rows.skipped,
        findings: summary.findings,
        over_policy: summary.over_policy,
        version: summary.tool.version.clone(),
    };
    append(path, Event::Run(Box::new(run)), note, key)
}

/// Records that the results in the output folder `out` are approved. They have to be in the ledger.
pub fn log_approval(
    path: &Path,
    out: &Path,
    note: &EntryNote,
    key: Option<&SigningKey>,
) -> Result<Head> {
    let summary = attest::sha256(&out.join(SUMMARY))?;
    let ledger = read_ledger(path, None, None)?;
    let known = ledger.entries.iter().any(|entry| match &entry.event {
        Event::Run(run) => run.summary == summary,
        Event::Approval(_) => false,
    });
    if !known {
        let detail = "these results are not in the ledger; add them first with clearance log add";
        return Err(Error::refused(out, detail));
    }
    append(path, Event::Approval(Approved { summary }), note, key)
}

fn append(path: &Path, event: Event, note: &EntryNote, key: Option<&SigningKey>) -> Result<Head> {
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .map_err(Error::io(path))?;
    // Two runs that end together must not both follow the same line.
    file.lock().map_err(Error::io(path))?;
    let ledger = read_ledger(path, None, None)?;
    if let Some(problem) = ledger.problems.first().filter(|_| !ledger.killed) {
        return Err(Error::refused(path, format!("nothing is added: {problem}")));
    }
    let at = note.at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let last = ledger.entries.last();
    if let Some(last) = last.filter(|last| last.at > at) {
        let detail = format!(
            "it is {at}, but the last line is of {}: a clock was set back",
            last.at
        );
        return Err(Error::refused(path, detail));
    }
    let entry = Entry {
        number: ledger.entries.len() as u64 + 1,
        previous: last_hash(path)?,
        at,
        by: note.by.clone(),
        comment: note.comment.clone(),
        event,
    };
    let mut line = serde_json::to_vec(&entry).map_err(|error| Error::corrupt(path, &error))?;
    line.push(b'\n');
    let head = Head {
        entries: entry.number,
        sha256: hex(&Sha256::digest(&line)),
    };
    file.write_all(&line)
        .and_then(|()| file.sync_all())
        .map_err(Error::io(path))?;
    write_head(path, &head, key)?;
    Ok(head)
}

fn write_head(path: &Path, head: &Head, key: Option<&SigningKey>) -> Result<()> {
    let path = head_path(path);
    let refused = |detail: String| Error::refused(&path, detail);
    let bytes = if let Some(key) = key {
        let payload = serde_json::to_vec(head).map_err(|e| Error::corrupt(&path, &e))?;
        seal(HEAD_TYPE, &payload, key).map_err(refused)?
    } else {
        let mut bytes = serde_json::to_vec_pretty(head).map_err(|e| Error::corrupt(&path, &e))?;
        bytes.push(b'\n');
        bytes
    };
    replace(&path, |file| file.write_all(&bytes))
}

fn head_path(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".head");
    path.with_file_name(name)
}

/// SHA-256 of the last line; zeros for an empty ledger.
fn last_hash(path: &Path) -> Result<String> {
    let mut hash = NOTHING.to_owned();
    each_raw_line(path, |line| hash = hex(&Sha256::digest(line)))?;
    Ok(hash)
}

/// Calls `take` for every line with its end.
fn each_raw_line(path: &Path, mut take: impl FnMut(&[u8])) -> Result<()> {
    let file = File::open(path).map_err(Error::io(path))?;
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut rest = reader.by_ref().take(MOST_LINE_BYTES);
        if rest.read_until(b'\n', &mut line).map_err(Error::io(path))? == 0 {
            return Ok(());
        }
        take(&line);
    }
}

/// Reads a ledger and checks its chain, its head, and that time runs forward in it. With `trusted`,
/// the head has to be signed with that key; with `expected`, a line with this SHA-256 has to be in
/// it, as a head kept elsewhere says.
pub fn read_ledger(
    path: &Path,
    trusted: Option<&PublicKey>,
    expected: Option<&str>,
) -> Result<Ledger> {
    let mut ledger = Ledger::default();
    let (mut previous, mut number) = (NOTHING.to_owned(), 0);
    let mut found = expected.is_none();
    each_raw_line(path, |line| {
        number += 1;
        ledger.line(number, line, &previous);
        previous = hex(&Sha256::digest(line));
        found |= expected == Some(&*previous);
    })?;
    let head = Head {
        entries: number,
        sha256: previous,
    };
    if !found {
        let problem = "the expected line is not in it: lines were cut off or written anew";
        ledger.problems.push(problem.to_owned());
    }
    if number > 0 || trusted.is_some() || head_path(path).exists() {
        let before = ledger.entries.last().map(|last| last.previous.as_str());
        let (problem, killed) = check_head(path, &head, before, trusted)?;
        ledger.killed = killed && ledger.problems.is_empty();
        ledger.problems.extend(problem);
    }
    Ok(ledger)
}

impl Ledger {
    fn line(&mut self, number: u64, line: &[u8], previous: &str) {
        let entry: Entry = match serde_json::from_slice(line) {
            Ok(entry) => entry,
            Err(error) => {
                self.problems.push(format!("line {number}: {error}"));
                return;
            }
        };
        let mut problem = |what: &str| self.problems.push(format!("line {number}: {what}"));
        if !line.ends_with(b"\n") {
            problem("cut off");
        }
        if entry.number != number {
            problem(&format!("says that it is line {}", entry.number));
        }
        if entry.previous != previous {
            problem("the line before it is not the one that it follows");
        }
        if self.entries.last().is_some_and(|last| last.at > entry.at) {
            problem("of an earlier time than the line before it");
        }
        self.entries.push(entry);
    }
}

/// What contradicts the ledger's end in the head beside it, and whether that is all that a run leaves
/// which was killed after its line. `before` is the digest that the last line follows.
fn check_head(
    path: &Path,
    end: &Head,
    before: Option<&str>,
    trusted: Option<&PublicKey>,
) -> Result<(Option<String>, bool)> {
    let path = head_path(path);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            // The first line of a ledger may be all that there is.
            let killed = end.entries == 1;
            return Ok((Some(format!("there is no {}", path.display())), killed));
        }
        Err(error) => return Err(Error::io(&path)(error)),
    };
    let signed = serde_json::from_slice::<Head>(&bytes).is_err();
    let read = if signed {
        open_signed(HEAD_TYPE, &bytes, trusted)
            .and_then(|payload| serde_json::from_slice(&payload).map_err(|e| e.to_string()))
    } else if trusted.is_some() {
        Err("is not signed".to_owned())
    } else {
        serde_json::from_slice::<Head>(&bytes).map_err(|error| error.to_string())
    };
    let head = match read {
        Ok(head) => head,
        Err(problem) => return Ok((Some(format!("{}: {problem}", path.display())), false)),
    };
    if head == *end {
        return Ok((None, false));
    }
    let one_behind = head.entries + 1 == end.entries && before == Some(&head.sha256);
    let problem = format!(
        "it ends with line {}, but its head was written after line {}: lines were cut off, added or changed",
        end.entries, head.entries
    );
    Ok((Some(problem), one_behind && !signed))
}

#[cfg(test)]
mod tests;
