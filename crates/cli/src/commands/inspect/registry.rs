//! What a registry holds, and held.

use std::io::Write;

use anyhow::Context;
use clearance_index::{Asset, Change, Snapshot, WorkRecord};
use clearance_rights::Reservation;
use serde_json::json;

use super::more;
use crate::args::Inspect;
use crate::commands::ledger::in_words;
use crate::config::open_registry;
use crate::ui::{count, one_line, stdout};

pub(super) fn inspect(args: &Inspect) -> anyhow::Result<()> {
    let snapshot = open_registry(&args.thing, args.registry_at.as_deref())?;
    match (&args.work, args.json) {
        (Some(work), is_json) => one_work(&snapshot, work, is_json),
        (None, true) => as_json(&snapshot),
        (None, false) => in_short(&snapshot, args.most),
    }
}

fn in_short(snapshot: &Snapshot, most: usize) -> anyhow::Result<()> {
    let mut out = stdout();
    writeln!(
        out,
        "registry, generation {}: {}, {}, {}",
        snapshot.manifest().generation,
        count(snapshot.work_count() as u64, "work"),
        count(snapshot.asset_count() as u64, "asset"),
        count(snapshot.manifest().segments.len() as u64, "segment"),
    )?;
    let withdrawn = snapshot.records().filter(|record| record.withdrawn).count();
    if withdrawn > 0 {
        writeln!(out, "{} withdrawn", count(withdrawn as u64, "work"))?;
    }
    for record in snapshot.works().take(most) {
        let work = &record.work;
        writeln!(
            out,
            "{}\t{}\t{}\t{}, {}",
            work.work_id,
            work.title.as_deref().unwrap_or("-"),
            work.rightsholder().as_deref().unwrap_or("-"),
            count(record.reservations.len() as u64, "reservation"),
            count(record.licenses.len() as u64, "license"),
        )?;
    }
    more(&mut out, snapshot.work_count(), most)?;
    let history = &snapshot.manifest().history;
    writeln!(out, "history")?;
    let skipped = history.len().saturating_sub(most);
    if skipped > 0 {
        writeln!(out, "  {} before these", count(skipped as u64, "change"))?;
    }
    for change in &history[skipped..] {
        writeln!(out, "  {}", change_in_words(change))?;
    }
    Ok(())
}

fn change_in_words(change: &Change) -> String {
    let sources = change.sources.iter().map(|source| {
        let digest = source.blake3.as_ref().map(|digest| {
            let digest = digest.get(..12).unwrap_or(digest);
            format!(" ({digest}…)")
        });
        let kept_as = source.source.as_ref().map(|name| format!(" as {name}"));
        let [digest, kept_as] = [digest, kept_as].map(Option::unwrap_or_default);
        format!("\n        from {}{digest}{kept_as}", source.name)
    });
    let sources: Vec<String> = sources.collect();
    let after = |mark: &str, text: &Option<String>| {
        let text = text.as_ref().map(|text| format!("{mark}{text}"));
        text.unwrap_or_default()
    };
    let assets = match change.assets {
        0 => String::new(),
        assets => format!(", {}", count(assets, "asset")),
    };
    format!(
        "{:>4}  {}  {}: {}{assets}{}{}{}",
        change.generation,
        change.at.format("%Y-%m-%d %H:%M:%SZ"),
        change.action.as_str(),
        count(change.works, "work"),
        after(", by ", &change.by),
        after(": ", &change.reason),
        sources.concat(),
    )
}

fn one_work(snapshot: &Snapshot, work_id: &str, is_json: bool) -> anyhow::Result<()> {
    let record = snapshot
        .record(work_id)
        .with_context(|| format!("there is no work {work_id:?}"))?;
    let assets: Vec<&Asset> = assets_of(snapshot, work_id);
    let mut out = stdout();
    if is_json {
        let history: Vec<serde_json::Value> = snapshot
            .history_of(work_id)
            .into_iter()
            .map(
                |(generation, record)| json!({"generation": generation, "record": of(record, &[])}),
            )
            .collect();
        let mut line = of(record, &assets);
        line["history"] = history.into();
        writeln!(out, "{line}")?;
        return Ok(());
    }
    let work = &record.work;
    let line = |out: &mut dyn Write, name: &str, value: &str| writeln!(out, "  {name:<12} {value}");
    writeln!(out, "{}", work.work_id)?;
    if record.withdrawn {
        line(&mut out, "state", "withdrawn")?;
    }
    line(&mut out, "title", work.title.as_deref().unwrap_or("-"))?;
    line(&mut out, "creators", &work.creators.join(", "))?;
    rightsholders(&mut out, record)?;
    for identifier in &work.identifiers {
        line(&mut out, "identifier", &identifier.to_string())?;
    }
    line(&mut out, "catalog", &record.source)?;
    for asset in assets {
        let words = format!("{} {} ({})", asset.media, asset.path, asset.role);
        line(&mut out, "asset", &words)?;
        for it in &asset.declarations {
            let words = format!("{} in {}: {}", it.scheme, it.place, it.answers);
            line(&mut out, "  declares", &words)?;
        }
        if let Some(code) = &asset.iscc {
            line(&mut out, "  iscc", code)?;
        }
    }
    rights(&mut out, record)?;
    writeln!(out, "  history")?;
    for (generation, record) in snapshot.history_of(work_id) {
        let change = snapshot.manifest().history.iter();
        let change = change
            .into_iter()
            .find(|change| change.generation == generation);
        let words = change.map_or_else(|| format!("{generation:>4}"), change_in_words);
        writeln!(out, "  {words}")?;
        let state = if record.withdrawn { ", withdrawn" } else { "" };
        writeln!(
            out,
            "          {}, {}{state}",
            count(record.reservations.len() as u64, "reservation"),
            count(record.licenses.len() as u64, "license"),
        )?;
    }
    Ok(())
}

