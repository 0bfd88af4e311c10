//! Headers that something was sent with: TDMRep, `Content-Usage`, `Content-Signal`, `X-Robots-Tag`,
//! and links to RSL terms.

use std::sync::Arc;

use crate::signals::{Answer, Declaration, Nearness, Scheme, tdmrep_declaration};
use crate::{Use, UseSet};

use super::address::Address;
use super::document::{Contest, Hosts, PlaceDocument, PlaceRule};
use super::pattern::PathPattern;
use super::usage::{content_signal, content_usage};

/// Headers of one answer that are looked at.
const HEADERS_MAX: usize = 1000;

/// Reads the headers of an answer to a request for `address`, each a name and a value. They are about
/// that address alone. What cannot be understood is unknown, and says why.
pub fn read_headers(headers: &[(&str, &str)], address: &str, place: &str) -> PlaceDocument {
    let mut document = PlaceDocument::new(place);
    let Some(known) = Address::parse(address) else {
        document.reject(0, "headers of something that is no address of the web");
        return document;
    };
    let headers = headers.get(..HEADERS_MAX).unwrap_or(headers);
    let of = |wanted: &'static str| {
        headers
            .iter()
            .filter(move |(name, _)| name.trim().eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.trim())
    };
    let mut said: Vec<Declaration> = Vec::new();
    let policy = of("tdm-policy").next();
    for reservation in of("tdm-reservation") {
        said.push(tdmrep(Some(reservation), policy, place));
    }
    if said.is_empty() && policy.is_some() {
        said.push(tdmrep(None, policy, place));
    }
    // Several lines of one field are one list (RFC 9110, section 5.3).
    let joined = |wanted| of(wanted).collect::<Vec<&str>>().join(", ");
    if of("content-usage").next().is_some() {
        said.push(content_usage(&joined("content-usage"), place));
    }
    if of("content-signal").next().is_some() {
        said.push(content_signal(&joined("content-signal"), place));
    }
    let media = of("content-type").next().unwrap_or_default();
    said.extend(of("x-robots-tag").filter_map(|value| robots_tag(value, media, place)));
    for link in of("link").flat_map(|value| value.split(',')) {
        if let Some(terms) = terms(link) {
            let address = absolute(terms, &known);
            document.refer(&known.host, &address, None);
        }
    }
    let path = PathPattern::exactly(&known.path);
    for reference in &mut document.references {
        reference.path = Some(known.path.clone().into_owned());
        reference.otherwise.path = path.clone();
    }
    let said = said.into_iter().filter(|it| !it.answers.is_empty());
    document.rules.extend(said.map(|says| PlaceRule {
        hosts: Hosts::Only(known.host.clone().into_owned()),
        path: path.clone(),
        says: Arc::new(says),
        line: None,
        since: None,
        until: None,
        contest: Contest::Each,
    }));
    document
}

fn tdmrep(reservation: Option<&str>, policy: Option<&str>, place: &str) -> Declaration {
    tdmrep_declaration(reservation, policy, place, Nearness::Header)
}

/// `X-Robots-Tag`, and the value of a `robots` meta element, which is the same: `noai` and
/// `noimageai` (introduced by an art platform in 2022), and `noindex` and `none`, which are about search.
/// `media` is the media type of what was sent. `None` where nothing of that is said.
pub fn robots_tag(value: &str, media: &str, place: &str) -> Option<Declaration> {
    let training: UseSet = [Use::Train, Use::TrainGenerative].into_iter().collect();
    let mut new = Declaration::new(Scheme::RobotsTag, place, value);
    let parts = value.split(',').map(|part| {
        // `agent: value` is for one agent, and a denial to it is read as one to all.
        let bare = part.rsplit_once(':').map_or(part, |(_, value)| value);
        bare.trim().to_ascii_lowercase()
    });
    for part in parts {
        match part.as_str() {
            "noai" => deny(&mut new, training, Answer::Deny),
            "noimageai" => {
                let media = media.trim().to_ascii_lowercase();
                if media.is_empty() || media.starts_with("image/") {
                    deny(&mut new, training, Answer::Deny);
                } else {
                    deny(&mut new, training, Answer::Unknown);
                    new.reason = Some("noimageai speaks of pictures, and this is none".to_owned());
                }
            }
            "noindex" | "none" => deny(&mut new, Use::Search.into(), Answer::Deny),
            _ => {}
        }
    }
    (!new.answers.is_empty()).then_some(new)
}

/// Whether values of `X-Robots-Tag` ask the crawler with the product token `token` (in small letters)
/// to show nothing of what was sent: `noindex`, `none`, `nosnippet`, `noarchive`, `noimageindex`, said to
/// everyone or to it by name. Nothing in them is about fetching: they are read after it.
pub fn keeps_copies_back(values: &[&str], token: &str) -> bool {
    let words = ["noindex", "none", "nosnippet", "noarchive", "noimageindex"];
    values.iter().any(|value| {
        // A name stands before the first of its directives and holds for all of one line.
        let (agent, rest) = match value.split_once(':') {
            Some((before, rest)) if !before.contains(',') && !is_directive(before) => {
                (Some(before.trim()), rest)
            }
            _ => (None, *value),
        };
        let is_meant = agent.is_none_or(|it| it == "*" || it.eq_ignore_ascii_case(token));
        let parts = rest.split(',').map(|part| part.trim().to_ascii_lowercase());
        is_meant && parts.into_iter().any(|part| words.contains(&part.as_str()))
    })
}

/// Directives that have a value behind a colon themselves.
fn is_directive(word: &str) -> bool {
    let word = word.trim().to_ascii_lowercase();
    word == "unavailable_after" || word.starts_with("max-")
}

fn deny(new: &mut Declaration, uses: UseSet, answer: Answer) {
    for each in uses.iter() {
        new.answers.restrict(each, answer);
    }
}

/// The target of a link to RSL terms (RSL 1.0, section on discovery in headers; RFC 8288).
fn terms(link: &str) -> Option<&str> {
    let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
    let parameters = parameters.to_ascii_lowercase().replace(['"', ' '], "");
    let is_terms = parameters.contains("rel=license") && parameters.contains("application/rsl+xml");
    is_terms.then_some(target)
}

/// An address as a link on a page writes it.
pub(super) fn absolute(target: &str, page: &Address<'_>) -> String {
    if target.starts_with('/') && !target.starts_with("//") {
        format!("https://{}{target}", page.host)
    } else if let Some(rest) = target.strip_prefix("//") {
        format!("https://{rest}")
    } else if Address::parse(target).is_some() {
        target.to_owned()
    } else {
        let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("https://{}{folder}/{target}", page.host)
    }
}

#[cfg(test)]
mod tests;
