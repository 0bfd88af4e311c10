//! robots.txt: the Robots Exclusion Protocol (RFC 9309), with the lines for uses that were added to
//! it: `Content-Usage` (draft-ietf-aipref-attach), `Content-Signal` (contentsignals.org), `License`
//! (RSL 1.0).

use std::sync::Arc;

use crate::signals::{Answer, Declaration, Scheme};
use crate::words::excerpt;
use crate::{Use, UseSet};

use super::agents::{self, Agent};
use super::document::{Contest, Crawl, CrawlGroup, CrawlRule, Hosts, PlaceDocument, PlaceRule};
use super::pattern::PathPattern;
use super::usage::{content_signal, content_usage};

/// Lines that are read. RFC 9309, section 2.5, asks for 500 KiB at least, which is fewer.
pub(super) const LINES_MAX: usize = 200_000;
/// Longest line in bytes that is read as a rule.
pub(super) const LINE_BYTES_MAX: usize = 16 << 10;

/// A line of the file: its name in small letters, and its value.
pub(super) struct Line<'t> {
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) value: &'t str,
}

/// Reads the robots.txt of `host`. What it says to agents that are not known to fetch for a model or
/// a dataset is left out, but for what it says to all.
pub fn read_robots(bytes: &[u8], host: &str, place: &str) -> PlaceDocument {
    let mut document = PlaceDocument::new(place);
    let text = String::from_utf8_lossy(bytes);
    if std::str::from_utf8(bytes).is_err() {
        document.reject(
            0,
            "not UTF-8, as robots.txt must be (RFC 9309, section 2.3)",
        );
        let all = Declaration::new(Scheme::Robots, place, "");
        let unknown = all.unknown(UseSet::TEXT_AND_DATA_MINING, "the file is not UTF-8");
        let rule = PlaceRule::everywhere(host, unknown, None);
        document.rules.push(rule);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if text.trim_start().starts_with('<') {
        document.reject(
            1,
            "a page of HTML in place of robots.txt: the site has none",
        );
        return document;
    }
    let mut reader = Reader {
        host,
        place,
        document,
        groups: Vec::new(),
        is_naming: false,
    };
    for (number, line) in lines(text).enumerate() {
        if number >= LINES_MAX {
            reader
                .document
                .reject(number as u32 + 1, "more lines than are read");
            let all = Declaration::new(Scheme::Robots, place, "");
            let unknown = all.unknown(UseSet::TEXT_AND_DATA_MINING, "the file is too long");
            let rule = PlaceRule::everywhere(host, unknown, None);
            reader.document.rules.push(rule);
            break;
        }
        if let Some(line) = split(line, number as u32 + 1) {
            reader.line(&line);
        }
    }
    reader.finish()
}

/// The lines of a text of any system.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let end = if text.contains('\n') { '\n' } else { '\r' };
    text.split(end)
}

pub(super) fn split(line: &str, number: u32) -> Option<Line<'_>> {
    let line = line.split('#').next().unwrap_or_default().trim();
    if line.is_empty() {
        return None;
    }
    let (name, value) = line.split_once(':').unwrap_or((line, ""));
    Some(Line {
        number,
        name: name.trim().to_ascii_lowercase().replace([' ', '_'], "-"),
        value: value.trim(),
    })
}

/// A group while it is read.
#[derive(Default)]
struct Group {
    names: Vec<String>,
    rules: Vec<CrawlRule>,
}

impl Group {
    /// Whether what it says of uses is said to everyone.
    fn is_for_all(&self) -> bool {
        self.names.is_empty() || self.names.iter().any(|name| name == "*")
    }

    fn is_for_known(&self) -> bool {
        self.names.iter().any(|name| agents::find(name).is_some())
    }
}

struct Reader<'a> {
    host: &'a str,
    place: &'a str,
    document: PlaceDocument,
    groups: Vec<Group>,
    /// Whether the last rule named an agent: the next name belongs to the same group.
    is_naming: bool,
}

