//! What robots.txt allows one crawler, whatever it fetches for (RFC 9309): for a program that fetches
//! itself. `robots` reads the same lines for what they say about uses.

use std::fmt;

use super::document::CrawlRule;
use super::pattern::PathPattern;
use super::robots::{LINE_BYTES_MAX, LINES_MAX, lines, split};

/// Longest name of a crawler that is compared.
const TOKEN_BYTES_MAX: usize = 200;
/// What a rule takes beside its pattern, in bytes.
const RULE_BYTES: usize = size_of::<CrawlRule>() + 16;

/// The rules of one robots.txt for one crawler.
///
/// ```
/// # use clearance_rights::places::CrawlerRules;
/// let robots = b"User-agent: *\nDisallow: /\n\nUser-agent: Clearance\nDisallow: /photos/\nCrawl-delay: 2\n";
/// let rules = CrawlerRules::read(robots, "clearance");
/// assert!(rules.permission("/about").is_allowed);
/// let denied = rules.permission("/photos/1.jpg");
/// assert_eq!((denied.is_allowed, denied.to_string()), (false, "line 5: Disallow: /photos/".to_owned()));
/// assert_eq!(rules.delay_s(), Some(2.0));
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CrawlerRules {
    rules: Vec<CrawlRule>,
    delay_s: Option<f64>,
}

/// What rules say about one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// Whether the crawler may fetch it.
    pub is_allowed: bool,
    /// The line that decided, from 1, and what it says; nothing where no line speaks of the path.
    pub by: Option<(u32, String)>,
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.by {
            Some((line, rule)) => write!(f, "line {line}: {rule}"),
            None => f.write_str("no line about it"),
        }
    }
}

/// A group of lines while it is read.
#[derive(Default)]
struct Group {
    names: Vec<String>,
    rules: Vec<CrawlRule>,
    delay_s: Option<f64>,
}

impl Group {
    fn speaks_to(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }
}

impl CrawlerRules {
    /// Reads a robots.txt for the crawler with the product token `token`, in small letters: the groups
    /// that name it, joined, or else those for all (RFC 9309, section 2.2.1). A `Disallow` whose pattern
    /// is beyond the limits of patterns denies everything, an `Allow` of that kind allows nothing. A page
    /// of HTML in its place says nothing.
    pub fn read(bytes: &[u8], token: &str) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        if text.trim_start().starts_with('<') {
            return Self::default();
        }
        let groups = groups(text);
        let of = |name: &str| -> Option<Self> {
            let mut groups = groups.iter().filter(|group| group.speaks_to(name));
            let first = groups.next()?;
            let mut joined = Self {
                rules: first.rules.clone(),
                delay_s: first.delay_s,
            };
            for group in groups {
                joined.rules.extend(group.rules.iter().cloned());
                joined.delay_s = longest(joined.delay_s, group.delay_s);
            }
            Some(joined)
        };
        of(token).or_else(|| of("*")).unwrap_or_default()
    }

    /// What they say about a path in the one spelling of [`Address`](super::Address), with its query:
    /// the longest pattern counts, and of equally long ones the permission (RFC 9309, section 2.2.2).
    pub fn permission(&self, path: &str) -> Permission {
        let matching = self.rules.iter().filter(|rule| rule.pattern.matches(path));
        let by = matching.max_by_key(|rule| {
            let length = rule.pattern.as_str().len();
            // Of the same rule twice the first is named.
            (length, rule.allows, std::cmp::Reverse(rule.line))
        });
        Permission {
            is_allowed: by.is_none_or(|rule| rule.allows),
            by: by.map(|rule| {
                let verb = if rule.allows { "Allow" } else { "Disallow" };
                let pattern = crate::words::excerpt(rule.pattern.as_str());
                (rule.line, format!("{verb}: {pattern}"))
            }),
        }
    }

    /// Seconds that are asked for between two requests (`Crawl-delay`, which no standard describes).
    pub fn delay_s(&self) -> Option<f64> {
        self.delay_s
    }

    /// About what they take in memory, in bytes.
    pub fn bytes(&self) -> usize {
        let patterns = self.rules.iter().map(|rule| rule.pattern.as_str().len());
        size_of::<Self>() + self.rules.len() * RULE_BYTES + patterns.sum::<usize>()
    }
}

fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut is_naming = false;
    for (number, line) in lines(text).take(LINES_MAX).enumerate() {
        let Some(line) = split(line, number as u32 + 1) else {
            continue;
        };
        let is_name = matches!(line.name.as_str(), "user-agent" | "useragent");
        if is_name && !is_naming {
            groups.push(Group::default());
        }
        let Some(group) = groups.last_mut() else {
            continue;
        };
        match line.name.as_str() {
            _ if is_name => {
                group.names.push(token(line.value));
                is_naming = true;
            }
            "allow" | "disallow" => {
                is_naming = false;
                let allows = line.name == "allow";
                group.rules.extend(rule(line.value, allows, line.number));
            }
            // It ends no group, as no line but those two does (RFC 9309, section 2.2.4).
            "crawl-delay" => group.delay_s = longest(group.delay_s, seconds(line.value)),
            _ => {}
        }
    }
    groups
}

fn rule(value: &str, allows: bool, line: u32) -> Option<CrawlRule> {
    // An empty value says nothing.
    if value.is_empty() {
        return None;
    }
    let pattern = if value.len() > LINE_BYTES_MAX {
        None
    } else {
        PathPattern::new(value).ok()
    };
    let pattern = pattern.or_else(|| (!allows).then(PathPattern::everything))?;
    Some(CrawlRule {
        pattern,
        allows,
        line,
    })
}

fn seconds(value: &str) -> Option<f64> {
    let seconds: f64 = value.parse().ok()?;
    (seconds.is_finite() && seconds >= 0.0).then_some(seconds)
}

fn longest(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.max(other)),
        _ => one.or(other),
    }
}

/// The product token of a User-agent line in small letters: letters, `_` and `-` (RFC 9309, section
/// 2.2.1), and the digits that some have; what follows is a version or a comment.
fn token(value: &str) -> String {
    if value.starts_with('*') {
        return "*".to_owned();
    }
    let is_part = |it: &char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
    let token = value.chars().take(TOKEN_BYTES_MAX).take_while(is_part);
    token.collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
