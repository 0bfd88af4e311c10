//! What files, pages and captions themselves say about their use, in one form.
//!
//! A sign is what stands in a file or beside it ([`Sign`], [`Assertion`], as found); a
//! [`Declaration`] is what it means: for each of the five uses an [`Answer`], with the scheme, the
//! place and the value it was read from. [`read`] goes from one to the other, [`combined`] joins
//! several declarations into one answer, and [`crate::Policy::decide_declared`] into a verdict.
//!
//! | module | reads |
//! |---|---|
//! | `plus` | the PLUS vocabulary, `plus:DataMining` |
//! | `tdmrep` | TDMRep, `tdm-reservation` and `tdm-policy` |
//! | `training` | the assertions `cawg.training-mining` and `c2pa.training-mining` |
//! | `tags` | copyright lines, licenses and identifiers: claims, which answer nothing |
//! | `combine` | several declarations to one answer |
//!
//! Three rules hold everywhere. Unknown is never allow. A denial is read widely and a permission
//! narrowly, as in [`crate::UseSet`]. The most restrictive answer wins, and who contradicts it is
//! named.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::words::{self, WordError, excerpt};
use crate::{Identifier, Use, UseSet};

mod combine;
mod plus;
mod read;
mod tags;
mod tdmrep;
mod training;

pub use combine::{Combined, combined};
pub use read::{Assertion, Damage, Sign, read};
pub(crate) use tdmrep::declaration as tdmrep_declaration;

/// Declarations kept of one item; nobody writes a tenth of that.
const DECLARATIONS_MAX: usize = 64;
/// Claims kept of one item.
const CLAIMS_MAX: usize = 64;
/// Identifiers kept of one item.
const IDENTIFIERS_MAX: usize = 64;

/// What a declaration says about one use, the more restrictive the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It may be done.
    Allow,
    /// Something is said that cannot be read or understood. Never counts as allowed.
    Unknown,
    /// It may be done on conditions that are stated elsewhere.
    Conditional,
    /// It may not be done.
    Deny,
}

impl Answer {
    /// The word for this answer in outputs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Unknown => "unknown",
            Self::Conditional => "conditional",
            Self::Deny => "deny",
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The convention that a declaration follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scheme {
    /// The PLUS property Data Mining in XMP (IPTC Photo Metadata Standard 2023.1).
    #[serde(rename = "plus:DataMining")]
    Plus,
    /// TDM Reservation Protocol (W3C Community Group report).
    #[serde(rename = "tdmrep")]
    Tdmrep,
    /// The CAWG assertion Training and Data Mining in a C2PA manifest.
    #[serde(rename = "cawg.training-mining")]
    Cawg,
    /// Its predecessor in C2PA 1.x.
    #[serde(rename = "c2pa.training-mining")]
    C2pa,
    /// Metadata that could not be read, and of which nobody knows what they declare.
    #[serde(rename = "unidentified")]
    Unidentified,
    /// The Robots Exclusion Protocol (RFC 9309).
    #[serde(rename = "robots.txt")]
    Robots,
    /// Spawning's ai.txt.
    #[serde(rename = "ai.txt")]
    AiTxt,
    /// Preferences in the vocabulary of the IETF's working group AIPREF.
    #[serde(rename = "Content-Usage")]
    ContentUsage,
    /// Content Signals (contentsignals.org).
    #[serde(rename = "Content-Signal")]
    ContentSignal,
    /// The header and the meta element for robots.
    #[serde(rename = "X-Robots-Tag")]
    RobotsTag,
    /// Really Simple Licensing.
    #[serde(rename = "rsl")]
    Rsl,
    /// A table of rules about places that the user gave.
    #[serde(rename = "listed")]
    Listed,
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Self; 12] = [
        Self::Plus,
        Self::Tdmrep,
        Self::Cawg,
        Self::C2pa,
        Self::Unidentified,
        Self::Robots,
        Self::AiTxt,
        Self::ContentUsage,
        Self::ContentSignal,
        Self::RobotsTag,
        Self::Rsl,
        Self::Listed,
    ];

