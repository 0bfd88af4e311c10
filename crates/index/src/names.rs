//! Titles of registered works and names of their creators in running text.
//!
//! A name is no copy, and says nothing of one: what is found here is a mention. All names are looked
//! for in one pass (Aho and Corasick, *Efficient string matching*, 1975), as whole words, with case
//! and accents folded ([`FoldedWords`]).
//!
//! Names that are everyday words are held back, because every text has them: those of one word that
//! is short or common, and those of two or three words that are all common. What is common stands in
//! `names/common.txt`. On 5.8 million words that the list was not made from (the Anarchist FAQ, the
//! Jargon File, fortunes in four languages, the World English Bible), 165 titles and creators, many
//! of them everyday words (`Time`, `It`, `Prince`), stand in 19,580 items; 87 of them are held back,
//! and 345 mentions are left. Of these 283 are names of several words, nearly all meant as such; of
//! the 62 of one word (`Hello`, `Genesis`, `Oasis`) most are not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use clearance_fingerprint::text::{FoldedWords, is_word_of_its_own};
use serde::{Deserialize, Serialize};

use crate::{Snapshot, WorkRecord};

/// The words that are most frequent in books of some languages, folded, one a line; lines with `#`
/// say where they come from.
static COMMON: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("names/common.txt").lines();
    lines.filter(|line| !line.starts_with('#')).collect()
});

/// Letters that a name of one word has at least.
const LETTERS_OF_ONE_WORD: usize = 5;
/// Letters that a name has at least in a script that is written without blanks.
const LETTERS_WITHOUT_BLANKS: usize = 3;
/// From so many words on common ones make a name.
const COMMON_WORDS_OF_A_NAME: usize = 4;
/// Longest name, in folded bytes; longer titles are descriptions.
const NAME_BYTES_MAX: usize = 256;
/// Bytes of all names together. The automaton takes some fifty times as much.
const ALL_BYTES_MAX: usize = 32 << 20;
/// Names reported of one text, in the order of their places.
const FOUND_MAX: usize = 100;

/// What a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NameRole {
    /// A registered work.
    Title,
    /// Somebody who made one.
    Creator,
}

impl NameRole {
    /// `title` or `creator`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Creator => "creator",
        }
    }
}

/// A name that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As the registry spells it; of several spellings the first in alphabetical order.
    pub text: String,
    /// What it is of.
    pub role: NameRole,
    /// How many registered works have it.
    pub works: u32,
    /// The work, when it is one.
    pub work_id: Option<String>,
}

/// A name in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameFound {
    /// Which, for [`Names::name`].
    pub name: usize,
    /// Its first place: characters of the text, from 0.
    pub start: usize,
    /// The end of that place.
    pub end: usize,
    /// How often it stands in the text, within longer names not counted.
    pub times: u32,
}

/// All names of a registry, ready to be looked for. Shared by all threads.
pub struct Names {
    automaton: Option<AhoCorasick>,
    known: Vec<Name>,
    held_back: u64,
}

impl Names {
    /// Titles and creators of every work of a snapshot. A name that is written `Cole, Ada` is looked
    /// for as `Ada Cole` as well.
    pub fn of(snapshot: &Snapshot) -> Self {
        Self::new(snapshot.works())
    }

