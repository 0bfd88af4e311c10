//! What was scanned and what was not.

use std::collections::BTreeMap;

use clearance_scan::{FileTotals, ItemCounts, MediaCounts, RowCounts};
use serde::Serialize;

use crate::summary::Summary;
use crate::words::{count, counted, line, share, size};

/// Files on the page.
const MOST_FILES: usize = 200;

/// Rows by what became of them, and the tables that break them down.
#[derive(Serialize)]
pub(super) struct Scanned {
    rows: String,
    parts: Vec<RowPart>,
    media: Vec<MediumLine>,
    files: Vec<FileLine>,
    /// What the table of files leaves out.
    files_left_out: Option<String>,
    reasons: Vec<ReasonLine>,
}

/// One of the four buckets that every row is in.
#[derive(Serialize)]
struct RowPart {
    name: &'static str,
    meaning: &'static str,
    rows: String,
    share: String,
    /// The plain number.
    weight: u64,
    /// Its place in a bar of a thousand units.
    left: u64,
    width: u64,
}

#[derive(Serialize)]
struct MediumLine {
    name: &'static str,
    items: String,
    examined: String,
    matched: String,
    unreadable: String,
    skipped: String,
    partial: String,
    extent: String,
}

#[derive(Serialize)]
struct FileLine {
    name: String,
    size: String,
    digest: String,
    rows: String,
    clear: String,
    matched: String,
    unreadable: String,
    skipped: String,
    damage: Option<String>,
}

#[derive(Serialize)]
struct ReasonLine {
    status: String,
    reason: String,
    meaning: &'static str,
    items: String,
}

impl Scanned {
    pub(super) fn new(summary: &Summary) -> Self {
        let totals = &summary.totals;
        let files = choose_files(&totals.files);
        let left_out = (totals.files.len() - files.len()) as u64;
        Self {
            rows: counted(totals.rows.rows, "row", "rows"),
            parts: parts(&totals.rows),
            media: media(&totals.media),
            files: files.into_iter().map(FileLine::new).collect(),
            files_left_out: (left_out > 0).then(|| {
                let files = counted(left_out, "more file is", "more files are");
                format!("{files} in summary.json. Files with damage or unreadable rows come first.")
            }),
            reasons: reasons(&totals.reasons),
        }
    }
}

fn parts(rows: &RowCounts) -> Vec<RowPart> {
    let mut before = 0;
    let mut part = |name, meaning, part: u64| {
        let unit = |rows_before: u64| {
            (u128::from(rows_before) * 1000 / u128::from(rows.rows.max(1))) as u64
        };
        let left = unit(before);
        before += part;
        RowPart {
            name,
            meaning,
            rows: count(part),
            share: share(part, rows.rows),
            weight: part,
            left,
            // A few rows among millions must be seen.
            width: (unit(before) - left).max(3),
        }
    };
    vec![
        part(
            "clear",
            "every item was examined, and nothing was found",
            rows.clear,
        ),
        part(
            "matched",
            "at least one item contains a registered work, or declares something about its use",
            rows.matched,
        ),
        part(
            "unreadable",
            "an item could not be read, and nothing was found in the others",
            rows.unreadable,
        ),
        part(
            "skipped",
            "an item was left aside, and nothing was found in the others",
            rows.skipped,
        ),
    ]
}

