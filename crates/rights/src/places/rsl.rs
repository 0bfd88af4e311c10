//! RSL 1.0, Really Simple Licensing (rslstandard.org/rsl, 2025-11-06): terms for parts of a site, in
//! XML that somebody else has parsed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::signals::{Answer, Declaration, Scheme};
use crate::words::excerpt;
use crate::{Use, UseSet};

use super::address::Address;
use super::document::{Contest, Hosts, PlaceDocument, PlaceRule, spelled};
use super::pattern::PathPattern;

/// The namespace of RSL documents.
pub const RSL_NAMESPACE: &str = "https://rslstandard.org/rsl";
/// Parts of a site that one document speaks of.
const CONTENTS_MAX: usize = 100_000;

/// An element of an XML document, as a parser with limits on size and depth hands it out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RslElement {
    /// Its local name.
    pub name: String,
    /// Its namespace; empty where it has none.
    pub namespace: String,
    /// Attributes by local name, with their values.
    pub attributes: Vec<(String, String)>,
    /// The text directly in it.
    pub text: String,
    /// Elements in it.
    pub children: Vec<RslElement>,
}

impl RslElement {
    fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim())
    }

    fn named(&self, name: &'static str) -> impl Iterator<Item = &Self> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// Reads the RSL document that was found at `address`; `root` is its outermost element, or why it
/// could not be parsed. Patterns without a host are about the host that the document is on, and
/// about those that refer to it.
pub fn read_rsl(root: Result<&RslElement, &str>, address: &str, place: &str) -> PlaceDocument {
    let mut document = PlaceDocument::new(place);
    document.address = spelled(address);
    let Some(known) = Address::parse(address) else {
        document.reject(0, "terms at something that is no address of the web");
        return document;
    };
    let root = match root {
        Ok(root) if root.name == "rsl" => root,
        Ok(root) => {
            let detail = format!("the outermost element is {}, not rsl", excerpt(&root.name));
            return unclear(document, &known.host, &detail);
        }
        Err(detail) => return unclear(document, &known.host, detail),
    };
    if root.namespace != RSL_NAMESPACE {
        document.reject(0, "the namespace is not that of RSL; read all the same");
    }
    for (number, content) in root.named("content").enumerate() {
        let number = number as u32 + 1;
        if number as usize > CONTENTS_MAX {
            return unclear(document, &known.host, "more parts than are read");
        }
        let url = content.attribute("url").unwrap_or_default();
        let (host, pattern) = match scope(url, &known.host) {
            Ok(scope) => scope,
            Err(reason) => {
                document.reject(number, &format!("content {number}: {reason}"));
                continue;
            }
        };
        if !url.contains("://") {
            document.relative.push(document.rules.len());
        }
        document.rules.push(PlaceRule {
            hosts: Hosts::Only(host),
            path: pattern,
            says: Arc::new(declaration(content, place, &mut Vec::new())),
            line: None,
            since: None,
            until: None,
            // One document has one contest; pages of other hosts do not meet in it.
            contest: Contest::Longest(0),
        });
    }
    if document.rules.is_empty() && document.rejects.is_empty() {
        document.reject(0, "terms for no content");
    }
    document
}

fn unclear(mut document: PlaceDocument, host: &str, detail: &str) -> PlaceDocument {
    document.reject(0, detail);
    let says = Declaration::new(Scheme::Rsl, &document.place, "");
    let says = says.unknown(UseSet::ALL, detail);
    document.rules.push(PlaceRule::everywhere(host, says, None));
    document
}

/// The host and the paths that a `url` means. A document speaks of its own host and those below it.
fn scope(url: &str, own: &str) -> Result<(String, PathPattern), String> {
    if url.is_empty() {
        return Err("no url".to_owned());
    }
    let Some(colon) = url.find("://") else {
        return Ok((own.to_owned(), PathPattern::new(url)?));
    };
    let rest = &url[colon + 3..];
    let end = rest.find(['/', '*', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = super::document::host(host).ok_or("a url without a host")?;
    if !Hosts::Domain(own.to_owned()).contains(&host) {
        return Err(format!("speaks of {}, another site", excerpt(&host)));
    }
    let path = if path.is_empty() { "/" } else { path };
    Ok((host, PathPattern::new(path)?))
}

/// The uses that a token speaks of: those of RSL 1.0, section 3.5, and of its drafts.
fn uses(token: &str) -> Option<UseSet> {
    let training: UseSet = [Use::Train, Use::TrainGenerative].into_iter().collect();
    Some(match token {
        "all" => UseSet::ALL,
        "ai-all" => training.union(Use::AiInput.into()),
        "ai-train" | "train-ai" => training,
        "train-genai" => Use::TrainGenerative.into(),
        "ai-input" | "ai-use" | "ai-index" => Use::AiInput.into(),
        "search" => Use::Search.into(),
        _ => return None,
    })
}

fn tokens(element: &RslElement) -> impl Iterator<Item = String> {
    element
        .text
        .split(|it: char| it.is_whitespace() || it == ',')
        .filter(|token| !token.is_empty())
        .map(str::to_ascii_lowercase)
}

/// What one `content` says: its licenses together. Whoever takes one of several licenses has to meet
/// that one alone, so conditions in one of them are conditions; a permission in one and a denial in
/// another contradict one another.
fn declaration(content: &RslElement, place: &str, doubts: &mut Vec<String>) -> Declaration {
    let mut written: Vec<String> = Vec::new();
    let mut said: BTreeMap<Use, Vec<Answer>> = BTreeMap::new();
    let has_server = content.attribute("server").is_some_and(|it| !it.is_empty());
    for license in content.named("license") {
        for (each, answer) in of_license(license, has_server, &mut written, doubts) {
            said.entry(each).or_default().push(answer);
        }
    }
    let value = format!(
        "content {}: {}",
        content.attribute("url").unwrap_or_default(),
        written.join(", ")
    );
    let mut new = Declaration::new(Scheme::Rsl, place, &value);
    if said.is_empty() {
        doubts.push("content without a license that speaks of uses".to_owned());
        said.extend(Use::ALL.map(|each| (each, vec![Answer::Unknown])));
    }
    for (each, answers) in said {
        let has = |wanted| answers.contains(&wanted);
        let answer = if has(Answer::Allow) && has(Answer::Deny) {
            doubts.push(format!("its licenses contradict one another about {each}"));
            Answer::Unknown
        } else if has(Answer::Conditional) {
            Answer::Conditional
        } else {
            answers.iter().copied().max().unwrap_or(Answer::Unknown)
        };
        new.answers.restrict(each, answer);
    }
    let terms = content.named("terms").chain(
        content
            .named("license")
            .flat_map(|it| it.named("payment"))
            .flat_map(|it| it.named("standard").chain(it.named("custom"))),
    );
    new.policy_url = terms
        .map(|it| excerpt(&it.text))
        .find(|text| !text.is_empty());
    if new.answers.iter().any(|(_, it)| it == Answer::Conditional) {
        new.conditions = Some(conditions(content));
    }
    doubts.truncate(4);
    if doubts.is_empty() {
        new
    } else {
        let doubts = doubts.join("; ");
        new.because(doubts)
    }
}

/// What one license says about each use that it speaks of. Prohibitions go before permissions. Where
/// uses are permitted, others are not; where none is named, all are meant (RSL 1.0, section 3.5).
fn of_license(
    license: &RslElement,
    has_server: bool,
    written: &mut Vec<String>,
    doubts: &mut Vec<String>,
) -> Vec<(Use, Answer)> {
    let mut permitted: Option<UseSet> = None;
    let mut prohibited = UseSet::NONE;
    let mut is_limited = has_server || is_paid(license);
    let mut is_unclear = false;
    for child in &license.children {
        let kind = child.attribute("type").unwrap_or("usage");
        let is_permission = child.name == "permits";
        if !is_permission && child.name != "prohibits" {
            continue;
        }
        if kind != "usage" {
            // For some users or countries only.
            is_limited = true;
            continue;
        }
        let mut named = UseSet::NONE;
        for token in tokens(child) {
            match uses(&token) {
                Some(uses) => named = named.union(uses),
                None if is_permission => doubts.push(format!("unknown use {}", excerpt(&token))),
                None => {
                    doubts.push(format!("unknown use {}", excerpt(&token)));
                    is_unclear = true;
                }
            }
        }
        written.push(format!("{} {}", child.name, child.text.trim()));
        if is_permission {
            permitted = Some(permitted.unwrap_or(UseSet::NONE).union(named));
        } else {
            prohibited = prohibited.union(named);
        }
    }
    let answer = |each: Use| {
        if prohibited.contains(each) {
            return Some(Answer::Deny);
        }
        let permission = if is_limited {
            Answer::Conditional
        } else {
            Answer::Allow
        };
        match permitted {
            Some(uses) if uses.contains(each) => Some(permission),
            _ if is_unclear => Some(Answer::Unknown),
            Some(_) => Some(Answer::Deny),
            // Without a list of what is permitted, the terms are those of all other uses.
            None if is_limited => Some(Answer::Conditional),
            None => None,
        }
    };
    Use::ALL
        .into_iter()
        .filter_map(|each| Some((each, answer(each)?)))
        .collect()
}

/// Whether something is asked in return (RSL 1.0, section on payment; free unless stated).
fn is_paid(license: &RslElement) -> bool {
    license.named("payment").any(|payment| {
        let kind = payment.attribute("type").unwrap_or("free");
        let kind = kind.to_ascii_lowercase();
        !(kind == "free" || kind.is_empty()) || !payment.children.is_empty()
    })
}

fn conditions(content: &RslElement) -> String {
    let licenses = content.named("license");
    let payments = licenses.flat_map(|it| it.named("payment"));
    let mut kinds = payments.filter_map(|it| it.attribute("type"));
    let payment = kinds.find(|kind| *kind != "free");
    let server = content.attribute("server").filter(|it| !it.is_empty());
    let said = match (payment, server) {
        (Some(payment), _) => format!("payment: {payment}"),
        (None, Some(server)) => format!("a license of {server}"),
        (None, None) => "those of the license".to_owned(),
    };
    excerpt(&said)
}
