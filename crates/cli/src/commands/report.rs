//! `clearance report`.

use clearance_report::{
    Format, PageMedia, ReviewSummary, export, findings_in_recordings, render_html_with, review,
};

use super::dataset::Scanned;
use super::recordings::{spectrograms, to_hear};
use crate::args::Report;
use crate::exit::Exit;
use crate::ui::{Ui, count};

pub(crate) fn run(args: &Report, ui: &Ui) -> anyhow::Result<Exit> {
    if !args.decisions.is_empty() {
        let (merged, summary) = review(&args.out, &args.decisions)?;
        if merged.unknown > 0 {
            ui.warn(&format!(
                "{} about findings that are not in {} left out",
                count(merged.unknown as u64, "decision"),
                args.out.display()
            ));
        }
        say_review(&summary, ui);
    }
    let is_changed = args.embed_media || args.spectrograms || !args.decisions.is_empty();
    if is_changed && args.out.join("attestation.json").exists() {
        ui.warn(
            "these results are signed as they were before: sign them again with clearance sign",
        );
    }
    let to = args.to.as_ref().unwrap_or(&args.out);
    for format in &args.formats {
        let path = match format {
            Format::Html if args.embed_media || args.spectrograms => {
                embed(args, ui)?;
                args.out.join("report.html")
            }
            Format::Html => export(&args.out, *format, &args.out)?,
            _ => export(&args.out, *format, to)?,
        };
        ui.say(&format!("Rendered {}", path.display()));
    }
    Ok(Exit::Clean)
}

/// Findings whose spectrograms a page has room for.
const MOST_SPECTROGRAMS: usize = 500;

fn embed(args: &Report, ui: &Ui) -> anyhow::Result<()> {
    let scanned = Scanned::open(&args.out, &args.dataset)?;
    let mut media = PageMedia {
        most_bytes: args.embed_mb as usize * 1_000_000,
        ..PageMedia::default()
    };
    if args.embed_media {
        media.recordings = to_hear(&args.out, &scanned, media.most_bytes, ui)?;
    }
    if args.spectrograms {
        let findings = findings_in_recordings(&args.out, MOST_SPECTROGRAMS)?;
        media.spectrograms = spectrograms(&findings, &scanned, &args.works, ui)?;
    }
    render_html_with(&args.out, &media)?;
    Ok(())
}

fn say_review(summary: &ReviewSummary, ui: &Ui) {
    ui.say(&format!(
        "{} reviewed: {} confirmed, {} rejected, {} contested, {} unsure",
        count(summary.reviewed, "finding"),
        summary.confirmed,
        summary.rejected,
        summary.contested,
        summary.unsure,
    ));
    let rate = &summary.confirmed_rate;
    if rate.of > 0 {
        let [low, high] = rate.wilson.map(|share| share * 100.0);
        ui.say(&format!(
            "{:.1}% confirmed of {}, {low:.1}% to {high:.1}% at 95% (Wilson)",
            rate.share * 100.0,
            count(rate.of, "decided finding"),
        ));
    }
    for agreement in &summary.agreement {
        let [one, other] = &agreement.reviewers;
        let kappa = agreement
            .kappa
            .map_or_else(|| "not defined".to_owned(), |kappa| format!("{kappa:.2}"));
        ui.say(&format!(
            "{} and {} agree on {} of {}: kappa {kappa}",
            crate::ui::one_line(one),
            crate::ui::one_line(other),
            agreement.agreed,
            agreement.both,
        ));
    }
}
