//! An explanation on a terminal of 80 columns.

use super::Explanation;
use crate::card::{kind, strength_in_words};
use crate::drawing::{Canvas, Drawing};
use crate::passage::{Passages, Run};
use crate::words::line;

/// Width of everything.
const COLUMNS: usize = 80;
/// Names of fields stand to the left of this.
const INDENT: usize = 11;
/// Height of a stretched drawing in units that one line stands for.
const UNITS_PER_LINE: u32 = 22;
/// Width and height of other drawings.
const SQUARE: (usize, usize) = (36, 12);

impl Explanation {
    /// The evidence for a terminal: words wrapped at 80 columns, drawings as Braille patterns.
    pub fn text(&self) -> String {
        let finding = &self.finding;
        let mut text = String::new();
        let mut field = |name: &str, value: &str| push_field(&mut text, name, value);
        let media = finding.media.as_str();
        field("finding", &line(&finding.finding_id));
        field("kind", &format!("{}, {media}", kind(finding)));
        let id = match finding.work_id.as_str() {
            "" => String::new(),
            id => format!(" ({})", line(id)),
        };
        field("work", &format!("{}{id}", self.title()));
        let by: Vec<&str> = self.work.creators.iter().map(String::as_str).collect();
        field("creators", &line(&by.join(", ")));
        let holder = self.work.rightsholder.as_deref();
        field("holder", &line(holder.unwrap_or("not stated")));
        field("asset", &line(&finding.asset_id));
        field("where", &self.place());
        field("evidence", &strength_in_words(finding));
        field("score", &format!("{:.3} of 1", finding.score));
        for fact in &self.card.facts {
            field("", fact);
        }
        field(
            "verdict",
            &format!("{}: {}", finding.verdict, self.card.reason),
        );
        if let Some(record) = &self.record {
            for (kind, id, words) in &record.records {
                field(kind, &format!("{id}: {words}"));
            }
        }
        if let Some(missing) = self.missing() {
            field("shown", &missing);
        }
        for drawing in self.drawings() {
            push_drawing(&mut text, drawing);
        }
        if let Some(passages) = self.shown.as_ref().and_then(|s| s.passages.as_ref()) {
            push_passages(&mut text, passages);
        }
        text
    }
}

fn push_field(text: &mut String, name: &str, value: &str) {
    let value = value.trim();
    if value.is_empty() {
        return;
    }
    let mut name = name;
    for row in wrapped(value, COLUMNS - INDENT - 1) {
        text.extend([format!("{name:<INDENT$} {row}\n")]);
        name = "";
    }
}

fn push_drawing(text: &mut String, drawing: &Drawing) {
    let (columns, lines) = if drawing.stretched {
        (
            COLUMNS - 2,
            drawing.height.div_ceil(UNITS_PER_LINE).max(2) as usize,
        )
    } else {
        let (columns, lines) = SQUARE;
        let shape = f64::from(drawing.height) / f64::from(drawing.width.max(1));
        // A character is about twice as high as it is wide.
        let high = (columns as f64 * shape / 2.0).ceil() as usize;
        (columns, high.clamp(2, 2 * lines))
    };
    text.push('\n');
    for row in Canvas::new(drawing, columns, lines).lines() {
        text.push_str(format!("  {row}").trim_end());
        text.push('\n');
    }
    for row in wrapped(&drawing.caption, COLUMNS - 2) {
        text.extend([format!("  {row}\n")]);
    }
}

fn push_passages(text: &mut String, passages: &Passages) {
    let marked = |runs: &[Run]| -> String {
        let mark = |run: &Run| {
            if run.0 {
                return run.1.clone();
            }
            // The space after a word stays outside.
            let words = run.1.trim_end();
            format!("[{words}]{}", &run.1[words.len()..])
        };
        runs.iter().map(mark).collect()
    };
    for (name, runs) in [
        ("in the item", &passages.item),
        ("in the work", &passages.work),
    ] {
        if runs.is_empty() {
            text.push_str(
                "\nThe registry keeps hashes of texts only: the work's passage is not here.\n",
            );
            continue;
        }
        text.extend([format!("\n{name}\n")]);
        for paragraph in marked(runs).lines() {
            for row in wrapped(paragraph, COLUMNS - 2) {
                text.extend([format!("  {row}\n")]);
            }
        }
    }
    let (item, work) = passages.differing();
    if item + work > 0 {
        text.push_str("\nWords in brackets stand in one of the two only.\n");
    }
}

/// Lines of at most `room` characters, broken at spaces where there are some.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut now = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        if length > 0 && length + 1 + word.len() > room {
            lines.push(std::mem::take(&mut now));
            length = 0;
        }
        while word.len() > room {
            let rest = word.split_off(room);
            lines.push(word.into_iter().collect());
            word = rest;
        }
        if length > 0 {
            now.push(' ');
            length += 1;
        }
        length += word.len();
        now.extend(word);
    }
    if length > 0 {
        lines.push(now);
    }
    lines
}
