//! All rules about places, laid out to be asked about millions of addresses.
//!
//! Hosts are found from the end: a table knows every host that rules name and every ending of one
//! (`com`, `example.com`), so that an address of a host without rules costs two questions. The rules of
//! one host lie sorted by the beginning of their pattern, each with the place of the longest other
//! beginning of its own beginning; one binary search and a walk along these finds all that fit.
//! Nothing is decided by the order in which rules were given.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::Use;
use crate::signals::{Answer, Declaration, Embedded};

use super::address::Address;
use super::document::{Contest, Hosts, PlaceDocument, PlaceRule, Reference};
use super::pattern::{PathPattern, head_of};

mod crawling;
mod hosts;
mod paths;
#[cfg(test)]
mod tests;

use crawling::{Panel, Seat, seats};
use hosts::HostTable;
use paths::{NO_ENTRY, parents, walk};

/// A rule in place.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Where its pattern begins in the text of all patterns.
    pattern_at: u32,
    pattern_bytes: u16,
    /// Of those, what stands before the first wildcard.
    head_bytes: u16,
    /// The entry, counted from the first of its host, whose head is the longest beginning of this
    /// one's head.
    parent: u32,
    scope: Scope,
    /// What it says, among all that is said.
    says: u32,
    document: u32,
    /// In the document, from 1; 0 where it has none.
    line: u32,
    /// Position in the document, for the first of several to count.
    order: u32,
    rank: Rank,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Only,
    Domain,
    Below,
}

/// How an entry competes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// With nothing.
    Each,
    /// By its order, in this contest.
    First(u32),
    /// By the length of its pattern, in this contest.
    Longest(u32),
    /// The same among the lines of robots.txt for one audience.
    Crawl {
        contest: u32,
        seat: Seat,
        allows: bool,
    },
}

/// What is declared about places, for one planned use on one day.
#[derive(Debug)]
pub struct PlaceRules {
    wanted: Use,
    hosts: HostTable,
    /// For each host of the table the first of its entries; one more at the end.
    starts: Vec<u32>,
    entries: Vec<Entry>,
    patterns: String,
    said: Vec<Arc<Declaration>>,
    /// Places and days of the documents.
    documents: Vec<(String, Option<NaiveDate>)>,
    panels: Vec<Panel>,
}

/// A rule on its way into place.
struct Raw {
    host: Box<str>,
    scope: Scope,
    pattern: Box<str>,
    entry: Entry,
}

#[derive(Default)]
struct Builder {
    raw: Vec<Raw>,
    said: Vec<Arc<Declaration>>,
    known: HashMap<usize, u32>,
    documents: Vec<(String, Option<NaiveDate>)>,
    panels: Vec<Panel>,
    contests: u32,
}

