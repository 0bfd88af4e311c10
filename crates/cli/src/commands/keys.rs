//! `clearance keygen`, and the keys that other commands are given.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clearance_report::{PublicKey, SigningKey};

use crate::args::proof::Keygen;
use crate::exit::Exit;
use crate::ui::Ui;

/// A key's file has a few hundred bytes.
const MOST_KEY_BYTES: u64 = 64 << 10;

pub(crate) fn keygen(args: &Keygen, ui: &Ui) -> anyhow::Result<Exit> {
    let public_path = public_path(&args.file);
    for path in [&args.file, &public_path] {
        if path.symlink_metadata().is_ok() {
            bail!(
                "{} is there already; a key is never replaced",
                path.display()
            );
        }
    }
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).context("the system's random numbers")?;
    let key = SigningKey::from_seed(&seed);
    let pem = key.to_pem().map_err(anyhow::Error::msg)?;
    let public = key.public();
    let public_pem = public.to_pem().map_err(anyhow::Error::msg)?;
    write_new(&args.file, pem.as_bytes(), true)?;
    write_new(&public_path, public_pem.as_bytes(), false)?;
    ui.say(&format!(
        "Private key in {}: keep it to yourself\nPublic key in {}: give it to whoever is to verify\nKey {}",
        args.file.display(),
        public_path.display(),
        public.id().map_err(anyhow::Error::msg)?
    ));
    Ok(Exit::Clean)
}

fn public_path(private: &Path) -> PathBuf {
    let mut name = private.file_name().unwrap_or_default().to_owned();
    name.push(".pub");
    private.with_file_name(name)
}

/// Writes a file that was not there before, for its owner alone where it is private.
fn write_new(path: &Path, bytes: &[u8], private: bool) -> anyhow::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if private { 0o600 } else { 0o644 });
    #[cfg(not(unix))]
    let _ = private;
    let write = || {
        let mut file = options.open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().with_context(|| path.display().to_string())
}

/// Reads a private key. Warns when others may read it too.
pub(crate) fn signing_key(path: &Path, ui: &Ui) -> anyhow::Result<SigningKey> {
    let text = read_key(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = path.metadata().map_or(0, |file| file.permissions().mode());
        if mode & 0o077 != 0 {
            ui.warn(&format!(
                "{}: others may read this private key; chmod 600 keeps it to its owner",
                path.display()
            ));
        }
    }
    #[cfg(not(unix))]
    let _ = ui;
    SigningKey::from_pem(&text)
        .map_err(anyhow::Error::msg)
        .with_context(|| path.display().to_string())
}

/// Reads a public key.
pub(crate) fn public_key(path: &Path) -> anyhow::Result<PublicKey> {
    PublicKey::from_pem(&read_key(path)?)
        .map_err(anyhow::Error::msg)
        .with_context(|| path.display().to_string())
}

fn read_key(path: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    let file = File::open(path).with_context(|| path.display().to_string())?;
    file.take(MOST_KEY_BYTES)
        .read_to_string(&mut text)
        .with_context(|| path.display().to_string())?;
    Ok(text)
}
