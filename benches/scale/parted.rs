//! The same registry in parts: what is said between a search and the parts, and what that costs.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clearance_index::{Division, Exchange, LocalParts, Snapshot, set_exchange, split_registry};

/// Into how many parts registries are divided.
const PARTS: usize = 8;

/// Asks parts in this process, and counts what would go over a network.
pub(crate) struct Counting {
    parts: LocalParts,
    asked: AtomicU64,
    answered: AtomicU64,
    rounds: AtomicU64,
}

impl Exchange for Counting {
    fn exchange(&self, questions: Vec<(usize, Vec<u8>)>) -> Result<Vec<Vec<u8>>, String> {
        let bytes = |messages: usize| messages as u64;
        let asked = questions.iter().map(|(_, message)| message.len()).sum();
        self.asked.fetch_add(bytes(asked), Ordering::Relaxed);
        self.rounds.fetch_add(1, Ordering::Relaxed);
        let answers = self.parts.exchange(questions)?;
        let answered = answers.iter().map(Vec::len).sum();
        self.answered.fetch_add(bytes(answered), Ordering::Relaxed);
        Ok(answers)
    }
}

impl Counting {
    /// What was asked and answered since the last time: bytes of questions, of answers, rounds.
    pub(crate) fn taken(&self) -> [u64; 3] {
        [&self.asked, &self.answered, &self.rounds].map(|count| count.swap(0, Ordering::Relaxed))
    }
}

/// A registry in parts, open.
pub(crate) struct Parted {
    pub(crate) snapshot: Snapshot,
    pub(crate) counting: Arc<Counting>,
    /// Bytes of the largest part against the mean.
    pub(crate) largest: f64,
    /// Bytes of all parts.
    pub(crate) bytes: u64,
}

/// Divides a registry into a folder, and opens it.
pub(crate) fn parted(registry: &Path, folder: &Path) -> anyhow::Result<Parted> {
    let parts = split_registry(registry, folder, PARTS, None)?;
    let bytes: u64 = parts.iter().map(|part| part.bytes).sum();
    let most = parts.iter().map(|part| part.bytes).max().unwrap_or(0);
    let counting = Arc::new(Counting {
        parts: LocalParts::open(folder, &Division::read(folder)?)?,
        asked: AtomicU64::new(0),
        answered: AtomicU64::new(0),
        rounds: AtomicU64::new(0),
    });
    set_exchange(Some(Arc::clone(&counting) as Arc<dyn Exchange>));
    let snapshot = Snapshot::open(folder)?;
    set_exchange(None);
    Ok(Parted {
        snapshot,
        counting,
        largest: most as f64 * PARTS as f64 / bytes.max(1) as f64,
        bytes,
    })
}
