//! Results for the people who hold the rights: statements of use, credits, notices, and the answer to
//! one of them that says nothing about the others.

mod page;
mod tally;
mod terms;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

use clearance_index::Snapshot;
use clearance_scan::{Exhibit, Finding};
use sha2::{Digest, Sha256};

use crate::attest::hex;
use crate::csv_cell::safe;
use crate::error::{Error, Result};
use crate::lines::each_line;
use crate::summary::Summary;
use crate::write::{EXHIBITS, FINDINGS, replace};
use tally::{Shares, WorkUse, tally};

/// Where owners' pages are, by case.
const CASES: &str = "cases";

/// One rightsholder's works in a scan.
pub(crate) struct Statement {
    /// The rightsholder, as the registry names them.
    pub(crate) owner: String,
    /// Names this case: the same for the same dataset, registry, question and owner.
    pub(crate) case: String,
    /// Their works that were found, in order of id.
    pub(crate) works: Vec<WorkUse>,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// Rightsholders.
    pub owners: u64,
    /// Their works that were found.
    pub works: u64,
    /// Findings of them.
    pub findings: u64,
}

/// Writes statements of use for every rightsholder into the folder `to`, from the results in the
/// output folder `out`: `statements.csv`, `credits.csv`, `credits.txt`, and a page and a notice for each case.
/// `registry` adds the terms of licenses.
pub fn write_statements(out: &Path, registry: Option<&Snapshot>, to: &Path) -> Result<Stated> {
    let summary = Summary::read(out)?;
    let uses = tally(out, &summary, registry, &|_| true)?;
    let owners: BTreeSet<String> = uses.iter().flat_map(owners_of).collect();
    let shares = Shares::of(&summary);
    let mut statements = Vec::new();
    for owner in owners {
        statements.push(statement(&summary, &owner, &uses));
    }
    for statement in &statements {
        let folder = to.join(CASES).join(&statement.case);
        write_case(&folder, statement, &summary, &shares)?;
    }
    fs::create_dir_all(to).map_err(Error::io(to))?;
    write_csv(&to.join("statements.csv"), &statements, &shares)?;
    write_credits(to, &uses)?;
    Ok(Stated {
        owners: statements.len() as u64,
        works: uses.len() as u64,
        findings: uses.iter().map(|work| work.findings).sum(),
    })
}

/// Writes everything about one rightsholder's works into the folder `to`, and nothing about anybody
/// else's: the statement as a page and as CSV, a notice, and the findings with what is shown of them.
/// Nothing is written when no work of theirs was found.
pub fn write_answer(
    out: &Path,
    owner: &str,
    registry: Option<&Snapshot>,
    to: &Path,
) -> Result<Stated> {
    let summary = Summary::read(out)?;
    let works: BTreeSet<&str> = summary
        .works
        .iter()
        .filter(|work| {
            let holders = work.rightsholder.as_deref().unwrap_or_default();
            is_among(owner, holders)
        })
        .map(|work| work.work_id.as_str())
        .collect();
    if works.is_empty() {
        return Ok(Stated::default());
    }
    let wanted = |finding: &Finding| works.contains(finding.work_id.as_str());
    let uses = tally(out, &summary, registry, &wanted)?;
    let shares = Shares::of(&summary);
    let statement = statement(&summary, owner, &uses);
    write_case(to, &statement, &summary, &shares)?;
    write_csv(
        &to.join("statement.csv"),
        std::slice::from_ref(&statement),
        &shares,
    )?;
    let ids = copy_lines(out, FINDINGS, to, |finding: &Finding| {
        wanted(finding).then(|| finding.finding_id.clone())
    })?;
    crate::export::csv::write_some(out, &to.join("findings.csv"), &wanted)?;
    let ids: BTreeSet<String> = ids.into_iter().collect();
    if out.join(EXHIBITS).exists() {
        copy_lines(out, EXHIBITS, to, |exhibit: &Exhibit| {
            ids.contains(&exhibit.finding_id)
                .then(|| exhibit.finding_id.clone())
        })?;
    }
    Ok(Stated {
        owners: 1,
        works: statement.works.len() as u64,
        findings: statement.works.iter().map(|work| work.findings).sum(),
    })
}

/// The rightsholders of a work; works without one are nobody's.
fn owners_of(work: &WorkUse) -> impl Iterator<Item = String> + '_ {
    let holders = work.rightsholder.as_deref().unwrap_or_default();
    holders
        .split("; ")
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
}

/// Whether a name is one of those in a list, or the list itself.
fn is_among(owner: &str, holders: &str) -> bool {
    let same = |name: &str| name.trim().to_lowercase() == owner.trim().to_lowercase();
    same(holders) || holders.split("; ").any(same)
}

fn statement(summary: &Summary, owner: &str, uses: &[WorkUse]) -> Statement {
    let of_owner = |work: &&WorkUse| {
        let holders = work.rightsholder.as_deref().unwrap_or_default();
        is_among(owner, holders)
    };
    Statement {
        owner: owner.to_owned(),
        case: case_id(summary, owner),
        works: uses.iter().filter(of_owner).cloned().collect(),
    }
}

