//! How many findings are let through: limits by verdict, by kind and by strength of the evidence.

use std::collections::BTreeMap;
use std::path::Path;

use clearance_rights::Verdict;
use clearance_scan::Finding;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::lines::each_line;
use crate::summary::Summary;
use crate::verify::policy;
use crate::write::{FINDINGS, SUMMARY};

/// The table `[gate]` of `clearance.toml`. Without any limit, no finding over policy is let through.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Gate {
    /// Most findings of a verdict. One that is not named has the limit 0 when it is over policy, and
    /// none when it is not.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// Most findings over policy of a kind; one that is not named has no limit of its own. Of the
    /// kind `mention`, which no policy flags, most findings at all.
    pub kinds: BTreeMap<String, u64>,
    /// Findings that chance explains more often than this in the whole scan are not counted.
    pub max_e_value: Option<f64>,
}

/// Kinds that a finding may have (README, "Output").
const KINDS: [&str; 7] = [
    "identical",
    "copy",
    "excerpt",
    "declared",
    "stripped",
    "location",
    "mention",
];

impl Gate {
    /// What is wrong with the limits, if anything.
    pub fn check(&self) -> std::result::Result<(), String> {
        if let Some(kind) = self
            .kinds
            .keys()
            .find(|kind| !KINDS.contains(&kind.as_str()))
        {
            return Err(format!(
                "gate.kinds: {kind:?} is not one of {}",
                KINDS.join(", ")
            ));
        }
        if self
            .max_e_value
            .is_some_and(|most| most.is_nan() || most < 0.0)
        {
            return Err("gate.max-e-value is a number from 0".to_owned());
        }
        Ok(())
    }

    /// Counts the findings of the output folder `out` whose scan has this summary. Returns every
    /// limit that they exceed, in words; nothing when the gate is open.
    pub fn exceeded(&self, out: &Path, summary: &Summary) -> Result<Vec<String>> {
        let policy = policy(&summary.policy)
            .map_err(|detail| Error::corrupt(&out.join(SUMMARY), &detail))?;
        let mut verdicts: BTreeMap<Verdict, u64> = BTreeMap::new();
        let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
        each_line(&out.join(FINDINGS), |finding: Finding| {
            if self.max_e_value.is_some_and(|most| finding.e_value > most) {
                return Ok(());
            }
            // Names count only where a limit on them is asked for.
            if !finding.is_mention() {
                *verdicts.entry(finding.verdict).or_default() += 1;
            }
            if finding.is_mention() || policy.flags(finding.verdict) {
                let kind = finding.kind.as_str().to_owned();
                *kinds.entry(kind).or_default() += 1;
            }
            Ok(())
        })?;
        let mut exceeded = Vec::new();
        for (verdict, found) in verdicts {
            let usual = policy.flags(verdict).then_some(0);
            let limit = self.verdicts.get(&verdict).copied().or(usual);
            if let Some(limit) = limit.filter(|limit| found > *limit) {
                exceeded.push(format!("{found} findings {verdict}, {limit} allowed"));
            }
        }
        for (kind, limit) in &self.kinds {
            let found = kinds.get(kind).copied().unwrap_or(0);
            if found > *limit {
                exceeded.push(format!(
                    "{found} findings over policy of kind {kind}, {limit} allowed"
                ));
            }
        }
        Ok(exceeded)
    }
}

#[cfg(test)]
mod tests;