fn media(media: &MediaCounts) -> Vec<MediumLine> {
    let audio_hours = |extent: f64| match extent {
        seconds if seconds < 60.0 => format!("{seconds:.0} s"),
        seconds if seconds < 5_940.0 => format!("{:.0} min", seconds / 60.0),
        seconds if seconds < 360_000.0 => format!("{:.1} hours", seconds / 3600.0),
        seconds => counted((seconds / 3600.0).round() as u64, "hour", "hours"),
    };
    let pixels = |pixels: f64| match pixels / 1e6 {
        mega if mega < 10.0 => format!("{mega:.1} megapixels"),
        mega => counted(mega.round() as u64, "megapixel", "megapixels"),
    };
    let words = |words: f64| counted(words.max(0.0) as u64, "word", "words");
    let nothing = |_: f64| "–".to_owned();
    [
        MediumLine::new("Audio", &media.audio, audio_hours),
        MediumLine::new("Images", &media.image, pixels),
        MediumLine::new("Text", &media.text, words),
        MediumLine::new("Medium not known", &media.unknown, nothing),
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl MediumLine {
    fn new(name: &'static str, items: &ItemCounts, extent: impl Fn(f64) -> String) -> Option<Self> {
        (items.items > 0).then(|| Self {
            name,
            items: count(items.items),
            examined: count(items.examined()),
            matched: count(items.matched),
            unreadable: count(items.unreadable),
            skipped: count(items.skipped),
            partial: count(items.partial),
            extent: extent(items.extent),
        })
    }
}

/// All files, or those with most to tell, in the order of the summary.
fn choose_files(files: &[FileTotals]) -> Vec<&FileTotals> {
    let mut chosen: Vec<(usize, &FileTotals)> = files.iter().enumerate().collect();
    if files.len() > MOST_FILES {
        chosen.sort_by_key(|(_, file)| {
            std::cmp::Reverse((
                file.damage.is_some(),
                file.rows.unreadable,
                file.rows.matched,
            ))
        });
        chosen.truncate(MOST_FILES);
        chosen.sort_by_key(|(place, _)| *place);
    }
    chosen.into_iter().map(|(_, file)| file).collect()
}

impl FileLine {
    fn new(file: &FileTotals) -> Self {
        let rows = &file.rows;
        Self {
            name: line(&file.file),
            size: size(file.bytes),
            digest: line(&file.footer_blake3),
            rows: count(rows.rows),
            clear: count(rows.clear),
            matched: count(rows.matched),
            unreadable: count(rows.unreadable),
            skipped: count(rows.skipped),
            damage: file.damage.as_deref().map(line),
        }
    }
}

/// What is missing first, what was left aside last.
fn reasons(reasons: &BTreeMap<String, u64>) -> Vec<ReasonLine> {
    let mut lines: Vec<(&String, &u64)> = reasons.iter().collect();
    lines.sort_by_key(|(key, items)| (key.starts_with("skipped"), std::cmp::Reverse(**items)));
    lines
        .into_iter()
        .map(|(key, &items)| ReasonLine::new(key, items))
        .collect()
}

impl ReasonLine {
    /// `key` is a status, a colon and a reason.
    fn new(key: &str, items: u64) -> Self {
        let (status, reason) = key.split_once(": ").unwrap_or(("", key));
        Self {
            status: line(status),
            reason: line(reason),
            meaning: meaning(reason),
            items: count(items),
        }
    }
}

/// The reasons of `clearance-decode` and `clearance-scan` in a sentence; others
/// are sentences already.
fn meaning(reason: &str) -> &'static str {
    match reason {
        "empty" => "no bytes, or none that carry content",
        "missing" => "the file that the row names is not there",
        "unrecognized" => "no known format, or not of the column's medium",
        "unsupported" => "a known format that this version cannot decode",
        "corrupt" => "a known format, damaged beyond reading",
        "limit" => "larger than the limits allow",
        "timeout" => "decoding took longer than allowed",
        "panicked" => "the decoder failed and was stopped",
        "io" => "the file could not be opened or read",
        "null" => "the row holds no item",
        "url not fetched" => "the row names an address, which was not fetched",
        "robots disallows" => "the site's robots.txt allows this program no request for it",
        "robots.txt not reachable" => "nobody knows what the site allows, so nothing was asked",
        "address is private" => "not a public address: nothing was asked",
        "address not usable" => "no address of the web that is asked for",
        "host given up" => "the host failed too often in a row",
        "host not found" => "the name of the host means no address",
        "too large" => "longer than an item may be",
        _ => "",
    }
}
