//! `/ai.txt` as Spawning has it (spawning.ai/ai-txt, 2023): lines as in robots.txt that say which
//! files may be in datasets to train on.

use std::sync::Arc;

use crate::signals::{Answer, Declaration, Scheme};
use crate::words::excerpt;
use crate::{Use, UseSet};

use super::document::{Contest, Hosts, PlaceDocument, PlaceRule};
use super::pattern::PathPattern;
use super::robots::lines;

/// Lines that are read.
const LINES_MAX: usize = 100_000;

/// Reads the ai.txt of `host`. Of several lines that match a path the longest counts, and of equally
/// long ones the denial. A `*.jpg` there is meant as an ending.
pub fn read_ai_txt(bytes: &[u8], host: &str, place: &str) -> PlaceDocument {
    let mut document = PlaceDocument::new(place);
    let uses: UseSet = [Use::Train, Use::TrainGenerative].into_iter().collect();
    let Ok(text) = std::str::from_utf8(bytes) else {
        document.reject(0, "not UTF-8");
        let says = Declaration::new(Scheme::AiTxt, place, "").unknown(uses, "not UTF-8");
        document.rules.push(PlaceRule::everywhere(host, says, None));
        return document;
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('<') {
        document.reject(1, "a page of HTML in place of ai.txt: the site has none");
        return document;
    }
    for (number, line) in lines(text).enumerate() {
        let number = number as u32 + 1;
        if number as usize > LINES_MAX {
            document.reject(number, "more lines than are read");
            let says = Declaration::new(Scheme::AiTxt, place, "");
            let says = says.unknown(uses, "the file is too long");
            document.rules.push(PlaceRule::everywhere(host, says, None));
            break;
        }
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        let answer = match name.as_str() {
            "allow" => Answer::Allow,
            "disallow" => Answer::Deny,
            "user-agent" => continue,
            other => {
                document.reject(number, &format!("unknown line {}", excerpt(other)));
                continue;
            }
        };
        if value.is_empty() {
            continue;
        }
        match PathPattern::new(value) {
            Ok(path) => {
                let says = Declaration::new(Scheme::AiTxt, place, line);
                document.rules.push(PlaceRule {
                    hosts: Hosts::Only(host.to_owned()),
                    path,
                    says: Arc::new(says.answering(uses, answer)),
                    line: Some(number),
                    since: None,
                    until: None,
                    contest: Contest::Longest(0),
                });
            }
            Err(reason) => document.reject(number, &reason),
        }
    }
    document
}
