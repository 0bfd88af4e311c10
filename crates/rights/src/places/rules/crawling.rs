//! What robots.txt lets crawlers fetch, as a statement about a use.
//!
//! RFC 9309 speaks of crawlers and not of uses. Where a file names crawlers that are known to fetch
//! for the planned use, its rules for them are taken for what its owner says about that use: a path
//! that none of them may fetch is denied; one that some may fetch and others not is unknown. Where it
//! names none of them, its rules for all count. That something may be fetched permits nothing.

use std::sync::Arc;

use crate::signals::{Answer, Declaration, Scheme};
use crate::{Use, UseSet};

use super::{Builder, PlaceRules, Rank, Scope};
use crate::places::document::{Crawl, CrawlGroup};

/// The crawlers for one use that one robots.txt names.
#[derive(Debug)]
pub(super) struct Panel {
    /// How many groups of rules there are for them.
    audiences: u32,
}

/// The place of an audience: its panel, and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seat {
    panel: u32,
    audience: u32,
}

/// The groups that speak to each audience; crawlers with the same groups are one audience.
fn audiences(crawl: &Crawl, wanted: Use) -> Vec<(String, Vec<usize>)> {
    let mut audiences: Vec<(String, Vec<usize>)> = Vec::new();
    let speaks = |group: &CrawlGroup, name: &str| group.agents.iter().any(|it| it.name == name);
    let mut names: Vec<&str> = crawl
        .groups
        .iter()
        .flat_map(|group| &group.agents)
        .filter(|agent| agent.uses().contains(wanted))
        .map(|agent| agent.name)
        .collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let groups = crawl.groups.iter().enumerate();
        let groups = groups.filter(|(_, group)| speaks(group, name));
        let groups: Vec<usize> = groups.map(|(number, _)| number).collect();
        match audiences.iter_mut().find(|(_, known)| *known == groups) {
            Some((known, _)) => {
                if known.len() < 60 {
                    known.push_str(", ");
                    known.push_str(name);
                }
            }
            None => audiences.push((name.to_owned(), groups)),
        }
    }
    if audiences.is_empty() {
        let groups = crawl.groups.iter().enumerate();
        let groups = groups.filter(|(_, group)| group.is_for_all);
        let groups: Vec<usize> = groups.map(|(number, _)| number).collect();
        if !groups.is_empty() {
            audiences.push(("*".to_owned(), groups));
        }
    }
    audiences
}

/// Lays out the `Allow` and `Disallow` lines of a robots.txt for one use.
pub(super) fn seats(crawl: &Crawl, wanted: Use, place: &str, document: u32, builder: &mut Builder) {
    let audiences = audiences(crawl, wanted);
    let panel = builder.panels.len() as u32;
    builder.panels.push(Panel {
        audiences: audiences.len() as u32,
    });
    for (audience, (names, groups)) in audiences.iter().enumerate() {
        let seat = Seat {
            panel,
            audience: audience as u32,
        };
        let contest = builder.contests;
        builder.contests += 1;
        let rules = groups.iter().flat_map(|&group| &crawl.groups[group].rules);
        for (order, rule) in rules.enumerate() {
            let verb = if rule.allows { "Allow" } else { "Disallow" };
            let value = format!("User-agent: {names}; {verb}: {}", rule.pattern.as_str());
            let says = Declaration::new(Scheme::Robots, place, &value);
            let says = says.answering(UseSet::from(wanted), Answer::Deny);
            let says = builder.says(&Arc::new(says));
            let rank = Rank::Crawl {
                contest,
                seat,
                allows: rule.allows,
            };
            builder.push(
                (&crawl.host, Scope::Only),
                rule.pattern.as_str(),
                says,
                (document, rule.line, order as u32),
                rank,
            );
        }
    }
}

impl PlaceRules {
    /// What the audiences that may not fetch something come to, file by file.
    pub(super) fn add_panels(&self, denied: &[(Seat, u32)], declarations: &mut Vec<Declaration>) {
        for of_panel in denied.chunk_by(|(a, ..), (b, ..)| a.panel == b.panel) {
            let Some(&(seat, entry)) = of_panel.first() else {
                continue;
            };
            let mut new = self.declaration(entry);
            let all = self.panels[seat.panel as usize].audiences as usize;
            if of_panel.len() < all {
                let uses = UseSet::from(self.wanted);
                new = new.unknown(uses, "other crawlers for this use may fetch it");
            }
            declarations.push(new);
        }
    }
}
