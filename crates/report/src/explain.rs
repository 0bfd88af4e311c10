//! One finding with all that supports it: for a terminal, as a picture, as a piece of a page.

mod fragment;
#[cfg(feature = "png")]
mod png;
mod text;

use std::path::Path;

use clearance_scan::{Exhibit, Finding};

use crate::card::{Card, Shown, kind, strength_in_words};
use crate::drawing::{Drawing, Side, escape};
use crate::error::{Error, Result};
use crate::lines::each_line;
use crate::recordings::Spectrograms;
use crate::summary::{Summary, WorkSummary};
use crate::words::line;
use crate::works::{FoundWork, Record, read_works};
use crate::write::{EXHIBITS, FINDINGS};

/// Between drawings, and around them.
const MARGIN: u32 = 16;
/// Height of a line of words.
const LINE: u32 = 16;
/// Width of a character of 12 pixels, generously.
const CHARACTER_WIDTH: f64 = 7.0;

/// A finding, what is kept of it, and what the registry said of its work.
pub struct Explanation {
    finding: Finding,
    card: Card,
    shown: Option<Shown>,
    /// What it is made of.
    exhibit: Option<Exhibit>,
    /// Why there is nothing to show, where more was tried than to look it up.
    note: Option<String>,
    work: WorkSummary,
    record: Option<Record>,
}

impl Explanation {
    /// Looks a finding of the results in `out` up by its id, or by the beginning of its id where
    /// no other begins alike.
    pub fn read(out: &Path, id: &str) -> Result<Self> {
        let path = out.join(FINDINGS);
        let mut found: Vec<Finding> = Vec::new();
        each_line(&path, |finding: Finding| {
            if finding.finding_id == id {
                found.insert(0, finding);
            } else if finding.finding_id.starts_with(id) && found.len() < 3 {
                found.push(finding);
            }
            Ok(())
        })?;
        let is_exact = found
            .first()
            .is_some_and(|finding| finding.finding_id == id);
        if found.len() > 1 && !is_exact {
            let ids: Vec<&str> = found.iter().map(|f| f.finding_id.as_str()).collect();
            return Err(Error::Finding {
                path,
                detail: format!("several findings begin with {id:?}: {} …", ids.join(", ")),
            });
        }
        let Some(finding) = found.into_iter().next() else {
            return Err(Error::Finding {
                path,
                detail: format!("no finding {id:?}"),
            });
        };
        let summary = Summary::read(out)?;
        let work = summary
            .works
            .into_iter()
            .find(|work| work.work_id == finding.work_id);
        let record = read_works(out)?.remove(&finding.work_id);
        let record = record.map(|found: FoundWork| Record::new(&found, &summary.policy.as_of));
        let exhibit = exhibit_of(&out.join(EXHIBITS), &finding.finding_id)?;
        let shown = exhibit
            .as_ref()
            .and_then(|exhibit| Shown::new(&finding, exhibit));
        Ok(Self {
            card: Card::new(&finding),
            shown,
            exhibit,
            note: None,
            work: work.unwrap_or_default(),
            record,
            finding,
        })
    }

    /// The finding itself.
    pub fn finding(&self) -> &Finding {
        &self.finding
    }

    /// Whether pictures, peaks or passages are there to be shown.
    pub fn is_exhibited(&self) -> bool {
        self.shown.is_some()
    }

    /// Shows what came out when the item was examined again, or says why nothing did.
    pub fn exhibit(&mut self, again: std::result::Result<Exhibit, String>) {
        match again {
            Ok(exhibit) => {
                self.shown = Shown::new(&self.finding, &exhibit);
                self.exhibit = Some(exhibit);
            }
            Err(reason) => self.note = Some(line(&reason)),
        }
    }

    /// Shows the spectrum behind the peaks of a recording. Without peaks there is nothing to be
    /// behind of.
    pub fn show_spectrograms(&mut self, spectrograms: &Spectrograms) {
        if let Some(exhibit) = &mut self.exhibit {
            spectrograms.put_into(exhibit);
            self.shown = Shown::new(&self.finding, exhibit);
        }
    }

