//! `clearance register`.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use clearance_index::{KeptTexts, RegisterOptions, Registration, Reject, register};

use crate::args::Register;
use crate::config::{change_note, register_limits};
use crate::exit::Exit;
use crate::ui::{Ui, count};

/// Memory a segment may take while it is built.
pub(super) const SEGMENT_BYTES: usize = 1 << 30;
/// Rejects that are printed; all are in the list.
const PRINTED_REJECTS: usize = 10;

pub(crate) fn run(args: &Register, ui: &Ui, stop: &AtomicBool) -> anyhow::Result<Exit> {
    let bar = ui.progress("registering", "assets");
    let options = RegisterOptions {
        limits: register_limits(&args.limits)?,
        previews: !args.no_previews,
        texts: if args.no_texts {
            KeptTexts::Hashes
        } else {
            KeptTexts::Whole
        },
        source: args.source.as_deref(),
        note: change_note(&args.note)?,
        segment_bytes: SEGMENT_BYTES,
        stop,
        progress: &|done, total| bar.set(done, total, ""),
    };
    let result = register(&args.catalogs, &args.registry, &options)?;
    bar.finish();
    if result.stopped {
        ui.say("Stopped. The registry is what it was before.");
        return Ok(Exit::Interrupted);
    }
    print(&result, &args.registry, ui);
    let list = args
        .rejects
        .clone()
        .unwrap_or_else(|| args.registry.join("rejects.csv"));
    write_rejects(&list, &result.rejects)?;
    if result.rejects.is_empty() {
        return Ok(Exit::Clean);
    }
    print_rejects(&result.rejects, &list, ui);
    Ok(Exit::Incomplete)
}

fn print(result: &Registration, registry: &Path, ui: &Ui) {
    ui.say(&format!(
        "{} added, {} updated, {} unchanged in {}",
        count(result.works_added, "work"),
        result.works_updated,
        result.works_unchanged,
        registry.display()
    ));
    let [audio, image, text] = result.assets_added;
    ui.say(&format!(
        "  assets added: {audio} audio, {image} image, {text} text; {} already there",
        result.assets_known
    ));
    if result.assets_limited > 0 {
        ui.say(&format!(
            "  {} of them can be recognized only in part: see `partial` in assets.parquet",
            result.assets_limited
        ));
    }
}

fn print_rejects(rejects: &[Reject], list: &Path, ui: &Ui) {
    ui.warn(&format!(
        "{}: lines or assets that could not be registered; all are listed in {}",
        count(rejects.len() as u64, "reject"),
        list.display()
    ));
    for reject in rejects.iter().take(PRINTED_REJECTS) {
        let place = match (reject.line, &reject.path) {
            (0, Some(path)) => path.clone(),
            (0, None) => reject.catalog.clone(),
            (line, _) => format!("{} line {line}", reject.catalog),
        };
        ui.say(&format!("  {place}: {}", reject.reason));
    }
    if rejects.len() > PRINTED_REJECTS {
        ui.say(&format!("  … and {} more", rejects.len() - PRINTED_REJECTS));
    }
}

/// Lists the rejects as CSV; an empty list says that nothing was rejected.
fn write_rejects(path: &PathBuf, rejects: &[Reject]) -> anyhow::Result<()> {
    let write = || -> anyhow::Result<()> {
        let mut out = csv::Writer::from_path(path)?;
        out.write_record(["catalog", "line", "work_id", "path", "reason"])?;
        for reject in rejects {
            let line = reject.line.to_string();
            out.write_record([
                reject.catalog.as_str(),
                &line,
                reject.work_id.as_deref().unwrap_or_default(),
                reject.path.as_deref().unwrap_or_default(),
                &reject.reason,
            ])?;
        }
        out.flush()?;
        Ok(())
    };
    write().with_context(|| path.display().to_string())
}
