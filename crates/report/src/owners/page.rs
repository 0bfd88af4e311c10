//! A rightsholder's statement as a page, and as a notice in plain text.

use minijinja::{Environment, UndefinedBehavior, Value, context};

use super::Statement;
use super::tally::{Shares, WorkUse};
use super::terms::one_line;
use crate::summary::Summary;

/// The ending `.html.j2` makes the engine escape every value.
const PAGE_NAME: &str = "statement.html.j2";
const PAGE: &str = include_str!("statement.html.j2");

type Rendered = std::result::Result<String, minijinja::Error>;

pub(super) fn html(statement: &Statement, summary: &Summary, shares: &Shares) -> Rendered {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    environment.add_template(PAGE_NAME, PAGE)?;
    let works: Vec<Value> = statement
        .works
        .iter()
        .map(|work| work_values(work, shares))
        .collect();
    environment.get_template(PAGE_NAME)?.render(context! {
        owner => one_line(&statement.owner),
        case => statement.case.as_str(),
        works => works,
        as_of => summary.policy.as_of.as_str(),
        planned_use => summary.policy.use_.as_str(),
        mode => summary.policy.mode.as_str(),
        rows => summary.totals.rows.rows,
        examined => percent(summary.coverage.examined_share),
        registry => summary.registry.digest.as_str(),
        generation => summary.registry.generation,
        tool => format!("{} {}", summary.tool.name, summary.tool.version),
    })
}

fn work_values(work: &WorkUse, shares: &Shares) -> Value {
    context! {
        id => one_line(&work.work_id),
        title => work.title.as_deref().map(one_line),
        creators => one_line(&work.creators.join(", ")),
        findings => work.findings,
        over => work.over_policy,
        extents => extents(work, shares),
        verdicts => work
            .verdicts
            .iter()
            .map(|(verdict, number)| format!("{number} {verdict}"))
            .collect::<Vec<_>>()
            .join(", "),
        terms => work.terms.clone(),
        reservations => work.reservations.iter().map(|id| one_line(id)).collect::<Vec<_>>(),
    }
}

/// Rows, seconds, words and pictures, each with its share of the dataset.
fn extents(work: &WorkUse, shares: &Shares) -> Vec<String> {
    let mut extents = vec![format!(
        "{} ({} of all rows)",
        counted(work.rows, "row"),
        percent(shares.rows(work))
    )];
    if work.seconds > 0.0 {
        extents.push(format!(
            "{:.1} seconds ({} of all sound)",
            work.seconds,
            percent(shares.seconds(work))
        ));
    }
    if work.words > 0 {
        extents.push(format!(
            "{} ({} of all words)",
            counted(work.words, "word"),
            percent(shares.words(work))
        ));
    }
    if work.pictures > 0 {
        extents.push(format!(
            "{} ({} of all pictures)",
            counted(work.pictures, "picture"),
            percent(shares.pictures(work))
        ));
    }
    if let Some(bytes) = work.bytes.filter(|bytes| *bytes > 0) {
        extents.push(format!("in {} of the dataset", size(bytes)));
    }
    extents
}

/// A number of bytes in decimal units.
fn size(bytes: u64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    let mut value = bytes as f64 / 1000.0;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    if bytes < 1000 {
        counted(bytes, "byte")
    } else {
        format!("{value:.1} {}", units[unit])
    }
}

/// A number and its noun.
fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.01 {
        "less than 0.01 %".to_owned()
    } else {
        format!("{percent:.2} %")
    }
}

/// A notice to the rightsholder: facts, and how to refer to them.
pub(super) fn notice(statement: &Statement, summary: &Summary, shares: &Shares) -> String {
    let policy = &summary.policy;
    let mut lines = vec![
        format!("Case {}", statement.case),
        format!("To {}", one_line(&statement.owner)),
        String::new(),
        "A dataset was compared with a registry of works. These works of yours were found in it."
            .to_owned(),
        format!(
            "The question was whether the records as of {} cover the use {} ({}).",
            policy.as_of, policy.use_, policy.mode
        ),
        String::new(),
    ];
    for work in &statement.works {
        let title = work.title.as_deref().unwrap_or(&work.work_id);
        lines.push(one_line(&format!("{title} ({})", work.work_id)));
        let extents = extents(work, shares);
        lines.extend(extents.into_iter().map(|extent| format!("  {extent}")));
        let verdicts = work.verdicts.iter();
        let verdicts: Vec<String> = verdicts.map(|(v, n)| format!("{n} {v}")).collect();
        lines.push(format!("  findings: {}", verdicts.join(", ")));
        lines.extend(work.terms.iter().map(|terms| format!("  license {terms}")));
        let reservations = work.reservations.iter();
        lines.extend(reservations.map(|id| format!("  reservation {}", one_line(id))));
    }
    lines.extend([
        String::new(),
        format!("Registry {}, generation {}.", summary.registry.digest, summary.registry.generation),
        format!("Made with {} {}. A finding is evidence that a row contains a work; it decides nothing about what follows.", summary.tool.name, summary.tool.version),
        format!("Please name case {} in your answer.", statement.case),
        String::new(),
    ]);
    lines.join("\n")
}
