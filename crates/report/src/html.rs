//! `report.html`: the results as one page for a reader.
//!
//! The page is a single file that opens offline, from a file or a server. Its answer, its
//! overview and its settings are plain HTML. The findings stand behind them as packed data
//! (`data`, `pack`), which a small script (`script/`) unpacks when they are looked at. The content
//! policy allows exactly that script and that style, and loads nothing. Strings from datasets and
//! catalogs are a stranger's: they are escaped, shortened, isolated from the direction of the text
//! around them, and reach the script as data that becomes text nodes only.

mod chosen;
mod data;
mod overview;
mod pack;
mod page;
mod scanned;
mod settings;
mod tables;

use std::io::{self, BufWriter, Write};
use std::path::Path;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context};

use crate::error::{Error, Result};
use crate::recordings::PageMedia;
use crate::summary::Summary;
use crate::write::{REPORT, replace};
use data::Data;
use overview::Overview;
use pack::hash_source;
use page::Page;

/// The ending `.html.j2` makes the engine escape every value.
const TEMPLATE_NAME: &str = "report.html.j2";
const TEMPLATE: &str = include_str!("html/report.html.j2");
const STYLE: &str = concat!(
    include_str!("html/style/page.css"),
    include_str!("html/style/overview.css"),
    include_str!("html/style/findings.css"),
    include_str!("html/style/media.css"),
);
/// One script: its parts share a scope that nothing outside sees.
const SCRIPT: &str = concat!(
    "(() => {\n\"use strict\";\n",
    include_str!("html/script/pack.js"),
    include_str!("html/script/select.js"),
    include_str!("html/script/elements.js"),
    include_str!("html/script/list.js"),
    include_str!("html/script/review.js"),
    include_str!("html/script/finding.js"),
    include_str!("html/script/main.js"),
    "})();\n",
);

/// Writes `report.html` into the results folder `out`, from `summary.json`, `findings.jsonl`,
/// and, where they are there, `exhibits.jsonl`, `works.jsonl` and `decisions.jsonl` in it.
///
/// Up to 200,000 findings are on the page, those over policy and the strongest first; the page
/// says how many it leaves out. Without `exhibits.jsonl` it has neither passages nor pictures.
pub fn render_html(out: &Path) -> Result<()> {
    render_html_with(out, &PageMedia::default())
}

/// The same page, which can play recordings and show spectrograms besides.
pub fn render_html_with(out: &Path, media: &PageMedia) -> Result<()> {
    let summary = Summary::read(out)?;
    let mut overview = Overview::new(&summary.totals.files);
    let data = Data::read(out, &summary, &mut overview, media)?;
    let page = Page::new(&summary, &overview, &data);
    let path = out.join(REPORT);
    let head = render(&page).map_err(|error| Error::io(&path)(io::Error::other(error)))?;
    replace(&path, |file| {
        let mut file = BufWriter::new(file);
        file.write_all(head.as_bytes())?;
        data.write(&mut file)?;
        write!(file, "<script>{SCRIPT}</script>\n</body>\n</html>\n")?;
        file.flush()
    })
}

fn render(page: &Page) -> std::result::Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()?;
    environment.set_syntax(syntax);
    environment.add_global("style", Value::from_safe_string(STYLE.to_owned()));
    let sources = [
        ("style_source", hash_source(STYLE)),
        ("script_source", hash_source(SCRIPT)),
    ];
    for (name, source) in sources {
        environment.add_global(name, Value::from_safe_string(source));
    }
    environment.add_template(TEMPLATE_NAME, TEMPLATE)?;
    let page = Value::from(Serde(page));
    environment
        .get_template(TEMPLATE_NAME)?
        .render(context!(page))
}

#[cfg(test)]
mod tests;
