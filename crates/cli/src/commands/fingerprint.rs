//! `clearance fingerprint`.

use std::sync::atomic::AtomicBool;

use clearance_scan::{Plan, Progress, TableTotals, fingerprint};

use super::scan::{announce_files, watched};
use crate::args::Fingerprint;
use crate::config::table_settings;
use crate::exit::Exit;
use crate::ui::{Ui, count, grouped};

pub(crate) fn run(args: &Fingerprint, ui: &Ui, stop: &AtomicBool) -> anyhow::Result<Exit> {
    let (options, overrides) = table_settings(args)?;
    let plan = Plan::new(&args.inputs, &overrides)?;
    ui.say(&format!(
        "{} in {}",
        count(plan.rows(), "row"),
        count(plan.files.len() as u64, "file"),
    ));
    announce_files(&plan, ui);
    let progress = Progress::default();
    let totals = watched(&plan, &progress, "fingerprinting", ui, || {
        fingerprint(&plan, &options, &args.out, &progress, stop)
    })?;
    if totals.stopped {
        ui.say("Stopped. Run the same command again to continue.");
        return Ok(Exit::Interrupted);
    }
    print(args, &totals, ui);
    let complete = totals.unreadable == 0 && totals.rows_unread == 0;
    Ok(if complete {
        Exit::Clean
    } else {
        Exit::Incomplete
    })
}

fn print(args: &Fingerprint, totals: &TableTotals, ui: &Ui) {
    ui.say(&format!(
        "{} fingerprinted in {}, {} bytes",
        count(totals.examined, "item"),
        args.out.display(),
        grouped(totals.bytes),
    ));
    for (number, what) in [
        (totals.unreadable, "items could not be read"),
        (totals.rows_unread, "rows could not be read"),
        (totals.skipped, "items were left aside"),
    ] {
        if number > 0 {
            ui.say(&format!("  {} {what}", grouped(number)));
        }
    }
    ui.say(&format!(
        "Compare it with: clearance scan {} --registry DIR --out DIR",
        args.out.display()
    ));
}
