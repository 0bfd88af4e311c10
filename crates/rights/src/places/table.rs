//! The user's own table of patterns.

use std::sync::Arc;

use crate::signals::{Answer, Declaration, Scheme};
use crate::words::excerpt;
use crate::{UseSet, parse_date};

use super::address::Address;
use super::document::{Contest, Hosts, PlaceRule, host};
use super::pattern::PathPattern;

/// Columns of the table; `pattern` alone is required.
pub const PLACE_COLUMNS: [&str; 8] = [
    "pattern",
    "uses",
    "answer",
    "since",
    "until",
    "source",
    "policy_url",
    "conditions",
];

/// Makes rules of the lines of one table. Lines that say the same of other places share what they
/// say, so that a million of them fit into memory.
#[derive(Debug, Default)]
pub struct PlaceTable {
    said: std::collections::BTreeMap<[String; 5], Arc<Declaration>>,
}

/// Different things that one table may say; the others are not shared.
const SHARED_MAX: usize = 10_000;

impl PlaceTable {
    /// Reads a line: its cells in the order of [`PLACE_COLUMNS`], empty ones for what is not said.
    /// `place` is the table's name. The error says what is wrong with the line.
    ///
    /// A pattern is a domain (`example.com`: the host and all below it), `*.example.com` (all below
    /// it), an address (`https://example.com/photos/`: paths on that host that begin so), with `*` for
    /// any letters in the path and `$` for its end. `uses` are words of reservations (`tdm` when
    /// empty), `answer` is `deny` (when empty), `conditional`, `unknown` or `allow`; a permission is
    /// read narrowly.
    pub fn rule(&mut self, cells: [&str; 8], place: &str, line: u32) -> Result<PlaceRule, String> {
        let [
            pattern,
            uses,
            answer,
            since,
            until,
            source,
            policy,
            conditions,
        ] = cells.map(str::trim);
        let (hosts, path) = scope(pattern)?;
        let date = |name: &str, text: &str| {
            let date = (!text.is_empty()).then(|| parse_date(text)).transpose();
            date.map_err(|error| format!("{name}: {error}"))
        };
        let (since, until) = (date("since", since)?, date("until", until)?);
        if since.zip(until).is_some_and(|(since, until)| since > until) {
            return Err("it ends before it begins".to_owned());
        }
        let key = [uses, answer, source, policy, conditions].map(str::to_owned);
        let known = self.said.get(&key).cloned();
        let says = if let Some(says) = known {
            says
        } else {
            let says = Arc::new(declaration(&key, place)?);
            if self.said.len() < SHARED_MAX {
                self.said.insert(key, Arc::clone(&says));
            }
            says
        };
        Ok(PlaceRule {
            hosts,
            path,
            says,
            line: Some(line),
            since,
            until,
            contest: Contest::Each,
        })
    }
}

fn declaration(key: &[String; 5], place: &str) -> Result<Declaration, String> {
    let [uses, answer, source, policy, conditions] = key;
    let answer = match answer.to_ascii_lowercase().as_str() {
        "" | "deny" => Answer::Deny,
        "conditional" => Answer::Conditional,
        "unknown" => Answer::Unknown,
        "allow" => Answer::Allow,
        other => {
            let other = excerpt(other);
            return Err(format!(
                "unknown answer `{other}`, expected deny, conditional, unknown or allow"
            ));
        }
    };
    let uses = if uses.is_empty() { "tdm" } else { uses };
    let uses = if answer == Answer::Allow {
        UseSet::parse_license(uses)
    } else {
        UseSet::parse_reservation(uses)
    };
    let uses = uses.map_err(|error| error.to_string())?;
    let place = if source.is_empty() {
        place.to_owned()
    } else {
        format!("{place} (source: {})", excerpt(source))
    };
    let mut new = Declaration::new(Scheme::Listed, &place, "").answering(uses, answer);
    new.policy_url = Some(excerpt(policy)).filter(|it| !it.is_empty());
    new.conditions = Some(excerpt(conditions)).filter(|it| !it.is_empty());
    Ok(new)
}

/// The places that a pattern means.
fn scope(pattern: &str) -> Result<(Hosts, PathPattern), String> {
    if pattern.is_empty() {
        return Err("no pattern".to_owned());
    }
    let everything = PathPattern::everything();
    let bad = |name: &str| format!("`{}` is no host", excerpt(name));
    let lower = pattern.get(..8).unwrap_or(pattern).to_ascii_lowercase();
    let is_address = lower.starts_with("http://") || lower.starts_with("https://");
    let (is_only, rest) = if is_address {
        let colon = pattern.find("//").unwrap_or_default();
        (true, &pattern[colon + 2..])
    } else if pattern.contains("://") {
        return Err("an address that is neither http nor https".to_owned());
    } else {
        (false, pattern)
    };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (name, path) = rest.split_at(end);
    let path = match path {
        "" => everything,
        path => {
            // As in addresses of the dataset; wildcards stay.
            let address = format!("https://host{}", path.strip_suffix('$').unwrap_or(path));
            let spelled = Address::parse(&address).ok_or("a path that cannot be read")?;
            let end = if path.ends_with('$') { "$" } else { "" };
            PathPattern::new(&format!("{}{end}", spelled.path))?
        }
    };
    if let Some(below) = name.strip_prefix("*.") {
        let below = host(below).ok_or_else(|| bad(name))?;
        return Ok((Hosts::Below(below), path));
    }
    let known = host(name).ok_or_else(|| bad(name))?;
    if !is_only && !known.contains('.') {
        return Err(bad(name));
    }
    let hosts = if is_only {
        Hosts::Only(known)
    } else {
        Hosts::Domain(known)
    };
    Ok((hosts, path))
}
