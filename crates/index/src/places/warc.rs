//! WARC files: the answers of sites, with their headers, and the files at their roots.

use std::io::BufRead;

use chrono::NaiveDate;
use clearance_decode::{HttpHead, WarcReader, WarcRecord, guard, read_xml};
use clearance_rights::parse_date;
use clearance_rights::places::{
    Address, PathPattern, PlaceDocument, PlaceRule, read_ai_txt, read_headers, read_robots,
    read_rsl, read_tdmrep, robots_tag,
};
use clearance_rights::places::{Contest, Hosts};

use super::layout::{SiteFile, site_file};
use super::{PlaceSources, STATEMENTS_MAX, rsl_element};
use crate::embedded::embedded_in_page;

/// Reads a WARC file as far as it can be read.
pub(super) fn read(input: impl BufRead, is_packed: bool, sources: &mut PlaceSources) {
    if is_packed {
        let plain = flate2::bufread::MultiGzDecoder::new(input);
        records(std::io::BufReader::with_capacity(1 << 16, plain), sources);
    } else {
        records(input, sources);
    }
}

fn records(input: impl BufRead, sources: &mut PlaceSources) {
    let mut reader = WarcReader::new(input);
    loop {
        if sources.statements > STATEMENTS_MAX as u64 {
            return;
        }
        let read = guard(|| Ok(reader.next_record(is_wanted)));
        match read {
            Ok(Ok(Some(record))) => add(&record, sources),
            Ok(Ok(None)) => return,
            Ok(Err(detail)) => {
                sources.reject(0, format!("{detail}; nothing after it was read"));
                return;
            }
            Err(unreadable) => {
                sources.reject(0, format!("{unreadable}; nothing after it was read"));
                return;
            }
        }
    }
}

/// The kind of an answer's body, where it says something about use.
enum Body {
    File(SiteFile),
    Page,
}

fn body_kind(target: &str, http: Option<&HttpHead>) -> Option<Body> {
    let address = Address::parse(target)?;
    if let Some(file) = site_file(&address.path) {
        return Some(Body::File(file));
    }
    let content = http.and_then(|http| http.field("content-type"));
    let content = content.unwrap_or_default().trim().to_ascii_lowercase();
    if content.starts_with("application/rsl+xml") {
        return Some(Body::File(SiteFile::Rsl));
    }
    let is_xml = content.starts_with("text/xml") || content.starts_with("application/xml");
    if is_xml && address.path.ends_with(".xml") {
        return Some(Body::File(SiteFile::Rsl));
    }
    content.starts_with("text/html").then_some(Body::Page)
}

fn is_wanted(target: &str, http: Option<&HttpHead>) -> bool {
    http.is_none_or(|http| http.status == 200) && body_kind(target, http).is_some()
}

fn add(record: &WarcRecord, sources: &mut PlaceSources) {
    let number = record.number;
    let Some(date) = record.date.get(..10).and_then(|day| parse_date(day).ok()) else {
        sources.reject(number, "a record without a day");
        return;
    };
    let Some(address) = Address::parse(&record.target) else {
        if record.target.starts_with("http") {
            sources.reject(number, "a record about something that is no address");
        }
        return;
    };
    let place = record.target.as_str();
    if let Some(http) = &record.http {
        let fields: Vec<(&str, &str)> = http
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let document = read_headers(&fields, place, &format!("headers of {place}"));
        // An answer without a word about use replaces an earlier one that had some.
        let name = format!("headers {}{}", address.host, address.path);
        let is_empty = document.is_empty() && document.rejects.is_empty();
        if !is_empty || http.status == 200 && sources.answered.contains(&name) {
            sources.answered.insert(name.clone());
            keep(document.named(&name).dated(date), number, sources);
        }
    }
    let status = record.http.as_ref().map_or(200, |http| http.status);
    match body_kind(place, record.http.as_ref()) {
        Some(Body::File(file)) => add_file(record, (file, status), &address, date, sources),
        Some(Body::Page) if status == 200 => add_page(record, &address, date, sources),
        _ => {}
    }
}

