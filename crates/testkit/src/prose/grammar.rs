//! Sentences from a small grammar whose every clause carries several open choices.

use super::vocabulary;
use crate::prng::Prng;

/// A writer with its word lists and the people and places of its story.
pub(super) struct Author {
    prng: Prng,
    nouns: Vec<&'static str>,
    adjectives: Vec<&'static str>,
    transitive: Vec<&'static str>,
    intransitive: Vec<&'static str>,
    adverbs: Vec<&'static str>,
    prepositions: Vec<&'static str>,
    people: Vec<String>,
    places: Vec<String>,
}

fn words(list: &'static str) -> Vec<&'static str> {
    list.split_whitespace().collect()
}

/// An invented name of two to four syllables.
pub(super) fn invent_name(prng: &mut Prng) -> String {
    let syllables = words(vocabulary::SYLLABLES);
    let endings = words(vocabulary::NAME_ENDINGS);
    let mut name = String::new();
    for _ in 0..=prng.below(2) {
        name.push_str(syllables[prng.below(syllables.len())]);
    }
    name.push_str(endings[prng.below(endings.len())]);
    capitalise(&name)
}

/// The text with its first letter in upper case.
pub(super) fn capitalise(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

impl Author {
    pub(super) fn new(seed: u64) -> Self {
        let mut prng = Prng::for_purpose(seed, "prose");
        let people = (0..4 + prng.below(4))
            .map(|_| invent_name(&mut prng))
            .collect();
        let places = (0..3 + prng.below(3))
            .map(|_| invent_name(&mut prng))
            .collect();
        Self {
            prng,
            nouns: words(vocabulary::NOUNS),
            adjectives: words(vocabulary::ADJECTIVES),
            transitive: words(vocabulary::TRANSITIVE),
            intransitive: words(vocabulary::INTRANSITIVE),
            adverbs: words(vocabulary::ADVERBS),
            prepositions: words(vocabulary::PREPOSITIONS),
            people,
            places,
        }
    }

    /// Three to seven sentences.
    pub(super) fn paragraph(&mut self) -> String {
        let count = 3 + self.prng.below(5);
        let sentences: Vec<String> = (0..count).map(|_| self.sentence()).collect();
        sentences.join(" ")
    }

    fn sentence(&mut self) -> String {
        let (text, end) = match self.prng.below(9) {
            0 => (format!("when {}, {}", self.clause(), self.clause()), "."),
            1 => (format!("{} because {}", self.clause(), self.clause()), "."),
            2 => (format!("{}, but {}", self.clause(), self.clause()), "."),
            3 => (format!("{}, {}", self.place_phrase(), self.clause()), "."),
            4 => {
                let speaker = self.person();
                let verb = *self
                    .prng
                    .pick(&["said", "asked", "replied", "cried", "whispered"]);
                let speech = capitalise(&self.clause());
                (format!("“{speech},” {verb} {speaker}"), ".")
            }
            5 => (format!("{} and {}", self.clause(), self.predicate()), "."),
            6 => (self.relative_clause(), "."),
            7 if self.prng.chance(0.4) => (format!("who knew whether {}", self.clause()), "?"),
            7 => (self.dated_clause(), "."),
            _ => (self.clause(), "."),
        };
        capitalise(&text) + end
    }

    fn clause(&mut self) -> String {
        format!("{} {}", self.subject(), self.predicate())
    }

    fn relative_clause(&mut self) -> String {
        let subject = self.noun_phrase();
        let (inner, outer) = (self.predicate(), self.predicate());
        format!("{subject} that {inner} {outer}")
    }

    fn dated_clause(&mut self) -> String {
        let year = 1650 + self.prng.below(370);
        let place = self.place();
        format!("in {year}, at {place}, {}", self.clause())
    }

    fn subject(&mut self) -> String {
        if self.prng.chance(0.3) {
            self.person()
        } else {
            self.noun_phrase()
        }
    }

    fn predicate(&mut self) -> String {
        let adverb = if self.prng.chance(0.35) {
            format!("{} ", self.prng.pick(&self.adverbs))
        } else {
            String::new()
        };
        if self.prng.chance(0.3) {
            let verb = *self.prng.pick(&self.intransitive);
            format!("{adverb}{verb} {}", self.place_phrase())
        } else {
            let verb = *self.prng.pick(&self.transitive);
            let target = self.noun_phrase();
            if self.prng.chance(0.35) {
                format!("{adverb}{verb} {target} {}", self.place_phrase())
            } else {
                format!("{adverb}{verb} {target}")
            }
        }
    }

    fn place_phrase(&mut self) -> String {
        let preposition = *self.prng.pick(&self.prepositions);
        if self.prng.chance(0.2) {
            format!("{preposition} {}", self.place())
        } else {
            format!("{preposition} {}", self.noun_phrase())
        }
    }

    fn noun_phrase(&mut self) -> String {
        let noun = *self.prng.pick(&self.nouns);
        let adjective = *self.prng.pick(&self.adjectives);
        match self.prng.below(8) {
            0 => {
                let count = *self
                    .prng
                    .pick(&["two", "three", "four", "seven", "nine", "several", "many"]);
                format!("{count} {adjective} {}", plural(noun))
            }
            1 => format!("{} {noun}", with_article(adjective)),
            2 => format!("the {noun} of {}", self.place()),
            3 => format!("{}’s {adjective} {noun}", self.person()),
            4 => {
                let owner = *self.prng.pick(&self.nouns);
                format!("the {adjective} {noun} of the {owner}")
            }
            5 => format!(
                "{} {adjective} {noun}",
                self.prng.pick(&["his", "her", "their", "our", "every"])
            ),
            _ => format!("the {adjective} {noun}"),
        }
    }

    fn person(&mut self) -> String {
        self.prng.pick(&self.people).clone()
    }

    fn place(&mut self) -> String {
        self.prng.pick(&self.places).clone()
    }
}

fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {word}")
}

fn plural(noun: &str) -> String {
    let hisses = ["s", "x", "ch", "sh", "z"];
    if hisses.iter().any(|ending| noun.ends_with(ending)) {
        return format!("{noun}es");
    }
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    }
}
