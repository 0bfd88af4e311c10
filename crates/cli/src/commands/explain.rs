//! `clearance explain`.

use std::io::Write;
use std::path::Path;

use clearance_report::Explanation;
use clearance_scan::{Exhibit, exhibit_again};

use super::dataset;
use crate::args::{Explain, ExplainFormat};
use crate::config::open_registry;
use crate::exit::Exit;
use crate::ui::stdout;

pub(crate) fn run(args: &Explain) -> anyhow::Result<Exit> {
    let mut explanation = Explanation::read(&args.out, &args.finding)?;
    if let Some(registry) = &args.registry
        && !explanation.is_exhibited()
    {
        match again(args, registry, &explanation) {
            Ok(Some(exhibit)) => explanation.exhibit(Ok(&exhibit)),
            Ok(None) => explanation.exhibit(Err(
                "Examined again, the item does not give this finding: it or the registry has changed, or the item is gone."
                    .to_owned(),
            )),
            Err(error) => explanation.exhibit(Err(format!("It could not be examined again: {error:#}"))),
        }
    }
    let text = match args.format {
        ExplainFormat::Text => explanation.text(),
        ExplainFormat::Svg => explanation.svg(),
        ExplainFormat::Html => explanation.html(),
    };
    stdout().write_all(text.as_bytes())?;
    Ok(Exit::Clean)
}

fn again(
    args: &Explain,
    registry: &Path,
    explanation: &Explanation,
) -> anyhow::Result<Option<Exhibit>> {
    let summary = dataset::summary(&args.out)?;
    let snapshot = open_registry(registry, None)?;
    let plan = dataset::plan(&summary, &args.dataset)?;
    let options = dataset::options(&summary)?;
    Ok(exhibit_again(
        &plan,
        &snapshot,
        &options,
        explanation.finding(),
    )?)
}
