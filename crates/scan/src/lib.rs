//! A dataset against a registry: findings and coverage.
//!
//! [`Plan::new`] looks at the dataset's files and finds the columns that hold
//! media; [`scan`] examines every item on all cores and leaves part files;
//! [`collect`] adds them up. A scan that was killed continues where it stopped,
//! and its results are the same bytes, on any number of threads.
//!
//! Every row ends in one of four buckets (clear, matched, unreadable, skipped),
//! and every item that was not examined is named with its reason. Trouble with
//! an item never stops a scan.
//!
//! Rows that engines hand around without a file are examined by a [`BatchScanner`], batch by batch.
//!
//! What a finding's matches rest on is `clearance-index`'s work; how results are
//! written for people and programs is `clearance-report`'s.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::path::{Path, PathBuf};
//! use std::sync::atomic::AtomicBool;
//!
//! use clearance_rights::{Mode, Policy, Use, parse_date};
//! use clearance_scan::{Overrides, Plan, Progress, ScanOptions, collect, scan};
//!
//! let plan = Plan::new(&[PathBuf::from("dataset")], &Overrides::new())?;
//! let registry = clearance_index::Snapshot::open(Path::new("registry"))?;
//! let options = ScanOptions {
//!     limits: clearance_decode::Limits::default(),
//!     policy: Policy::new(Mode::OptOut, Use::TrainGenerative, parse_date("2026-01-31")?),
//!     overrides: Overrides::new(),
//!     media_roots: Vec::new(),
//!     decoy_share: 0.1,
//!     declarations: true,
//!     mentions: false,
//!     iscc: false,
//!     signers: None,
//!     places: None,
//!     fetch: None,
//!     isolation: None,
//! };
//! let (progress, stop) = (Progress::default(), AtomicBool::new(false));
//! let scanned = scan(&plan, &registry, &options, Path::new("out"), &progress, &stop)?;
//! println!("{} rows matched", collect(&plan, scanned)?.totals.rows.matched);
//! # Ok(())
//! # }
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | `schema` | which columns hold items |
//! | `source` | dataset files to rows to items |
//! | `remote` | files in object stores and on the web |
//! | `plan` | files and units of work |
//! | `sampling` | a part of the rows, drawn by chance |
//! | `pipeline` | reader, workers, gatherer |
//! | `reading` | one item to its fingerprint |
//! | `isolation` | decoding in processes of its own |
//! | `worker` | one item: search, and what is found |
//! | `places` | addresses, looked up in rules about places |
//! | `table` | fingerprint tables: written, and read in a dataset's place |
//! | `excerpt`, `exhibit` | what a report shows of a match: passages, peaks |
//! | `finding`, `coverage` | what is reported, and the counting |
//! | `fetch` | items behind addresses, fetched politely |
//! | `lookup` | single items, read again |
//! | `checkpoint`, `collect` | part files, and the way from them to totals |
//! | `shard` | a scan that is split over jobs |
//! | `digests` | digests of whole input files |

mod checkpoint;
mod collect;
mod coverage;
mod digests;
mod error;
mod excerpt;
mod exhibit;
mod fetch;
mod finding;
mod isolation;
mod lookup;
mod pipeline;
mod places;
mod plan;
mod progress;
mod reading;
mod remote;
mod sampling;
mod schema;
mod shard;
mod signers;
mod source;
mod spectrogram;
mod stated;
mod table;
mod worker;

pub use checkpoint::Part;
pub use collect::{Collected, FileTotals, InputTable, Sampled, Totals, collect};
pub use coverage::{DECOY_BINS, ItemCounts, MediaCounts, RowCounts};
pub use digests::{digest_inputs, file_blake3, file_digest};
pub use error::{Error, Result};
pub use fetch::{
    FetchOptions, FetchRecord, FetchedLine, PRODUCT_TOKEN, USUAL_CONNECTIONS, USUAL_DELAY,
    USUAL_PER_HOST, USUAL_TIMEOUT,
};
pub use finding::{
    CoverageLine, CoverageStatus, Exhibit, Finding, FindingKind, FoundDeclaration, FoundMention,
    SoundExhibit, judge_again,
};
pub use isolation::{Isolation, LEAST_DECODER_MEMORY, serve_decoding};
pub use lookup::{exhibit_again, item_bytes};
pub use pipeline::{BatchScanner, Scanned, ScannedBatch, examine_again, scan};
pub use places::Places;
pub use plan::{Plan, ScanOptions};
pub use progress::{Progress, ProgressCounts};
pub use remote::{HAS_REMOTE, RemoteSettings, USUAL_RETRIES, input_name, set_remote};
pub use sampling::Sampling;
pub use schema::{ColumnOverride, Holds, MediaColumn, Overrides};
pub use shard::{Shard, ShardPart, ShardRecord, collect_shards, finish_shard};
pub use signers::TrustedSigners;
pub use source::{BatchPlace, CopiedRows, FileIdentity, Input, PlannedFile, copy_rows};
pub use spectrogram::{item_spectrograms, spectrogram_jpeg};
pub use table::{TableOptions, TableTotals, fingerprint, fingerprint_batch};
