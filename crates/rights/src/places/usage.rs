//! Statements of preference in lists of labels: `Content-Usage` and `Content-Signal`, in headers and
//! in robots.txt alike.

use std::collections::BTreeMap;

use crate::signals::{Answer, Declaration, Scheme};
use crate::words::excerpt;
use crate::{Use, UseSet};

use super::dictionary::{self, Value};

/// The categories of the AIPREF vocabulary. Each label of each draft names one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Category {
    /// Everything automated. `tdm` in draft-ietf-aipref-vocab-01, `all` in -02, `bots` in -03 and -04.
    Automated,
    /// Training: `ai` in -01, `train-ai` since.
    Training,
    /// Training of what generates: `genai` in -01, `train-genai` in -02 to -04.
    Generative,
    /// Input to a model: `inference` in -01, `ai-use` in -02.
    Input,
    /// Search, in all of them.
    Search,
}

impl Category {
    fn of(label: &str) -> Option<Self> {
        Some(match label {
            "tdm" | "all" | "bots" => Self::Automated,
            "ai" | "train-ai" => Self::Training,
            "genai" | "train-genai" => Self::Generative,
            "inference" | "ai-use" => Self::Input,
            "search" => Self::Search,
            _ => return None,
        })
    }
}

/// Whose word counts for a use, the most specific category first (vocab drafts, section
/// "Consulting a Preference Expression"). What is said of everything automated does not reach
/// search (drafts -01 to -04, section "More Specific Instructions").
fn asked(wanted: Use) -> &'static [Category] {
    match wanted {
        Use::Search => &[Category::Search],
        Use::Mining => &[Category::Automated],
        Use::AiInput => &[Category::Input, Category::Automated],
        Use::Train => &[Category::Training, Category::Automated],
        Use::TrainGenerative => &[
            Category::Generative,
            Category::Training,
            Category::Automated,
        ],
    }
}

/// What a list of labels came to.
struct Labels<C> {
    said: BTreeMap<C, Answer>,
    doubts: Vec<String>,
    /// A label that nobody knows denies something: nobody knows what.
    is_unclear: bool,
}

impl<C: Ord> Labels<C> {
    fn new() -> Self {
        Self {
            said: BTreeMap::new(),
            doubts: Vec::new(),
            is_unclear: false,
        }
    }

    /// Several labels for one category are as strict as the strictest.
    fn add(&mut self, category: C, answer: Answer) {
        let known = self.said.entry(category).or_insert(answer);
        *known = answer.max(*known);
    }

    fn doubt(&mut self, doubt: String) {
        // A reason is short; the first ones say enough.
        if self.doubts.len() < 4 {
            self.doubts.push(doubt);
        }
    }

    fn finish(self, mut new: Declaration) -> Declaration {
        if self.is_unclear {
            for each in Use::ALL {
                new.answers.supply(each, Answer::Unknown);
            }
        }
        if self.doubts.is_empty() {
            new
        } else {
            new.because(self.doubts.join("; "))
        }
    }
}

/// Reads the value of a `Content-Usage` field or rule: a dictionary of structured fields (RFC 9651,
/// section 3.2) with the labels of any draft of the AIPREF vocabulary (draft-ietf-aipref-vocab-01 to
/// -08). The drafts take a dictionary that cannot be parsed for no preference; somebody meant to
/// state one, so here it is unknown. Of a label that is repeated the last counts, but for a
/// permission after a denial, which contradict one another.
pub(super) fn content_usage(value: &str, place: &str) -> Declaration {
    let mut new = Declaration::new(Scheme::ContentUsage, place, value);
    let members = match dictionary::parse(value) {
        Ok(members) => members,
        Err(detail) => {
            return new.unknown(UseSet::ALL, format!("not a dictionary of labels: {detail}"));
        }
    };
    let mut labels = Labels::new();
    for (label, values) in members {
        let Some(category) = Category::of(&label) else {
            if values.iter().any(|value| !value.is_token("y")) {
                labels.doubt(format!("unknown label {}", excerpt(&label)));
                labels.is_unclear = true;
            }
            continue;
        };
        let answer = match values.last() {
            Some(last) if last.is_token("n") => Answer::Deny,
            Some(last) if last.is_token("y") => {
                if values.iter().all(|value| value.is_token("y")) {
                    Answer::Allow
                } else {
                    labels.doubt(format!("{label} contradicts itself"));
                    Answer::Unknown
                }
            }
            last => {
                let shown = last.map_or("nothing", Value::as_str);
                labels.doubt(format!("{label} is {}, neither y nor n", excerpt(shown)));
                Answer::Unknown
            }
        };
        labels.add(category, answer);
    }
    for each in Use::ALL {
        let said = asked(each).iter().find_map(|it| labels.said.get(it));
        if let Some(&answer) = said {
            new.answers.supply(each, answer);
        }
    }
    labels.finish(new)
}

/// The uses that a label of a Content-Signal line speaks of (contentsignals.org; Cloudflare, 2025).
/// Training is defined there as training and fine-tuning of models of any kind.
fn signaled(label: &str) -> Option<UseSet> {
    Some(match label {
        "search" => Use::Search.into(),
        "ai-input" => Use::AiInput.into(),
        "ai-train" => [Use::Train, Use::TrainGenerative].into_iter().collect(),
        _ => return None,
    })
}

/// Reads the value of a `Content-Signal` line or header: `search=yes, ai-train=no`. A label that is
/// not there says nothing.
pub(super) fn content_signal(value: &str, place: &str) -> Declaration {
    let mut new = Declaration::new(Scheme::ContentSignal, place, value);
    let mut labels: Labels<Use> = Labels::new();
    let mut count = 0;
    for part in value.split([',', ';']).map(str::trim) {
        if part.is_empty() {
            continue;
        }
        count += 1;
        let (label, said) = part.split_once('=').unwrap_or((part, ""));
        let label = label.trim().to_ascii_lowercase();
        let said = said.trim();
        let is_yes = said.eq_ignore_ascii_case("yes");
        let Some(uses) = signaled(&label) else {
            if !is_yes {
                labels.doubt(format!("unknown label {}", excerpt(&label)));
                labels.is_unclear = true;
            }
            continue;
        };
        let answer = if is_yes {
            Answer::Allow
        } else if said.eq_ignore_ascii_case("no") {
            Answer::Deny
        } else {
            labels.doubt(format!("{label} is neither yes nor no"));
            Answer::Unknown
        };
        for each in uses.iter() {
            let contradicts = labels.said.get(&each).is_some_and(|&it| it != answer);
            if contradicts {
                labels.doubt(format!("{label} contradicts itself"));
            }
            labels.add(each, answer);
        }
    }
    if count == 0 {
        return new.unknown(UseSet::ALL, "a line without labels");
    }
    for (&each, &answer) in &labels.said {
        new.answers.supply(each, answer);
    }
    labels.finish(new)
}
