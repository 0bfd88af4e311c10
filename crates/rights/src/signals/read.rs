//! Signs as found to declarations, identifiers and claims.

use super::plus::{self, Pointers};
use super::tags::{self, Meaning};
use super::training;
use super::{
    CLAIMS_MAX, Claim, DECLARATIONS_MAX, Declaration, Embedded, IDENTIFIERS_MAX, Nearness, Scheme,
    Signature, tdmrep,
};
use crate::words::excerpt;
use crate::{Identifier, IdentifierKind, UseSet};

/// A name and a value in metadata of some kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sign<'a> {
    /// The kind of metadata: `xmp`, `exif`, `iptc`, `id3`, `vorbis`, `mp4`, `riff`, `html`, `opf`, ….
    pub carrier: &'a str,
    /// The name there; in XMP the namespace with the local name behind it.
    pub name: &'a str,
    /// The value, as text.
    pub value: &'a str,
    /// Where it stands, for people.
    pub place: &'a str,
    /// Which of several packets of metadata it stands in: signs of one packet belong together.
    pub packet: usize,
}

/// An assertion of a C2PA manifest, flattened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assertion<'a> {
    /// Its label.
    pub label: &'a str,
    /// Its values, each behind the keys that lead to it.
    pub leaves: &'a [(Vec<String>, String)],
    /// Where the manifest stands, for people.
    pub place: &'a str,
    /// Whether it is in the active manifest, the one that speaks of the file as it is.
    pub is_active: bool,
    /// What became of checking the manifest's signature.
    pub signature: Signature,
    /// Who signed, or why the signature is in that state; empty when there is nothing to say.
    pub signature_detail: &'a str,
}

/// Metadata that could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damage<'a> {
    /// The name of the [`Scheme`] that they would have been in; anything else if nobody knows.
    pub topic: &'a str,
    /// Where they stand.
    pub place: &'a str,
    /// What is wrong with them.
    pub detail: &'a str,
}

