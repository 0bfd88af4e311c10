//! The findings of an output folder, counted once more.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use clearance_rights::Policy;
use clearance_scan::{CoverageStatus, Finding, FindingKind};

use crate::summary::{DeclarationSummary, MentionCount, MentionSummary, Summary, WorkSummary};
use crate::tables::read_coverage;

/// The findings counted once more.
pub(super) struct Tally<'a> {
    pub(super) findings: u64,
    pub(super) over_policy: u64,
    pub(super) verdicts: BTreeMap<String, u64>,
    pub(super) kinds: BTreeMap<String, u64>,
    pub(super) works: BTreeMap<String, WorkSummary>,
    known: HashMap<&'a str, &'a WorkSummary>,
    pub(super) declarations: DeclarationSummary,
    mentions: MentionCount,
    /// Items by medium.
    pub(super) items: [u64; 3],
    /// Items that were not read: what they declare makes them none that something was found in.
    pub(super) unread: BTreeSet<ItemPlace>,
    last: Option<ItemPlace>,
}

/// File, row, column, position.
pub(super) type ItemPlace = (String, i64, String, i32);

/// Places of the items that could not be read or were left aside; a damaged table is told of elsewhere.
pub(super) fn unread(out: &Path) -> BTreeSet<ItemPlace> {
    let lines = read_coverage(out).unwrap_or_default().into_iter();
    let unread = lines.filter(|line| line.status != CoverageStatus::Partial);
    unread
        .map(|line| (line.file, line.row_index, line.column_name, line.item_index))
        .collect()
}

impl<'a> Tally<'a> {
    pub(super) fn new(summary: &'a Summary) -> Self {
        let works = summary.works.iter();
        Self {
            findings: 0,
            over_policy: 0,
            verdicts: BTreeMap::new(),
            kinds: BTreeMap::new(),
            works: BTreeMap::new(),
            known: works.map(|work| (work.work_id.as_str(), work)).collect(),
            declarations: DeclarationSummary::default(),
            mentions: MentionCount::default(),
            items: [0; 3],
            unread: BTreeSet::new(),
            last: None,
        }
    }

    pub(super) fn add(&mut self, finding: &Finding, policy: &Policy) {
        if finding.is_mention() {
            self.mentions.add(finding);
            return;
        }
        let over = u64::from(finding.is_over(policy));
        self.findings += 1;
        self.over_policy += over;
        *self
            .verdicts
            .entry(finding.verdict.to_string())
            .or_default() += 1;
        let kind = finding.kind.as_str().to_owned();
        *self.kinds.entry(kind).or_default() += 1;
        self.declarations.add(finding, over);
        if !finding.work_id.is_empty() {
            self.add_to_work(finding, over);
        }
        // An address is no item, or one that was not fetched.
        if finding.kind == FindingKind::Location {
            return;
        }
        let item = (
            finding.file.clone(),
            finding.row_index,
            finding.column_name.clone(),
            finding.item_index,
        );
        if self.last.as_ref() != Some(&item) {
            self.items[finding.media as usize] += u64::from(!self.unread.contains(&item));
            self.last = Some(item);
        }
    }

    /// The mentions as a summary has them. How many names were looked for is not in the findings.
    pub(super) fn mentions(&self, said: Option<&MentionSummary>) -> Option<MentionSummary> {
        let counted = self.mentions.clone();
        match said {
            Some(said) => Some(counted.finish(said.names, said.held_back)),
            None if counted.is_empty() => None,
            None => Some(counted.finish(0, 0)),
        }
    }

    fn add_to_work(&mut self, finding: &Finding, over: u64) {
        let known = &self.known;
        let work = self
            .works
            .entry(finding.work_id.clone())
            .or_insert_with(|| {
                let described = known.get(finding.work_id.as_str());
                WorkSummary {
                    work_id: finding.work_id.clone(),
                    title: described.and_then(|work| work.title.clone()),
                    creators: described
                        .map(|work| work.creators.clone())
                        .unwrap_or_default(),
                    rightsholder: described.and_then(|work| work.rightsholder.clone()),
                    ..WorkSummary::default()
                }
            });
        work.findings += 1;
        work.over_policy += over;
        work.keep_if_strong(finding);
    }
}
