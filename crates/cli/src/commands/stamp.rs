//! `clearance stamp`: declarations into copies of files.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clearance_rights::UseSet;
use clearance_rights::signals::Embedded;
use clearance_stamp::{Existing, ManifestSigner, Stamped, Statement, stamp, stamp_signed};

use crate::args::stamp::Stamp;
use crate::exit::Exit;
use crate::ui::{Ui, count, one_line, stdout};

/// Largest file that is read; the library has the same bound.
const FILE_BYTES_MAX: u64 = 2 << 30;

pub(crate) fn run(args: &Stamp, ui: &Ui) -> anyhow::Result<Exit> {
    let reserved = UseSet::parse_reservation(&args.reservation)?;
    let statement = Statement {
        reserved,
        policy_url: args.policy.clone(),
        owner: args.owner.clone(),
        copyright: args.copyright.clone(),
    };
    // What cannot be said of any file is no trouble of the first one.
    statement.check()?;
    std::fs::create_dir_all(&args.to).with_context(|| args.to.display().to_string())?;
    let signer = signer(args)?;
    let mut taken = BTreeSet::new();
    let (mut written, mut refused) = (0_u64, 0_u64);
    for file in &args.files {
        match one(file, args, &statement, signer.as_ref(), &mut taken) {
            Ok((target, stamped)) => {
                written += 1;
                say(&target, &stamped)?;
            }
            Err(error) => {
                refused += 1;
                ui.error(&error.context(file.display().to_string()));
            }
        }
    }
    let more = match refused {
        0 => String::new(),
        some => format!(", {some} refused"),
    };
    ui.say(&format!(
        "{} written to {}{more}",
        count(written, "file"),
        args.to.display()
    ));
    Ok(match (written, refused) {
        (_, 0) => Exit::Clean,
        (0, _) => Exit::CannotRun,
        _ => Exit::Incomplete,
    })
}

fn one(
    file: &Path,
    args: &Stamp,
    statement: &Statement,
    signer: Option<&ManifestSigner>,
    taken: &mut BTreeSet<PathBuf>,
) -> anyhow::Result<(PathBuf, Stamped)> {
    let name = file.file_name().context("no file's name")?;
    let target = args.to.join(name);
    let is_new = taken.insert(target.clone());
    anyhow::ensure!(
        is_new,
        "another file of this name was given; stamp it into another folder"
    );
    let length = std::fs::metadata(file)?.len();
    anyhow::ensure!(
        length <= FILE_BYTES_MAX,
        "{length} bytes; at most {FILE_BYTES_MAX} are stamped"
    );
    if let (Ok(source), Ok(known)) = (file.canonicalize(), target.canonicalize()) {
        anyhow::ensure!(
            source != known,
            "this is the file itself; --to names another folder, for copies"
        );
    }
    anyhow::ensure!(
        args.force || target.symlink_metadata().is_err(),
        "{} is there already; --force writes over it",
        target.display()
    );
    let bytes = std::fs::read(file)?;
    let existing = if args.replace {
        Existing::Replace
    } else {
        Existing::Keep
    };
    let name = name.to_str();
    let stamped = match signer {
        Some(signer) => stamp_signed(&bytes, name, statement, existing, signer)?,
        None => stamp(&bytes, name, statement, existing)?,
    };
    write(file, &target, &stamped.bytes, args)?;
    Ok((target, stamped))
}

/// What manifests are signed with, if they are.
fn signer(args: &Stamp) -> anyhow::Result<Option<ManifestSigner>> {
    let (Some(key), Some(certificates)) = (&args.c2pa_key, &args.c2pa_certificates) else {
        return Ok(None);
    };
    let read =
        |path: &Path| std::fs::read_to_string(path).with_context(|| path.display().to_string());
    let signer = ManifestSigner::new(&read(certificates)?, &read(key)?)?;
    Ok(Some(signer))
}

/// Writes a copy aside and renames it, so that it is there as a whole or not at all.
fn write(source: &Path, target: &Path, bytes: &[u8], args: &Stamp) -> anyhow::Result<()> {
    let mut file =
        tempfile::NamedTempFile::new_in(&args.to).with_context(|| args.to.display().to_string())?;
    file.write_all(bytes)?;
    let permissions = std::fs::metadata(source)?.permissions();
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()?;
    if args.force {
        file.persist(target)?;
    } else {
        file.persist_noclobber(target)?;
    }
    Ok(())
}

fn say(target: &Path, stamped: &Stamped) -> anyhow::Result<()> {
    let mut out = stdout();
    writeln!(out, "{}", target.display())?;
    let Embedded { declarations, .. } = &stamped.embedded;
    for declaration in declarations {
        writeln!(
            out,
            "  {}: {} ({})",
            declaration.scheme,
            declaration.answers,
            one_line(&declaration.place)
        )?;
    }
    if !stamped.unstated.is_empty() {
        writeln!(
            out,
            "  not stated: {}, which this format has no declaration for",
            stamped.unstated
        )?;
    }
    Ok(())
}
