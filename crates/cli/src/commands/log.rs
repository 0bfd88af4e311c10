//! `clearance log`.

use std::io::Write;
use std::path::Path;

use clearance_report::{Entry, EntryNote, Event, Head, Ledger, log_approval, log_run, read_ledger};

use super::keys::{public_key, signing_key};
use crate::args::record::{LogAdd, LogApprove, LogCommand, LogShow, LogTo, LogVerify};
use crate::config::now;
use crate::exit::Exit;
use crate::ui::{Ui, count, one_line, stdout};

pub(crate) fn run(command: &LogCommand, ui: &Ui) -> anyhow::Result<Exit> {
    match command {
        LogCommand::Add(args) => add(args, ui),
        LogCommand::Approve(args) => approve(args, ui),
        LogCommand::Show(args) => show(args, ui),
        LogCommand::Verify(args) => verify(args, ui),
    }
}

fn add(args: &LogAdd, ui: &Ui) -> anyhow::Result<Exit> {
    let key = args.to.key.as_deref().map(|path| signing_key(path, ui));
    let note = note(&args.to, args.by.clone())?;
    let head = log_run(&args.to.log, &args.out, &note, key.transpose()?.as_ref())?;
    say_head(&args.to.log, &head, ui);
    Ok(Exit::Clean)
}

fn approve(args: &LogApprove, ui: &Ui) -> anyhow::Result<Exit> {
    let key = args.to.key.as_deref().map(|path| signing_key(path, ui));
    let note = note(&args.to, Some(args.by.clone()))?;
    let head = log_approval(&args.to.log, &args.out, &note, key.transpose()?.as_ref())?;
    say_head(&args.to.log, &head, ui);
    Ok(Exit::Clean)
}

fn note(to: &LogTo, by: Option<String>) -> anyhow::Result<EntryNote> {
    Ok(EntryNote {
        at: now()?,
        by,
        comment: to.comment.clone(),
    })
}

fn say_head(log: &Path, head: &Head, ui: &Ui) {
    let (number, digest) = (head.entries, &head.sha256);
    ui.say(&format!("Line {number} of {}: {digest}", log.display()));
}

fn show(args: &LogShow, ui: &Ui) -> anyhow::Result<Exit> {
    let ledger = read_ledger(&args.log, None, None)?;
    let mut out = stdout();
    for entry in &ledger.entries {
        writeln!(out, "{}", in_words(entry))?;
    }
    Ok(ended(&ledger, ui))
}

fn verify(args: &LogVerify, ui: &Ui) -> anyhow::Result<Exit> {
    let key = args.key.as_deref().map(public_key).transpose()?;
    let ledger = read_ledger(&args.log, key.as_ref(), args.head.as_deref())?;
    if ledger.problems.is_empty() {
        let lines = count(ledger.entries.len() as u64, "line");
        writeln!(stdout(), "holds    {lines}")?;
    }
    Ok(ended(&ledger, ui))
}

fn ended(ledger: &Ledger, ui: &Ui) -> Exit {
    for problem in &ledger.problems {
        ui.warn(&one_line(problem));
    }
    if ledger.problems.is_empty() {
        Exit::Clean
    } else {
        Exit::Findings
    }
}

fn in_words(entry: &Entry) -> String {
    let stated = |text: &Option<String>| text.as_deref().map(one_line);
    let by = stated(&entry.by).map(|by| format!(" by {by}"));
    let comment = stated(&entry.comment).map(|comment| format!(" ({comment})"));
    let what = match &entry.event {
        Event::Run(run) => format!(
            "{} of {}: {}, {}, {} over policy; registry {} ({}), as of {}, results {}",
            count(run.rows, "row"),
            one_line(&run.inputs.join(", ")),
            count(run.matched, "row") + " matched",
            count(run.findings, "finding"),
            run.over_policy,
            run.generation,
            short(&run.registry),
            run.policy.as_of,
            short(&run.summary),
        ),
        Event::Approval(approved) => format!("approved: results {}", short(&approved.summary)),
    };
    format!(
        "{}\t{}{}\t{what}{}",
        entry.number,
        entry.at,
        by.unwrap_or_default(),
        comment.unwrap_or_default()
    )
}

/// The beginning of a digest, for people.
fn short(digest: &str) -> String {
    one_line(&digest.chars().take(12).collect::<String>())
}
