//! Findings in the forms that other tools read: CSV, SARIF, typed messages.

pub(crate) mod csv;
mod messages;
mod sarif;

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::error::Result;
use crate::summary::Summary;

pub use messages::MESSAGES_SCHEMA;

/// A form of the findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// `report.html`.
    Html,
    /// `findings.csv`, for spreadsheets.
    Csv,
    /// `findings.sarif`, for code scanning.
    Sarif,
    /// `messages.jsonl`: everything about the scan, a typed message a line.
    JsonLines,
}

impl Format {
    /// Every form.
    pub const ALL: [Self; 4] = [Self::Html, Self::Csv, Self::Sarif, Self::JsonLines];

    /// The word for it on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Sarif => "sarif",
            Self::JsonLines => "json-lines",
        }
    }

    /// The file that it is written to.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Html => crate::write::REPORT,
            Self::Csv => "findings.csv",
            Self::Sarif => "findings.sarif",
            Self::JsonLines => "messages.jsonl",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let known = Self::ALL.into_iter().find(|format| format.as_str() == text);
        known.ok_or_else(|| format!("{text:?} is not html, csv, sarif or json-lines"))
    }
}

/// Writes the results in the output folder `out` in another form into the folder `to`. Returns the
/// file.
pub fn export(out: &Path, format: Format, to: &Path) -> Result<PathBuf> {
    let path = to.join(format.file_name());
    std::fs::create_dir_all(to).map_err(crate::error::Error::io(to))?;
    match format {
        Format::Html => crate::html::render_html(out)?,
        Format::Csv => csv::write(out, &path)?,
        Format::Sarif => sarif::write(out, &Summary::read(out)?, &path)?,
        Format::JsonLines => messages::write(out, &Summary::read(out)?, &path)?,
    }
    Ok(path)
}

#[cfg(test)]
mod tests;
