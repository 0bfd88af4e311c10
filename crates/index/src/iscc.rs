//! ISCC (ISO 24138:2024): codes of items, and works whose code is near.
//!
//! Declarations that are bound to content name a work by its ISCC and bring no file. An item's own
//! code is computed by the library of the standard's authors and compared unit by unit: the
//! Content-Code says what is read or seen, the Data-Code how the bytes are made up, the
//! Instance-Code which bytes they are.
//!
//! There is no Content-Code of recordings here: the standard makes it from Chromaprint's
//! fingerprints, which this program does not compute. Their Data- and Instance-Codes are compared.

use std::collections::BTreeMap;

use clearance_decode::{Limits, guard};
use clearance_rights::{Identifier, IdentifierKind, Work};

use crate::{Print, Snapshot};

#[cfg(feature = "iscc")]
mod codes;

/// Whether this build computes codes: the feature `iscc`.
pub const HAS_ISCC: bool = cfg!(feature = "iscc");

/// Bits of a unit that are compared: what every ISCC-CODE has of each. Longer units begin with them.
const BITS: u32 = 64;
/// Bits that may differ. Of two unrelated codes some 32 do.
const DISTANCE_BITS_MAX: u32 = 6;
/// Main types that are compared (ISO 24138, section 5.2): Content, Data, Instance.
const CONTENT: u8 = 2;
const DATA: u8 = 3;
const INSTANCE: u8 = 4;
/// A Content-Code with fewer bits of one kind is that of an empty page or a plain area.
const LEAST_MIXED_BITS: u32 = 8;

/// A unit of a code: its main type and subtype, and its first 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unit {
    kind: (u8, u8),
    body: u64,
}

/// A work whose code is near an item's.
#[derive(Clone, Debug, PartialEq)]
pub struct IsccFound {
    /// The work.
    pub work_id: String,
    /// Bits of 64 that differ in the nearest unit.
    pub distance_bits: u32,
    /// Whether the Instance-Codes are the same: the item is the file itself.
    pub is_same_bytes: bool,
    /// Expected number of registered units this near by chance, if bits were thrown like coins.
    pub e_value_per_item: f64,
}

/// The codes of a registry's works: those that catalogs state, and those of registered files.
pub struct Isccs {
    units: Vec<(Unit, u32)>,
    works: Vec<String>,
}

impl Isccs {
    /// All codes of the works that are not withdrawn.
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut codes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for record in snapshot.works() {
            let stated = stated(&record.work).map(Identifier::to_string);
            codes.insert(&record.work.work_id, stated.collect());
        }
        for asset in snapshot.assets() {
            let known = codes.get_mut(asset.work_id.as_str());
            if let (Some(known), Some(code)) = (known, &asset.iscc) {
                known.push(code.clone());
            }
        }
        Self::new(codes)
    }

    fn new<'w>(codes: impl IntoIterator<Item = (&'w str, Vec<String>)>) -> Self {
        let (mut units, mut works) = (Vec::new(), Vec::new());
        for (work_id, codes) in codes {
            let own = codes.iter().flat_map(|code| units_of(code));
            let own: Vec<(Unit, u32)> = own.map(|unit| (unit, works.len() as u32)).collect();
            if !own.is_empty() {
                units.extend(own);
                works.push(work_id.to_owned());
            }
        }
        Self { units, works }
    }

    /// The works with a unit within six bits of one of `code`'s, in order of id. Instance-Codes are
    /// compared as a whole.
    pub fn find(&self, code: &str) -> Vec<IsccFound> {
        let mut found: BTreeMap<u32, IsccFound> = BTreeMap::new();
        for unit in units_of(code) {
            let alike = self
                .units
                .iter()
                .filter(|(known, _)| known.kind == unit.kind);
            let number = alike.clone().count();
            let most = if unit.kind.0 == INSTANCE {
                0
            } else {
                DISTANCE_BITS_MAX
            };
            for (known, work) in alike {
                let distance_bits = (known.body ^ unit.body).count_ones();
                let Some(work_id) = self.works.get(*work as usize) else {
                    continue;
                };
                if distance_bits > most {
                    continue;
                }
                let is_same_bytes = unit.kind.0 == INSTANCE;
                let new = IsccFound {
                    work_id: work_id.clone(),
                    distance_bits,
                    is_same_bytes,
                    e_value_per_item: number as f64 * chance(distance_bits),
                };
                let known = found.entry(*work).or_insert_with(|| new.clone());
                known.is_same_bytes |= is_same_bytes;
                if distance_bits < known.distance_bits {
                    known.distance_bits = distance_bits;
                    known.e_value_per_item = new.e_value_per_item;
                }
            }
        }
        found.into_values().collect()
    }
}

/// The codes that a catalog states of a work.
fn stated(work: &Work) -> impl Iterator<Item = &Identifier> {
    let identifiers = work.identifiers.iter();
    identifiers.filter(|identifier| identifier.kind() == IdentifierKind::Iscc)
}

/// Whether an item can be recognized as this work by a code that its catalog states.
pub(crate) fn is_recognizable(work: &Work) -> bool {
    HAS_ISCC && stated(work).any(|code| !units_of(&code.to_string()).is_empty())
}

/// Probability that two codes differ in at most so many of 64 bits, if each bit were thrown like a
/// coin.
fn chance(distance_bits: u32) -> f64 {
    let (mut ways, mut sum) = (1.0, 1.0);
    for bit in 0..distance_bits.min(BITS) {
        ways *= f64::from(BITS - bit) / f64::from(bit + 1);
        sum += ways;
    }
    sum / 2f64.powi(BITS as i32)
}

/// The units of a code that are compared; none of what is no code.
fn units_of(code: &str) -> Vec<Unit> {
    let units = guard(|| Ok(decoded(code))).unwrap_or_default();
    let is_compared = |unit: &Unit| {
        let ones = unit.body.count_ones();
        let is_mixed = (LEAST_MIXED_BITS..=BITS - LEAST_MIXED_BITS).contains(&ones);
        match unit.kind.0 {
            CONTENT => is_mixed,
            DATA | INSTANCE => true,
            _ => false,
        }
    };
    units.into_iter().filter(is_compared).collect()
}

#[cfg(feature = "iscc")]
fn decoded(code: &str) -> Vec<Unit> {
    codes::units(code)
}

#[cfg(not(feature = "iscc"))]
fn decoded(_: &str) -> Vec<Unit> {
    Vec::new()
}

/// The code of an item: ISCC-CODE of a picture or text, ISCC-SUM of a recording or of a text that is
/// too short, and the Content-Code alone where its bytes are not at hand. `None` without the
/// feature `iscc`, and for what cannot be read.
pub fn iscc(print: &Print, bytes: Option<&[u8]>, limits: &Limits) -> Option<String> {
    guard(|| Ok(computed(print, bytes, limits))).ok().flatten()
}

#[cfg(feature = "iscc")]
fn computed(print: &Print, bytes: Option<&[u8]>, limits: &Limits) -> Option<String> {
    codes::of(print, bytes, limits)
}

#[cfg(not(feature = "iscc"))]
fn computed(_: &Print, _: Option<&[u8]>, _: &Limits) -> Option<String> {
    None
}

#[cfg(test)]
mod tests;
