//! One version of one remote file.

use std::error::Error as _;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use object_store::{
    Error as StoreError, GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt,
};

use super::RemoteIdentity;
use super::stores::Place;

/// Longest text that a store's error may add to ours, in letters.
const LONGEST_WORDS: usize = 400;
/// The longest pause before a part that came incomplete is asked for again.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Why a remote file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// It is not there.
    Missing,
    /// In words, with what to do.
    Other(String),
}

/// A remote file as it was when it was looked at.
#[derive(Debug)]
pub(super) struct Object {
    /// Tells it from all others that this process knows.
    pub(super) number: u64,
    /// As outputs name it.
    pub(super) address: String,
    place: Place,
    pub(super) bytes: u64,
    etag: Option<String>,
    version: Option<String>,
    /// When it was changed last, where a store says neither of the two.
    changed: Option<i64>,
    retries: u32,
}

impl Object {
    /// Asks what there is.
    pub(super) async fn find(address: String, place: Place, retries: u32) -> Result<Self, Failure> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let found = if place.has_heads {
            place.store.head(&place.path).await
        } else {
            let options = GetOptions {
                range: Some(GetRange::Bounded(0..1)),
                ..GetOptions::default()
            };
            let found = place.store.get_opts(&place.path, options).await;
            found.map(|found| found.meta)
        };
        let meta = found.map_err(|error| match error {
            StoreError::NotFound { .. } => Failure::Missing,
            error => Failure::Other(in_words(&error, &place)),
        })?;
        let (etag, version) = (meta.e_tag.clone(), meta.version.clone());
        let is_unnamed = etag.is_none() && version.is_none();
        Ok(Self {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            address,
            bytes: meta.size,
            changed: Some(meta.last_modified.timestamp()).filter(|at| is_unnamed && *at != 0),
            etag,
            version,
            place,
            retries,
        })
    }

    pub(super) fn identity(&self) -> RemoteIdentity {
        let changed = self.changed.map(|at| format!("changed {at}"));
        RemoteIdentity {
            bytes: self.bytes,
            version: self
                .etag
                .clone()
                .or_else(|| self.version.clone())
                .or(changed),
        }
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Reads a range that lies within the file.
    pub(super) async fn fetch(&self, range: Range<u64>) -> Result<Bytes, Failure> {
        let wanted = range.end - range.start;
        let mut pause = Duration::from_millis(200);
        let mut attempt = 0;
        loop {
            let found = self.fetch_once(range.clone()).await;
            let trouble = match found {
                Ok(bytes) if bytes.len() as u64 == wanted => return Ok(bytes),
                Ok(bytes) => format!("the server sent {} of {wanted} bytes", bytes.len()),
                Err(Broken::Answer(trouble)) => trouble,
                Err(Broken::Changed) => {
                    return Err(Failure::Other(
                        "was changed while it was read; run the same command again".to_owned(),
                    ));
                }
                Err(Broken::ForGood(error)) => {
                    let (first, last) = (range.start, range.end.saturating_sub(1));
                    let words = in_words(&error, &self.place);
                    return Err(Failure::Other(format!("bytes {first} to {last}: {words}")));
                }
            };
            if attempt >= self.retries {
                let (first, last) = (range.start, range.end.saturating_sub(1));
                return Err(Failure::Other(format!(
                    "bytes {first} to {last}: {trouble}; run the same command again, what is finished is kept"
                )));
            }
            attempt += 1;
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn fetch_once(&self, range: Range<u64>) -> Result<Bytes, Broken> {
        let options = GetOptions {
            range: Some(GetRange::Bounded(range)),
            // A weak one compares as different always (RFC 9110, section 13.1.1).
            if_match: self.etag.clone().filter(|etag| !etag.starts_with("W/")),
            version: self.version.clone(),
            ..GetOptions::default()
        };
        let found = self.place.store.get_opts(&self.place.path, options).await;
        let found = found.map_err(|error| match error {
            StoreError::Precondition { .. } | StoreError::NotFound { .. } => Broken::Changed,
            // What the store library makes of an answer that contradicts itself.
            StoreError::Generic { .. } if is_answer(&error) => {
                let words = shortened(&error, &self.place);
                Broken::Answer(format!("the server's answer contradicts itself: {words}"))
            }
            error => Broken::ForGood(error),
        })?;
        if !self.is_same(&found.meta) {
            return Err(Broken::Changed);
        }
        let bytes = found.bytes().await;
        bytes.map_err(|error| Broken::Answer(error.to_string()))
    }

    fn is_same(&self, meta: &ObjectMeta) -> bool {
        let same_etag = match (&self.etag, &meta.e_tag) {
            (Some(known), Some(found)) => known == found,
            _ => true,
        };
        let changed = meta.last_modified.timestamp();
        let same_time = self.changed.is_none_or(|known| known == changed);
        meta.size == self.bytes && same_etag && same_time
    }
}

/// Why a range did not come.
enum Broken {
    /// The answer came, and is none.
    Answer(String),
    /// It is another file now.
    Changed,
    /// The store library has tried often enough, or knows that it would not help.
    ForGood(StoreError),
}

/// Whether an error is about headers of an answer: neither about a connection nor about a status.
fn is_answer(error: &StoreError) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if words.contains("Error performing") {
            return false;
        }
        cause = error.source();
    }
    true
}

/// An error in few words, and what to do about it.
pub(super) fn in_words(error: &StoreError, place: &Place) -> String {
    let advice = match error {
        StoreError::PermissionDenied { .. } | StoreError::Unauthenticated { .. } => {
            "the credentials in the environment do not open it"
        }
        StoreError::NotSupported { .. } => {
            return "the server gives no parts of files; download the file and give it as it is"
                .to_owned();
        }
        _ => "run the same command again, what is finished is kept",
    };
    let words = shortened(error, place);
    if words.contains("169.254.") || words.contains("metadata.google") {
        return "no credentials: set them in the environment, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SKIP_SIGNATURE=true for a public bucket".to_owned();
    }
    format!("{words}; {advice}")
}

/// An error on one line, without what must not be shown.
fn shortened(error: &StoreError, place: &Place) -> String {
    let mut words = error.to_string();
    if let Some(secret) = &place.secret {
        words = words.replace(secret.as_str(), "…");
    }
    let words: Vec<&str> = words.split_whitespace().collect();
    let words = words.join(" ");
    if words.chars().count() > LONGEST_WORDS {
        return words.chars().take(LONGEST_WORDS).chain(['…']).collect();
    }
    words
}
