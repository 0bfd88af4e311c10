//! robots.txt of an origin, read before anything else is (RFC 9309).

use std::time::Duration;

use bytes::Bytes;
use clearance_rights::places::CrawlerRules;

use super::PRODUCT_TOKEN;

/// Bytes of a robots.txt that are read: the least that the standard asks for (RFC 9309, section 2.5).
pub(super) const ROBOTS_BYTES_MAX: usize = 500 << 10;
/// Times that a robots.txt may be elsewhere (RFC 9309, section 2.3.1.2).
pub(super) const ROBOTS_REDIRECTS_MAX: usize = 5;
/// Attempts to read one.
pub(super) const ROBOTS_TRIES: u32 = 2;

/// What the robots.txt of an origin says.
#[derive(Debug)]
pub(super) enum Robots {
    /// It is there.
    Rules(CrawlerRules),
    /// It is not: everything may be fetched (RFC 9309, section 2.3.1.3). Why, in words.
    Absent(String),
    /// Nobody knows: nothing may be fetched (RFC 9309, section 2.3.1.4). The outcome of everything
    /// there, and why, in words.
    Unknown { outcome: String, detail: String },
}

impl Robots {
    /// What the beginning of a file says. A line that was cut off says nothing.
    pub(super) fn read(bytes: &Bytes, is_cut: bool) -> Self {
        let end = if is_cut {
            bytes.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'))
        } else {
            None
        };
        let whole = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or(bytes);
        Self::Rules(CrawlerRules::read(whole, PRODUCT_TOKEN))
    }

    /// What it asks for between two requests.
    pub(super) fn delay(&self) -> Duration {
        let Self::Rules(rules) = self else {
            return Duration::ZERO;
        };
        let seconds = rules.delay_s().unwrap_or(0.0);
        Duration::try_from_secs_f64(seconds).unwrap_or(super::hosts::LONGEST_DELAY)
    }

    /// About what it takes in memory.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Rules(rules) => rules.bytes(),
            Self::Absent(why) => why.len(),
            Self::Unknown { outcome, detail } => outcome.len() + detail.len(),
        }
    }
}
