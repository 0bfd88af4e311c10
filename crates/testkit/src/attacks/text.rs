//! Alterations of text that leave its words as they are.

use crate::prng::Prng;

/// The words from number `first` on, `count` of them, joined by single blanks.
pub fn excerpt(text: &str, first: usize, count: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().skip(first).take(count).collect();
    words.join(" ")
}

/// Everything in capitals.
pub fn upper_case(text: &str) -> String {
    text.to_uppercase()
}

/// About one word in six with its case changed.
pub fn case_noise(text: &str, seed: u64) -> String {
    let mut prng = Prng::for_purpose(seed, "case");
    map_words(text, |word| match prng.below(12) {
        0 => word.to_uppercase(),
        1 => word.to_lowercase(),
        _ => word.to_owned(),
    })
}

/// Blanks between words replaced now and then by several blanks, tabs, no-break spaces or
/// line ends. Other white space stays as it is.
pub fn whitespace_noise(text: &str, seed: u64) -> String {
    let mut prng = Prng::for_purpose(seed, "whitespace");
    let choices = ["  ", "\t", "\u{a0}", "\n", " \u{2009}", "   "];
    text.chars()
        .map(|letter| {
            if letter == ' ' && prng.chance(0.25) {
                (*prng.pick(&choices)).to_owned()
            } else {
                letter.to_string()
            }
        })
        .collect()
}

/// Punctuation dropped, doubled or turned into another mark: straight quotes for curly ones,
/// semicolons for commas, a dash for a full stop.
pub fn punctuation_noise(text: &str, seed: u64) -> String {
    let mut prng = Prng::for_purpose(seed, "punctuation");
    text.chars()
        .map(|letter| match (letter, prng.below(3)) {
            ('“' | '”', _) => "\"".to_owned(),
            ('’', _) => "'".to_owned(),
            (',' | '.', 0) => String::new(),
            (',', 1) => ";".to_owned(),
            ('.', 1) => " –".to_owned(),
            _ => letter.to_string(),
        })
        .collect()
}

/// Lines of at most `columns` characters, words broken with a hyphen at the line end, as in
/// the text layer of a scanned book. Paragraphs stay apart.
pub fn hyphen_wrap(text: &str, columns: usize) -> String {
    let columns = columns.max(8);
    let paragraphs = text.split("\n\n").map(|paragraph| {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let room = columns.saturating_sub(line.chars().count() + usize::from(!line.is_empty()));
            let length = word.chars().count();
            if length > room {
                // A break leaves at least three letters on both lines and the hyphen in room.
                let is_breakable = word.chars().all(char::is_alphabetic);
                let head = (room.saturating_sub(1)).min(length.saturating_sub(3));
                if is_breakable && head >= 3 {
                    let split = word
                        .char_indices()
                        .nth(head)
                        .map_or(word.len(), |(at, _)| at);
                    push_word(&mut line, &word[..split]);
                    line.push('-');
                    lines.push(std::mem::replace(&mut line, word[split..].to_owned()));
                    continue;
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
            }
            push_word(&mut line, word);
        }
        lines.push(line);
        lines.join("\n")
    });
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

/// `excerpt` set between the paragraphs of `host`, about in the middle.
pub fn quote_inside(host: &str, excerpt: &str) -> String {
    let mut paragraphs: Vec<&str> = host.split("\n\n").collect();
    let quoted = format!("As it was put long ago: “{excerpt}”");
    paragraphs.insert(paragraphs.len().div_ceil(2), &quoted);
    paragraphs.join("\n\n")
}

fn push_word(line: &mut String, word: &str) {
    if !line.is_empty() {
        line.push(' ');
    }
    line.push_str(word);
}

/// Changes each run of letters without white space; white space stays.
fn map_words(text: &str, mut change: impl FnMut(&str) -> String) -> String {
    text.split_inclusive(char::is_whitespace)
        .map(|piece| {
            let word = piece.trim_end();
            change(word) + &piece[word.len()..]
        })
        .collect()
}
