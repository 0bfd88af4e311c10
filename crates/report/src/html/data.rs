//! The findings as the page's script reads them.
//!
//! The index has a column for everything that the list shows, sorts, filters and searches by;
//! it is unpacked once. What a click shows stands in blocks that are unpacked one by one:
//! [`Card`]s of neighboring findings, [`Shown`] exhibits, and [`Record`]s of works.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use clearance_decode::Media;
use clearance_scan::{Exhibit, Finding};
use serde::Serialize;

use super::chosen::{Chooser, MOST_FINDINGS, Rank, exhibited, is_over_policy, ranks};
use super::overview::Overview;
use super::pack::write_block;
use crate::card::{Card, Shown, kind};
use crate::decisions::{Decision, read_decisions};
use crate::error::{Error, Result};
use crate::lines::{each_line, each_sized_line};
use crate::recordings::{PageMedia, Recording, Spectrograms, packed};
use crate::summary::{Summary, WorkSummary};
use crate::words::{line, strength};
use crate::works::{Record, read_works};
use crate::write::{EXHIBITS, FINDINGS, SUMMARY};

/// Findings in a block of cards.
const CARDS: usize = 256;
/// Works in a block of records.
const RECORDS: usize = 256;
/// Bytes of JSON at which a block of exhibits ends.
const EXHIBIT_BYTES: usize = 256 << 10;
/// Version of the data inside the page.
const VERSION: u32 = 1;
/// Digits of chance shown for a finding that chance does not make.
const CERTAIN_DIGITS: f64 = 9999.0;

/// The packed findings, ready to be written behind the page.
pub(super) struct Data {
    index: Index,
    blocks: Vec<u8>,
    pub(super) left_out: u64,
    pub(super) exhibits_left_out: u64,
}

/// Everything about the list, column by column.
#[derive(Default, Serialize)]
pub(super) struct Index {
    version: u32,
    /// Names these results in files of decisions.
    scan: String,
    as_of: String,
    /// Findings of the scan; the page may have fewer.
    total: u64,
    cards: usize,
    records: usize,
    files: Vec<String>,
    columns: Vec<String>,
    kinds: Vec<String>,
    /// `""`: not stated.
    holders: Vec<String>,
    /// Id, title, creators, number of the rightsholder.
    works: Vec<(String, String, String, usize)>,
    id: Vec<String>,
    file: Vec<usize>,
    row: Vec<i64>,
    column: Vec<usize>,
    item: Vec<i32>,
    work: Vec<u32>,
    /// A letter each: a, i, t.
    media: String,
    /// A letter each: d (reserved), w (review), l (licensed), u (unreserved).
    verdict: String,
    kind: Vec<usize>,
    /// A letter each, the first of the word.
    strength: String,
    score: Vec<f64>,
    /// Minus the decimal logarithm of the E-value, to a tenth.
    digits: Vec<f64>,
    /// The block with the exhibit, or -1.
    exhibit: Vec<i32>,
    /// Number of the finding, number of the block with the recording.
    players: Vec<(usize, usize)>,
    /// Number of the finding, and what was decided.
    decisions: Vec<(usize, Decision)>,
}

/// Numbers the different values of a column in the order in which they come.
#[derive(Default)]
struct Names(BTreeMap<String, usize>);

impl Names {
    fn number(&mut self, names: &mut Vec<String>, name: &str) -> usize {
        if let Some(&number) = self.0.get(name) {
            return number;
        }
        names.push(name.to_owned());
        self.0.insert(name.to_owned(), names.len() - 1);
        names.len() - 1
    }
}

impl Data {
    /// Reads the results in `out`, and adds up on the way what the overview shows.
    pub(super) fn read(
        out: &Path,
        summary: &Summary,
        overview: &mut Overview,
        media: &PageMedia,
    ) -> Result<Self> {
        let path = out.join(FINDINGS);
        let works = work_numbers(summary);
        let chosen = choose(&path, summary, &works, overview)?;
        let left_out = chosen.left_out();
        let mut chosen = chosen.numbers().into_iter().peekable();
        let mut gathering = Gathering::new(summary, works);
        gathering
            .add_recordings(&packed(&media.recordings, media.most_bytes))
            .map_err(Error::io(out))?;
        let mut number = 0;
        each_line(&path, |finding: Finding| {
            if finding.is_mention() {
                return Ok(());
            }
            if chosen.next_if_eq(&number).is_some() {
                gathering.add(&finding).map_err(Error::io(&path))?;
            }
            number += 1;
            Ok(())
        })?;
        gathering.end_cards().map_err(Error::io(&path))?;
        let exhibits_left_out = gathering.add_exhibits(out, &media.spectrograms)?;
        gathering.add_records(out, summary)?;
        gathering.add_decisions(out)?;
        let Gathering {
            mut index, blocks, ..
        } = gathering;
        index.scan.clone_from(&summary.results_id());
        index.as_of.clone_from(&summary.policy.as_of);
        Ok(Self {
            index,
            blocks,
            left_out,
            exhibits_left_out,
        })
    }