impl PlaceRules {
    /// Lays out the rules of `documents` about `wanted` that count on `as_of`. Of several documents of
    /// one name that are not after that day the latest counts, or all of the latest day.
    pub fn new(documents: &[PlaceDocument], wanted: Use, as_of: NaiveDate) -> Self {
        let current = current(documents, as_of);
        let mut builder = Builder::default();
        let mut contests: BTreeMap<(u32, Contest), u32> = BTreeMap::new();
        let at_hand: BTreeMap<&str, &PlaceDocument> = current
            .iter()
            .filter_map(|it| Some((it.address.as_deref()?, *it)))
            .collect();
        for document in &current {
            let number = builder.documents.len() as u32;
            builder
                .documents
                .push((document.place.clone(), document.date));
            for (order, rule) in document.rules.iter().enumerate() {
                let rank = builder.contest(&mut contests, number, rule.contest);
                builder.add((rule, None), number, order as u32, rank, (wanted, as_of));
            }
            for (place, reference) in document.references.iter().enumerate() {
                let terms = at_hand.get(reference.address.as_str());
                let Some(terms) = terms else {
                    let rule = &reference.otherwise;
                    builder.add((rule, None), number, 0, Rank::Each, (wanted, as_of));
                    continue;
                };
                let terms = referred(terms, reference);
                // No contest of the document's own has that number.
                let contest = Contest::Longest(u32::MAX - place as u32);
                let rank = builder.contest(&mut contests, number, contest);
                for (order, (rule, path)) in terms.into_iter().enumerate() {
                    let says = (rule, Some((reference.host.as_str(), path)));
                    builder.add(says, number, order as u32, rank, (wanted, as_of));
                }
            }
            if let Some(crawl) = &document.crawl {
                seats(crawl, wanted, &document.place, number, &mut builder);
            }
        }
        builder.finish(wanted)
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What is declared about an address, where that is more than a permission of the planned use.
    /// `None` for all other addresses, and for texts that are none.
    pub fn look_up(&self, address: &str) -> Option<Embedded> {
        let said = self.declared(address);
        let answer = said.answer(self.wanted)?.answer;
        (answer > Answer::Allow).then_some(said)
    }

    /// Everything that is declared about an address, permissions as well. Answers about other uses
    /// than the planned one are not complete.
    pub fn declared(&self, address: &str) -> Embedded {
        let mut found: Vec<u32> = Vec::new();
        if let Some(address) = Address::parse(address) {
            self.matching(&address, &mut found);
        }
        let declarations = if found.is_empty() {
            Vec::new()
        } else {
            self.decided(&mut found)
        };
        Embedded {
            declarations,
            ..Embedded::default()
        }
    }

    /// The entries that match an address.
    fn matching(&self, address: &Address<'_>, found: &mut Vec<u32>) {
        self.hosts.each_ending(&address.host, |host, is_whole| {
            let range =
                self.starts[host as usize] as usize..self.starts[host as usize + 1] as usize;
            let first = range.start as u32;
            let entries = &self.entries[range];
            walk(entries, &self.patterns, &address.path, |place| {
                let fits = match entries[place].scope {
                    Scope::Only => is_whole,
                    Scope::Domain => true,
                    Scope::Below => !is_whole,
                };
                if fits {
                    found.push(first + place as u32);
                }
            });
        });
    }

    /// What the rules that match one address come to, in the order of documents and lines.
    fn decided(&self, found: &mut [u32]) -> Vec<Declaration> {
        let entry = |number: u32| &self.entries[number as usize];
        found.sort_unstable_by_key(|&number| {
            let it = entry(number);
            (it.document, it.rank.contest(), it.order, number)
        });
        let mut declarations = Vec::new();
        let mut audiences: Vec<(Seat, u32)> = Vec::new();
        for group in found.chunk_by(|&a, &b| {
            let (a, b) = (entry(a), entry(b));
            a.rank.contest().is_some() && a.rank.contest() == b.rank.contest()
        }) {
            let longest = group.iter().map(|&it| entry(it).pattern_bytes).max();
            let strongest = |it: &&u32| Some(entry(**it).pattern_bytes) == longest;
            match entry(group[0]).rank {
                Rank::Each | Rank::First(_) => declarations.push(self.declaration(group[0])),
                Rank::Longest(_) => {
                    let winners = group.iter().filter(strongest);
                    declarations.extend(winners.map(|&it| self.declaration(it)));
                }
                Rank::Crawl { seat, .. } => {
                    let mut winners = group.iter().filter(strongest);
                    let allowed =
                        |it: &u32| matches!(entry(*it).rank, Rank::Crawl { allows: true, .. });
                    // Of equally long lines the permission counts (RFC 9309, section 2.2.2).
                    if !group.iter().filter(strongest).any(allowed)
                        && let Some(&winner) = winners.next()
                    {
                        audiences.push((seat, winner));
                    }
                }
            }
        }
        self.add_panels(&audiences, &mut declarations);
        declarations
    }

    fn declaration(&self, number: u32) -> Declaration {
        let entry = &self.entries[number as usize];
        let mut new = self.said[entry.says as usize].as_ref().clone();
        if new.value.is_empty() && new.reason.is_none() {
            let pattern = self.pattern(entry);
            new.value = crate::words::excerpt(&self.scope_of(number, pattern));
        }
        let (place, date) = &self.documents[entry.document as usize];
        if new.place.is_empty() {
            new.place.clone_from(place);
        }
        if let Some(date) = date {
            new.place = format!("{} of {date}", new.place);
        }
        if entry.line > 0 {
            new.place = format!("{}, line {}", new.place, entry.line);
        }
        new
    }

    fn pattern(&self, entry: &Entry) -> &str {
        let start = entry.pattern_at as usize;
        &self.patterns[start..start + usize::from(entry.pattern_bytes)]
    }

    /// A rule's pattern as the user's table writes it.
    fn scope_of(&self, number: u32, pattern: &str) -> String {
        let host = self.starts.partition_point(|&start| start <= number) - 1;
        let host = self.hosts.name(host as u32);
        let path = if pattern == "/" { "" } else { pattern };
        match self.entries[number as usize].scope {
            Scope::Only => format!("https://{host}{pattern}"),
            Scope::Domain => format!("{host}{path}"),
            Scope::Below => format!("*.{host}{path}"),
        }
    }
}

impl Rank {
    /// The contest, where there is one.
    fn contest(self) -> Option<u32> {
        match self {
            Self::Each => None,
            Self::First(contest) | Self::Longest(contest) | Self::Crawl { contest, .. } => {
                Some(contest)
            }
        }
    }
}

/// The documents that count on a day.
fn current(documents: &[PlaceDocument], as_of: NaiveDate) -> Vec<&PlaceDocument> {
    let known: Vec<&PlaceDocument> = documents
        .iter()
        .filter(|it| it.date.is_none_or(|date| date <= as_of))
        .collect();
    let mut latest: BTreeMap<&str, Option<NaiveDate>> = BTreeMap::new();
    for document in known.iter().filter(|it| !it.name.is_empty()) {
        let date = latest.entry(&document.name).or_insert(document.date);
        *date = (*date).max(document.date);
    }
    let is_latest = |it: &&&PlaceDocument| {
        let date = latest.get(it.name.as_str());
        date.is_none_or(|date| *date == it.date)
    };
    let mut kept: Vec<&PlaceDocument> = known.iter().filter(is_latest).copied().collect();
    // Whatever order they were given in.
    kept.sort_by(|a, b| (&a.place, a.date, &a.name).cmp(&(&b.place, b.date, &b.name)));
    kept
}

/// The rules of terms for whoever refers to them, each with the paths that it is for there. Of terms
/// for one path the longest pattern counts.
fn referred<'t>(
    terms: &'t PlaceDocument,
    reference: &Reference,
) -> Vec<(&'t PlaceRule, PathPattern)> {
    let rules = terms
        .relative
        .iter()
        .filter_map(|&place| terms.rules.get(place));
    let Some(path) = &reference.path else {
        // Its own host has the rules already.
        let own = terms.address.as_deref().unwrap_or_default();
        let is_own = own.split(['/', '?']).next() == Some(reference.host.as_str());
        let rules = rules.filter(|_| !is_own);
        return rules.map(|rule| (rule, rule.path.clone())).collect();
    };
    let matching: Vec<&PlaceRule> = rules.filter(|rule| rule.path.matches(path)).collect();
    let length = |rule: &PlaceRule| rule.path.as_str().len();
    let longest = matching.iter().map(|rule| length(rule)).max();
    matching
        .into_iter()
        .filter(|rule| Some(length(rule)) == longest)
        .map(|rule| (rule, PathPattern::exactly(path)))
        .collect()
}

