//! `clearance report`.

use clearance_decode::Limits;
use clearance_report::{Format, ReviewSummary, export, findings_to_hear, render_html_with, review};
use clearance_scan::{Finding, item_bytes};

use super::dataset;

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
    let to = args.to.as_ref().unwrap_or(&args.out);
    for format in &args.formats {
        let path = match format {
            Format::Html if args.embed_media => {
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

/// Recordings that are read at most.
const MOST_RECORDINGS: usize = 128;
/// The share of the room that one may take.
const SHARE_OF_ROOM: usize = 4;

fn embed(args: &Report, ui: &Ui) -> anyhow::Result<()> {
    let room = args.embed_mb as usize * 1_000_000;
    let findings = findings_to_hear(&args.out, MOST_RECORDINGS)?;
    let summary = dataset::summary(&args.out)?;
    let plan = dataset::plan(&summary, &args.dataset)?;
    let wanted: Vec<&Finding> = findings.iter().collect();
    let most = room / SHARE_OF_ROOM;
    let found = item_bytes(&plan, &wanted, &Limits::default(), &[], most)?;
    let recordings: Vec<(String, Vec<u8>)> = found
        .into_iter()
        .map(|(number, bytes)| (findings[number].item_digest.clone(), bytes.to_vec()))
        .collect();
    if recordings.len() < findings.len() {
        let left_out = (findings.len() - recordings.len()) as u64;
        ui.warn(&format!(
            "{} left out: changed, gone, or longer than a quarter of --embed-mb",
            count(left_out, "recording")
        ));
    }
    render_html_with(&args.out, &recordings, room)?;
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