    /// Writes the index and all blocks as elements of the page.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&self.blocks)?;
        write_block(out, "data-index", &self.index)
    }
}

/// What stands in the place of a work for items that declare something and are not known to be one.
const NO_WORK: &str = "Items that are no registered work";

/// Works by number; behind them what is no work.
fn work_numbers(summary: &Summary) -> BTreeMap<String, u32> {
    let works = summary.works.iter().map(|work| work.work_id.clone());
    let none = (summary.declarations.without_work > 0).then(String::new);
    works.chain(none).zip(0..).collect()
}

/// Passes over all findings: checks them against the summary, adds them up, picks those shown.
fn choose(
    path: &Path,
    summary: &Summary,
    works: &BTreeMap<String, u32>,
    overview: &mut Overview,
) -> Result<Chooser> {
    let mut chooser = Chooser::new(MOST_FINDINGS);
    let mut found = 0;
    each_line(path, |finding: Finding| {
        if finding.is_mention() {
            return Ok(());
        }
        found += 1;
        if !works.contains_key(&finding.work_id) {
            let detail = format!("work {} is not in {SUMMARY}", finding.work_id);
            return Err(Error::corrupt(path, &detail));
        }
        let over_policy = is_over_policy(&finding, &summary.policy.mode);
        overview.add(&finding, over_policy);
        chooser.see(finding.e_value, over_policy);
        Ok(())
    })?;
    if found != summary.findings {
        let detail = format!("{found} findings, {SUMMARY} has {}", summary.findings);
        return Err(Error::corrupt(path, &detail));
    }
    Ok(chooser)
}

/// The data while findings are being added.
struct Gathering {
    index: Index,
    blocks: Vec<u8>,
    works: BTreeMap<String, u32>,
    files: Names,
    columns: Names,
    kinds: Names,
    cards: Vec<Card>,
    card_blocks: usize,
    /// For each finding its id as it is stored, its work and its E-value.
    keys: Vec<(String, u32, f64)>,
    /// Blocks with recordings, by digest.
    recordings: BTreeMap<String, usize>,
}

impl Gathering {
    fn new(summary: &Summary, works: BTreeMap<String, u32>) -> Self {
        let mut index = Index {
            version: VERSION,
            total: summary.findings,
            cards: CARDS,
            records: RECORDS,
            ..Index::default()
        };
        let mut holders = Names::default();
        for work in &summary.works {
            let holder = line(work.rightsholder.as_deref().unwrap_or_default().trim());
            let holder = holders.number(&mut index.holders, &holder);
            index.works.push(work_line(work, holder));
        }
        if summary.declarations.without_work > 0 {
            let holder = holders.number(&mut index.holders, "");
            let work = (String::new(), NO_WORK.to_owned(), String::new(), holder);
            index.works.push(work);
        }
        Self {
            index,
            works,
            blocks: Vec::new(),
            files: Names::default(),
            columns: Names::default(),
            kinds: Names::default(),
            cards: Vec::new(),
            card_blocks: 0,
            keys: Vec::new(),
            recordings: BTreeMap::new(),
        }
    }

    fn add_recordings(&mut self, recordings: &BTreeMap<String, Recording>) -> io::Result<()> {
        for (number, (digest, recording)) in recordings.iter().enumerate() {
            let id = format!("data-recording-{number}");
            write_block(&mut self.blocks, &id, recording)?;
            self.recordings.insert(digest.clone(), number);
        }
        Ok(())
    }

    fn add(&mut self, finding: &Finding) -> io::Result<()> {
        if let Some(&block) = self.recordings.get(&finding.item_digest) {
            self.index.players.push((self.index.id.len(), block));
        }
        let index = &mut self.index;
        let work = self.works.get(&finding.work_id).copied().unwrap_or(0);
        index.id.push(line(&finding.finding_id));
        let file = self.files.number(&mut index.files, &line(&finding.file));
        index.file.push(file);
        index.row.push(finding.row_index);
        let column = line(&finding.column_name);
        let column = self.columns.number(&mut index.columns, &column);
        index.column.push(column);
        index.item.push(finding.item_index);
        index.work.push(work);
        index.media.push(match finding.media {
            Media::Audio => 'a',
            Media::Image => 'i',
            Media::Text => 't',
        });
        index.verdict.push(match finding.verdict.as_str() {
            "reserved" => 'd',
            "licensed" => 'l',
            "unreserved" => 'u',
            _ => 'w',
        });
        let kind = self.kinds.number(&mut index.kinds, kind(finding));
        index.kind.push(kind);
        index.strength.push_str(&strength(finding.e_value)[..1]);
        index.score.push(rounded(f64::from(finding.score), 1000.0));
        index.digits.push(digits(finding.e_value));
        index.exhibit.push(-1);
        self.keys
            .push((finding.finding_id.clone(), work, finding.e_value));
        self.cards.push(Card::new(finding));
        if self.cards.len() == CARDS {
            self.end_cards()?;
        }
        Ok(())
    }

