//! What a scan leaves behind for people and programs.
//!
//! | file | for | module |
//! |---|---|---|
//! | `findings.parquet` | `DuckDB`, pandas, the next program | `tables` |
//! | `findings.jsonl` | the same, a line each | `write` |
//! | `coverage.parquet` | what was not examined, and why | `tables` |
//! | `fetched.parquet` | what was asked and answered for items behind addresses, where they were fetched | `tables` |
//! | `exhibits.jsonl` | passages, peaks and thumbnails for pages | `write` |
//! | `works.jsonl` | what the registry says of the works that were found | `works` |
//! | `decisions.jsonl` | what people decided about findings, once merged | `decisions` |
//! | `summary.json` | counts, settings, digests | `summary` |
//! | `report.html` | a reader | `html` |
//! | `findings.csv`, `findings.sarif`, `messages.jsonl` | other tools, where asked for | `export` |
//! | `attestation.json` | whoever has to rely on the rest | `attest` |
//!
//! Files are written aside and renamed, so a reader never sees half of one. Every
//! byte follows from the scan's results: no dates, no host names, no timings, but for
//! `fetched.parquet`, which says what was fetched when.
//! [`write_all`] writes everything at the end of a scan, [`write_findings`] what an owner
//! may see of it; [`render_html`] makes the
//! page again from the other files, and [`judge_findings`] judges a finished scan again. [`sign`]
//! vouches for all of them, and [`verify()`] says whether they are what was signed, agree with one
//! another, and come out again. [`filter()`] and [`deny_list`] act on findings;
//! [`write_statements`] and [`write_answer`] are for owners of works, [`disclose`] for the forms in
//! which training data are disclosed.
//!
//! This crate decides nothing: verdicts come with the findings.

mod again;
mod attest;
mod card;
mod csv_cell;
mod decisions;
mod disclosure;
mod drawing;
mod error;
mod estimate;
mod explain;
mod export;
mod filter;
mod gate;
mod html;
mod interval;
mod ledger;
mod lines;
mod owners;
mod passage;
mod prevalence;
mod recall;
mod recordings;
#[cfg(test)]
mod sample;
mod shards;
mod summary;
mod tables;
mod verify;
mod words;
mod works;
mod write;

pub use again::judge_findings;
pub use attest::{PREDICATE_TYPE, PublicKey, SigningKey, check_pack, sign, sign_pack};
pub use decisions::{Agreement, Merged, Opinion, ReviewDecision, ReviewSummary, ReviewerCounts};
pub use disclosure::{DisclosureOptions, disclose};
pub use error::{Error, Result};
pub use estimate::DecoyEstimate;
pub use explain::Explanation;
pub use export::{Format, MESSAGES_SCHEMA, export};
pub use filter::{FilterOptions, Filtered, deny_list, filter};
pub use gate::Gate;
pub use html::{render_html, render_html_with};
pub use interval::Proportion;
pub use ledger::{
    Approved, Entry, EntryNote, Event, Head, Ledger, Run, log_approval, log_run, read_ledger,
};
pub use owners::{Stated, write_answer, write_statements};
pub use prevalence::{SampleSummary, Stratum};
pub use recall::MeasuredRecall;
pub use recordings::{PageMedia, Spectrograms, findings_in_recordings, findings_to_hear};
pub use shards::{SHARD, merge_shards, write_shard};
pub use summary::{
    Coverage, DeclarationSummary, FetchSettings, FindingSummary, MentionSummary, NameSummary,
    PlaceSettings, PolicySummary, RegistrySummary, RunSettings, SegmentSummary, Summary,
    ToolSummary, WorkSummary,
};
pub use tables::{coverage_rows, finding_rows, read_coverage};
pub use verify::{Check, CheckOutcome, Verification, VerifyOptions, scan_options, verify};
pub use works::FoundWork;
pub use write::{review, write_all, write_findings};
