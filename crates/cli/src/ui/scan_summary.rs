//! A scan's summary on a terminal of 80 columns.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use clearance_decode::Media;
use clearance_report::{FindingSummary, Summary, WorkSummary};
use clearance_scan::{ItemCounts, ProgressCounts};

use super::{BOLD, count, grouped, stdout};

/// Works that are listed; all are in the report.
const LISTED_WORKS: usize = 12;
/// Findings listed under each work, the strongest.
const LISTED_FINDINGS: usize = 2;
/// Width of the terminal that everything fits.
const COLUMNS: usize = 80;

/// Items, findings, rate: what a progress line says besides rows.
pub(crate) fn progress_line(counts: &ProgressCounts, elapsed: Duration) -> String {
    let rate = counts.bytes as f64 / 1e6 / elapsed.as_secs_f64().max(0.1);
    format!(
        "{} items, {} findings, {} unreadable, {rate:.1} MB/s",
        counts.items.iter().sum::<u64>(),
        counts.findings,
        counts.unreadable,
    )
}

/// Where the results are, and whether they are the findings alone.
#[derive(Clone, Copy)]
pub(crate) struct Results<'a> {
    pub(crate) out: &'a Path,
    pub(crate) only_findings: bool,
}

/// Prints counts, the works found and where the results are.
pub(crate) fn print(summary: &Summary, results: Results<'_>) -> anyhow::Result<()> {
    let mut text = String::new();
    rows(&mut text, summary)?;
    media(&mut text, summary)?;
    works(&mut text, summary)?;
    not_examined(&mut text, summary)?;
    ending(&mut text, summary, results)?;
    stdout().write_all(text.as_bytes())?;
    Ok(())
}

fn rows(text: &mut String, summary: &Summary) -> std::fmt::Result {
    let rows = &summary.totals.rows;
    writeln!(text)?;
    writeln!(text, "{BOLD}{:>12}  rows{BOLD:#}", grouped(rows.rows))?;
    for (number, what) in [
        (rows.matched, "matched     a registered work was found"),
        (rows.clear, "clear       examined, nothing found"),
        (rows.unreadable, "unreadable  could not be read"),
        (rows.skipped, "skipped     nothing there, or not asked for"),
    ] {
        writeln!(text, "{:>12}  {what}", grouped(number))?;
    }
    writeln!(text)
}

fn media(text: &mut String, summary: &Summary) -> std::fmt::Result {
    let media = &summary.totals.media;
    let line = |text: &mut String, name: &str, items: &ItemCounts, extent: String| {
        if items.items == 0 {
            return Ok(());
        }
        writeln!(
            text,
            "  {name:<6} {:>9} items, {:>7} matched, {:>5} not examined  {extent}",
            grouped(items.items),
            grouped(items.matched),
            grouped(items.unreadable + items.skipped),
        )
    };
    line(
        text,
        "audio",
        &media.audio,
        format!("{:.1} h", media.audio.extent / 3600.0),
    )?;
    line(
        text,
        "image",
        &media.image,
        format!("{:.0} Mpx", media.image.extent / 1e6),
    )?;
    line(
        text,
        "text",
        &media.text,
        format!("{} words", grouped(media.text.extent as u64)),
    )?;
    line(text, "other", &media.unknown, String::new())
}

fn works(text: &mut String, summary: &Summary) -> std::fmt::Result {
    if summary.works.is_empty() {
        return Ok(());
    }
    writeln!(text)?;
    writeln!(
        text,
        "{BOLD}{} of {}{BOLD:#}",
        count(summary.findings, "finding"),
        count(summary.works.len() as u64, "work"),
    )?;
    for work in summary.works.iter().take(LISTED_WORKS) {
        let over = if work.over_policy > 0 {
            "over policy"
        } else {
            ""
        };
        let line = format!("{:>12}  {:<50} {over}", grouped(work.findings), name(work));
        writeln!(text, "{}", line.trim_end())?;
        for finding in work.strongest.iter().take(LISTED_FINDINGS) {
            writeln!(text, "{}", finding_line(finding))?;
        }
    }
    if summary.works.len() > LISTED_WORKS {
        writeln!(
            text,
            "              … and {} more works",
            summary.works.len() - LISTED_WORKS
        )?;
    }
    Ok(())
}

