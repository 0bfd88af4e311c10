//! `clearance scan`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clearance_index::Snapshot;
use clearance_report::{
    FetchSettings, PlaceSettings, RunSettings, SHARD, ToolSummary, write_all, write_findings,
    write_shard,
};
use clearance_scan::{
    Plan, Progress, Sampling, ScanOptions, Scanned, Shard, collect, digest_inputs, finish_shard,
    input_name, scan,
};

use super::keys::signing_key;
use super::verify::sign_outputs;
use crate::args::Scan;
use crate::config::{ScanSettings, open_registry, scan_settings};
use crate::exit::Exit;
use crate::ui::Ui;
use crate::ui::scan_summary;

pub(crate) fn run(args: &Scan, ui: &Ui, stop: &AtomicBool) -> anyhow::Result<Exit> {
    let settings = scan_settings(args)?;
    check_folder(args)?;
    let key = args.key.as_deref().map(|path| signing_key(path, ui));
    let key = key.transpose()?;
    let snapshot = open_registry(&args.registry, args.registry_at.as_deref())?;
    let overrides = &settings.options.overrides;
    let mut plan = match &settings.places {
        Some(_) => Plan::with_places(&args.inputs, overrides)?,
        None => Plan::new(&args.inputs, overrides)?,
    };
    if let Some(rows) = args.sample {
        plan.sample(Sampling {
            rows,
            seed: args.sample_seed,
        });
    }
    if let Some(shard) = args.shard {
        plan.take_shard(shard);
    }
    announce(&plan, &snapshot, args, ui);
    if let Some(places) = &settings.places {
        announce_places(places, &plan, ui);
    }
    let progress = Progress::default();
    let scanned = watched(&plan, &progress, "scanning", ui, || {
        let options = &settings.options;
        scan(&plan, &snapshot, options, &args.out, &progress, stop)
    })?;
    if scanned.stopped {
        ui.say("Stopped. Run the same command again to continue.");
        return Ok(Exit::Interrupted);
    }
    if let Some(shard) = args.shard {
        return leave_shard(args, &settings, (&plan, shard, &scanned), &snapshot, ui);
    }
    let mut collected = collect(&plan, scanned)?;
    digest_inputs(&plan, &mut collected.totals)?;
    let policy = &settings.options.policy;
    let write = if args.only_findings {
        write_findings
    } else {
        write_all
    };
    let summary = write(
        &collected,
        &snapshot,
        policy,
        run_settings(args, &settings, &plan),
        tool(),
        &args.out,
    )?;
    collected.finish()?;
    announce_fetched(&summary.totals.fetched, ui);
    if let Some(key) = &key {
        sign_outputs(&args.out, key, ui)?;
    }
    let results = scan_summary::Results {
        out: &args.out,
        only_findings: args.only_findings,
    };
    ui.results(&summary, results)?;
    super::gate::judge(&args.out, &summary, settings.gate.as_ref(), ui)
}

/// A shard and a whole scan do not share a folder: each would take the other's files for its own.
fn check_folder(args: &Scan) -> anyhow::Result<()> {
    let out = args.out.display();
    if args.shard.is_some() {
        anyhow::ensure!(
            !args.out.join("summary.json").exists(),
            "{out} holds the results of a scan: choose another folder for the shard"
        );
    } else {
        anyhow::ensure!(
            !args.out.join(SHARD).exists(),
            "{out} holds a shard of a scan: choose another folder for the results"
        );
    }
    Ok(())
}

/// Writes what a shard leaves for `clearance merge`.
fn leave_shard(
    args: &Scan,
    settings: &ScanSettings,
    (plan, shard, scanned): (&Plan, Shard, &Scanned),
    snapshot: &Snapshot,
    ui: &Ui,
) -> anyhow::Result<Exit> {
    let record = finish_shard(plan, shard, scanned)?;
    let policy = &settings.options.policy;
    let run = run_settings(args, settings, plan);
    write_shard(record, snapshot, policy, run, tool(), &args.out)?;
    ui.say(&format!(
        "Shard {shard} is in {}. When all are there: clearance merge FOLDERS --output DIR",
        args.out.display()
    ));
    Ok(Exit::Clean)
}

fn announce(plan: &Plan, snapshot: &Snapshot, args: &Scan, ui: &Ui) {
    ui.say(&format!(
        "{} in {} against {}",
        crate::ui::count(plan.rows(), "row"),
        crate::ui::count(plan.files.len() as u64, "file"),
        crate::ui::count(snapshot.work_count() as u64, "registered work"),
    ));
    if plan.scanned_rows() < plan.rows() {
        let rows = crate::ui::count(plan.scanned_rows(), "row");
        let what = if args.sample.is_some() {
            "a sample of "
        } else {
            ""
        };
        let whose = args
            .shard
            .map_or_else(String::new, |shard| format!(", shard {shard}"));
        ui.say(&format!("scanning {what}{rows}{whose}"));
    }
    announce_files(plan, ui);
}

