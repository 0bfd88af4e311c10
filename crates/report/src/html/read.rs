//! What the page shows, picked out of the results.

use std::collections::BTreeMap;
use std::path::Path;

use clearance_decode::Media;
use clearance_scan::{Exhibit, Finding};

use crate::error::{Error, Result};
use crate::lines::each_line;
use crate::summary::Summary;
use crate::write::{EXHIBITS, FINDINGS, SUMMARY};

/// Works on the page; a browser gets slow beyond.
const MOST_WORKS: usize = 500;
/// Findings shown of each work.
const MOST_FINDINGS: usize = 20;
/// Base64 of all pictures on the page together.
const MOST_PICTURE_BYTES: usize = 24 << 20;

/// The summary, and the findings and exhibits that are shown.
pub(super) struct Selection {
    pub(super) summary: Summary,
    /// Works on the page, those with most findings over policy first.
    pub(super) works: Vec<SelectedWork>,
    /// By finding.
    pub(super) exhibits: BTreeMap<String, Exhibit>,
    /// All findings by medium.
    pub(super) media: BTreeMap<Media, u64>,
}

/// A work on the page.
pub(super) struct SelectedWork {
    /// Its place in [`Summary::works`].
    pub(super) place: usize,
    /// Its strongest findings, strongest first.
    pub(super) findings: Vec<Finding>,
}

impl Selection {
    pub(super) fn read(out: &Path) -> Result<Self> {
        let summary = Summary::read(out)?;
        let mut selection = Self {
            works: choose_works(&summary),
            summary,
            exhibits: BTreeMap::new(),
            media: BTreeMap::new(),
        };
        selection.read_findings(&out.join(FINDINGS))?;
        selection.read_exhibits(&out.join(EXHIBITS))?;
        Ok(selection)
    }

    fn read_findings(&mut self, path: &Path) -> Result<()> {
        let known: BTreeMap<&str, usize> = self
            .summary
            .works
            .iter()
            .enumerate()
            .map(|(place, work)| (work.work_id.as_str(), place))
            .collect();
        let mut shown: BTreeMap<usize, &mut Vec<Finding>> = self
            .works
            .iter_mut()
            .map(|work| (work.place, &mut work.findings))
            .collect();
        let media = &mut self.media;
        let mut found = 0;
        each_line(path, |finding: Finding| {
            found += 1;
            *media.entry(finding.media).or_default() += 1;
            let place = known.get(finding.work_id.as_str()).ok_or_else(|| {
                let detail = format!("work {} is not in {SUMMARY}", finding.work_id);
                Error::corrupt(path, &detail)
            })?;
            if let Some(findings) = shown.get_mut(place) {
                keep_strongest(findings, finding);
            }
            Ok(())
        })?;
        if found != self.summary.findings {
            let detail = format!("{found} findings, {SUMMARY} has {}", self.summary.findings);
            return Err(Error::corrupt(path, &detail));
        }
        Ok(())
    }

    /// When pictures would take too much room, every work keeps those of its
    /// strongest findings first.
    fn read_exhibits(&mut self, path: &Path) -> Result<()> {
        if !path.exists() {
            return Ok(());
        }
        let ranks: BTreeMap<&str, (usize, usize)> = self
            .works
            .iter()
            .enumerate()
            .flat_map(|(work, selected)| {
                let findings = selected.findings.iter().enumerate();
                findings.map(move |(rank, finding)| (finding.finding_id.as_str(), (rank, work)))
            })
            .collect();
        let mut kept: BTreeMap<(usize, usize), Exhibit> = BTreeMap::new();
        let mut bytes = 0;
        each_line(path, |exhibit: Exhibit| {
            let Some(rank) = ranks.get(exhibit.finding_id.as_str()) else {
                return Ok(());
            };
            bytes += picture_bytes(&exhibit);
            if let Some(replaced) = kept.insert(*rank, exhibit) {
                bytes -= picture_bytes(&replaced);
            }
            let mut weakest = kept.iter_mut().rev();
            while bytes > MOST_PICTURE_BYTES
                && let Some((_, exhibit)) = weakest.next()
            {
                bytes -= picture_bytes(exhibit);
                (exhibit.thumbnail, exhibit.work_thumbnail) = (None, None);
            }
            Ok(())
        })?;
        self.exhibits = kept
            .into_values()
            .map(|exhibit| (exhibit.finding_id.clone(), exhibit))
            .collect();
        Ok(())
    }
}

fn choose_works(summary: &Summary) -> Vec<SelectedWork> {
    let mut places: Vec<usize> = (0..summary.works.len()).collect();
    // Stable: equal works stay in the summary's order.
    places.sort_by_key(|&place| {
        let work = &summary.works[place];
        std::cmp::Reverse((work.over_policy, work.findings))
    });
    places.truncate(MOST_WORKS);
    let unread = |place| SelectedWork {
        place,
        findings: Vec::new(),
    };
    places.into_iter().map(unread).collect()
}

fn keep_strongest(findings: &mut Vec<Finding>, finding: Finding) {
    let stronger = |known: &Finding| known.e_value <= finding.e_value;
    let place = findings.partition_point(stronger);
    if place < MOST_FINDINGS {
        findings.insert(place, finding);
        findings.truncate(MOST_FINDINGS);
    }
}

fn picture_bytes(exhibit: &Exhibit) -> usize {
    let length = |picture: &Option<String>| picture.as_ref().map_or(0, String::len);
    length(&exhibit.thumbnail) + length(&exhibit.work_thumbnail)
}

#[cfg(test)]
mod tests;
