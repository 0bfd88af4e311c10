//! The files of a resource. Their names come with a delivery, and lead into its folder or nowhere.

use std::path::{Component, Path, PathBuf};

use crate::catalog::xml::Element;

/// Where the files of a delivery lie when a message names them without a folder (ERN
/// Choreography, file layout of a batch).
const USUAL_FOLDER: &str = "resources";
/// Files of one resource; more than a few encodings of one recording is a mistake.
const MOST_FILES: usize = 100;

/// The files that the technical details among the parts of a resource name: whole ones that come
/// with the delivery. The error says which name leads out of the folder.
pub(super) fn of(parts: &[&Element], folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    let details = parts.iter().flat_map(|part| &part.children);
    for details in details.filter(|element| is_technical(element)) {
        // An excerpt shows less of the work than the whole file does.
        let is_part = details.is_true("IsPreview") || details.is_true("IsClip");
        if is_part || details.is_false("IsProvidedInDelivery") {
            continue;
        }
        let delivered = details
            .all("DeliveryFile")
            .filter(|file| !file.is_false("IsProvidedInDelivery"));
        for file in delivered
            .flat_map(|file| file.all("File"))
            .chain(details.all("File"))
        {
            let Some(name) = name(file) else { continue };
            let path = resolve(folder, &name)?;
            if !files.contains(&path) {
                files.push(path);
            }
        }
    }
    if files.len() > MOST_FILES {
        return Err(format!("more than {MOST_FILES} files for one resource"));
    }
    Ok(files)
}

/// `TechnicalDetails` in ERN 4, `TechnicalSoundRecordingDetails` and the like in ERN 3.
fn is_technical(element: &Element) -> bool {
    element.name.starts_with("Technical") && element.name.ends_with("Details")
}

/// ERN 4 has a URI; ERN 3 a name, with the path before it, or a URL.
fn name(file: &Element) -> Option<String> {
    if let Some(address) = file.at(&["URI"]).or_else(|| file.at(&["URL"])) {
        return Some(address.to_owned());
    }
    let name = file.at(&["FileName"]);
    let Some(path) = file.at(&["FilePath"]) else {
        return name.map(str::to_owned);
    };
    let path = path.trim_end_matches(['/', '\\']);
    Some(match name {
        // Some write the whole path, name and all, into the path.
        Some(name) if path.ends_with(name) => path.to_owned(),
        Some(name) => format!("{path}/{name}"),
        None => path.to_owned(),
    })
}

fn resolve(folder: &Path, name: &str) -> Result<PathBuf, String> {
    if name.contains("://") {
        return Err(format!(
            "{name:?} is an address, not a file of the delivery"
        ));
    }
    let written = inside(name)?;
    let decoded = inside(&percent_decoded(name))?;
    let usual = Path::new(USUAL_FOLDER);
    let tries = [
        written.clone(),
        decoded.clone(),
        usual.join(&written),
        usual.join(&decoded),
    ];
    let found = tries.iter().find(|path| folder.join(path).is_file());
    let Some(found) = found else {
        // Missing is for the reader of assets to say.
        return Ok(folder.join(written));
    };
    let full = folder.join(found);
    let home = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    match (full.canonicalize(), home.canonicalize()) {
        (Ok(real), Ok(home)) if real.starts_with(&home) => Ok(full),
        _ => Err(leads_out(name)),
    }
}

/// A path of plain names only: no root, no drive, no way up.
fn inside(name: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(name.replace('\\', "/"));
    let is_plain = path
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let is_named = path.file_name().is_some() && !name.contains(['\0', ':']);
    if is_plain && is_named {
        Ok(path)
    } else {
        Err(leads_out(name))
    }
}

fn leads_out(name: &str) -> String {
    let name: String = name.chars().take(200).collect();
    format!("{name:?} leads out of the catalog's folder")
}

/// A URI's `%20` and the like (RFC 3986, section 2.1); whatever is none stays as it is.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = (byte == b'%')
            .then(|| after.get(..2))
            .flatten()
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(code) = code {
            bytes.push(code);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
