//! A scan's summary on a terminal of 80 columns.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use clearance_decode::Media;
use clearance_report::{FindingSummary, Summary, WorkSummary};
use clearance_scan::{ItemCounts, ProgressCounts};

use super::{BOLD, count, grouped, one_line, stdout};

/// Rightsholders that are listed, and findings; all are in the report.
const LISTED_HOLDERS: usize = 8;
const LISTED_FINDINGS: usize = 10;
/// Reasons that are listed.
const LISTED_REASONS: usize = 12;
/// Width of the terminal that everything fits.
const COLUMNS: usize = 80;
/// Width of the bar of rows.
const BAR: usize = 66;
/// Room for a title in the list of findings.
const TITLE: usize = 30;

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

/// Prints the answer, counts, who is concerned, the strongest findings, what was not examined and
/// what to do next.
pub(crate) fn print(summary: &Summary, results: Results<'_>) -> anyhow::Result<()> {
    stdout().write_all(in_words(summary, results)?.as_bytes())?;
    Ok(())
}

fn in_words(summary: &Summary, results: Results<'_>) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    answer(&mut text, summary)?;
    rows(&mut text, summary)?;
    media(&mut text, summary)?;
    sample(&mut text, summary)?;
    declared(&mut text, summary)?;
    mentioned(&mut text, summary)?;
    holders(&mut text, summary)?;
    strongest(&mut text, summary)?;
    not_examined(&mut text, summary)?;
    next(&mut text, summary, results)?;
    Ok(text)
}

fn answer(text: &mut String, summary: &Summary) -> std::fmt::Result {
    let policy = &summary.policy;
    writeln!(text)?;
    writeln!(
        text,
        "{BOLD}{} over policy{BOLD:#} for {} on {}, {}",
        count(summary.over_policy, "finding"),
        policy.use_,
        policy.as_of,
        policy.mode,
    )?;
    let verdicts: Vec<String> = summary
        .verdicts
        .iter()
        .map(|(verdict, number)| format!("{} {verdict}", grouped(*number)))
        .collect();
    if verdicts.is_empty() {
        return writeln!(text, "No registered work was found.");
    }
    let works = match (summary.works.len(), summary.declarations.without_work) {
        (works, 0) => count(works as u64, "work"),
        (0, _) => "items that are no registered work".to_owned(),
        (works, _) => format!("{} and of items that are none", count(works as u64, "work")),
    };
    writeln!(
        text,
        "{} of {works}: {}",
        count(summary.findings, "finding"),
        verdicts.join(", ")
    )
}

fn rows(text: &mut String, summary: &Summary) -> std::fmt::Result {
    let rows = &summary.totals.rows;
    let matched = if summary.declarations.without_work > 0 {
        "matched     a registered work or a declaration was found"
    } else {
        "matched     a registered work was found"
    };
    let parts = [
        (rows.matched, '█', matched),
        (rows.clear, '░', "clear       examined, nothing found"),
        (rows.unreadable, '▒', "unreadable  could not be read"),
        (
            rows.skipped,
            '·',
            "skipped     nothing there, or not asked for",
        ),
    ];
    writeln!(text)?;
    writeln!(
        text,
        "{BOLD}{:>12}  rows{BOLD:#}{}",
        grouped(rows.rows),
        summary
            .sample
            .as_ref()
            .map_or_else(String::new, |sample| format!(
                ", a sample of {}",
                grouped(sample.dataset_rows)
            ))
    )?;
    if rows.rows > 0 {
        let counts = parts.map(|(number, _, _)| number);
        let bar: String = widths(&counts, BAR)
            .into_iter()
            .zip(parts)
            .flat_map(|(width, (_, shade, _))| std::iter::repeat_n(shade, width))
            .collect();
        writeln!(text, "              {bar}")?;
    }
    for (number, shade, what) in parts {
        writeln!(text, "{:>12}  {shade} {what}", grouped(number))?;
    }
    writeln!(text)
}

