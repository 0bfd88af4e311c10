//! The training-mining assertions of C2PA manifests: CAWG Training and Data Mining Assertion 1.1,
//! and C2PA Technical Specification 1.4, section 18.21 (Training and data mining).

use std::collections::BTreeMap;

use super::{Answer, Assertion, Declaration, Scheme, Signature};
use crate::Use;
use crate::words::excerpt;

/// A value deep in an assertion: the keys that lead to it, and the value.
pub(super) type Leaf = (Vec<String>, String);

/// What one entry says.
#[derive(Default)]
struct Entry<'a> {
    said: Option<&'a str>,
    conditions: Option<&'a str>,
}

/// The scheme that a label belongs to: `cawg.training-mining`, also with a version or an instance
/// behind it (`c2pa.training-mining.v2`, `cawg.training-mining__1`).
pub(super) fn scheme(label: &str) -> Option<Scheme> {
    [Scheme::Cawg, Scheme::C2pa].into_iter().find(|scheme| {
        let rest = label.strip_prefix(scheme.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '_']))
    })
}

/// Reads an assertion. Each entry speaks of one use; what is not allowed of mining is not allowed of
/// both kinds of training, and what is not allowed of training not of the generative kind, where no
/// entry of their own says otherwise. A manifest whose signature does not hold permits nothing; what
/// it denies stays denied.
pub(super) fn declaration(scheme: Scheme, assertion: &Assertion<'_>) -> Declaration {
    let entries = entries(assertion.leaves);
    let written: Vec<String> = entries
        .iter()
        .map(|(name, entry)| format!("{name}={}", entry.said.unwrap_or("nothing").trim()))
        .collect();
    let mut new = Declaration::new(scheme, assertion.place, &written.join(", "));
    new.signature = assertion.signature;
    let mut doubts = Vec::new();
    let mut is_unclear = entries.is_empty();
    for (name, entry) in &entries {
        let answer = answer(entry, name, &mut doubts);
        if let Some(each) = use_of(name) {
            new.answers.restrict(each, answer);
        } else {
            doubts.push(format!("unknown entry {}", excerpt(name)));
            is_unclear = true;
        }
        if answer == Answer::Conditional && new.conditions.is_none() {
            new.conditions = entry.conditions.map(excerpt);
        }
    }
    if entries.is_empty() {
        doubts.push("an assertion without entries".to_owned());
    }
    widen(&mut new);
    if is_unclear {
        for each in Use::ALL {
            new.answers.supply(each, Answer::Unknown);
        }
    }
    if new.signature == Signature::Invalid {
        new.answers.doubt();
    }
    if !assertion.is_active {
        // What was said of a source file is a hint, not a statement about this one.
        new.answers.weaken();
        doubts.push("said of an ingredient or an earlier version".to_owned());
    }
    if !assertion.signature_detail.is_empty() {
        let (state, detail) = (assertion.signature, excerpt(assertion.signature_detail));
        doubts.push(format!("signature {state}: {detail}"));
    }
    if doubts.is_empty() {
        new
    } else {
        new.because(doubts.join("; "))
    }
}

/// The entries by name, whether or not the map `entries` is there around them.
fn entries(leaves: &[Leaf]) -> BTreeMap<&str, Entry<'_>> {
    let mut entries: BTreeMap<&str, Entry<'_>> = BTreeMap::new();
    for (path, value) in leaves {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let is_wrapped = path.first() == Some(&"entries");
        match &path[usize::from(is_wrapped)..] {
            [name, "use"] => entries.entry(name).or_default().said = Some(value),
            [name, "constraint_info" | "constraints_info", ..] => {
                entries.entry(name).or_default().conditions = Some(value);
            }
            // Some writers leave out the map with the key `use`.
            [name] if is_wrapped || use_of(name).is_some() => {
                entries.entry(name).or_default().said = Some(value);
            }
            // Other keys of the assertion, such as `metadata`.
            [name, ..] if is_wrapped || use_of(name).is_some() => {
                entries.entry(name).or_default();
            }
            _ => {}
        }
    }
    entries
}

fn answer(entry: &Entry<'_>, name: &str, doubts: &mut Vec<String>) -> Answer {
    let said = entry.said.unwrap_or_default().trim();
    let has_conditions = entry.conditions.is_some_and(|it| !it.trim().is_empty());
    match said {
        "allowed" => Answer::Allow,
        "notAllowed" => Answer::Deny,
        "constrained" if has_conditions => Answer::Conditional,
        "constrained" => {
            doubts.push(format!("{name} is constrained without information"));
            Answer::Deny
        }
        _ => {
            doubts.push(format!("{name} has no known value"));
            Answer::Unknown
        }
    }
}

/// The use that an entry speaks of. Both families of labels name the same four.
fn use_of(name: &str) -> Option<Use> {
    let name = name
        .strip_prefix("cawg.")
        .or_else(|| name.strip_prefix("c2pa."))?;
    Some(match name {
        "data_mining" => Use::Mining,
        "ai_inference" => Use::AiInput,
        "ai_training" => Use::Train,
        "ai_generative_training" => Use::TrainGenerative,
        _ => return None,
    })
}

fn widen(new: &mut Declaration) {
    for (named, reached) in [
        (Use::Train, Use::TrainGenerative),
        (Use::Mining, Use::Train),
        (Use::Mining, Use::TrainGenerative),
    ] {
        if let Some(answer) = new.answers.get(named).filter(|&it| it != Answer::Allow) {
            new.answers.supply(reached, answer);
        }
    }
}
