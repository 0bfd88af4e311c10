//! `clearance explain`.

#[cfg(feature = "png")]
use std::io::IsTerminal;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use clearance_decode::Media;
use clearance_report::Explanation;
use clearance_scan::{Exhibit, exhibit_again};

use super::dataset::Scanned;
use super::recordings::spectrograms;
use crate::args::{Explain, ExplainFormat};
use crate::config::open_registry;
use crate::exit::Exit;
use crate::ui::{Ui, stdout};

pub(crate) fn run(args: &Explain, ui: &Ui) -> anyhow::Result<Exit> {
    let mut explanation = Explanation::read(&args.out, &args.finding)?;
    if let Some(registry) = &args.registry
        && !explanation.is_exhibited()
    {
        match again(args, registry, &explanation) {
            Ok(Some(exhibit)) => explanation.exhibit(Ok(exhibit)),
            Ok(None) => explanation.exhibit(Err(
                "Examined again, the item does not give this finding: it or the registry has changed, or the item is gone."
                    .to_owned(),
            )),
            Err(error) => explanation.exhibit(Err(format!("It could not be examined again: {error:#}"))),
        }
    }
    if args.spectrograms && explanation.finding().media == Media::Audio {
        let scanned = Scanned::open(&args.out, &args.dataset)?;
        let finding = std::slice::from_ref(explanation.finding());
        let drawn = spectrograms(finding, &scanned, &args.works, ui)?;
        if let Some(drawn) = drawn.values().next() {
            explanation.show_spectrograms(drawn);
        }
    }
    let form = match args.format {
        ExplainFormat::Text => explanation.text().into_bytes(),
        ExplainFormat::Svg => explanation.svg().into_bytes(),
        #[cfg(feature = "png")]
        ExplainFormat::Png => {
            if args.to.is_none() && std::io::stdout().is_terminal() {
                anyhow::bail!("a picture is nothing for a terminal: name a file with --to");
            }
            let drawn = explanation.png();
            let (png, has_words) = drawn.map_err(|trouble| anyhow::anyhow!("{trouble}"))?;
            if !has_words {
                ui.warn("no fonts are installed here: the picture has no words");
            }
            png
        }
        ExplainFormat::Html => explanation.html().into_bytes(),
    };
    match &args.to {
        Some(path) => std::fs::write(path, form).with_context(|| path.display().to_string())?,
        // What takes colors out of texts would take bytes out of pictures.
        None if form.starts_with(b"\x89PNG") => std::io::stdout().write_all(&form)?,
        None => stdout().write_all(&form)?,
    }
    Ok(Exit::Clean)
}

fn again(
    args: &Explain,
    registry: &Path,
    explanation: &Explanation,
) -> anyhow::Result<Option<Exhibit>> {
    let snapshot = open_registry(registry, None)?;
    let scanned = Scanned::open(&args.out, &args.dataset)?;
    Ok(exhibit_again(
        &scanned.plan,
        &snapshot,
        &scanned.options,
        explanation.finding(),
    )?)
}
