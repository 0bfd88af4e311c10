//! `clearance registry`.

use anyhow::bail;
use clearance_index::{
    ExportOptions, MergedPacks, PackToMerge, Snapshot, compact, export_pack, merge_packs,
    split_registry,
};
use clearance_report::{PublicKey, check_pack, sign_pack};

use super::keys::{public_key, signing_key};
use super::register::SEGMENT_BYTES;
use crate::args::exchange::{CompactArgs, ExportArgs, MergeArgs, RegistryCommand, SplitArgs};
use crate::config::{change_note, now};
use crate::exit::Exit;
use crate::ui::{Ui, count, grouped, one_line};

pub(crate) fn run(command: &RegistryCommand, ui: &Ui) -> anyhow::Result<Exit> {
    match command {
        RegistryCommand::Export(args) => export(args, ui),
        RegistryCommand::Merge(args) => merge(args, ui),
        RegistryCommand::Compact(args) => compact_registry(args, ui),
        RegistryCommand::Split(args) => split(args, ui),
    }
}

fn split(args: &SplitArgs, ui: &Ui) -> anyhow::Result<Exit> {
    let parts = split_registry(&args.registry, &args.to, args.parts, args.only)?;
    ui.say(&format!(
        "{} in {}",
        count(args.parts as u64, "part"),
        args.to.display()
    ));
    for part in parts {
        let known = if part.was_there {
            ", there already"
        } else {
            ""
        };
        ui.say(&format!(
            "  part {}: {} bytes{known}",
            part.number,
            grouped(part.bytes)
        ));
    }
    Ok(Exit::Clean)
}

fn export(args: &ExportArgs, ui: &Ui) -> anyhow::Result<Exit> {
    let key = args.key.as_deref().map(|path| signing_key(path, ui));
    let key = key.transpose()?;
    let snapshot = Snapshot::open(&args.registry)?;
    let options = ExportOptions {
        name: &args.name,
        fingerprints_only: args.fingerprints_only,
        segment_bytes: SEGMENT_BYTES,
        note: change_note(&args.note)?,
    };
    let info = export_pack(&snapshot, &args.to, &options)?;
    match &key {
        Some(key) => sign_pack(&args.to, key, now()?)?,
        None => {
            ui.warn("the pack is not signed: whoever merges it has to take it on trust (--key)");
        }
    }
    ui.say(&format!(
        "{} with {} in {}, of {}",
        count(info.works, "work"),
        count(info.assets, "asset"),
        args.to.display(),
        one_line(&info.name),
    ));
    if info.withdrawn > 0 {
        ui.say(&format!(
            "  {} by id only",
            count(info.withdrawn, "withdrawn work")
        ));
    }
    Ok(Exit::Clean)
}

fn compact_registry(args: &CompactArgs, ui: &Ui) -> anyhow::Result<Exit> {
    let memory = args
        .segment_memory
        .map_or(Ok(SEGMENT_BYTES), usize::try_from)?;
    let done = compact(&args.registry, memory, &change_note(&args.note)?)?;
    ui.say(&format!(
        "{} instead of {} in {}",
        count(done.segments[1], "segment"),
        done.segments[0],
        args.registry.display(),
    ));
    ui.say(&format!(
        "  {} left out, {} bytes instead of {}",
        count(done.assets[0] - done.assets[1], "asset"),
        grouped(done.bytes[1]),
        grouped(done.bytes[0]),
    ));
    Ok(Exit::Clean)
}

fn merge(args: &MergeArgs, ui: &Ui) -> anyhow::Result<Exit> {
    let trusted = args.trust.iter().map(|path| public_key(path));
    let trusted: Vec<PublicKey> = trusted.collect::<anyhow::Result<_>>()?;
    let mut packs = Vec::new();
    for folder in &args.packs {
        let key = check_pack(folder, &trusted)?;
        if key.is_none() && !args.allow_unsigned {
            bail!(
                "{}: not signed: ask for a signed pack, or take it with --allow-unsigned",
                folder.display()
            );
        }
        packs.push(PackToMerge {
            folder: folder.clone(),
            key,
        });
    }
    let merged = merge_packs(&packs, &args.registry, &change_note(&args.note)?)?;
    tell(args, &merged, ui);
    Ok(Exit::Clean)
}

fn tell(args: &MergeArgs, merged: &MergedPacks, ui: &Ui) {
    ui.say(&format!(
        "{} added, {} updated, {} unchanged, {} withdrawn in {}",
        count(merged.works_added, "work"),
        merged.works_updated,
        merged.works_unchanged,
        merged.works_withdrawn,
        args.registry.display(),
    ));
    ui.say(&format!(
        "  assets added: {}; {} already there",
        merged.assets_added, merged.assets_known
    ));
    if merged.works_shared > 0 {
        ui.warn(&format!(
            "{} named by several owners: where they contradict each other, findings are for review",
            count(merged.works_shared, "work")
        ));
    }
}
