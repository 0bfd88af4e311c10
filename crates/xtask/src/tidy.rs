//! The shape of the source tree: file sizes, crate documentation, words.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::Findings;

/// Longest Rust file, tests apart.
const LINES_MAX: usize = 700;
/// From here on a file should be looked at.
const LINES_TRIPWIRE: usize = 500;

/// A scan reports what it finds and what the records say; what the law makes of
/// it, courts say. Spelt in two halves so that this file is not its own finding.
const FORBIDDEN: [&str; 2] = [concat!("infr", "ing"), concat!("ille", "gal")];

/// Folders at the root that hold nothing written here.
const SKIPPED: [&str; 3] = ["target", "media", "fixtures"];
/// Hidden folders that do.
const HIDDEN: [&str; 2] = [".ci", ".cargo"];
/// Endings of files whose words are checked.
const WORDED: [&str; 9] = ["rs", "md", "toml", "sh", "py", "html", "j2", "json", "yml"];

/// A file of the source tree.
struct Text<'a> {
    /// Relative to the root, with forward slashes.
    name: &'a str,
    contents: &'a str,
}

/// Checks the tree below `root`; `metadata` says where its crates are.
pub(crate) fn check(root: &Path, metadata: &Value) -> Result<Findings> {
    let mut findings = Findings::default();
    let mut paths = Vec::new();
    collect(root, root, &mut paths)?;
    paths.sort();
    for path in paths {
        let name = relative(root, &path);
        let contents = fs::read(&path).with_context(|| path.display().to_string())?;
        let text = Text {
            name: &name,
            contents: &String::from_utf8_lossy(&contents),
        };
        check_size(&text, &mut findings);
        check_name(&text, &mut findings);
        check_words(&text, &mut findings);
    }
    check_crates(metadata, &mut findings)?;
    if !root.join("fixtures/FIXTURES.toml").is_file() {
        findings.problems.push(
            "fixtures/FIXTURES.toml is missing: it says where each fixture comes from".to_owned(),
        );
    }
    Ok(findings)
}

/// Files below `folder` that somebody wrote, links not followed.
fn collect(root: &Path, folder: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
    for found in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let found = found?;
        let kind = found.file_type()?;
        let file = found.file_name().to_string_lossy().into_owned();
        if kind.is_dir() {
            let hidden = file.starts_with('.') && !HIDDEN.contains(&file.as_str());
            let name = relative(root, &found.path());
            if !hidden && file != "__pycache__" && !SKIPPED.contains(&name.as_str()) {
                collect(root, &found.path(), paths)?;
            }
        } else if kind.is_file() {
            let ending = file.rsplit_once('.').map(|(_, ending)| ending);
            if ending.is_none_or(|ending| WORDED.contains(&ending)) {
                paths.push(found.path());
            }
        }
    }
    Ok(())
}

fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.to_string_lossy().replace('\\', "/")
}

/// Whether a Rust file holds tests only.
fn is_test(name: &str) -> bool {
    name.ends_with("/tests.rs") || name.contains("/tests/")
}

fn check_size(text: &Text<'_>, findings: &mut Findings) {
    let is_rust = Path::new(text.name)
        .extension()
        .is_some_and(|ending| ending == "rs");
    if !is_rust || is_test(text.name) {
        return;
    }
    let lines = text.contents.lines().count();
    if lines > LINES_MAX {
        let problem = format!(
            "{}: {lines} lines, at most {LINES_MAX}: split it",
            text.name
        );
        findings.problems.push(problem);
    } else if lines > LINES_TRIPWIRE {
        let warning = format!("{}: {lines} lines, {LINES_TRIPWIRE} is a lot", text.name);
        findings.warnings.push(warning);
    }
}

fn check_name(text: &Text<'_>, findings: &mut Findings) {
    if text.name.ends_with("/mod.rs") {
        let problem = format!("{}: name it after its module, beside its folder", text.name);
        findings.problems.push(problem);
    }
}

fn check_words(text: &Text<'_>, findings: &mut Findings) {
    if text.name.starts_with("LICENSE") || text.name == "Cargo.lock" {
        return;
    }
    for (number, line) in text.contents.lines().enumerate() {
        let line = line.to_lowercase();
        for word in FORBIDDEN.iter().filter(|&word| line.contains(word)) {
            findings.problems.push(format!(
                "{}:{}: `{word}…` is for courts to say; write what was found",
                text.name,
                number + 1
            ));
        }
    }
}

/// Every crate says what it is for and takes the workspace's lints.
fn check_crates(metadata: &Value, findings: &mut Findings) -> Result<()> {
    let packages = metadata["packages"].as_array();
    for package in packages.context("cargo metadata lists no packages")? {
        let name = package["name"].as_str().unwrap_or_default();
        let manifest = package["manifest_path"].as_str();
        let manifest = manifest.context("a package without a manifest")?;
        if !takes_workspace_lints(&read(manifest)?) {
            let problem = format!("{name}: Cargo.toml lacks `[lints]` with `workspace = true`");
            findings.problems.push(problem);
        }
        let root =
            root_file(package).with_context(|| format!("{name} has no library or program"))?;
        if !read(root)?.starts_with("//!") {
            let problem = format!("{name}: its first file does not open with `//!` documentation");
            findings.problems.push(problem);
        }
    }
    Ok(())
}

fn read(path: &str) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.to_owned())
}

fn takes_workspace_lints(manifest: &str) -> bool {
    let mut lines = manifest
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != "[lints]");
    lines.nth(1) == Some("workspace = true")
}

/// The file of a package's library, or else of its first program.
fn root_file(package: &Value) -> Option<&str> {
    let targets = package["targets"].as_array()?;
    let of_kind = |kind: &str| {
        let found = targets.iter().find(|target| {
            let kinds = target["kind"].as_array();
            kinds.is_some_and(|kinds| kinds.iter().any(|known| known == kind))
        });
        found?["src_path"].as_str()
    };
    of_kind("lib")
        .or_else(|| of_kind("cdylib"))
        .or_else(|| of_kind("bin"))
}

#[cfg(test)]
mod tests;