/// What the signs of one item mean.
///
/// ```
/// # use clearance_rights::signals::{Answer, Sign, read};
/// # use clearance_rights::Use;
/// let sign = Sign {
///     carrier: "html",
///     name: "tdm-reservation",
///     value: "1",
///     place: "HTML meta",
///     packet: 0,
/// };
/// let found = read(&[sign], &[], &[]);
/// assert_eq!(found.answer(Use::Train).unwrap().answer, Answer::Deny);
/// assert!(found.answer(Use::Search).is_none());
/// ```
pub fn read(signs: &[Sign<'_>], assertions: &[Assertion<'_>], damage: &[Damage<'_>]) -> Embedded {
    let mut found = Embedded::default();
    let mut packets: Vec<usize> = signs.iter().map(|sign| sign.packet).collect();
    packets.dedup();
    for packet in packets {
        let of_packet: Vec<&Sign<'_>> = signs.iter().filter(|it| it.packet == packet).collect();
        add_plus(&of_packet, &mut found);
        add_tdmrep(&of_packet, &mut found);
    }
    for sign in signs {
        add_tag(sign, &mut found);
    }
    for assertion in assertions {
        if let Some(scheme) = training::scheme(assertion.label) {
            add(&mut found, training::declaration(scheme, assertion));
        }
    }
    for damage in damage {
        let scheme = damage.topic.parse().unwrap_or(Scheme::Unidentified);
        let uses = match scheme {
            Scheme::Tdmrep => UseSet::TEXT_AND_DATA_MINING,
            _ => UseSet::ALL,
        };
        let new = Declaration::new(scheme, damage.place, "");
        add(&mut found, new.unknown(uses, damage.detail));
    }
    found.identifiers.sort();
    found
}

fn add(found: &mut Embedded, new: Declaration) {
    if found.declarations.len() < DECLARATIONS_MAX && !found.declarations.contains(&new) {
        found.declarations.push(new);
    }
}

fn local(name: &str) -> &str {
    name.rsplit(['/', '#']).next().unwrap_or(name)
}

/// `DataMining` in the namespace of PLUS, in any version of it, or without a namespace.
fn is_plus(sign: &Sign<'_>, wanted: &str) -> bool {
    let namespace = sign.name.strip_suffix(wanted);
    sign.carrier == "xmp"
        && namespace.is_some_and(|it| it.is_empty() || it.contains("ns.useplus.org/"))
}

fn add_plus(signs: &[&Sign<'_>], found: &mut Embedded) {
    let value = |wanted: &str| {
        let sign = signs.iter().find(|sign| local(sign.name) == wanted);
        sign.map(|sign| sign.value)
    };
    let pointers = Pointers {
        constraints: value("OtherConstraints"),
        embedded: value("EmbdEncRightsExpr"),
        linked: value("LinkedEncRightsExpr"),
    };
    for sign in signs.iter().filter(|sign| is_plus(sign, "DataMining")) {
        add(found, plus::declaration(sign.value, sign.place, &pointers));
    }
}

/// What a sign says in TDMRep: the reservation or the policy, and how near it stands.
fn tdmrep_part<'n>(sign: &Sign<'n>) -> Option<(&'n str, Nearness)> {
    match sign.carrier {
        "xmp" => {
            let namespace = "www.w3.org/ns/tdmrep";
            let (before, name) = sign.name.split_once(namespace)?;
            let is_known = matches!(before, "http://" | "https://");
            is_known.then_some((name.trim_start_matches(['/', '#']), Nearness::File))
        }
        "opf" => Some((sign.name.strip_prefix("tdm:")?, Nearness::File)),
        "html" => Some((sign.name.strip_prefix("tdm-")?, Nearness::Page)),
        _ => None,
    }
}

fn add_tdmrep(signs: &[&Sign<'_>], found: &mut Embedded) {
    let parts = |wanted: &'static str| {
        signs.iter().filter_map(move |sign| {
            let (name, nearness) = tdmrep_part(sign)?;
            (name == wanted).then_some((*sign, nearness))
        })
    };
    let policy = parts("policy").next();
    let mut is_reservation = false;
    for (sign, nearness) in parts("reservation") {
        is_reservation = true;
        let policy = policy.map(|(sign, _)| sign.value);
        let new = tdmrep::declaration(Some(sign.value), policy, sign.place, nearness);
        add(found, new);
    }
    if let (false, Some((sign, nearness))) = (is_reservation, policy) {
        let new = tdmrep::declaration(None, Some(sign.value), sign.place, nearness);
        add(found, new);
    }
}

fn add_tag(sign: &Sign<'_>, found: &mut Embedded) {
    let Some(meaning) = tags::meaning(sign.carrier, sign.name) else {
        return;
    };
    let value = sign
        .value
        .trim_matches(|it: char| it.is_whitespace() || it == '\0');
    if value.is_empty() {
        return;
    }
    match meaning {
        Meaning::Claim(subject) => add_claim(found, subject, sign.place, value),
        Meaning::Identifier(kind) => match Identifier::parse(kind, value) {
            Ok(identifier) => add_identifier(found, identifier),
            Err(_) => add_claim(found, "identifier", sign.place, value),
        },
        Meaning::Labelled => match labelled(value) {
            Some(identifier) => add_identifier(found, identifier),
            None => add_claim(found, "identifier", sign.place, value),
        },
    }
}

/// An identifier that names its scheme.
fn labelled(value: &str) -> Option<Identifier> {
    let folded = value.to_ascii_lowercase();
    let bare = folded.strip_prefix("urn:").unwrap_or(&folded);
    let is_doi = bare.contains("doi.org/") || bare.starts_with("doi:");
    let kinds = IdentifierKind::ALL.into_iter();
    let mut named = kinds.filter(|&kind| {
        let rest = bare.strip_prefix(kind.as_str());
        rest.is_some_and(|rest| rest.starts_with([':', ' ', '-']))
            || (kind == IdentifierKind::Doi && is_doi)
    });
    named.find_map(|kind| Identifier::parse(kind, value).ok())
}

fn add_identifier(found: &mut Embedded, identifier: Identifier) {
    if found.identifiers.len() < IDENTIFIERS_MAX && !found.identifiers.contains(&identifier) {
        found.identifiers.push(identifier);
    }
}

fn add_claim(found: &mut Embedded, subject: &str, place: &str, value: &str) {
    let claim = Claim {
        subject: subject.to_owned(),
        place: excerpt(place),
        value: excerpt(value),
    };
    if found.claims.len() < CLAIMS_MAX && !found.claims.contains(&claim) {
        found.claims.push(claim);
    }
}
