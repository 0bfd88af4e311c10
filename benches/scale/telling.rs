//! Texts that nobody wrote, told from others.

use std::collections::HashMap;
use std::path::Path;

use crate::filling::{Random, files};

/// Words of a model, at most.
const MOST_WORDS: usize = 4_000_000;
/// Larger files are left out.
const MOST_FILE_BYTES: u64 = 16 << 20;
/// Share of the steps that look at one word instead of two.
const PAIR_STEPS: f64 = 0.5;

/// Which words follow which.
pub(crate) struct Model {
    words: Vec<u32>,
    names: Vec<String>,
    /// Where each word stands, and each pair of words.
    after_word: HashMap<u32, Vec<u32>>,
    after_pair: HashMap<(u32, u32), Vec<u32>>,
}

impl Model {
    /// Learns from the texts under a folder.
    pub(crate) fn read(folder: &Path) -> anyhow::Result<Self> {
        let mut model = Self {
            words: Vec::new(),
            names: Vec::new(),
            after_word: HashMap::new(),
            after_pair: HashMap::new(),
        };
        let mut numbers: HashMap<String, u32> = HashMap::new();
        for path in files(folder)? {
            if path.metadata()?.len() > MOST_FILE_BYTES || model.words.len() >= MOST_WORDS {
                continue;
            }
            let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
            for word in text.split_whitespace() {
                let next = numbers.len() as u32;
                let number = *numbers.entry(word.to_owned()).or_insert_with(|| {
                    model.names.push(word.to_owned());
                    next
                });
                model.words.push(number);
            }
        }
        for triple in model.words.windows(3) {
            let &[a, b, c] = triple else { continue };
            model.after_word.entry(b).or_default().push(c);
            model.after_pair.entry((a, b)).or_default().push(c);
        }
        anyhow::ensure!(model.words.len() > 1000, "too few words to learn from");
        Ok(model)
    }

    /// A new text.
    pub(crate) fn tell(&self, words: usize, seed: u64) -> String {
        let mut random = Random(seed);
        let mut text = String::new();
        let start = random.below(self.words.len() as u64 - 2) as usize;
        let (mut a, mut b) = (self.words[start], self.words[start + 1]);
        for at in 0..words {
            let pair = self.after_pair.get(&(a, b));
            let by_word = pair.is_none() || random.share() < PAIR_STEPS;
            let followers = if by_word {
                self.after_word.get(&b)
            } else {
                pair
            };
            let next = match followers {
                Some(followers) => followers[random.below(followers.len() as u64) as usize],
                None => self.words[random.below(self.words.len() as u64) as usize],
            };
            text.push_str(&self.names[next as usize]);
            text.push(if at % 12 == 11 { '\n' } else { ' ' });
            (a, b) = (b, next);
        }
        text
    }
}
