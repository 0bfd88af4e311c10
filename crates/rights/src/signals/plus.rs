//! `plus:DataMining`: the PLUS License Data Format vocabulary, as the IPTC Photo Metadata Standard
//! 2023.1 takes it over.

use super::{Answer, Declaration, Scheme};
use crate::words::excerpt;
use crate::{Use, UseSet};

/// Properties of the same packet that a value may point to.
#[derive(Debug, Default)]
pub(super) struct Pointers<'a> {
    /// `plus:OtherConstraints`.
    pub(super) constraints: Option<&'a str>,
    /// `EmbdEncRightsExpr`.
    pub(super) embedded: Option<&'a str>,
    /// `LinkedEncRightsExpr`.
    pub(super) linked: Option<&'a str>,
}

/// Reads a value: the address of a term of the vocabulary, or its last part alone.
///
/// "Data mining" is read as text and data mining in the wide sense, training included. The term
/// that prohibits everything but search indexing shows that the plain prohibition reaches search.
pub(super) fn declaration(value: &str, place: &str, pointers: &Pointers<'_>) -> Declaration {
    let new = Declaration::new(Scheme::Plus, place, value);
    let term = value.trim();
    let term = term.rsplit(['/', '#', ':']).next().unwrap_or(term);
    let term = term.trim().to_ascii_uppercase().replace('_', "-");
    let Some(term) = term.strip_prefix("DMI-") else {
        return new.unknown(UseSet::ALL, "not a term of the PLUS vocabulary");
    };
    match term {
        "UNSPECIFIED" => new.because("the vocabulary's word for no statement"),
        "ALLOWED" => new.answering(UseSet::TEXT_AND_DATA_MINING, Answer::Allow),
        "PROHIBITED-AIMLTRAINING" => new.answering(training(), Answer::Deny),
        "PROHIBITED-GENAIMLTRAINING" => new.answering(Use::TrainGenerative.into(), Answer::Deny),
        "PROHIBITED-EXCEPTSEARCHENGINEINDEXING" => {
            let mut new = new.answering(UseSet::ALL, Answer::Deny);
            new.answers = but_search(&new.answers);
            new
        }
        "PROHIBITED" => new.answering(UseSet::ALL, Answer::Deny),
        "PROHIBITED-SEECONSTRAINT" => {
            constrained(new, pointers.constraints, "plus:OtherConstraints")
        }
        "PROHIBITED-SEEEMBEDDEDRIGHTSEXPR" | "SEEEMBEDDEDRIGHTSEXPR" | "SEE-EMBEDDEDRIGHTSEXPR" => {
            constrained(new, pointers.embedded, "EmbdEncRightsExpr")
        }
        "PROHIBITED-SEELINKEDRIGHTSEXPR" | "SEELINKEDRIGHTSEXPR" | "SEE-LINKEDRIGHTSEXPR" => {
            let mut new = constrained(new, pointers.linked, "LinkedEncRightsExpr");
            new.policy_url = new.conditions.take_if(|it| it.contains("://"));
            new
        }
        _ => new.unknown(UseSet::ALL, "not a term of the PLUS vocabulary"),
    }
}

fn training() -> UseSet {
    [Use::Train, Use::TrainGenerative].into_iter().collect()
}

fn but_search(answers: &super::Answers) -> super::Answers {
    let others = answers.iter().filter(|&(each, _)| each != Use::Search);
    let mut kept = super::Answers::of(Use::Search.into(), Answer::Allow);
    for (each, answer) in others {
        kept.restrict(each, answer);
    }
    kept
}

/// Conditions that are stated leave it open; conditions that are not stated cannot be met.
fn constrained(new: Declaration, conditions: Option<&str>, property: &str) -> Declaration {
    let conditions = conditions.map(excerpt).filter(|it| !it.is_empty());
    if conditions.is_some() {
        let mut new = new.answering(UseSet::ALL, Answer::Conditional);
        new.conditions = conditions;
        return new;
    }
    new.answering(UseSet::ALL, Answer::Deny)
        .because(format!("it refers to {property}, which says nothing"))
}
