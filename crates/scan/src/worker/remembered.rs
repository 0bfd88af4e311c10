//! Items that stand in the dataset more than once are examined once, as far as memory goes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use clearance_decode::Media;
use clearance_index::{Match, NameFound};
use dashmap::DashMap;

use super::{Examined, Outcome};
use crate::reading::Said;

/// What one generation takes, about; there are two. Part of what the README says a scan takes.
const GENERATION_BYTES: usize = 16 << 20;
/// What an entry takes beside what grows with its contents: itself, twice for the room that a map
/// keeps free.
const ENTRY_BYTES: usize = 2 * size_of::<(ItemKey, Known)>() + size_of::<Examined>();
/// A declaration with its texts, a few hundred letters.
const DECLARATION_BYTES: usize = 1024;

/// What an item's outcome depends on: its bytes, what its column says it is, and
/// the ending of its name, which breaks ties between kinds of text.
pub(super) type ItemKey = ([u8; 32], Option<Media>, Option<String>);

/// What is remembered of an item.
type Known = (Outcome, Option<Arc<Said>>);

/// Outcomes by item, those that were asked for lately. Shared by all threads.
///
/// When the young generation is full it becomes the old one, and the old one goes. What is asked for
/// moves to the young one, so that an item that comes again and again stays.
#[derive(Default)]
pub(super) struct Remembered {
    generations: RwLock<Generations>,
    /// Of the young one.
    bytes: AtomicUsize,
}

#[derive(Default)]
struct Generations {
    young: DashMap<ItemKey, Known>,
    old: DashMap<ItemKey, Known>,
}

impl Remembered {
    pub(super) fn get(&self, key: &ItemKey) -> Option<Known> {
        let generations = self.generations.read();
        let generations = generations.unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = generations.young.get(key) {
            return Some(known.clone());
        }
        let (key, known) = generations.old.remove(key)?;
        drop(generations);
        self.keep(key, &known);
        Some(known)
    }

    /// Keeps an outcome.
    pub(super) fn keep(&self, key: ItemKey, known: &Known) {
        let bytes = ENTRY_BYTES + bytes(known);
        if bytes > GENERATION_BYTES {
            return;
        }
        let before = self.bytes.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > GENERATION_BYTES {
            self.age(bytes);
        }
        let generations = self.generations.read();
        let generations = generations.unwrap_or_else(PoisonError::into_inner);
        generations.young.insert(key, known.clone());
    }

    /// Begins a generation, with `bytes` in it soon, unless another thread just did.
    fn age(&self, bytes: usize) {
        let generations = self.generations.write();
        let mut generations = generations.unwrap_or_else(PoisonError::into_inner);
        if self.bytes.load(Ordering::Relaxed) > GENERATION_BYTES {
            generations.old = std::mem::take(&mut generations.young);
            self.bytes.store(bytes, Ordering::Relaxed);
        }
    }
}

fn bytes((outcome, said): &Known) -> usize {
    let said = said.as_ref().map_or(0, |said| {
        said.embedded.declarations.len() * DECLARATION_BYTES
    });
    said + match outcome {
        Outcome::Examined(examined) => examined.bytes(),
        Outcome::Unreadable(reason) | Outcome::Skipped(reason) => reason.len(),
        Outcome::Origin => 0,
    }
}

impl Examined {
    /// About what it takes in memory beside itself.
    fn bytes(&self) -> usize {
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let views = self.views.iter().map(|view| {
            let sound = view.sound.as_ref().map_or(0, |sound| {
                size_of_val(sound.item.as_slice())
                    + size_of_val(sound.work.as_slice())
                    + size_of_val(sound.aligned.as_slice())
            });
            size_of_val(view) + length(&view.excerpt) + length(&view.work_excerpt) + sound
        });
        self.matches.len() * size_of::<Match>()
            + self.mentions.len() * size_of::<NameFound>()
            + self.coded.len() * 2 * size_of::<String>()
            + views.sum::<usize>()
            + length(&self.partial)
            + self.thumbnail.as_ref().map_or(0, Vec::len)
    }
}

#[cfg(test)]
mod tests;
