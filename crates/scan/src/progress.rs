//! How far a scan is, for whoever shows it.

use std::sync::atomic::{AtomicU64, Ordering};

use clearance_decode::Media;

/// Counters that a scan raises as it goes. Reading them never disturbs it.
#[derive(Debug, Default)]
pub struct Progress {
    rows: AtomicU64,
    items: [AtomicU64; 3],
    findings: AtomicU64,
    unreadable: AtomicU64,
    bytes: AtomicU64,
}

/// The counters at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProgressCounts {
    /// Rows read so far.
    pub rows: u64,
    /// Items examined so far: audio, image, text.
    pub items: [u64; 3],
    /// Findings so far.
    pub findings: u64,
    /// Items that could not be read so far.
    pub unreadable: u64,
    /// Bytes of items examined so far.
    pub bytes: u64,
}

impl Progress {
    /// The counters now.
    pub fn counts(&self) -> ProgressCounts {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        ProgressCounts {
            rows: get(&self.rows),
            items: [
                get(&self.items[0]),
                get(&self.items[1]),
                get(&self.items[2]),
            ],
            findings: get(&self.findings),
            unreadable: get(&self.unreadable),
            bytes: get(&self.bytes),
        }
    }

    pub(crate) fn add_rows(&self, rows: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
    }

    pub(crate) fn add_bytes(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn add_item(&self, media: Media, findings: usize) {
        self.items[media as usize].fetch_add(1, Ordering::Relaxed);
        self.findings.fetch_add(findings as u64, Ordering::Relaxed);
    }

    pub(crate) fn add_findings(&self, findings: usize) {
        if findings > 0 {
            self.findings.fetch_add(findings as u64, Ordering::Relaxed);
        }
    }

    pub(crate) fn add_unreadable(&self) {
        self.unreadable.fetch_add(1, Ordering::Relaxed);
    }
}
