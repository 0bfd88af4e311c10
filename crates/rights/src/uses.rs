//! The five uses, sets of them, and how the words in a reservation or a license are read.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::words::{self, WordError, excerpt};

#[cfg(test)]
mod tests;

/// What may be done with a work once it is in a dataset.
///
/// The order is fixed and is the order of every list written by this crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Use {
    /// Indexing, so that people can find the work where its owner put it.
    Search,
    /// Automated analysis that trains nothing: statistics, classification, text and data mining in
    /// the narrow sense.
    Mining,
    /// Input to a model when it answers: grounding, retrieval, summaries.
    AiInput,
    /// Training a model that does not generate works: recognition, ranking, moderation.
    Train,
    /// Training a model that generates text, images or audio.
    TrainGenerative,
}

impl Use {
    /// Every use, in the fixed order.
    pub const ALL: [Self; 5] = [
        Self::Search,
        Self::Mining,
        Self::AiInput,
        Self::Train,
        Self::TrainGenerative,
    ];

    /// The word for this use in catalogs, on the command line and in findings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Mining => "mining",
            Self::AiInput => "ai-input",
            Self::Train => "train",
            Self::TrainGenerative => "train-generative",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Use {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Use {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let accepted = "search, mining, ai-input, train or train-generative";
        words::find("use", accepted, &Self::ALL, Self::as_str, text)
    }
}

/// A set of [`Use`]s; written as a list (`mining|train`, or `none` when empty), in JSON as an array.
///
/// Three readers, because the same word weighs differently in different hands:
///
/// | word | exactly ([`FromStr`]) | in a reservation ([`UseSet::parse_reservation`]) | in a license ([`UseSet::parse_license`]) |
/// |---|---|---|---|
/// | `none` | nothing | nothing, said explicitly | nothing |
/// | `all` | all five | all five | all five |
/// | `search` | search | search | search |
/// | `ai-input` | ai-input | ai-input | ai-input |
/// | `tdm` | refused | mining, train, train-generative | mining |
/// | `mining` | mining | mining, train, train-generative | mining |
/// | `train` | train | train, train-generative | train |
/// | `train-generative` | train-generative | train-generative | train-generative |
///
/// A reservation is read widely: training is a kind of text and data mining (Directive (EU)
/// 2019/790, Art. 2(2) and Art. 4(3); Regulation (EU) 2024/1689, Art. 53(1)(c)), and training in
/// general includes generative training. It does not reach search or input to a model, which have
/// words of their own. A license is read narrowly: it grants what it names and no more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Use>", into = "Vec<Use>")]
pub struct UseSet(u8);

const LIST_ACCEPTED: &str = "none, all, search, mining, ai-input, train or train-generative";
const READ_ACCEPTED: &str = "none, all, tdm, search, mining, ai-input, train or train-generative";

impl UseSet {
    /// No use.
    pub const NONE: Self = Self(0);
    /// All five uses.
    pub const ALL: Self = Self(0b1_1111);
    /// Text and data mining in the wide sense of Directive (EU) 2019/790, Art. 2(2): mining and
    /// both kinds of training.
    pub const TEXT_AND_DATA_MINING: Self =
        Self(Use::Mining.bit() | Use::Train.bit() | Use::TrainGenerative.bit());

    /// Whether `wanted` is in the set.
    pub const fn contains(self, wanted: Use) -> bool {
        self.0 & wanted.bit() != 0
    }

    /// Whether the set holds no use.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many uses the set holds, 0 to 5.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The uses in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The uses in the fixed order of [`Use::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Use> {
        Use::ALL
            .into_iter()
            .filter(move |&member| self.contains(member))
    }

    /// Reads the words of a reservation, widely (see the table above).
    ///
    /// ```
    /// # use clearance_rights::{Use, UseSet};
    /// let reserved = UseSet::parse_reservation("train")?;
    /// assert!(reserved.contains(Use::TrainGenerative));
    /// # Ok::<(), clearance_rights::WordError>(())
    /// ```
    pub fn parse_reservation(text: &str) -> Result<Self, WordError> {
        read_list("reserved use", READ_ACCEPTED, text, |word| match word {
            "tdm" | "mining" => Some(Self::TEXT_AND_DATA_MINING),
            "train" => Some([Use::Train, Use::TrainGenerative].into_iter().collect()),
            exact => exact_word(exact),
        })
    }

    /// Reads the words of a license, narrowly (see the table above).
    ///
    /// ```
    /// # use clearance_rights::{Use, UseSet};
    /// let granted = UseSet::parse_license("train")?;
    /// assert!(!granted.contains(Use::TrainGenerative));
    /// # Ok::<(), clearance_rights::WordError>(())
    /// ```
    pub fn parse_license(text: &str) -> Result<Self, WordError> {
        read_list("licensed use", READ_ACCEPTED, text, |word| match word {
            "tdm" => Some(Use::Mining.into()),
            exact => exact_word(exact),
        })
    }
}

/// Reads a list of words, each of which stands for a set of uses. Words are compared in lower case,
/// with `_` as `-`.
fn read_list(
    what: &'static str,
    accepted: &'static str,
    text: &str,
    meaning: impl Fn(&str) -> Option<UseSet>,
) -> Result<UseSet, WordError> {
    let mut uses = UseSet::NONE;
    let mut words_count = 0_usize;
    let mut none_seen = false;
    for word in words::split(text) {
        let normalized = word.to_ascii_lowercase().replace('_', "-");
        let Some(meant) = meaning(&normalized) else {
            return Err(WordError::Unknown {
                what,
                word: excerpt(word),
                accepted,
            });
        };
        none_seen |= meant.is_empty();
        words_count += 1;
        uses = uses.union(meant);
    }
    if words_count == 0 {
        return Err(WordError::Empty { what, accepted });
    }
    if none_seen && !uses.is_empty() {
        return Err(WordError::NoneBesideOthers {
            what,
            text: excerpt(text),
        });
    }
    Ok(uses)
}

fn exact_word(word: &str) -> Option<UseSet> {
    match word {
        "none" => Some(UseSet::NONE),
        "all" => Some(UseSet::ALL),
        name => Use::ALL
            .into_iter()
            .find(|member| member.as_str() == name)
            .map(UseSet::from),
    }
}

impl FromStr for UseSet {
    type Err = WordError;

    /// Reads what [`fmt::Display`] writes, and `all`: every word means exactly itself.
    fn from_str(text: &str) -> Result<Self, WordError> {
        read_list("use", LIST_ACCEPTED, text, exact_word)
    }
}

impl From<Use> for UseSet {
    fn from(member: Use) -> Self {
        Self(member.bit())
    }
}

impl FromIterator<Use> for UseSet {
    fn from_iter<I: IntoIterator<Item = Use>>(members: I) -> Self {
        members
            .into_iter()
            .fold(Self::NONE, |set, member| set.union(member.into()))
    }
}

impl From<Vec<Use>> for UseSet {
    fn from(members: Vec<Use>) -> Self {
        members.into_iter().collect()
    }
}

impl From<UseSet> for Vec<Use> {
    fn from(set: UseSet) -> Self {
        set.iter().collect()
    }
}

impl fmt::Display for UseSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        for (position, member) in self.iter().enumerate() {
            if position > 0 {
                f.write_str("|")?;
            }
            f.write_str(member.as_str())?;
        }
        Ok(())
    }
}

impl fmt::Debug for UseSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UseSet({self})")
    }
}