    fn end_cards(&mut self) -> io::Result<()> {
        if self.cards.is_empty() {
            return Ok(());
        }
        let id = format!("data-cards-{}", self.card_blocks);
        write_block(&mut self.blocks, &id, &self.cards)?;
        self.card_blocks += 1;
        self.cards.clear();
        Ok(())
    }

    /// Returns how many exhibits found no room.
    fn add_exhibits(
        &mut self,
        out: &Path,
        spectrograms: &BTreeMap<String, Spectrograms>,
    ) -> Result<u64> {
        let path = out.join(EXHIBITS);
        let keys = std::mem::take(&mut self.keys);
        let ranks = ranks(&keys);
        let chosen = exhibited(&path, &ranks)?;
        if !path.exists() {
            return Ok(0);
        }
        // Drawings need the finding's places, which stand in another file in the same order.
        let mut findings = findings_of(&out.join(FINDINGS), &ranks, &chosen)?;
        let (mut block, mut bytes, mut number, mut left_out) = (BTreeMap::new(), 0, 0, 0);
        each_sized_line(&path, |mut exhibit: Exhibit, length| {
            let Some(rank) = ranks.get(exhibit.finding_id.as_str()) else {
                return Ok(());
            };
            let Some(finding) = findings.remove(&rank.number) else {
                left_out += 1;
                return Ok(());
            };
            if let Some(spectrograms) = spectrograms.get(&exhibit.finding_id) {
                spectrograms.put_into(&mut exhibit);
            }
            if let Some(shown) = Shown::new(&finding, &exhibit) {
                self.index.exhibit[rank.number as usize] = number;
                block.insert(rank.number, shown);
                bytes += length;
            }
            if bytes >= EXHIBIT_BYTES {
                let id = format!("data-exhibits-{number}");
                write_block(&mut self.blocks, &id, &block).map_err(Error::io(&path))?;
                block.clear();
                (bytes, number) = (0, number + 1);
            }
            Ok(())
        })?;
        if !block.is_empty() {
            let id = format!("data-exhibits-{number}");
            write_block(&mut self.blocks, &id, &block).map_err(Error::io(&path))?;
        }
        self.keys = keys;
        Ok(left_out)
    }

    fn add_records(&mut self, out: &Path, summary: &Summary) -> Result<()> {
        let works = read_works(out)?;
        if works.is_empty() {
            return Ok(());
        }
        let failed = Error::io(out);
        let mut write = || -> io::Result<()> {
            for (number, works_of) in summary.works.chunks(RECORDS).enumerate() {
                let record = |work: &WorkSummary| {
                    let found = works.get(&work.work_id)?;
                    Some(Record::new(found, &summary.policy.as_of))
                };
                let records: Vec<Option<Record>> = works_of.iter().map(record).collect();
                let id = format!("data-records-{number}");
                write_block(&mut self.blocks, &id, &records)?;
            }
            Ok(())
        };
        write().map_err(failed)
    }

    fn add_decisions(&mut self, out: &Path) -> Result<()> {
        let decisions = read_decisions(out)?;
        if decisions.is_empty() {
            return Ok(());
        }
        let numbers: BTreeMap<&str, usize> = self
            .keys
            .iter()
            .enumerate()
            .map(|(number, (id, _, _))| (id.as_str(), number))
            .collect();
        self.index.decisions = decisions
            .into_iter()
            .filter_map(|decision| {
                let number = numbers.get(decision.finding_id.as_str())?;
                Some((*number, decision.shown()))
            })
            .collect();
        Ok(())
    }
}

/// The findings whose exhibits are on the page, by their numbers.
fn findings_of(
    path: &Path,
    ranks: &BTreeMap<&str, Rank>,
    chosen: &[u32],
) -> Result<BTreeMap<u32, Finding>> {
    let mut findings = BTreeMap::new();
    each_line(path, |finding: Finding| {
        if let Some(rank) = ranks.get(finding.finding_id.as_str())
            && chosen.binary_search(&rank.number).is_ok()
        {
            findings.insert(rank.number, finding);
        }
        Ok(())
    })?;
    Ok(findings)
}

fn work_line(work: &WorkSummary, holder: usize) -> (String, String, String, usize) {
    let creators: Vec<String> = work.creators.iter().map(|name| line(name)).collect();
    let title = line(work.title.as_deref().unwrap_or_default().trim());
    (
        line(&work.work_id),
        title,
        line(&creators.join(", ")),
        holder,
    )
}

fn digits(e_value: f64) -> f64 {
    if e_value > 0.0 {
        rounded(-e_value.log10(), 10.0)
    } else {
        CERTAIN_DIGITS
    }
}

fn rounded(value: f64, steps: f64) -> f64 {
    if value.is_finite() {
        (value * steps).round() / steps
    } else {
        0.0
    }
}
