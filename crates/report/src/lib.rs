//! What a scan leaves behind for people and programs.
//!
//! | file | for | module |
//! |---|---|---|
//! | `findings.parquet` | `DuckDB`, pandas, the next program | `tables` |
//! | `findings.jsonl` | the same, a line each | `write` |
//! | `coverage.parquet` | what was not examined, and why | `tables` |
//! | `exhibits.jsonl` | passages and thumbnails for pages | `write` |
//! | `summary.json` | counts, settings, digests | `summary` |
//! | `report.html` | a reader | `html` |
//!
//! Files are written aside and renamed, so a reader never sees half of one. Every
//! byte follows from the scan's results: no dates, no host names, no timings.
//! [`write_all`] writes everything at the end of a scan, [`write_findings`] what an owner
//! may see of it; [`render_html`] makes the
//! page again from the other files, and [`judge_findings`] judges a finished scan again.
//!
//! This crate decides nothing: verdicts come with the findings.

mod again;
mod error;
mod estimate;
mod html;
#[cfg(test)]
mod sample;
mod summary;
mod tables;
mod write;

pub use again::{judge_findings, read_summary};
pub use error::{Error, Result};
pub use estimate::DecoyEstimate;
pub use html::render_html;
pub use summary::{
    Coverage, FindingSummary, PolicySummary, RegistrySummary, RunSettings, Summary, ToolSummary,
    WorkSummary,
};
pub use tables::read_coverage;
pub use write::{write_all, write_findings};