    /// The scheme's name in outputs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plus => "plus:DataMining",
            Self::Tdmrep => "tdmrep",
            Self::Cawg => "cawg.training-mining",
            Self::C2pa => "c2pa.training-mining",
            Self::Unidentified => "unidentified",
            Self::Robots => "robots.txt",
            Self::AiTxt => "ai.txt",
            Self::ContentUsage => "Content-Usage",
            Self::ContentSignal => "Content-Signal",
            Self::RobotsTag => "X-Robots-Tag",
            Self::Rsl => "rsl",
            Self::Listed => "listed",
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Scheme {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let accepted = "plus:DataMining, tdmrep, cawg.training-mining, c2pa.training-mining, unidentified, robots.txt, ai.txt, Content-Usage, Content-Signal, X-Robots-Tag, rsl or listed";
        words::find("scheme", accepted, &Self::ALL, Self::as_str, text)
    }
}

/// Whether a declaration is signed, and what became of checking that.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Signature {
    /// The scheme knows no signature.
    #[default]
    None,
    /// The signature holds and its signer is trusted.
    Valid,
    /// The signature does not hold.
    Invalid,
    /// The signature holds; its signer is not on the list of those trusted.
    Untrusted,
    /// There may be a signature; it was not checked.
    Unverified,
}

impl Signature {
    /// The word for this state in outputs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Untrusted => "untrusted",
            Self::Unverified => "unverified",
        }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How near to the content a declaration stands. Of the declarations of one scheme that knows an
/// order of precedence (TDMRep), the nearest alone count.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Nearness {
    /// For a whole site, such as `/.well-known/tdmrep.json`.
    Site,
    /// In the header that an item was sent with.
    Header,
    /// In the markup of a page.
    Page,
    /// In the file itself.
    #[default]
    File,
}

/// What a declaration answers, use by use. A use that is not in it is not spoken of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<Use, Answer>);

impl Answers {
    /// One answer for each of `uses`.
    pub fn of(uses: UseSet, answer: Answer) -> Self {
        Self(uses.iter().map(|each| (each, answer)).collect())
    }

    /// What is said about a use.
    pub fn get(&self, wanted: Use) -> Option<Answer> {
        self.0.get(&wanted).copied()
    }

    /// The uses that are spoken of, in the fixed order, with their answers.
    pub fn iter(&self) -> impl Iterator<Item = (Use, Answer)> + '_ {
        self.0.iter().map(|(&each, &answer)| (each, answer))
    }

    /// Whether nothing is said about any use.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether some use is denied.
    pub fn denies_any(&self) -> bool {
        self.0.values().any(|&answer| answer == Answer::Deny)
    }

    /// Adds an answer; of two for one use the more restrictive stays.
    pub(crate) fn restrict(&mut self, wanted: Use, answer: Answer) {
        let known = self.0.entry(wanted).or_insert(answer);
        *known = answer.max(*known);
    }

    /// Adds an answer where nothing is said yet.
    pub(crate) fn supply(&mut self, wanted: Use, answer: Answer) {
        self.0.entry(wanted).or_insert(answer);
    }

    /// Makes every restriction unknown and forgets permissions.
    /// Nothing is permitted by what cannot be relied on; what is denied stays so.
    pub(crate) fn doubt(&mut self) {
        for answer in self.0.values_mut() {
            if *answer == Answer::Allow {
                *answer = Answer::Unknown;
            }
        }
    }

    pub(crate) fn weaken(&mut self) {
        self.0.retain(|_, answer| *answer != Answer::Allow);
        for answer in self.0.values_mut() {
            *answer = Answer::Unknown;
        }
    }
}

impl FromIterator<(Use, Answer)> for Answers {
    fn from_iter<I: IntoIterator<Item = (Use, Answer)>>(answers: I) -> Self {
        Self(answers.into_iter().collect())
    }
}

impl fmt::Display for Answers {
    /// `mining deny, train deny`; `—` where nothing is said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("—");
        }
        for (place, (each, answer)) in self.iter().enumerate() {
            let gap = if place > 0 { ", " } else { "" };
            write!(f, "{gap}{each} {answer}")?;
        }
        Ok(())
    }
}

