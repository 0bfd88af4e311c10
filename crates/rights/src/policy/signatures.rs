//! Whether those who granted the licenses are all who had to.

use std::collections::BTreeSet;

use super::owners::Owners;
use super::reason::listed_and;
use super::standing::{LicenseStanding, Standing};
use crate::License;
use crate::words::{excerpt, stated};

/// Who granted a license, seen from the rightsholders of its work.
pub(super) struct Grant {
    /// The rightsholders who did, by place.
    pub(super) owners: BTreeSet<usize>,
    /// What is unclear about it; continues a sentence that begins with the license.
    pub(super) doubt: Option<String>,
}

impl Grant {
    pub(super) fn of(license: &License, owners: &Owners) -> Self {
        let everybody = || (0..owners.count()).collect::<BTreeSet<usize>>();
        let licensors: Vec<&str> = license
            .licensors
            .iter()
            .filter_map(|name| stated(Some(name)))
            .collect();
        // Nobody to compare with, or nobody else who could have granted it.
        if owners.count() == 0 || (owners.count() == 1 && licensors.is_empty()) {
            return Self {
                owners: everybody(),
                doubt: None,
            };
        }
        if licensors.is_empty() {
            let count = owners.count();
            return Self {
                owners: BTreeSet::new(),
                doubt: Some(format!(
                    "does not say which of the {count} rightsholders granted it"
                )),
            };
        }
        let mut signed = BTreeSet::new();
        let mut strangers = BTreeSet::new();
        for name in licensors {
            match owners.place(name) {
                Some(place) => {
                    signed.insert(place);
                }
                None => {
                    strangers.insert(excerpt(name));
                }
            }
        }
        // Who signs besides all of the rightsholders takes nothing from their signatures.
        let is_doubtful = !strangers.is_empty() && signed.len() < owners.count();
        Self {
            owners: signed,
            doubt: is_doubtful.then(|| {
                let (verb, noun) = match strangers.len() {
                    1 => ("is", "a recorded rightsholder"),
                    _ => ("are", "recorded rightsholders"),
                };
                format!(
                    "was granted by {}, who {verb} not {noun} ({})",
                    listed_and(strangers.into_iter()),
                    owners.names()
                )
            }),
        }
    }
}

/// What the licenses of a work come to together.
pub(super) enum Coverage<'s, 'r> {
    /// These cover the use; at least one.
    Covered(Vec<&'s LicenseStanding<'r>>),
    /// This one leaves open whether it does, for these reasons.
    Unclear(&'s LicenseStanding<'r>, Vec<String>),
    /// They do not cover it.
    Missing(Missing<'s, 'r>),
}

/// What is missing to licenses that would cover the use if others had signed, too.
#[derive(Default)]
pub(super) struct Missing<'s, 'r> {
    /// The licenses.
    pub(super) licenses: Vec<&'s LicenseStanding<'r>>,
    /// The rightsholders who signed none of them, by place.
    pub(super) owners: BTreeSet<usize>,
}

/// Judges the licenses, given in the order in which they decide.
pub(super) fn coverage<'s, 'r>(
    licenses: &'s [LicenseStanding<'r>],
    owners: &Owners,
) -> Coverage<'s, 'r> {
    let clear = || {
        let covering = |each: &&LicenseStanding| matches!(each.standing, Standing::Covers);
        licenses.iter().filter(covering)
    };
    if let Some(together) = enough(clear(), owners) {
        return match (&owners.shortfall, together.first()) {
            (Some(shortfall), Some(first)) => Coverage::Unclear(first, vec![shortfall.clone()]),
            _ => Coverage::Covered(together),
        };
    }
    let open = || {
        let missed = |each: &&LicenseStanding| !matches!(each.standing, Standing::Misses(_));
        licenses.iter().filter(missed)
    };
    let signed: BTreeSet<usize> = open().flat_map(|each| each.grant.owners.clone()).collect();
    let doubtful = open().find(|each| each.grant.doubt.is_some());
    let doubtful = doubtful.or_else(|| {
        let is_complete = signed.len() == owners.count();
        open().find(|each| is_complete && each.standing.is_unclear())
    });
    if let Some(license) = doubtful {
        return Coverage::Unclear(license, license.doubts());
    }
    Coverage::Missing(Missing {
        licenses: open().collect(),
        owners: (0..owners.count())
            .filter(|place| !signed.contains(place))
            .collect(),
    })
}

/// The licenses that all rightsholders granted together: the first that needs no other, or the
/// first ones that each add a signature.
fn enough<'s, 'r: 's>(
    licenses: impl Iterator<Item = &'s LicenseStanding<'r>> + Clone,
    owners: &Owners,
) -> Option<Vec<&'s LicenseStanding<'r>>> {
    let count = owners.count();
    let is_whole = |each: &&LicenseStanding| each.grant.owners.len() == count;
    // A license without doubt, of a work for which nobody has to sign, needs no other either.
    if let Some(whole) = licenses.clone().find(is_whole) {
        return Some(vec![whole]);
    }
    let (mut together, mut signed) = (Vec::new(), BTreeSet::<usize>::new());
    for license in licenses {
        let before = signed.len();
        signed.extend(&license.grant.owners);
        if signed.len() > before {
            together.push(license);
        }
    }
    (count > 0 && signed.len() == count).then_some(together)
}
