//! Synthetic prose: readable sentences that mean little, in English and in two other scripts.

mod grammar;
mod vocabulary;

use crate::prng::Prng;

/// English-like prose of at least `words` words, ending with a sentence; paragraphs are
/// separated by a blank line.
///
/// Every clause draws from several hundred words for each open place and from names invented
/// for the seed, so a run of eight words is not expected to occur in two texts.
///
/// ```
/// use clearance_testkit::prose;
/// let text = prose::write(7, 100);
/// assert!(text.split_whitespace().count() >= 100);
/// assert!(text.ends_with(['.', '?']));
/// ```
pub fn write(seed: u64, words: usize) -> String {
    let mut author = grammar::Author::new(seed);
    let mut paragraphs = Vec::new();
    let mut count = 0;
    while count < words {
        let paragraph = author.paragraph();
        count += paragraph.split_whitespace().count();
        paragraphs.push(paragraph);
    }
    paragraphs.join("\n\n")
}

/// A title of three to five capitalised words.
pub fn title(seed: u64) -> String {
    let mut prng = Prng::for_purpose(seed, "title");
    let pick = |prng: &mut Prng, list: &'static str| {
        let words: Vec<&str> = list.split_whitespace().collect();
        grammar::capitalise(words[prng.below(words.len())])
    };
    let adjective = pick(&mut prng, vocabulary::ADJECTIVES);
    let noun = pick(&mut prng, vocabulary::NOUNS);
    let second = pick(&mut prng, vocabulary::NOUNS);
    match prng.below(3) {
        0 => format!("The {adjective} {noun}"),
        1 => format!("{noun} of the {adjective} {second}"),
        _ => format!("A {second} for {}", grammar::invent_name(&mut prng)),
    }
}

/// One sentence of `words` words without names, as the caption of a picture.
pub fn caption(seed: u64, words: usize) -> String {
    let mut prng = Prng::for_purpose(seed, "caption");
    let adjectives: Vec<&str> = vocabulary::ADJECTIVES.split_whitespace().collect();
    let nouns: Vec<&str> = vocabulary::NOUNS.split_whitespace().collect();
    let drawn: Vec<&str> = (0..words)
        .map(|index| {
            let list = if index % 2 == 0 { &adjectives } else { &nouns };
            *prng.pick(list)
        })
        .collect();
    drawn.join(" ")
}

/// Chinese-like text of at least `characters` characters, without blanks between words.
pub fn write_cjk(seed: u64, characters: usize) -> String {
    let mut prng = Prng::for_purpose(seed, "cjk");
    let words: Vec<&str> = vocabulary::CJK_WORDS.split_whitespace().collect();
    let mut text = String::new();
    let mut count = 0;
    while count < characters {
        let clause_words = 4 + prng.below(5);
        for index in 0..clause_words {
            let word = prng.pick(&words);
            text.push_str(word);
            count += word.chars().count();
            if index + 1 < clause_words && prng.chance(0.35) {
                text.push(*prng.pick(&['的', '在', '了', '和', '把', '从', '向', '与']));
                count += 1;
            }
        }
        text.push(*prng.pick(&['。', '，', '，', '；', '！']));
        count += 1;
    }
    text.pop();
    text.push('。');
    text
}

/// Russian-like text of at least `words` words in sentences and paragraphs.
pub fn write_cyrillic(seed: u64, words: usize) -> String {
    let mut prng = Prng::for_purpose(seed, "cyrillic");
    let stems: Vec<&str> = vocabulary::CYRILLIC_STEMS.split_whitespace().collect();
    let endings: Vec<&str> = vocabulary::CYRILLIC_ENDINGS.split_whitespace().collect();
    let links = ["и", "в", "на", "но", "не", "за", "от", "под", "как", "что"];
    let mut text = String::new();
    let mut count = 0;
    while count < words {
        let length = 6 + prng.below(9);
        for index in 0..length {
            let is_link = index > 0 && index + 1 < length && prng.chance(0.2);
            let word = if is_link {
                (*prng.pick(&links)).to_owned()
            } else {
                format!("{}{}", prng.pick(&stems), prng.pick(&endings))
            };
            if index == 0 {
                text.push_str(&grammar::capitalise(&word));
            } else {
                text.push_str(&word);
            }
            let is_last = index + 1 == length;
            text.push_str(if is_last { "." } else { " " });
        }
        count += length;
        text.push_str(if prng.chance(0.15) { "\n\n" } else { " " });
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests;
