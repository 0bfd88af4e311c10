//! `clearance withdraw` and `clearance license`.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use chrono::NaiveDate;
use clearance_index::{Snapshot, add_license, expire_license};
use clearance_rights::{License, Rightsholder, Territory, UseSet, parse_date};

use crate::args::{AddLicense, ExpireLicense, LicenseCommand, ListLicenses, Withdraw, YesNo};
use crate::config::{change_note, today};
use crate::exit::Exit;
use crate::ui::{Ui, count, one_line, stdout};

pub(crate) fn withdraw(args: &Withdraw, ui: &Ui) -> anyhow::Result<Exit> {
    let mut works = args.works.clone();
    if let Some(list) = &args.list {
        let text = std::fs::read_to_string(list).with_context(|| list.display().to_string())?;
        let ids = text.lines().map(str::trim).filter(|id| !id.is_empty());
        works.extend(ids.map(str::to_owned));
    }
    let done = clearance_index::withdraw(&args.registry, &works, &change_note(&args.note)?)?;
    ui.say(&format!(
        "{} withdrawn from {}",
        count(done, "work"),
        args.registry.display()
    ));
    Ok(Exit::Clean)
}

pub(crate) fn license(command: &LicenseCommand, ui: &Ui) -> anyhow::Result<Exit> {
    match command {
        LicenseCommand::Add(args) => add(args, ui),
        LicenseCommand::Expire(args) => expire(args, ui),
        LicenseCommand::List(args) => list(args),
    }
}

fn add(args: &AddLicense, ui: &Ui) -> anyhow::Result<Exit> {
    let uses = UseSet::parse_license(&args.uses.replace(',', "|"))
        .with_context(|| format!("--uses {:?}", args.uses))?;
    let date = |flag: &str, text: &Option<String>| -> anyhow::Result<Option<NaiveDate>> {
        let parse = |text: &String| parse_date(text).with_context(|| format!("{flag} {text:?}"));
        text.as_ref().map(parse).transpose()
    };
    let (from, until) = (date("--from", &args.from)?, date("--until", &args.until)?);
    if from.zip(until).is_some_and(|(from, until)| from > until) {
        bail!("the license would end before it begins");
    }
    let territory: Territory = args
        .territory
        .as_deref()
        .unwrap_or_default()
        .parse()
        .context("--territory")?;
    let license = License {
        licensee: Some(args.licensee.clone()),
        from,
        until,
        territory,
        licensors: licensors(&args.licensors)?,
        derivatives: args.derivatives.map(|said| said == YesNo::Yes),
        price_class: args.price_class.clone(),
        reference: args.reference.clone(),
        ..License::new(&args.id, "", uses)
    };
    let note = change_note(&args.note)?;
    let done = add_license(&args.registry, &args.works, &license, &note)?;
    ui.say(&format!(
        "license {} added to {} in {}",
        args.id,
        count(done, "work"),
        args.registry.display()
    ));
    Ok(Exit::Clean)
}

/// Names as catalogs have them; shares behind them are the rightsholders' and left out.
fn licensors(lists: &[String]) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for list in lists {
        let holders =
            Rightsholder::parse_list(list).with_context(|| format!("--licensor {list:?}"))?;
        names.extend(holders.into_iter().map(|holder| holder.name));
    }
    Ok(names)
}

fn expire(args: &ExpireLicense, ui: &Ui) -> anyhow::Result<Exit> {
    let last = match &args.on {
        Some(text) => parse_date(text).with_context(|| format!("--on {text:?}"))?,
        None => today(),
    };
    let note = change_note(&args.note)?;
    let done = expire_license(&args.registry, &args.license, last, &note)?;
    ui.say(&format!(
        "license {} ends on {last} in {} of {}",
        args.license,
        count(done, "work"),
        args.registry.display()
    ));
    Ok(Exit::Clean)
}

fn list(args: &ListLicenses) -> anyhow::Result<Exit> {
    let as_of = args.as_of.as_deref().map(parse_date).transpose();
    let as_of = as_of.context("--as-of")?;
    let snapshot = Snapshot::open(&args.registry)?;
    let mut out = stdout();
    let wanted = |id: &str| args.work.as_deref().is_none_or(|work| work == id);
    for record in snapshot
        .works()
        .filter(|record| wanted(&record.work.work_id))
    {
        for license in &record.licenses {
            if as_of.is_some_and(|day| !license.is_in_force(day)) {
                continue;
            }
            if args.json {
                writeln!(out, "{}", serde_json::to_string(license)?)?;
            } else {
                writeln!(out, "{}\t{}", license.work_id, in_words(license))?;
            }
        }
    }
    if args
        .work
        .as_deref()
        .is_some_and(|work| snapshot.work(work).is_none())
    {
        bail!("{}: there is no work {:?}", show(&args.registry), args.work);
    }
    Ok(Exit::Clean)
}

fn show(path: &Path) -> String {
    path.display().to_string()
}

/// A license on one line.
pub(crate) fn in_words(license: &License) -> String {
    let day = |day: Option<NaiveDate>| day.map_or_else(|| "open".to_owned(), |day| day.to_string());
    let licensors: Vec<String> = license
        .licensors
        .iter()
        .map(|name| one_line(name))
        .collect();
    let by = match &licensors[..] {
        [] => String::new(),
        names => format!(" by {}", names.join("; ")),
    };
    let terms = [
        license.derivatives.map(|yes| {
            let word = if yes { "derivatives" } else { "no derivatives" };
            word.to_owned()
        }),
        license
            .price_class
            .as_ref()
            .map(|class| format!("price class {}", one_line(class))),
        license
            .reference
            .as_ref()
            .map(|reference| format!("reference {}", one_line(reference))),
    ];
    let terms = terms.into_iter().flatten().map(|term| format!(", {term}"));
    let source = license.source.as_ref().map(|source| format!(" ({source})"));
    format!(
        "{}  {}{by} to {}, {} to {}, {}{}{}",
        license.license_id,
        license.uses,
        license.licensee.as_deref().unwrap_or("nobody named"),
        day(license.from),
        day(license.until),
        license.territory,
        terms.collect::<String>(),
        source.unwrap_or_default(),
    )
}