impl Builder {
    fn contest(
        &mut self,
        known: &mut BTreeMap<(u32, Contest), u32>,
        document: u32,
        contest: Contest,
    ) -> Rank {
        if contest == Contest::Each {
            return Rank::Each;
        }
        let next = self.contests;
        let number = *known.entry((document, contest)).or_insert(next);
        self.contests = self.contests.max(number + 1);
        match contest {
            Contest::First(_) => Rank::First(number),
            Contest::Each | Contest::Longest(_) => Rank::Longest(number),
        }
    }

    /// Adds a rule, if it counts on that day and says something about the use. A host and a pattern
    /// beside it stand for its own, where a site refers to terms elsewhere.
    fn add(
        &mut self,
        (rule, instead): (&PlaceRule, Option<(&str, PathPattern)>),
        document: u32,
        order: u32,
        rank: Rank,
        (wanted, as_of): (Use, NaiveDate),
    ) {
        let counts = rule.since.is_none_or(|since| since <= as_of)
            && rule.until.is_none_or(|until| as_of <= until);
        // What competes keeps others from counting, whatever it says.
        let is_silent = rank == Rank::Each && rule.says.answers.get(wanted).is_none();
        if !counts || is_silent {
            return;
        }
        let says = self.says(&rule.says);
        let (scope, own) = match &rule.hosts {
            Hosts::Only(own) => (Scope::Only, own),
            Hosts::Domain(own) => (Scope::Domain, own),
            Hosts::Below(own) => (Scope::Below, own),
        };
        let place = (document, rule.line.unwrap_or(0), order);
        match &instead {
            Some((host, path)) => self.push((host, Scope::Only), path.as_str(), says, place, rank),
            None => self.push((own, scope), rule.path.as_str(), says, place, rank),
        }
    }

