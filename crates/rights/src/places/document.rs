//! What one document says about places: rules, and what could not be understood.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::UseSet;
use crate::signals::{Declaration, Scheme};
use crate::words::excerpt;

use super::agents::Agent;
use super::pattern::PathPattern;
use super::{Address, address};

/// Lines of a document that are listed as not understood; the others are counted in the last.
const REJECTS_MAX: usize = 1000;

/// The hosts that a rule holds for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hosts {
    /// One host.
    Only(String),
    /// A host and all below it.
    Domain(String),
    /// All hosts below one.
    Below(String),
}

impl Hosts {
    /// The name, in the one spelling of hosts.
    pub fn name(&self) -> &str {
        match self {
            Self::Only(name) | Self::Domain(name) | Self::Below(name) => name,
        }
    }

    /// Whether a host in the one spelling is among them.
    pub fn contains(&self, host: &str) -> bool {
        let is_below = |name: &str| {
            let rest = host.strip_suffix(name);
            rest.is_some_and(|rest| rest.ends_with('.'))
        };
        match self {
            Self::Only(name) => host == name,
            Self::Domain(name) => host == name || is_below(name),
            Self::Below(name) => is_below(name),
        }
    }
}

/// Which of several rules that match one address counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contest {
    /// Each.
    Each,
    /// Of those of one number the first in the document.
    First(u32),
    /// Of those of one number the ones with the longest pattern.
    Longest(u32),
}

/// Something that is declared about places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceRule {
    /// The hosts.
    pub hosts: Hosts,
    /// The paths on them.
    pub path: PathPattern,
    /// What is declared. Its place is completed with line and date, and an empty value with the
    /// pattern.
    pub says: Arc<Declaration>,
    /// The line in the document, from 1.
    pub line: Option<u32>,
    /// First day on which it counts, where that is not the document's.
    pub since: Option<NaiveDate>,
    /// Last day on which it counts.
    pub until: Option<NaiveDate>,
    /// What it competes with.
    pub contest: Contest,
}

impl PlaceRule {
    /// A rule for all of a host.
    pub(super) fn everywhere(host: &str, says: Declaration, line: Option<u32>) -> Self {
        Self {
            hosts: Hosts::Only(host.to_owned()),
            path: PathPattern::everything(),
            says: Arc::new(says),
            line,
            since: None,
            until: None,
            contest: Contest::Each,
        }
    }
}

/// What robots.txt says about who may fetch what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Crawl {
    pub(super) host: String,
    pub(super) groups: Vec<CrawlGroup>,
}

/// A group of robots.txt that speaks of everyone, or of known crawlers for models and datasets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CrawlGroup {
    pub(super) is_for_all: bool,
    pub(super) agents: Vec<&'static Agent>,
    pub(super) rules: Vec<CrawlRule>,
}

/// An `Allow` or a `Disallow` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CrawlRule {
    pub(super) pattern: PathPattern,
    pub(super) allows: bool,
    pub(super) line: u32,
}

/// Terms that a document refers to and does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// The host that they are for.
    pub(super) host: String,
    /// The path that they are for, where that is one alone.
    pub(super) path: Option<String>,
    /// Where they are, in the one spelling of addresses.
    pub(super) address: String,
    /// What is declared where they are not at hand.
    pub(super) otherwise: PlaceRule,
}

/// A part of a document that was not understood.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlaceReject {
    /// The line, from 1; 0 for the document as a whole.
    pub line: u32,
    /// Why.
    pub reason: String,
}

/// What one document says about places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlaceDocument {
    /// Where it was found, for people: `https://example.com/robots.txt`.
    pub place: String,
    /// Which document it is: of several under one name the one of the latest day counts alone.
    /// Empty where it replaces none.
    pub name: String,
    /// The day as of which it is known. Before it, nothing in it counts.
    pub date: Option<NaiveDate>,
    /// Rules, in the order of the document.
    pub rules: Vec<PlaceRule>,
    /// What was not understood.
    pub rejects: Vec<PlaceReject>,
    /// `Allow` and `Disallow`.
    pub(super) crawl: Option<Crawl>,
    /// Terms elsewhere.
    pub(super) references: Vec<Reference>,
    /// Its own address, for those that refer to it.
    pub(super) address: Option<String>,
    /// Those of its rules that are about whatever host refers to it, by their position.
    pub(super) relative: Vec<usize>,
}

impl PlaceDocument {
    /// A document that says nothing yet.
    pub fn new(place: &str) -> Self {
        Self {
            place: excerpt(place),
            ..Self::default()
        }
    }

    /// The document as of a day.
    #[must_use]
    pub fn dated(mut self, date: NaiveDate) -> Self {
        self.date = Some(date);
        self
    }

    /// The document under a name: of several under one name the one of the latest day counts.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// The number of statements: rules, and lines about crawling.
    pub fn len(&self) -> usize {
        let crawl = self.crawl.iter().flat_map(|crawl| &crawl.groups);
        let crawl: usize = crawl.map(|group| group.rules.len()).sum();
        self.rules.len() + self.references.len() + crawl
    }

    /// Whether nothing is stated.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn reject(&mut self, line: u32, reason: &str) {
        match self.rejects.len() {
            0..REJECTS_MAX => self.rejects.push(PlaceReject {
                line,
                reason: excerpt(reason),
            }),
            REJECTS_MAX => self.rejects.push(PlaceReject {
                line,
                reason: "this and further lines were not understood".to_owned(),
            }),
            _ => {}
        }
    }

    /// Notes that the terms for `host` are at an address.
    pub(super) fn refer(&mut self, host: &str, at: &str, line: Option<u32>) {
        let mut says = Declaration::new(Scheme::Rsl, &self.place, &format!("License: {at}"));
        says.policy_url = Some(excerpt(at));
        let reason = "the terms are not among the files given";
        let says = says.unknown(UseSet::ALL, reason);
        let Some(address) = spelled(at) else { return };
        self.references.push(Reference {
            host: host.to_owned(),
            path: None,
            address,
            otherwise: PlaceRule::everywhere(host, says, line),
        });
    }
}

/// An address in its one spelling, without its scheme.
pub(super) fn spelled(text: &str) -> Option<String> {
    let address = Address::parse(text)?;
    Some(format!("{}{}", address.host, address.path))
}

/// A host as somebody wrote it, in its one spelling.
pub(super) fn host(text: &str) -> Option<String> {
    let text = text.trim();
    if text.contains(['/', '\\', '?', '#', '@', '*']) {
        return None;
    }
    address::host(text).map(std::borrow::Cow::into_owned)
}
