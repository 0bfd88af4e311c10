//! Names of works and creators in texts, in numbers.

use std::collections::BTreeMap;

use clearance_index::NameRole;
use clearance_scan::Finding;
use serde::{Deserialize, Serialize};

/// Names that are listed in a summary; all are in `findings.parquet`.
const MOST_NAMES: usize = 20;

/// Names of registered works and of their creators in texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MentionSummary {
    /// Names that were looked for.
    pub names: u64,
    /// Names that were not: everyday words, and what is too long.
    pub held_back: u64,
    /// Findings of the kind `mention`.
    pub mentions: u64,
    /// Rows with at least one.
    pub rows: u64,
    /// Of titles.
    pub titles: u64,
    /// Of creators.
    pub creators: u64,
    /// The names in most items, at most twenty; equal ones in alphabetical order.
    pub most: Vec<NameSummary>,
}

/// A name that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameSummary {
    /// As the registry spells it.
    pub name: String,
    /// What it is of.
    pub role: NameRole,
    /// Registered works that have it.
    pub works: u32,
    /// Items that it stands in.
    pub items: u64,
}

/// Counts mentions as they come, in the order of the findings.
#[derive(Clone, Debug, Default)]
pub(crate) struct MentionCount {
    mentions: u64,
    rows: u64,
    titles: u64,
    last: Option<(String, i64)>,
    names: BTreeMap<(String, NameRole), (u32, u64)>,
}

impl MentionCount {
    pub(crate) fn add(&mut self, finding: &Finding) {
        self.mentions += 1;
        let row = (finding.file.clone(), finding.row_index);
        if self.last.as_ref() != Some(&row) {
            self.rows += 1;
            self.last = Some(row);
        }
        if let Some(mention) = &finding.mention {
            self.titles += u64::from(mention.role == NameRole::Title);
            let key = (mention.name.clone(), mention.role);
            let known = self.names.entry(key).or_default();
            *known = (mention.works, known.1 + 1);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.mentions == 0
    }

    /// The counts, where so many names were looked for and held back.
    pub(crate) fn finish(self, names: u64, held_back: u64) -> MentionSummary {
        let found = self.names.into_iter();
        let found = found.map(|((name, role), (works, items))| NameSummary {
            name,
            role,
            works,
            items,
        });
        let mut most: Vec<NameSummary> = found.collect();
        // Stable: equal counts stay in order of the name.
        most.sort_by_key(|name| std::cmp::Reverse(name.items));
        most.truncate(MOST_NAMES);
        MentionSummary {
            names,
            held_back,
            mentions: self.mentions,
            rows: self.rows,
            titles: self.titles,
            creators: self.mentions - self.titles,
            most,
        }
    }
}