    fn new<'w>(works: impl Iterator<Item = &'w WorkRecord>) -> Self {
        let (known, held_back) = collect(works);
        let patterns: Vec<&str> = known.keys().map(|(folded, _)| folded.as_str()).collect();
        // It refuses only what is far beyond the bound on all names.
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::Standard)
            .build(&patterns)
            .ok();
        Self {
            automaton,
            known: known.into_values().collect(),
            held_back,
        }
    }

    /// How many names are looked for, and how many are held back. Cheaper than to build the
    /// automaton.
    pub fn counts(snapshot: &Snapshot) -> (u64, u64) {
        let (known, held_back) = collect(snapshot.works());
        (known.len() as u64, held_back)
    }

    /// A name that was found.
    pub fn name(&self, number: usize) -> Option<&Name> {
        self.known.get(number)
    }

    /// How many names are looked for.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there is no name to look for.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// How many names are not looked for: everyday words, and what is too long or too much.
    pub fn held_back(&self) -> u64 {
        self.held_back
    }

    /// The names in a text, each once, by their first places; at most a hundred. A name within a
    /// longer one is not counted.
    pub fn find(&self, text: &str) -> Vec<NameFound> {
        let Some(automaton) = self.automaton.as_ref().filter(|_| !self.is_empty()) else {
            return Vec::new();
        };
        let folded = FoldedWords::new(text);
        let letters = folded.as_str();
        let is_word_end = |end: usize| letters.as_bytes().get(end) == Some(&b' ');
        let mut places: Vec<(usize, usize, usize)> = automaton
            .find_overlapping_iter(letters)
            .filter(|found| is_word_end(found.end()))
            .map(|found| (found.start(), found.end(), found.pattern().as_usize()))
            .collect();
        // Longer ones first, so that what lies within one comes behind it.
        places.sort_unstable_by_key(|&(start, end, name)| (start, usize::MAX - end, name));
        let mut found: BTreeMap<usize, NameFound> = BTreeMap::new();
        let mut longest = (0, 0);
        for (start, end, name) in places {
            if end < longest.1 || (end == longest.1 && start > longest.0) {
                continue;
            }
            longest = (start, end);
            // Behind the blank that every name is looked for with.
            let Some(place) = folded.characters(start + 1..end) else {
                continue;
            };
            let known = found.entry(name).or_insert(NameFound {
                name,
                start: place.start,
                end: place.end,
                times: 0,
            });
            known.times = known.times.saturating_add(1);
        }
        let mut found: Vec<NameFound> = found.into_values().collect();
        found.sort_by_key(|it| (it.start, it.end, it.name));
        found.truncate(FOUND_MAX);
        found
    }
}

/// Names by what is looked for, a blank before the first word; and how many are held back.
fn collect<'w>(
    works: impl Iterator<Item = &'w WorkRecord>,
) -> (BTreeMap<(String, NameRole), Name>, u64) {
    let mut known: BTreeMap<(String, NameRole), Name> = BTreeMap::new();
    let mut held_back = BTreeSet::new();
    let mut bytes = 0;
    for record in works {
        let work = &record.work;
        let titles = work.title.iter().map(|title| (title, NameRole::Title));
        let creators = work.creators.iter();
        let creators = creators.map(|creator| (creator, NameRole::Creator));
        let mut of_work = BTreeMap::new();
        for (name, role) in titles.chain(creators) {
            for form in forms(name, role) {
                of_work.entry((form, role)).or_insert(name);
            }
        }
        for ((form, role), name) in of_work {
            let words = FoldedWords::new(&form);
            let pattern = words.as_str().trim_end();
            if pattern.is_empty() {
                continue;
            }
            let key = (pattern.to_owned(), role);
            let is_new = !known.contains_key(&key);
            if is_held_back(&words) || (is_new && bytes + pattern.len() > ALL_BYTES_MAX) {
                held_back.insert(key);
                continue;
            }
            bytes += if is_new { pattern.len() } else { 0 };
            let entry = known.entry(key).or_insert_with(|| Name {
                text: name.clone(),
                role,
                works: 0,
                work_id: None,
            });
            entry.works += 1;
            entry.work_id = (entry.works == 1).then(|| work.work_id.clone());
            if *name < entry.text {
                entry.text.clone_from(name);
            }
        }
    }
    (known, held_back.len() as u64)
}

/// How a name may be written: as it is, and the right way round.
fn forms(name: &str, role: NameRole) -> Vec<String> {
    let mut forms = vec![name.to_owned()];
    if role == NameRole::Creator
        && let Some((family, given)) = name.split_once(',')
        && !given.contains(',')
    {
        forms.push(format!("{} {}", given.trim(), family.trim()));
    }
    forms
}

fn is_held_back(words: &FoldedWords) -> bool {
    let letters = words.as_str();
    if letters.len() > NAME_BYTES_MAX {
        return true;
    }
    let all: Vec<&str> = words.words().collect();
    let is_without_blanks = |word: &&str| word.chars().all(is_word_of_its_own);
    if all.iter().all(is_without_blanks) {
        return all.len() < LETTERS_WITHOUT_BLANKS;
    }
    let is_common = |word: &&str| {
        let is_short = word.chars().count() < 3;
        is_short || COMMON.contains(*word) || word.chars().all(char::is_numeric)
    };
    match all.as_slice() {
        [word] => word.chars().count() < LETTERS_OF_ONE_WORD || is_common(word),
        several => several.len() < COMMON_WORDS_OF_A_NAME && several.iter().all(is_common),
    }
}

#[cfg(test)]
mod tests;