/// Columns for each of some counts; what is there has at least one.
fn widths(counts: &[u64], room: usize) -> Vec<usize> {
    let all = counts.iter().sum::<u64>().max(1);
    let mut widths: Vec<usize> = counts
        .iter()
        .map(|&number| {
            let share = (u128::from(number) * room as u128 / u128::from(all)) as usize;
            share.max(usize::from(number > 0))
        })
        .collect();
    // Rounding is made up for by the widest.
    if let Some(widest) = (0..widths.len()).max_by_key(|&place| widths[place]) {
        let others: usize = widths.iter().sum::<usize>() - widths[widest];
        widths[widest] = room.saturating_sub(others);
    }
    widths
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

/// What items declare themselves, apart from what was recognized.
fn declared(text: &mut String, summary: &Summary) -> std::fmt::Result {
    let found = &summary.declarations;
    if found.declared + found.stripped + found.located == 0 {
        return Ok(());
    }
    writeln!(text)?;
    let heading = if found.located == 0 {
        "Declared by the items themselves"
    } else {
        "Declared by items and about their addresses"
    };
    writeln!(text, "{BOLD}{heading}{BOLD:#}")?;
    let mut line = |number: u64, over: u64, what: &str| {
        let over = match over {
            0 => String::new(),
            over => format!(", {} over policy", grouped(over)),
        };
        if number == 0 {
            return Ok(());
        }
        writeln!(text, "{:>12}  {what}{over}", grouped(number))
    };
    let declared = "declare something about their own use";
    line(found.declared, found.declared_over_policy, declared)?;
    let stripped = "copies lost what their originals declared";
    line(found.stripped, found.stripped_over_policy, stripped)?;
    let located = "addresses about which something is declared";
    line(found.located, found.located_over_policy, located)?;
    let schemes = found.schemes.iter();
    let schemes = schemes.map(|(scheme, number)| format!("{scheme} {}", grouped(*number)));
    let schemes: Vec<String> = schemes.collect();
    writeln!(text, "              {}", schemes.join(", "))
}

/// Names in texts, apart from what was recognized.
fn mentioned(text: &mut String, summary: &Summary) -> std::fmt::Result {
    let Some(found) = &summary.mentions else {
        return Ok(());
    };
    writeln!(text)?;
    writeln!(
        text,
        "{BOLD}Named in texts{BOLD:#} (no copies; kind mention)"
    )?;
    writeln!(
        text,
        "{:>12}  rows name a registered work or its creator",
        grouped(found.rows)
    )?;
    writeln!(
        text,
        "{:>12}  names looked for, {} everyday words held back",
        grouped(found.names),
        grouped(found.held_back)
    )?;
    for name in found.most.iter().take(3) {
        let items = count(name.items, "item");
        writeln!(text, "              {} in {items}", one_line(&name.name))?;
    }
    Ok(())
}

/// What a sample says of the whole dataset.
fn sample(text: &mut String, summary: &Summary) -> std::fmt::Result {
    let Some(sample) = &summary.sample else {
        return Ok(());
    };
    let percent = |share: f64| format!("{:.2}%", share * 100.0);
    writeln!(text)?;
    writeln!(
        text,
        "{BOLD}In the whole dataset{BOLD:#} (95%, by Clopper and Pearson)"
    )?;
    for (what, rate) in [
        ("rows with a registered work", &sample.matched),
        ("rows over policy", &sample.over_policy),
    ] {
        let [low, high] = rate.clopper_pearson;
        writeln!(
            text,
            "{:>12}  {what}, {} to {}",
            percent(rate.share),
            percent(low),
            percent(high)
        )?;
    }
    Ok(())
}

fn holders(text: &mut String, summary: &Summary) -> std::fmt::Result {
    let mut holders: BTreeMap<&str, (u64, u64, u64)> = BTreeMap::new();
    for work in &summary.works {
        let holder = work.rightsholder.as_deref().unwrap_or("not stated");
        let (works, findings, over) = holders.entry(holder).or_default();
        *works += 1;
        *findings += work.findings;
        *over += work.over_policy;
    }
    if holders.is_empty() {
        return Ok(());
    }
    let mut holders: Vec<_> = holders.into_iter().collect();
    // Stable: equal ones stay in order of name.
    holders.sort_by_key(|(_, (_, findings, over))| std::cmp::Reverse((*over, *findings)));
    let heading = format!(
        "{:<43}{:>7}{:>12}{:>16}",
        "Rightsholders", "works", "findings", "over policy"
    );
    writeln!(text)?;
    writeln!(text, "{BOLD}{heading}{BOLD:#}")?;
    for (holder, (works, findings, over)) in holders.iter().take(LISTED_HOLDERS) {
        writeln!(
            text,
            "  {:<41}{:>7}{:>12}{:>16}",
            shortened(holder, 40),
            grouped(*works),
            grouped(*findings),
            grouped(*over)
        )?;
    }
    more(text, holders.len(), LISTED_HOLDERS, "rightsholders")
}

/// The strongest findings, those over policy first.
fn strongest(text: &mut String, summary: &Summary) -> std::fmt::Result {
    let all = summary.works.iter().flat_map(|work| {
        let findings = work.strongest.iter();
        findings.map(move |finding| (work, finding))
    });
    let mut all: Vec<(&WorkSummary, &FindingSummary)> = all.collect();
    if all.is_empty() {
        return Ok(());
    }
    let is_over = |finding: &FindingSummary| match finding.verdict.as_str() {
        "licensed" => false,
        "unreserved" => summary.policy.mode == "opt-in",
        _ => true,
    };
    // Stable: equal ones stay in the order of the summary.
    all.sort_by(|(_, one), (_, other)| {
        is_over(other)
            .cmp(&is_over(one))
            .then(other.score.total_cmp(&one.score))
    });
    writeln!(text)?;
    writeln!(text, "{BOLD}Strongest findings{BOLD:#}")?;
    for (work, finding) in all.iter().take(LISTED_FINDINGS) {
        writeln!(text, "{}", finding_line(work, finding))?;
    }
    Ok(())
}

fn more(text: &mut String, all: usize, listed: usize, what: &str) -> std::fmt::Result {
    if all > listed {
        writeln!(
            text,
            "  … and {} more {what}",
            grouped((all - listed) as u64)
        )?;
    }
    Ok(())
}

/// Strength, kind, work and place on one line.
fn finding_line(work: &WorkSummary, finding: &FindingSummary) -> String {
    let head = format!(
        "  {:.2}  {:<9}  {:<TITLE$}  ",
        finding.score,
        finding.kind.as_str(),
        shortened(work.title.as_deref().unwrap_or(&work.work_id), TITLE),
    );
    let tail = format!(" row {}", grouped(finding.row_index.unsigned_abs()));
    let span = span(finding);
    let room = COLUMNS.saturating_sub(head.chars().count() + tail.chars().count());
    let file = one_line(&finding.file);
    // The span goes first where there is no room.
    let span = if file.chars().count() + span.chars().count() <= room {
        span
    } else {
        String::new()
    };
    let room = room.saturating_sub(span.chars().count());
    format!("{head}{}{tail}{span}", shortened_front(&file, room.max(8)))
}

/// Foreign text on one line, within `room` columns.
fn shortened(text: &str, room: usize) -> String {
    let text = one_line(text.trim());
    if text.chars().count() <= room {
        return text;
    }
    text.chars().take(room - 1).chain(['…']).collect()
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

fn not_examined(text: &mut String, summary: &Summary) -> std::fmt::Result {
    if summary.totals.reasons.is_empty() {
        return Ok(());
    }
    writeln!(text)?;
    writeln!(text, "{BOLD}Not examined, or not wholly{BOLD:#}")?;
    let mut reasons: Vec<(&String, &u64)> = summary.totals.reasons.iter().collect();
    // Stable: equal ones stay in order of name.
    reasons.sort_by_key(|(_, number)| std::cmp::Reverse(**number));
    for (reason, number) in reasons.iter().take(LISTED_REASONS) {
        writeln!(
            text,
            "{:>12}  {}",
            grouped(**number),
            shortened(reason, COLUMNS - 14)
        )?;
    }
    more(text, reasons.len(), LISTED_REASONS, "reasons")
}

/// Where the results are, and what they can be asked.
fn next(text: &mut String, summary: &Summary, results: Results<'_>) -> std::fmt::Result {
    let out = results.out.display();
    writeln!(text)?;
    if results.only_findings {
        return writeln!(text, "Findings alone: {out}");
    }
    let over = summary.works.iter().find(|work| work.over_policy > 0);
    let example = over.or(summary.works.first());
    writeln!(text, "{BOLD}Next{BOLD:#}")?;
    writeln!(text, "  {}", results.out.join("report.html").display())?;
    writeln!(text, "      every finding with its evidence, in a browser")?;
    if let Some(finding) = example.and_then(|work| work.strongest.first()) {
        writeln!(text, "  clearance explain {out} {}", finding.finding_id)?;
        writeln!(text, "      the evidence for one finding, here")?;
    }
    let dataset_rows = summary.sample.as_ref().map(|sample| sample.dataset_rows);
    let left_out = dataset_rows.filter(|rows| *rows > summary.totals.rows.rows);
    let is_explained = left_out.is_none() || !summary.totals.reasons.is_empty();
    if !summary.coverage.complete && is_explained {
        writeln!(text, "  clearance inspect {out} --unreadable")?;
        writeln!(text, "      what was not examined, and why")?;
    }
    if let Some(rows) = left_out {
        writeln!(text, "  the same scan without --sample")?;
        writeln!(text, "      examines all {}", count(rows, "row"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