/// One statement about the use of an item, as read from one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Declaration {
    /// The convention that it follows.
    pub scheme: Scheme,
    /// Where it stands, for people: `XMP (JPEG APP1)`.
    pub place: String,
    /// The value as written, shortened and on one line.
    pub value: String,
    /// What it says about each use.
    pub answers: Answers,
    /// Whether it is signed.
    #[serde(default)]
    pub signature: Signature,
    /// How near to the content it stands.
    #[serde(default)]
    pub nearness: Nearness,
    /// Where its terms can be read or a license be had.
    #[serde(default)]
    pub policy_url: Option<String>,
    /// Conditions in words, shortened and on one line.
    #[serde(default)]
    pub conditions: Option<String>,
    /// Why an answer is unknown, or how it was reached where that is not plain.
    #[serde(default)]
    pub reason: Option<String>,
}

impl Declaration {
    pub(crate) fn new(scheme: Scheme, place: &str, value: &str) -> Self {
        Self {
            scheme,
            place: excerpt(place),
            value: excerpt(value),
            answers: Answers::default(),
            signature: Signature::None,
            nearness: Nearness::File,
            policy_url: None,
            conditions: None,
            reason: None,
        }
    }

    pub(crate) fn answering(mut self, uses: UseSet, answer: Answer) -> Self {
        self.answers = Answers::of(uses, answer);
        self
    }

    pub(crate) fn because(mut self, reason: impl AsRef<str>) -> Self {
        self.reason = Some(excerpt(reason.as_ref()));
        self
    }

    /// Unknown for `uses`, and why.
    pub(crate) fn unknown(self, uses: UseSet, reason: impl AsRef<str>) -> Self {
        self.answering(uses, Answer::Unknown).because(reason)
    }
}

/// What a copyright line, a license or a name in a file claims. It is recorded for people; nothing
/// follows from it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Claim {
    /// What it is about: `copyright`, `license`, `creator`, `title`, `source`, `identifier`.
    pub subject: String,
    /// Where it stands: `ID3 TCOP`.
    pub place: String,
    /// The text, shortened and on one line.
    pub value: String,
}

/// Everything that an item says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Embedded {
    /// What it declares about its use, at most 64, in the order in which it was found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declarations: Vec<Declaration>,
    /// Identifiers with sound check digits, sorted, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// Copyright lines and the like, in the order in which they were found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
}

impl Embedded {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.declarations.is_empty() && self.identifiers.is_empty() && self.claims.is_empty()
    }

    /// What the item declares about one use, all declarations together.
    pub fn answer(&self, wanted: Use) -> Option<Combined<'_>> {
        combined(&self.declarations, wanted)
    }

    /// The same without declarations in the schemes of `others`.
    #[must_use]
    pub fn without_schemes_of(&self, others: &Self) -> Self {
        let is_kept = |scheme| others.declarations.iter().all(|it| it.scheme != scheme);
        let declarations = self.declarations.iter().filter(|it| is_kept(it.scheme));
        Self {
            declarations: declarations.cloned().collect(),
            ..Self::default()
        }
    }

    /// The declaration that decides about `wanted`, or the first that says anything.
    pub fn deciding(&self, wanted: Use) -> Option<&Declaration> {
        let said = self.answer(wanted).map(|said| said.by);
        said.or_else(|| self.declarations.iter().find(|it| !it.answers.is_empty()))
    }

    /// Whether its texts are as this crate writes them, each short and on one line. What comes back
    /// from somebody else's table is asked this before it is shown.
    pub fn is_sound(&self) -> bool {
        let declared = self.declarations.iter().flat_map(|it| {
            let optional = [&it.policy_url, &it.conditions, &it.reason];
            let optional = optional.into_iter().flatten();
            [&it.place, &it.value].into_iter().chain(optional)
        });
        let claimed = self
            .claims
            .iter()
            .flat_map(|it| [&it.subject, &it.place, &it.value]);
        self.declarations.len() <= DECLARATIONS_MAX
            && self.identifiers.len() <= IDENTIFIERS_MAX
            && self.claims.len() <= CLAIMS_MAX
            && declared.chain(claimed).all(|text| words::is_excerpt(text))
    }

    /// Whether it is worth reporting where `wanted` is planned: some use is denied, or the planned
    /// one is answered by more than a permission.
    pub fn is_notable(&self, wanted: Use) -> bool {
        let denies = self.declarations.iter().any(|it| it.answers.denies_any());
        denies
            || self
                .answer(wanted)
                .is_some_and(|it| it.answer != Answer::Allow)
    }
}