/// `C-` and 16 hexadecimal digits: stable for the same owner, dataset, registry and question.
fn case_id(summary: &Summary, owner: &str) -> String {
    let mut hasher = Sha256::new();
    let mut add = |text: &str| {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    add(&owner.trim().to_lowercase());
    add(&summary.registry.digest);
    for text in [
        &summary.policy.mode,
        &summary.policy.use_,
        &summary.policy.as_of,
    ] {
        add(text);
    }
    for file in &summary.totals.files {
        add(file.blake3.as_ref().unwrap_or(&file.footer_blake3));
    }
    format!("C-{}", &hex(&hasher.finalize())[..16])
}

fn write_case(
    folder: &Path,
    statement: &Statement,
    summary: &Summary,
    shares: &Shares,
) -> Result<()> {
    fs::create_dir_all(folder).map_err(Error::io(folder))?;
    for (name, text) in [
        ("statement.html", page::html(statement, summary, shares)),
        ("notice.txt", Ok(page::notice(statement, summary, shares))),
    ] {
        let path = folder.join(name);
        let text = text.map_err(|error| Error::Io {
            path: path.clone(),
            source: std::io::Error::other(error),
        })?;
        replace(&path, |file| file.write_all(text.as_bytes()))?;
    }
    Ok(())
}

const STATEMENT_COLUMNS: [&str; 22] = [
    "case_id",
    "rightsholder",
    "work_id",
    "title",
    "media",
    "findings",
    "over_policy",
    "rows",
    "share_of_rows",
    "seconds",
    "share_of_seconds",
    "words",
    "share_of_words",
    "pictures",
    "share_of_pictures",
    "item_bytes",
    "reserved",
    "licensed",
    "unreserved",
    "review",
    "licenses",
    "reservations",
];

fn write_csv(path: &Path, statements: &[Statement], shares: &Shares) -> Result<()> {
    replace(path, |file| {
        let mut writer = csv::Writer::from_writer(BufWriter::new(file));
        writer.write_record(STATEMENT_COLUMNS)?;
        for statement in statements {
            for work in &statement.works {
                writer.write_record(statement_record(statement, work, shares))?;
            }
        }
        writer.flush()
    })
}

fn statement_record(statement: &Statement, work: &WorkUse, shares: &Shares) -> Vec<String> {
    let text = |text: &str| safe(text).into_owned();
    let verdict = |name: &str| work.verdicts.get(name).copied().unwrap_or(0).to_string();
    vec![
        statement.case.clone(),
        text(&statement.owner),
        text(&work.work_id),
        text(work.title.as_deref().unwrap_or_default()),
        work.media.iter().cloned().collect::<Vec<_>>().join(" "),
        work.findings.to_string(),
        work.over_policy.to_string(),
        work.rows.to_string(),
        shares.rows(work).to_string(),
        format!("{:.3}", work.seconds),
        shares.seconds(work).to_string(),
        work.words.to_string(),
        shares.words(work).to_string(),
        work.pictures.to_string(),
        shares.pictures(work).to_string(),
        work.bytes
            .map(|bytes| bytes.to_string())
            .unwrap_or_default(),
        verdict("reserved"),
        verdict("licensed"),
        verdict("unreserved"),
        verdict("review"),
        text(&work.terms.join(" | ")),
        text(
            &work
                .reservations
                .iter()
                .cloned()
                .collect::<Vec<_>>()
                .join(" | "),
        ),
    ]
}

/// Whom to name: each work that was found once, with who made it and who holds the rights.
fn write_credits(to: &Path, uses: &[WorkUse]) -> Result<()> {
    let mut credits: BTreeMap<(&str, &str), &WorkUse> = BTreeMap::new();
    for work in uses {
        let title = work.title.as_deref().unwrap_or(&work.work_id);
        credits.insert((title, &work.work_id), work);
    }
    replace(&to.join("credits.csv"), |file| {
        let mut writer = csv::Writer::from_writer(BufWriter::new(file));
        writer.write_record(["title", "creators", "rightsholder", "work_id"])?;
        for ((title, work_id), work) in &credits {
            let creators = work.creators.join("; ");
            let holder = work.rightsholder.as_deref().unwrap_or_default();
            let cells = [*title, &creators, holder, *work_id].map(safe);
            writer.write_record(cells.iter().map(|cell| cell.as_bytes()))?;
        }
        writer.flush()
    })?;
    replace(&to.join("credits.txt"), |file| {
        let mut writer = BufWriter::new(file);
        for ((title, _), work) in &credits {
            let creators = match &work.creators[..] {
                [] => String::new(),
                names => format!(" by {}", names.join(", ")),
            };
            let holder = work.rightsholder.as_ref();
            let holder = holder.map(|name| format!(" ({name})")).unwrap_or_default();
            writeln!(
                writer,
                "{}",
                terms::one_line(&format!("{title}{creators}{holder}"))
            )?;
        }
        writer.flush()
    })
}

/// Copies the lines of an output that are wanted, and returns what `wanted` says of them.
fn copy_lines<T: serde::de::DeserializeOwned + serde::Serialize>(
    out: &Path,
    name: &str,
    to: &Path,
    wanted: impl Fn(&T) -> Option<String>,
) -> Result<Vec<String>> {
    let path = to.join(name);
    let (mut kept, mut failed) = (Vec::new(), None);
    replace(&path, |file| {
        let mut writer = BufWriter::new(file);
        let written = each_line(&out.join(name), |line: T| {
            let Some(word) = wanted(&line) else {
                return Ok(());
            };
            kept.push(word);
            serde_json::to_writer(&mut writer, &line)
                .map_err(|error| Error::io(&path)(error.into()))?;
            writer.write_all(b"\n").map_err(Error::io(&path))
        });
        // The error of the findings, not of the copy, is to reach the user.
        failed = written.err();
        writer.flush()
    })?;
    failed.map_or(Ok(kept), Err)
}

#[cfg(test)]
mod tests;
