//! The checks that CI runs and `cargo test` cannot: who may import whom, and
//! the shape of the source tree.
//!
//! `cargo xtask layers` reads `cargo metadata` and holds every crate to its floor
//! (ARCHITECTURE.md). `cargo xtask tidy` looks at the files themselves.

mod layers;
mod tidy;

use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use serde_json::Value;

const USAGE: &str = "usage: cargo xtask layers|tidy";

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let findings = match arguments.as_slice() {
        ["layers"] => layers::check(&metadata()?)?,
        ["tidy"] => {
            let metadata = metadata()?;
            let root = metadata["workspace_root"].as_str();
            let root = root.context("cargo metadata names no workspace root")?;
            tidy::check(Path::new(root), &metadata)?
        }
        _ => bail!(USAGE),
    };
    report(&arguments.concat(), &findings)
}

/// What a check found.
#[derive(Debug, Default, PartialEq, Eq)]
struct Findings {
    /// These fail the check.
    problems: Vec<String>,
    /// These only want to be seen.
    warnings: Vec<String>,
}

fn report(check: &str, findings: &Findings) -> Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    for warning in &findings.warnings {
        writeln!(out, "warning: {warning}")?;
    }
    for problem in &findings.problems {
        writeln!(out, "error: {problem}")?;
    }
    if findings.problems.is_empty() {
        writeln!(out, "{check}: ok")?;
        Ok(ExitCode::SUCCESS)
    } else {
        writeln!(out, "{check}: {} problem(s)", findings.problems.len())?;
        Ok(ExitCode::FAILURE)
    }
}

/// `cargo metadata` of this workspace, without other people's crates.
fn metadata() -> Result<Value> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .output()
        .context("cargo could not be started")?;
    if !output.status.success() {
        bail!(
            "cargo metadata failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    serde_json::from_slice(&output.stdout).context("cargo metadata is not JSON")
}