/// Says how much is known about places, and warns of what was not understood and of what cannot be
/// looked up.
fn announce_places(places: &PlaceSettings, plan: &Plan, ui: &Ui) {
    let statements = crate::ui::count(places.statements, "statement");
    let files = crate::ui::count(places.files.len() as u64, "file");
    ui.say(&format!("{statements} about places in {files}"));
    if let Some(first) = places.rejects.first() {
        let rejected = crate::ui::count(places.rejected, "part");
        ui.warn(&format!(
            "{rejected} of the files about places not understood, listed in summary.json; the first: {} line {}: {}",
            first.file, first.line, first.reason
        ));
    }
    for file in plan.files.iter().filter(|file| file.is_printed()) {
        ui.warn(&format!(
            "{}: its fingerprint table holds no addresses to look up; scan the dataset for findings of the kind location",
            file.name
        ));
    }
}

/// Says how much of what was to be fetched was.
fn announce_fetched(outcomes: &BTreeMap<String, u64>, ui: &Ui) {
    let all: u64 = outcomes.values().sum();
    if all > 0 {
        let fetched = outcomes.get("fetched").copied().unwrap_or(0);
        let fetched = crate::ui::grouped(fetched);
        let all = crate::ui::count(all, "item");
        ui.say(&format!("fetched {fetched} of {all} behind addresses"));
    }
}

/// Says what was recognized in each file, and warns of what was not.
pub(super) fn announce_files(plan: &Plan, ui: &Ui) {
    for passed_over in &plan.passed_over {
        ui.warn(&format!("not read: {passed_over}"));
    }
    for file in &plan.files {
        if let Some(damage) = &file.damage {
            ui.warn(&format!("{}: {damage}", file.name));
        } else if file.columns.is_empty() {
            ui.warn(&format!("{}: no audio, image or text column", file.name));
        }
        for remark in &file.remarks {
            ui.warn(&format!("{}: {remark}", file.name));
        }
        let lacking = [
            (
                file.lacks_declarations(),
                "what items declare about their own use",
            ),
            (file.lacks_regions(), "pictures that are a part of others"),
            (
                file.lacks_tones(),
                "the brightness of pictures, by which faint matches are told",
            ),
        ];
        for (_, what) in lacking.iter().filter(|(lacks, _)| *lacks) {
            ui.warn(&format!(
                "{}: its fingerprint table is of an earlier version, which says nothing of {what}; make it again with clearance fingerprint",
                file.name
            ));
        }
        for column in &file.columns {
            let media = column
                .media
                .map_or("media", clearance_decode::Media::as_str);
            let line = format!(
                "  {}: column {} holds {media} ({})",
                file.name, column.name, column.because
            );
            ui.say_more(&line);
        }
    }
}

/// Does the work on this thread while another shows how far it is.
pub(super) fn watched<T>(
    plan: &Plan,
    progress: &Progress,
    verb: &'static str,
    ui: &Ui,
    work: impl FnOnce() -> clearance_scan::Result<T>,
) -> anyhow::Result<T> {
    let bar = ui.progress(verb, "rows");
    let done = AtomicBool::new(false);
    let outcome = std::thread::scope(|threads| {
        threads.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let counts = progress.counts();
                bar.set(
                    counts.rows,
                    plan.opened_rows(),
                    &scan_summary::progress_line(&counts, bar.elapsed()),
                );
                std::thread::park_timeout(Duration::from_millis(200));
            }
        });
        let outcome = work();
        done.store(true, Ordering::Relaxed);
        outcome
    });
    bar.finish();
    Ok(outcome?)
}

fn run_settings(args: &Scan, settings: &ScanSettings, plan: &Plan) -> RunSettings {
    RunSettings {
        inputs: args.inputs.iter().map(|input| input_name(input)).collect(),
        columns: settings.columns.clone(),
        limits: limits(&settings.options),
        min_coverage: settings.min_coverage,
        decoy_share: settings.options.decoy_share,
        media_roots: settings
            .options
            .media_roots
            .iter()
            .map(|root| root.display().to_string())
            .collect(),
        gate: settings.gate.clone(),
        declarations: settings.options.declarations,
        mentions: settings.options.mentions,
        iscc: settings.options.iscc,
        passed_over: plan.passed_over.clone(),
        signers: settings
            .options
            .signers
            .as_ref()
            .map(|it| it.digest.clone()),
        places: settings.places.clone(),
        fetch: settings.options.fetch.as_ref().map(FetchSettings::new),
    }
}

pub(super) fn tool() -> ToolSummary {
    ToolSummary {
        name: "clearance".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        params: clearance_index::params()
            .iter()
            .map(|&name| name.to_owned())
            .collect(),
    }
}

/// Limits on each item, by the names that a summary has.
fn limits(options: &ScanOptions) -> BTreeMap<String, f64> {
    let limits = &options.limits;
    let memory = options.isolation.as_ref().map(|it| it.memory_bytes as f64);
    let named = [
        ("item_bytes", Some(limits.item_bytes as f64)),
        ("audio_seconds", Some(limits.audio_duration_s)),
        ("image_pixels", Some(limits.image_pixels as f64)),
        ("text_bytes", Some(limits.text_bytes as f64)),
        (
            "decode_seconds",
            Some(limits.decode_time_ms as f64 / 1000.0),
        ),
        ("isolate_memory", memory),
    ];
    let known = named
        .into_iter()
        .filter_map(|(name, limit)| Some((name.to_owned(), limit?)));
    known.collect()
}