/// Documents that say nothing are kept where they might replace others.
fn keep(document: PlaceDocument, number: u64, sources: &mut PlaceSources) {
    sources.add(document, Some(number));
}

fn add_file(
    record: &WarcRecord,
    (file, status): (SiteFile, u16),
    address: &Address<'_>,
    date: NaiveDate,
    sources: &mut PlaceSources,
) {
    let (host, place) = (&*address.host, record.target.as_str());
    let name = format!("https://{}{}", address.host, address.path);
    let document = match status {
        200 if record.trouble.is_none() => {
            let body = &record.body[..];
            let read = guard(|| {
                Ok(match file {
                    SiteFile::Robots => read_robots(body, host, place),
                    SiteFile::Tdmrep => read_tdmrep(body, host, place),
                    SiteFile::AiTxt => read_ai_txt(body, host, place),
                    SiteFile::Rsl => terms(body, place),
                })
            });
            read.unwrap_or_else(|error| read_rsl(Err(&error.to_string()), place, place))
        }
        200 => {
            let detail = record.trouble.as_deref().unwrap_or("not read");
            match file {
                SiteFile::Tdmrep => read_tdmrep(detail.as_bytes(), host, place),
                _ => read_rsl(Err(detail), place, place),
            }
        }
        // It was not there.
        400..=499 => PlaceDocument::new(place),
        // Moved, or for the moment out of reach: nothing is known.
        other => {
            sources.reject(record.number, format!("answered with status {other}"));
            return;
        }
    };
    keep(document.named(&name).dated(date), record.number, sources);
}

/// XML of any other kind than RSL is about other things.
fn terms(body: &[u8], place: &str) -> PlaceDocument {
    match read_xml(body) {
        Ok(root) if root.name == "rsl" => read_rsl(Ok(&rsl_element(root)), place, place),
        Ok(_) => PlaceDocument::new(place),
        Err(error) => read_rsl(Err(&error.to_string()), place, place),
    }
}

/// What a page says in its markup: TDMRep, and the meta element for robots.
fn add_page(
    record: &WarcRecord,
    address: &Address<'_>,
    date: NaiveDate,
    sources: &mut PlaceSources,
) {
    let text = String::from_utf8_lossy(&record.body);
    let place = format!("markup of {}", record.target);
    let mut said = Vec::new();
    if text.contains("tdm-") {
        for mut declaration in embedded_in_page(&text).declarations {
            declaration.place.clone_from(&place);
            said.push(declaration);
        }
    }
    said.extend(robots_meta(&text).and_then(|value| robots_tag(&value, "text/html", &place)));
    if said.is_empty() {
        return;
    }
    let mut document = PlaceDocument::new(&place);
    let rules = said.into_iter().map(|says| PlaceRule {
        hosts: Hosts::Only(address.host.clone().into_owned()),
        path: PathPattern::exactly(&address.path),
        says: std::sync::Arc::new(says),
        line: None,
        since: None,
        until: None,
        contest: Contest::Each,
    });
    document.rules.extend(rules);
    let name = format!("markup {}{}", address.host, address.path);
    keep(document.named(&name).dated(date), record.number, sources);
}

/// The content of `<meta name="robots" content="…">` in the first part of a page, written in one of
/// the usual orders.
fn robots_meta(page: &str) -> Option<String> {
    let mut end = page.len().min(256 << 10);
    while !page.is_char_boundary(end) {
        end -= 1;
    }
    let head = page[..end].to_ascii_lowercase();
    head.split("<meta").skip(1).find_map(|rest| {
        let tag = rest.split('>').next()?;
        let attribute = |name: &str| {
            let after = tag.split(&format!("{name}=")).nth(1)?;
            let quote = after.chars().next().filter(|it| matches!(it, '"' | '\''));
            let value = match quote {
                Some(quote) => after[1..].split(quote).next()?,
                None => after.split([' ', '/']).next()?,
            };
            Some(value.trim().to_owned())
        };
        let is_robots = attribute("name").is_some_and(|name| name == "robots");
        is_robots.then(|| attribute("content")).flatten()
    })
}
