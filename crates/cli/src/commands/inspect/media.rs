//! One media file: what it is, its fingerprint in short, and what it says about itself.

use std::io::Write;
use std::path::Path;

use clearance_decode::{Depth, Limits, Signers, Source, Unreadable, read_source, sniff};
use clearance_index::{ItemPrint, Print, embedded, iscc, print_item};
use clearance_rights::Use;
use clearance_rights::signals::{Declaration, Embedded, Signature};
use serde_json::{Value, json};

use crate::args::Inspect;
use crate::config::signers;
use crate::exit::Exit;
use crate::ui::{one_line, stdout};

/// A file that was looked at.
struct Looked {
    name: String,
    format: Option<&'static str>,
    bytes: usize,
    digest: String,
    printed: Result<ItemPrint, Unreadable>,
    embedded: Embedded,
    /// Its ISCC, where it could be read.
    iscc: Option<String>,
}

pub(super) fn is_media(path: &Path) -> bool {
    path.is_file() && clearance_decode::media_of_name(&path.to_string_lossy()).is_some()
}

/// Shows a file. One that cannot be compared is shown as far as it can be read.
pub(super) fn inspect(args: &Inspect) -> anyhow::Result<Exit> {
    let signers = signers(args.c2pa_trust.as_deref())?;
    let signers = signers.as_deref().map(|it| &it.signers);
    let looked = look(&args.thing, signers)?;
    if let Err(unreadable) = &looked.printed
        && looked.embedded.is_empty()
        && !args.json
    {
        anyhow::bail!("{}: {unreadable}", looked.name);
    }
    if args.json {
        let mut out = stdout();
        serde_json::to_writer_pretty(&mut out, &as_json(&looked))?;
        writeln!(out)?;
    } else {
        in_words(&looked)?;
    }
    Ok(match looked.printed {
        Ok(_) => Exit::Clean,
        Err(_) => Exit::Incomplete,
    })
}

fn look(path: &Path, signers: Option<&Signers>) -> anyhow::Result<Looked> {
    let name = super::name(path);
    let limits = Limits::default();
    let bytes = read_source(&Source::File(path.to_owned()), &limits)
        .map_err(|unreadable| anyhow::anyhow!("{name}: {unreadable}"))?;
    let source = Source::Bytes(bytes.clone());
    let printed = print_item(&source, Some(&name), None, true, &limits);
    let code = printed.as_ref().ok();
    let code = code.and_then(|printed| iscc(&printed.print, Some(&bytes), &limits));
    Ok(Looked {
        iscc: code,
        printed,
        format: sniff(&bytes, Some(&name)).map(clearance_decode::Format::as_str),
        bytes: bytes.len(),
        digest: clearance_index::digest(&bytes),
        embedded: embedded(&bytes, Some(&name), Depth::Everything, signers),
        name,
    })
}

fn in_words(looked: &Looked) -> anyhow::Result<()> {
    let mut out = stdout();
    match &looked.printed {
        Ok(printed) => {
            writeln!(out, "{}: {}", looked.name, printed.print.media())?;
            print_words(&mut out, printed)?;
            if let Some(code) = &looked.iscc {
                writeln!(out, "  iscc       {code}")?;
            }
        }
        Err(unreadable) => {
            writeln!(
                out,
                "{}: {}",
                looked.name,
                looked.format.unwrap_or("unknown")
            )?;
            writeln!(out, "  unreadable {unreadable}")?;
        }
    }
    embedded_words(&mut out, &looked.embedded)
}

fn print_words(out: &mut impl Write, printed: &ItemPrint) -> anyhow::Result<()> {
    match &printed.print {
        Print::Audio(print) => {
            writeln!(out, "  duration   {:.2} s", print.duration_s())?;
            writeln!(out, "  peaks      {}", print.peaks.len())?;
        }
        Print::Image {
            print,
            further,
            size_px: (width, height),
            codes,
        } => {
            writeln!(out, "  size       {width} × {height}")?;
            writeln!(out, "  pdq        {}", print.hash.to_hex())?;
            writeln!(out, "  quality    {}", print.structure.quality)?;
            writeln!(out, "  firm bits  {}", print.structure.firm_bits)?;
            writeln!(out, "  points     {}", print.points.len())?;
            if !further.is_empty() {
                writeln!(out, "  frames     {} compared", 1 + further.len())?;
            }
            if let Some(codes) = codes {
                writeln!(
                    out,
                    "  img_hash   {} (gradient), {} (dct)",
                    codes.gradient, codes.dct_mean
                )?;
            }
        }
        Print::Text { text } => {
            writeln!(out, "  characters {}", text.chars().count())?;
            writeln!(out, "  words      {}", printed.print.extent())?;
        }
    }
    if let Some(partial) = &printed.partial {
        writeln!(out, "  partial    {partial}")?;
    }
    Ok(())
}