impl Reader<'_> {
    fn line(&mut self, line: &Line<'_>) {
        if line.value.len() > LINE_BYTES_MAX {
            self.document
                .reject(line.number, "a line too long to be a rule");
            return;
        }
        match line.name.as_str() {
            "user-agent" | "useragent" => {
                if !self.is_naming {
                    self.groups.push(Group::default());
                }
                if let Some(group) = self.groups.last_mut() {
                    group.names.push(product_token(line.value));
                }
                self.is_naming = true;
            }
            "allow" | "disallow" => {
                self.is_naming = false;
                self.crawl(line);
            }
            "content-usage" => {
                self.is_naming = false;
                self.usage(line);
            }
            "content-signal" | "content-signals" => {
                self.is_naming = false;
                let new = content_signal(line.value, self.place);
                self.prefer(line, None, new);
            }
            // Of the whole file, wherever it stands; it ends no group (RSL 1.0, section on robots.txt).
            "license" => self.license(line),
            "disallowaitraining" | "allowaitraining" => {
                self.is_naming = false;
                self.training(line);
            }
            // Known lines about other things do not end a group either (RFC 9309, section 2.2.4).
            "sitemap" | "crawl-delay" | "host" | "noindex" | "clean-param" | "request-rate"
            | "visit-time" => {}
            other => {
                let reason = format!("unknown line {}", excerpt(other));
                self.document.reject(line.number, &reason);
            }
        }
    }

    fn crawl(&mut self, line: &Line<'_>) {
        let allows = line.name == "allow";
        // An empty Disallow forbids nothing.
        if line.value.is_empty() {
            return;
        }
        let Some(group) = self.groups.last_mut() else {
            self.document
                .reject(line.number, "a rule before any User-agent line");
            return;
        };
        if !group.is_for_all() && !group.is_for_known() {
            return;
        }
        match PathPattern::new(line.value) {
            Ok(pattern) => group.rules.push(CrawlRule {
                pattern,
                allows,
                line: line.number,
            }),
            Err(reason) => self.document.reject(line.number, &reason),
        }
    }

    fn usage(&mut self, line: &Line<'_>) {
        let (path, value) = if line.value.starts_with('/') {
            let end = line.value.find([' ', '\t']).unwrap_or(line.value.len());
            let (path, value) = line.value.split_at(end);
            (Some(path), value.trim())
        } else {
            (None, line.value)
        };
        let new = content_usage(value, self.place);
        self.prefer(line, path, new);
    }

    /// draft-canel-robots-ai-control, section 2.
    fn training(&mut self, line: &Line<'_>) {
        let answer = if line.name.starts_with("dis") {
            Answer::Deny
        } else {
            Answer::Allow
        };
        let uses = [Use::Train, Use::TrainGenerative].into_iter().collect();
        let value = format!("{}: {}", line.name, line.value);
        let new = Declaration::new(Scheme::Robots, self.place, &value).answering(uses, answer);
        self.prefer(line, Some(line.value), new);
    }

    /// A statement of preference, of the longest path that matches. What is permitted to one agent
    /// is permitted to nobody else.
    fn prefer(&mut self, line: &Line<'_>, path: Option<&str>, mut new: Declaration) {
        let number = self.groups.len().saturating_sub(1);
        let group = self.groups.last();
        let is_for_all = group.is_none_or(Group::is_for_all);
        if !is_for_all {
            if !group.is_some_and(Group::is_for_known) {
                return;
            }
            let restricting = new.answers.iter().filter(|(_, it)| *it != Answer::Allow);
            new.answers = restricting.collect();
        }
        let path = path.filter(|path| !path.is_empty());
        let pattern = match path.map(PathPattern::new).transpose() {
            Ok(pattern) => pattern.unwrap_or_else(PathPattern::everything),
            Err(reason) => return self.document.reject(line.number, &reason),
        };
        // Groups for all count as one, and each of these schemes for itself.
        let audience = if is_for_all { 0 } else { number as u32 + 1 };
        let scheme = match new.scheme {
            Scheme::ContentUsage => 0,
            Scheme::ContentSignal => 1,
            _ => 2,
        };
        let contest = Contest::Longest(audience * 3 + scheme);
        self.document.rules.push(PlaceRule {
            hosts: Hosts::Only(self.host.to_owned()),
            path: pattern,
            says: Arc::new(new),
            line: Some(line.number),
            since: None,
            until: None,
            contest,
        });
    }

    fn license(&mut self, line: &Line<'_>) {
        let is_address = super::Address::parse(line.value).is_some();
        let address = if is_address {
            line.value.to_owned()
        } else if line.value.starts_with('/') {
            format!("https://{}{}", self.host, line.value)
        } else {
            let reason = "a License line without an address";
            return self.document.reject(line.number, reason);
        };
        self.document.refer(self.host, &address, Some(line.number));
    }

    fn finish(mut self) -> PlaceDocument {
        let groups = self.groups.into_iter();
        let groups = groups.map(|group| CrawlGroup {
            is_for_all: group.names.iter().any(|name| name == "*"),
            agents: known(&group.names),
            rules: group.rules,
        });
        let groups: Vec<CrawlGroup> = groups
            .filter(|group| group.is_for_all || !group.agents.is_empty())
            .collect();
        self.document.crawl = Some(Crawl {
            host: self.host.to_owned(),
            groups,
        });
        self.document
    }
}

fn known(names: &[String]) -> Vec<&'static Agent> {
    let mut known: Vec<&'static Agent> = Vec::new();
    for agent in names.iter().filter_map(|name| agents::find(name)) {
        if !known.iter().any(|it| it.name == agent.name) {
            known.push(agent);
        }
    }
    known
}

/// The product token of a User-agent line (RFC 9309, section 2.2.1), in small letters; a version
/// behind it is left out.
fn product_token(value: &str) -> String {
    let token = value.split('/').next().unwrap_or_default().trim();
    token.to_ascii_lowercase()
}
