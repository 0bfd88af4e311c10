//! `clearance inspect`: what a registry, a scan's output or a dataset holds.

mod media;
mod registry;

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use clearance_report::Summary;
use clearance_scan::{Overrides, Plan};

use crate::args::Inspect;
use crate::exit::Exit;
use crate::ui::{count, scan_summary, stdout};

pub(crate) fn run(args: &Inspect) -> anyhow::Result<Exit> {
    let thing = &args.thing;
    if thing.join("registry.json").is_file() {
        registry::inspect(args)?;
    } else if thing.join("summary.json").is_file() {
        output(args)?;
    } else if media::is_media(thing) {
        return media::inspect(args);
    } else {
        dataset(args)?;
    }
    Ok(Exit::Clean)
}

fn output(args: &Inspect) -> anyhow::Result<()> {
    if args.unreadable {
        return not_examined(args);
    }
    let path = args.thing.join("summary.json");
    let text = std::fs::read(&path).with_context(|| path.display().to_string())?;
    let summary: Summary =
        serde_json::from_slice(&text).with_context(|| path.display().to_string())?;
    let results = scan_summary::Results {
        out: &args.thing,
        only_findings: false,
    };
    scan_summary::print(&summary, results)
}

fn not_examined(args: &Inspect) -> anyhow::Result<()> {
    let lines = clearance_report::read_coverage(&args.thing)?;
    let mut out = stdout();
    for line in lines.iter().take(args.most) {
        writeln!(
            out,
            "{}\trow {}\t{}\t{}\t{}",
            line.file,
            line.row_index,
            if line.column_name.is_empty() {
                "-"
            } else {
                &line.column_name
            },
            line.status.as_str(),
            line.reason,
        )?;
    }
    more(&mut out, lines.len(), args.most)
}

fn dataset(args: &Inspect) -> anyhow::Result<()> {
    let inputs: &[std::path::PathBuf] = std::slice::from_ref(&args.thing);
    let plan = Plan::new(inputs, &Overrides::new())?;
    let mut out = stdout();
    for file in plan.files.iter().take(args.most) {
        writeln!(
            out,
            "{}: {} in {}",
            // A fingerprint table stands for files that may be elsewhere.
            name(Path::new(&file.name)),
            count(file.rows(), "row"),
            match file.form_name() {
                "Parquet" => count(file.row_groups.len() as u64, "row group"),
                form => format!("{form}, {}", count(file.row_groups.len() as u64, "part")),
            },
        )?;
        for remark in &file.remarks {
            writeln!(out, "  {remark}")?;
        }
        if let Some(damage) = &file.damage {
            writeln!(out, "  {damage}")?;
        }
        for (column, kind) in &file.schema {
            let found = file.columns.iter().find(|known| known.name == *column);
            let holds = match found {
                Some(column) => format!(
                    "{} ({})",
                    column
                        .media
                        .map_or("media", clearance_decode::Media::as_str),
                    column.because
                ),
                None => "not examined".to_owned(),
            };
            writeln!(out, "  {column}: {holds}; {}", shortened(kind))?;
        }
    }
    for passed_over in plan.passed_over.iter().take(args.most) {
        writeln!(out, "not read: {passed_over}")?;
    }
    more(&mut out, plan.files.len(), args.most)
}

fn shortened(kind: &str) -> String {
    kind.chars().take(60).collect()
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

fn more(out: &mut impl Write, all: usize, most: usize) -> anyhow::Result<()> {
    if all > most {
        writeln!(out, "… and {} more (--most N)", all - most)?;
    }
    Ok(())
}
