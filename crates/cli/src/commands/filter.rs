//! `clearance filter`.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use clearance_report::{FilterOptions, Filtered, deny_list, filter};
use clearance_rights::Verdict;

use crate::args::acting::Filter;
use crate::exit::Exit;
use crate::ui::{Ui, count, grouped};

pub(crate) fn run(args: &Filter, ui: &Ui, stop: &AtomicBool) -> anyhow::Result<Exit> {
    let options = FilterOptions {
        inputs: args.inputs.clone(),
        verdicts: verdicts(&args.verdicts)?,
        null_items: args.null_items,
        allow_incomplete: args.allow_incomplete,
    };
    if let Some(list) = &args.deny_list {
        let lines = deny_list(&args.findings, &options, args.uid_column.as_deref(), list)?;
        ui.say(&format!("{} in {}", count(lines, "line"), list.display()));
    }
    let Some(to) = &args.to else {
        return Ok(Exit::Clean);
    };
    let filtered = filter(&args.findings, &options, to, stop)?;
    if filtered.stopped {
        ui.say("Stopped. Run the same command again to continue.");
        return Ok(Exit::Interrupted);
    }
    say(&filtered, to, args.null_items, ui);
    Ok(Exit::Clean)
}

fn verdicts(words: &[String]) -> anyhow::Result<BTreeSet<Verdict>> {
    let words = words.iter().flat_map(|list| list.split(','));
    words
        .map(|word| {
            let word = word.trim();
            let known = Verdict::ALL
                .into_iter()
                .find(|verdict| verdict.as_str() == word);
            known.with_context(|| {
                format!("--verdict {word:?}: write reserved, licensed, unreserved or review")
            })
        })
        .collect()
}

fn say(filtered: &Filtered, to: &Path, null_items: bool, ui: &Ui) {
    let kept = filtered.rows - filtered.removed;
    let did = if null_items {
        format!("{} made null", count(filtered.nulled, "item"))
    } else {
        format!("{} removed", grouped(filtered.removed))
    };
    ui.say(&format!(
        "{} = {} kept + {} removed; {did}",
        count(filtered.rows, "row"),
        grouped(kept),
        grouped(filtered.removed),
    ));
    let resumed = match filtered.resumed {
        0 => String::new(),
        number => format!(", {} there already", grouped(number)),
    };
    ui.say(&format!(
        "{} written to {}{resumed}",
        count(filtered.files, "file"),
        to.display()
    ));
}