    fn says(&mut self, says: &Arc<Declaration>) -> u32 {
        let next = self.said.len() as u32;
        // Each is kept alive here, so that an address names one alone.
        let number = *self.known.entry(Arc::as_ptr(says).addr()).or_insert(next);
        if number == next {
            self.said.push(Arc::clone(says));
        }
        number
    }

    fn push(
        &mut self,
        (host, scope): (&str, Scope),
        pattern: &str,
        says: u32,
        (document, line, order): (u32, u32, u32),
        rank: Rank,
    ) {
        let head = head_of(pattern);
        self.raw.push(Raw {
            host: host.into(),
            scope,
            pattern: pattern.into(),
            entry: Entry {
                pattern_at: 0,
                // Patterns and addresses have limits below that.
                pattern_bytes: pattern.len() as u16,
                head_bytes: head.len() as u16,
                parent: NO_ENTRY,
                scope,
                says,
                document,
                line,
                order,
                rank,
            },
        });
    }

    fn finish(mut self, wanted: Use) -> PlaceRules {
        self.raw.sort_by(|a, b| {
            let order = |it: &Raw| (it.entry.document, it.entry.order, it.entry.line);
            let heads = || head_of(&a.pattern).cmp(head_of(&b.pattern));
            (a.host.cmp(&b.host))
                .then_with(heads)
                .then_with(|| order(a).cmp(&order(b)))
        });
        let hosts = HostTable::new(self.raw.iter().map(|raw| raw.host.as_ref()));
        let mut patterns = String::from("/");
        let mut entries = Vec::with_capacity(self.raw.len());
        let mut starts = Vec::with_capacity(hosts.len() + 1);
        let mut raw = self.raw.iter().peekable();
        for host in 0..hosts.len() {
            starts.push(entries.len() as u32);
            let first = entries.len();
            while let Some(next) = raw.next_if(|next| *next.host == *hosts.name(host as u32)) {
                let mut entry = next.entry;
                entry.scope = next.scope;
                // Whoever reads documents keeps to far less.
                if patterns.len() + next.pattern.len() > u32::MAX as usize {
                    continue;
                }
                if *next.pattern != *"/" {
                    entry.pattern_at = patterns.len() as u32;
                    patterns.push_str(&next.pattern);
                }
                entries.push(entry);
            }
            parents(&mut entries[first..], &patterns);
        }
        starts.push(entries.len() as u32);
        PlaceRules {
            wanted,
            hosts,
            starts,
            entries,
            patterns,
            said: self.said,
            documents: self.documents,
            panels: self.panels,
        }
    }
}