/// A line each; with the catalog that says so where there are several.
fn rightsholders(out: &mut impl Write, record: &WorkRecord) -> anyhow::Result<()> {
    let holders = &record.work.rightsholders;
    if holders.is_empty() {
        writeln!(out, "  {:<12} -", "rightsholder")?;
    }
    let is_one_catalog = holders
        .iter()
        .all(|holder| holder.source == holders[0].source);
    for holder in holders {
        let share = holder.share.map(|share| format!(" ({share})"));
        let source = holder.source.as_ref().filter(|_| !is_one_catalog);
        let source = source.map(|source| format!(", says {source}"));
        writeln!(
            out,
            "  {:<12} {}{}{}",
            "rightsholder",
            one_line(&holder.name),
            share.unwrap_or_default(),
            source.unwrap_or_default(),
        )?;
    }
    Ok(())
}

fn rights(out: &mut impl Write, record: &WorkRecord) -> anyhow::Result<()> {
    for reservation in &record.reservations {
        writeln!(
            out,
            "  {:<12} {}",
            "reservation",
            reservation_in_words(reservation)
        )?;
    }
    for license in &record.licenses {
        writeln!(out, "  {:<12} {}", "license", in_words(license))?;
    }
    Ok(())
}

fn reservation_in_words(reservation: &Reservation) -> String {
    let day = |day: Option<chrono::NaiveDate>| {
        day.map_or_else(|| "open".to_owned(), |day| day.to_string())
    };
    let evidence = reservation.evidence.as_deref().map(one_line);
    let evidence = evidence.map(|evidence| format!(", evidence: {evidence}"));
    format!(
        "{}  {}, {} to {}, {} ({}){}",
        reservation.reservation_id,
        reservation.uses,
        day(reservation.since),
        day(reservation.until),
        reservation.territory,
        reservation.source.as_deref().unwrap_or("source not stated"),
        evidence.unwrap_or_default(),
    )
}

fn assets_of<'a>(snapshot: &'a Snapshot, work_id: &str) -> Vec<&'a Asset> {
    let assets = snapshot.assets();
    assets.filter(|asset| asset.work_id == work_id).collect()
}

/// The registry, its changes and its works, a line each.
fn as_json(snapshot: &Snapshot) -> anyhow::Result<()> {
    let mut out = stdout();
    let manifest = snapshot.manifest();
    writeln!(
        out,
        "{}",
        json!({
            "kind": "registry",
            "generation": manifest.generation,
            "digest": manifest.digest(),
            "works": snapshot.work_count(),
            "assets": snapshot.asset_count(),
            "segments": manifest.segments.len(),
        })
    )?;
    for change in &manifest.history {
        let mut line = serde_json::to_value(change)?;
        line["kind"] = "change".into();
        writeln!(out, "{line}")?;
    }
    let mut assets: std::collections::HashMap<&str, Vec<&Asset>> = std::collections::HashMap::new();
    for asset in snapshot.assets() {
        assets.entry(&asset.work_id).or_default().push(asset);
    }
    for record in snapshot.records() {
        let assets = assets.get(record.work.work_id.as_str());
        let mut line = of(record, assets.map_or(&[], Vec::as_slice));
        line["kind"] = "work".into();
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn of(record: &WorkRecord, assets: &[&Asset]) -> serde_json::Value {
    let assets: Vec<serde_json::Value> = assets
        .iter()
        .map(|asset| {
            json!({
                "asset_id": asset.asset_id,
                "media": asset.media.as_str(),
                "role": asset.role,
                "path": asset.path,
                "extent": asset.extent,
                "partial": asset.partial,
                "declarations": asset.declarations,
                "iscc": asset.iscc,
            })
        })
        .collect();
    json!({
        "work": record.work,
        "catalog": record.source,
        "withdrawn": record.withdrawn,
        "reservations": record.reservations,
        "licenses": record.licenses,
        "assets": assets,
    })
}
