//! Items that stand in the dataset more than once are examined once, as far as memory goes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clearance_decode::Media;
use clearance_index::{Match, NameFound};
use dashmap::DashMap;

use super::{Examined, Outcome};
use crate::reading::Said;

/// What is remembered takes about this many bytes; items after that are examined anew.
const MOST_BYTES: usize = 64 << 20;
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

/// Outcomes by item. Shared by all threads.
#[derive(Default)]
pub(super) struct Remembered {
    known: DashMap<ItemKey, Known>,
    bytes: AtomicUsize,
}

impl Remembered {
    pub(super) fn get(&self, key: &ItemKey) -> Option<Known> {
        self.known.get(key).map(|known| known.clone())
    }

    /// Keeps an outcome, while there is room.
    pub(super) fn keep(&self, key: ItemKey, known: &Known) {
        let bytes = ENTRY_BYTES + bytes(known);
        let before = self.bytes.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > MOST_BYTES {
            self.bytes.fetch_sub(bytes, Ordering::Relaxed);
        } else {
            self.known.insert(key, known.clone());
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
