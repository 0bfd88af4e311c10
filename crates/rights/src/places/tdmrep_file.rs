//! `/.well-known/tdmrep.json`: TDMRep, W3C Community Group final report, section "TDM File on the
//! Origin Server".

use std::sync::Arc;

use serde_json::Value;

use crate::UseSet;
use crate::signals::{Declaration, Nearness, Scheme, tdmrep_declaration};

use super::document::{Contest, Hosts, PlaceDocument, PlaceRule};
use super::pattern::PathPattern;

/// Longest file that is read, in bytes.
const FILE_BYTES_MAX: usize = 8 << 20;

/// Reads the tdmrep.json of `host`: a list of patterns of paths with a reservation and perhaps a
/// policy, of which the first that matches counts. A file that is no such list reserves nobody knows
/// what: it is unknown for the whole host.
pub fn read_tdmrep(bytes: &[u8], host: &str, place: &str) -> PlaceDocument {
    let mut document = PlaceDocument::new(place);
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii_start().starts_with(b"<") {
        document.reject(
            1,
            "a page of HTML in place of tdmrep.json: the site has none",
        );
        return document;
    }
    let parsed = if bytes.len() > FILE_BYTES_MAX {
        Err(format!("longer than {FILE_BYTES_MAX} bytes"))
    } else {
        serde_json::from_slice(bytes).map_err(|error| format!("not JSON: {error}"))
    };
    let entries = match parsed {
        Ok(Value::Array(entries)) => entries,
        // Some sites leave the brackets out.
        Ok(entry @ Value::Object(_)) => vec![entry],
        Ok(_) => return unclear(document, host, "neither a list nor an entry"),
        Err(detail) => return unclear(document, host, &detail),
    };
    for (number, entry) in entries.iter().enumerate() {
        let number = number as u32 + 1;
        let pattern = match entry.get("location") {
            Some(Value::String(location)) => PathPattern::new(location),
            None if entries.len() == 1 && entry.is_object() => Ok(PathPattern::everything()),
            _ => Err("an entry without a location".to_owned()),
        };
        let pattern = match pattern {
            Ok(pattern) => pattern,
            Err(reason) => {
                document.reject(number, &format!("entry {number}: {reason}"));
                let says = unknown(&document.place, &reason);
                let rule = PlaceRule::everywhere(host, says, None);
                document.rules.push(rule);
                continue;
            }
        };
        let reservation = entry.get("tdm-reservation").map(text);
        let policy = entry.get("tdm-policy").and_then(Value::as_str);
        if reservation.is_none() && policy.is_none() {
            let reason = format!("entry {number}: neither a reservation nor a policy");
            document.reject(number, &reason);
        }
        let says = tdmrep_declaration(
            reservation.as_deref(),
            policy,
            &document.place,
            Nearness::Site,
        );
        document.rules.push(PlaceRule {
            hosts: Hosts::Only(host.to_owned()),
            path: pattern,
            says: Arc::new(says),
            line: None,
            since: None,
            until: None,
            contest: Contest::First(0),
        });
    }
    document
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn unknown(place: &str, reason: &str) -> Declaration {
    let mut says = Declaration::new(Scheme::Tdmrep, place, "");
    says.nearness = Nearness::Site;
    says.unknown(UseSet::TEXT_AND_DATA_MINING, reason)
}

fn unclear(mut document: PlaceDocument, host: &str, detail: &str) -> PlaceDocument {
    document.reject(0, detail);
    let says = unknown(&document.place, detail);
    document.rules.push(PlaceRule::everywhere(host, says, None));
    document
}
