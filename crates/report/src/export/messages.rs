//! `messages.jsonl`: the whole scan as typed messages, one a line (schema/messages.schema.json).

use std::io::{BufWriter, Write};
use std::path::Path;

use clearance_scan::{CoverageLine, FileTotals, Finding, MediaCounts};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::lines::each_line;
use crate::summary::{PolicySummary, RegistrySummary, RunSettings, Summary, ToolSummary};
use crate::tables::read_coverage;
use crate::write::{FINDINGS, replace};

/// Version of the messages.
const SCHEMA_VERSION: u32 = 1;

/// The JSON Schema (draft 2020-12) of a message.
pub const MESSAGES_SCHEMA: &str = include_str!("../../schema/messages.schema.json");

/// A line of the file.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Message<'a> {
    /// The first line: what was asked, of what, with what.
    Begin {
        schema_version: u32,
        tool: &'a ToolSummary,
        policy: &'a PolicySummary,
        registry: &'a RegistrySummary,
        settings: &'a RunSettings,
    },
    /// A finding.
    Finding(&'a Finding),
    /// An item or a row that was not examined, or not as a whole.
    Unexamined(&'a CoverageLine),
    /// A file of the dataset, after everything about it was said.
    File(&'a FileTotals),
    /// The last line; without it the file is not whole.
    End {
        rows: u64,
        clear: u64,
        matched: u64,
        unreadable: u64,
        skipped: u64,
        findings: u64,
        over_policy: u64,
        complete: bool,
        media: &'a MediaCounts,
    },
}

pub(super) fn write(out: &Path, summary: &Summary, path: &Path) -> Result<()> {
    let coverage = read_coverage(out)?;
    let mut failed = None;
    replace(path, |file| {
        let mut writer = BufWriter::new(file);
        line(
            &mut writer,
            &Message::Begin {
                schema_version: SCHEMA_VERSION,
                tool: &summary.tool,
                policy: &summary.policy,
                registry: &summary.registry,
                settings: &summary.settings,
            },
        )?;
        let written = each_line(&out.join(FINDINGS), |finding: Finding| {
            line(&mut writer, &Message::Finding(&finding)).map_err(Error::io(path))
        });
        // The error of the findings, not of this file, is to reach the user.
        failed = written.err();
        for uncovered in &coverage {
            line(&mut writer, &Message::Unexamined(uncovered))?;
        }
        for file in &summary.totals.files {
            line(&mut writer, &Message::File(file))?;
        }
        line(&mut writer, &end(summary))?;
        writer.flush()
    })?;
    failed.map_or(Ok(()), Err)
}

fn end(summary: &Summary) -> Message<'_> {
    let rows = &summary.totals.rows;
    Message::End {
        rows: rows.rows,
        clear: rows.clear,
        matched: rows.matched,
        unreadable: rows.unreadable,
        skipped: rows.skipped,
        findings: summary.findings,
        over_policy: summary.over_policy,
        complete: summary.coverage.complete,
        media: &summary.totals.media,
    }
}

fn line(writer: &mut impl Write, message: &Message<'_>) -> std::io::Result<()> {
    serde_json::to_writer(&mut *writer, message)?;
    writer.write_all(b"\n")
}
