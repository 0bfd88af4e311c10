//! `report.html`: the results as one page for a reader.
//!
//! The page is a single file without scripts that opens offline; its content
//! policy forbids everything but its own style and embedded pictures. Strings from
//! datasets and catalogs are a stranger's: they are escaped, shortened and
//! isolated from the direction of the text around them.

mod card;
mod holders;
mod page;
mod read;
mod scanned;
mod settings;
mod words;

use std::io::Write;
use std::path::Path;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context};

use crate::error::{Error, Result};
use crate::write::{REPORT, replace};
use page::Page;
use read::Selection;

/// The ending `.html.j2` of both names makes the engine escape every value.
const TEMPLATE_NAME: &str = "report.html.j2";
const TEMPLATE: &str = include_str!("html/report.html.j2");
const FINDING_TEMPLATE_NAME: &str = "finding.html.j2";
const FINDING_TEMPLATE: &str = include_str!("html/finding.html.j2");
const STYLE: &str = include_str!("html/report.css");

/// Writes `report.html` into the results folder `out`, from `summary.json`,
/// `findings.jsonl` and `exhibits.jsonl` in it.
///
/// The strongest findings of the works with most findings over policy are shown;
/// the page says how many it leaves out. Without `exhibits.jsonl` it has neither
/// passages nor pictures.
pub fn render_html(out: &Path) -> Result<()> {
    let page = Page::new(Selection::read(out)?);
    let path = out.join(REPORT);
    let text = render(page).map_err(|error| Error::Io {
        path: path.clone(),
        source: std::io::Error::other(error),
    })?;
    replace(&path, |file| file.write_all(text.as_bytes()))
}

fn render(page: Page) -> std::result::Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()?;
    environment.set_syntax(syntax);
    environment.add_global("style", Value::from_safe_string(STYLE.to_owned()));
    environment.add_template(FINDING_TEMPLATE_NAME, FINDING_TEMPLATE)?;
    environment.add_template(TEMPLATE_NAME, TEMPLATE)?;
    let page = Value::from(Serde(page));
    environment
        .get_template(TEMPLATE_NAME)?
        .render(context!(page))
}

#[cfg(test)]
mod tests;