    /// The drawings of the finding, its own first, the rights records last.
    fn drawings(&self) -> Vec<&Drawing> {
        let shown = self.shown.iter();
        let own = shown.flat_map(|s| [&s.item, &s.work, &s.sound, &s.plot]);
        let rights = self.record.iter().map(|record| &record.rights);
        let all = std::iter::once(&self.card.spans).chain(own).chain(rights);
        all.flatten().collect()
    }

    fn jpeg(&self, side: Side) -> Option<String> {
        let shown = self.shown.as_ref()?;
        match side {
            Side::Item => shown.item_jpeg.clone(),
            Side::Work => shown.work_jpeg.clone(),
        }
    }

    /// The title, or the id where there is none.
    fn title(&self) -> String {
        let title = self.work.title.as_deref().map(str::trim);
        match title.filter(|title| !title.is_empty()) {
            Some(title) => line(title),
            None if self.finding.work_id.is_empty() => "No registered work".to_owned(),
            None => line(&self.finding.work_id),
        }
    }

    /// `train.parquet row 3, column audio, item 0`.
    fn place(&self) -> String {
        let finding = &self.finding;
        format!(
            "{} row {}, column {}, item {}",
            line(&finding.file),
            finding.row_index,
            line(&finding.column_name),
            finding.item_index
        )
    }

    /// What could be expected to be shown and is not.
    fn missing(&self) -> Option<String> {
        // What an item declares is read, and there is nothing else to show of it.
        if self.shown.is_some() || self.card.read.is_some() {
            return None;
        }
        let kept = match self.finding.media.as_str() {
            "audio" => "No peaks are kept for this finding.",
            "image" => "No pictures are kept for this finding.",
            _ => "No passage is kept for this finding.",
        };
        Some(match &self.note {
            Some(note) => format!("{kept} {note}"),
            None => format!("{kept} With --registry, its item is examined again."),
        })
    }

    /// All drawings below one another as one SVG document. A text has none; its passages are in
    /// the other two forms.
    pub fn svg(&self) -> String {
        let drawings = self.drawings();
        let width = drawings.iter().map(|d| d.width).max().unwrap_or(0).max(640) + 2 * MARGIN;
        let mut body = String::new();
        let mut top = MARGIN + 14;
        let heading = format!("{}: {}", self.title(), kind(&self.finding));
        body.extend([format!(
            "<text x=\"{MARGIN}\" y=\"{top}\" font-size=\"18\" font-weight=\"600\">{}</text>",
            escape(&heading)
        )]);
        top += 4;
        let most = ((width - 2 * MARGIN) as f64 / CHARACTER_WIDTH) as usize;
        top = push_lines(&mut body, &self.place(), most, top);
        top = push_lines(&mut body, &strength_in_words(&self.finding), most, top) + MARGIN;
        for drawing in &drawings {
            let svg = drawing.to_svg(|side| self.jpeg(side));
            let placed = format!("<svg x=\"{MARGIN}\" y=\"{top}\" ");
            body.push_str(&svg.replacen("<svg ", &placed, 1));
            top = push_lines(&mut body, &drawing.caption, most, top + drawing.height + 4);
            top += MARGIN;
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {top}\" \
             width=\"{width}\" height=\"{top}\" font-family=\"system-ui, sans-serif\">\
             <rect width=\"{width}\" height=\"{top}\" fill=\"#fff\"/>{body}</svg>\n"
        )
    }
}

/// Puts words below `top` in lines of at most `most` characters, and returns where they end.
fn push_lines(body: &mut String, words: &str, most: usize, mut top: u32) -> u32 {
    for line in wrapped(words, most) {
        top += LINE;
        body.extend([format!(
            "<text x=\"{MARGIN}\" y=\"{top}\" font-size=\"12\" fill=\"#555\">{}</text>",
            escape(&line)
        )]);
    }
    top
}

/// Words in lines of at most `most` characters; a longer word stands alone, cut.
fn wrapped(words: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split(' ') {
        let word: String = word.chars().take(most).collect();
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

fn exhibit_of(path: &Path, id: &str) -> Result<Option<Exhibit>> {
    let mut found = None;
    if path.exists() {
        each_line(path, |exhibit: Exhibit| {
            if exhibit.finding_id == id {
                found = Some(exhibit);
            }
            Ok(())
        })?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
