//! From the bytes of one item to what it says about itself: the same way for registered assets and
//! for dataset items.

use clearance_decode::{
    Depth, Format, Metadata, SignatureState, Signers, guard, read_metadata, sniff,
};
use clearance_rights::signals::{Assertion, Damage, Embedded, Sign, Signature, read};

/// What the file in `bytes` says about its own use, and which identifiers it carries. `name` helps
/// to tell kinds of text apart. With [`Depth::Declarations`] copyright lines and names are left out.
/// Signatures of manifests are checked against `signers`, if there are any.
///
/// No panic and no damage goes beyond the item: what cannot be read is a declaration whose answers
/// are unknown.
pub fn embedded(
    bytes: &[u8],
    name: Option<&str>,
    depth: Depth,
    signers: Option<&Signers>,
) -> Embedded {
    let format = guard(|| Ok(sniff(bytes, name)));
    let format = format.ok().flatten();
    format.map_or_else(Embedded::default, |format| {
        embedded_in(bytes, format, depth, signers)
    })
}

/// The same, of a page of HTML that is at hand as text.
pub fn embedded_in_page(page: &str) -> Embedded {
    embedded_in(page.as_bytes(), Format::Html, Depth::Declarations, None)
}

/// The same, of a file whose format is known.
pub(crate) fn embedded_in(
    bytes: &[u8],
    format: Format,
    depth: Depth,
    signers: Option<&Signers>,
) -> Embedded {
    let metadata = read_metadata(bytes, format, depth, signers);
    if metadata.is_empty() {
        return Embedded::default();
    }
    let meant = guard(|| Ok(meaning(&metadata)));
    let mut found = meant.unwrap_or_else(|unreadable| {
        let damage = Damage {
            topic: "unidentified",
            place: format.as_str(),
            detail: &unreadable.to_string(),
        };
        read(&[], &[], &[damage])
    });
    if depth == Depth::Declarations {
        found.claims.clear();
    }
    found
}

fn meaning(metadata: &Metadata) -> Embedded {
    let signs: Vec<Sign<'_>> = metadata
        .signs
        .iter()
        .map(|sign| Sign {
            carrier: sign.carrier.as_str(),
            name: &sign.name,
            value: &sign.value,
            place: &sign.place,
            packet: sign.packet,
        })
        .collect();
    let assertions: Vec<Assertion<'_>> = metadata
        .assertions
        .iter()
        .map(|assertion| Assertion {
            label: &assertion.label,
            leaves: &assertion.leaves,
            place: &assertion.place,
            is_active: assertion.is_active,
            signature: match assertion.signature.state {
                SignatureState::Unverified => Signature::Unverified,
                SignatureState::Invalid => Signature::Invalid,
                SignatureState::Untrusted => Signature::Untrusted,
                SignatureState::Valid => Signature::Valid,
            },
            signature_detail: &assertion.signature.detail,
        })
        .collect();
    let damage: Vec<Damage<'_>> = metadata
        .damage
        .iter()
        .map(|damage| Damage {
            topic: damage.topic,
            place: &damage.place,
            detail: &damage.detail,
        })
        .collect();
    read(&signs, &assertions, &damage)
}