/// Strength, kind and place: `0.96  excerpt    audio/train.parquet row 3 audio, 0:05–0:15`.
fn finding_line(finding: &FindingSummary) -> String {
    let head = format!("{:>18.2}  {:<9}  ", finding.score, finding.kind.as_str());
    let tail = format!(
        " row {} {}{}",
        grouped(finding.row_index.unsigned_abs()),
        finding.column_name,
        span(finding)
    );
    let room = COLUMNS.saturating_sub(head.chars().count() + tail.chars().count());
    format!(
        "{head}{}{tail}",
        shortened_front(&finding.file, room.max(12))
    )
}

fn span(finding: &FindingSummary) -> String {
    let (Some(start), Some(end)) = (finding.query_start, finding.query_end) else {
        return String::new();
    };
    let clock = |seconds: f64| {
        let seconds = seconds.max(0.0) as u64;
        format!("{}:{:02}", seconds / 60, seconds % 60)
    };
    match finding.media {
        Media::Audio => format!(", {}–{}", clock(start), clock(end)),
        _ => format!(
            ", characters {}–{}",
            grouped(start as u64),
            grouped(end as u64)
        ),
    }
}

/// The end of a path within `room` columns, whole folders left out first: the file
/// name tells more than its folder.
fn shortened_front(path: &str, room: usize) -> String {
    let length = path.chars().count();
    if length <= room {
        return path.to_owned();
    }
    let tails = path.match_indices('/').map(|(at, _)| &path[at..]);
    if let Some(tail) = tails.into_iter().find(|tail| tail.chars().count() < room) {
        return format!("…{tail}");
    }
    let end: String = path.chars().skip(length - room + 1).collect();
    format!("…{end}")
}

/// Title and rightsholder, or the id, within fifty columns.
fn name(work: &WorkSummary) -> String {
    let mut name = work.title.clone().unwrap_or_else(|| work.work_id.clone());
    if let Some(holder) = &work.rightsholder {
        name = format!("{name} ({holder})");
    }
    if name.chars().count() > 50 {
        name = name.chars().take(49).collect::<String>() + "…";
    }
    name
}

fn not_examined(text: &mut String, summary: &Summary) -> std::fmt::Result {
    if summary.totals.reasons.is_empty() {
        return Ok(());
    }
    writeln!(text)?;
    writeln!(text, "{BOLD}Not examined, or not wholly{BOLD:#}")?;
    for (reason, number) in &summary.totals.reasons {
        writeln!(text, "{:>12}  {reason}", grouped(*number))?;
    }
    Ok(())
}

fn ending(text: &mut String, summary: &Summary, results: Results<'_>) -> std::fmt::Result {
    let out = results.out;
    let verdicts: Vec<String> = summary
        .verdicts
        .iter()
        .map(|(verdict, number)| format!("{} {verdict}", grouped(*number)))
        .collect();
    writeln!(text)?;
    writeln!(
        text,
        "For {} on {}, {}: {BOLD}{} over policy{BOLD:#}",
        summary.policy.use_,
        summary.policy.as_of,
        summary.policy.mode,
        count(summary.over_policy, "finding"),
    )?;
    if !verdicts.is_empty() {
        writeln!(text, "Verdicts: {}", verdicts.join(", "))?;
    }
    if results.only_findings {
        return writeln!(text, "Findings alone: {}", out.display());
    }
    if !summary.coverage.complete {
        writeln!(
            text,
            "Not everything was examined: clearance inspect {} --unreadable",
            out.display()
        )?;
    }
    writeln!(text, "Report: {}", out.join("report.html").display())
}