fn embedded_words(out: &mut impl Write, embedded: &Embedded) -> anyhow::Result<()> {
    if embedded.declarations.is_empty() {
        writeln!(out, "  declares   nothing about its use")?;
    }
    for declaration in &embedded.declarations {
        writeln!(out, "  declares   {}", heading(declaration))?;
        for (label, text) in details(declaration) {
            writeln!(out, "    {label:<9}{text}")?;
        }
    }
    if !embedded.declarations.is_empty() {
        for each in Use::ALL {
            let Some(said) = embedded.answer(each) else {
                continue;
            };
            let but = said.contradicted_by.map_or_else(String::new, |other| {
                format!(", contradicted by {} in {}", other.scheme, other.place)
            });
            let by = format!("{} in {}", said.by.scheme, said.by.place);
            writeln!(out, "  {:<17}{} ({by}{but})", each.as_str(), said.answer)?;
        }
    }
    for identifier in &embedded.identifiers {
        writeln!(out, "  identifier {identifier}")?;
    }
    for claim in &embedded.claims {
        let value = one_line(&claim.value);
        writeln!(
            out,
            "  claims     {}: {value} ({})",
            claim.subject, claim.place
        )?;
    }
    Ok(())
}

fn heading(declaration: &Declaration) -> String {
    let value = match declaration.value.as_str() {
        "" => String::new(),
        value => format!(": {value}"),
    };
    format!("{} in {}{value}", declaration.scheme, declaration.place)
}

fn details(declaration: &Declaration) -> Vec<(&'static str, String)> {
    let signature = match declaration.signature {
        Signature::None => None,
        state => Some(state.to_string()),
    };
    [
        ("says", Some(declaration.answers.to_string())),
        ("terms", declaration.policy_url.clone()),
        ("if", declaration.conditions.clone()),
        ("signed", signature),
        ("because", declaration.reason.clone()),
    ]
    .into_iter()
    .filter_map(|(label, text)| Some((label, one_line(&text?))))
    .collect()
}

fn as_json(looked: &Looked) -> Value {
    let answers: serde_json::Map<String, Value> = Use::ALL
        .into_iter()
        .filter_map(|each| {
            let said = looked.embedded.answer(each)?;
            Some((each.to_string(), json!(said.answer)))
        })
        .collect();
    let print = match &looked.printed {
        Ok(printed) => print_json(printed),
        Err(unreadable) => json!({ "unreadable": unreadable.to_string() }),
    };
    json!({
        "file": looked.name,
        "format": looked.format,
        "bytes": looked.bytes,
        "blake3": looked.digest,
        "print": print,
        "iscc": looked.iscc,
        "answers": answers,
        "declarations": looked.embedded.declarations,
        "identifiers": looked.embedded.identifiers,
        "claims": looked.embedded.claims,
    })
}

fn print_json(printed: &ItemPrint) -> Value {
    let mut value = match &printed.print {
        Print::Audio(print) => json!({
            "duration_s": print.duration_s(),
            "peaks": print.peaks.len(),
        }),
        Print::Image {
            print,
            further,
            size_px: (width, height),
            codes,
        } => json!({
            "width_px": width,
            "height_px": height,
            "pdq": print.hash.to_hex(),
            "pdq_quality": print.structure.quality,
            "points": print.points.len(),
            "frames": 1 + further.len(),
            "img_hash_gradient": codes.as_ref().map(|codes| &codes.gradient),
            "img_hash_dct": codes.as_ref().map(|codes| &codes.dct_mean),
        }),
        Print::Text { text } => json!({
            "characters": text.chars().count(),
            "words": printed.print.extent(),
        }),
    };
    value["media"] = json!(printed.print.media());
    value["partial"] = json!(printed.partial);
    value
}
