//! Which files of an EPUB are its chapters, and in which order.

use std::collections::{BTreeMap, BTreeSet};

use super::xml::each_element;

/// Ways to make fonts unusable outside their book, which leave the text alone: EPUB OCF 3.3,
/// section 4.5 (Font obfuscation), and Adobe's older one.
const FONT_OBFUSCATION: [&str; 2] = [
    "http://www.idpf.org/2008/embedding",
    "http://ns.adobe.com/pdf/enc#RC",
];

/// The path of the package document, from `META-INF/container.xml` (EPUB OCF 3.3, section
/// 4.2.6.3.1). Of several renditions the first counts.
pub(super) fn package_path(container: &[u8]) -> Option<String> {
    let mut path = None;
    each_element(container, |element| {
        if element.is("rootfile") && path.is_none() {
            path = element.get("full-path");
        }
    });
    path.map(|path| resolve("", &path))
}

/// Paths of the chapters in reading order (EPUB 3.3, sections 5.6 and 5.7), those outside the
/// main flow (`linear="no"`) included. Each file is named once, as the standard asks; pictures
/// that stand as chapters are left out.
pub(super) fn chapter_paths(package: &[u8], package_path: &str) -> Vec<String> {
    let mut paths = BTreeMap::new();
    let mut order = Vec::new();
    each_element(package, |element| {
        if element.is("item") {
            let media_type = element.get("media-type").unwrap_or_default();
            let is_picture = media_type.starts_with("image/") && !media_type.contains("svg");
            if let (Some(id), Some(href), false) =
                (element.get("id"), element.get("href"), is_picture)
            {
                paths.insert(id, Some(resolve(package_path, &href)));
            } else if let (Some(id), true) = (element.get("id"), is_picture) {
                paths.insert(id, None);
            }
        } else if element.is("itemref") {
            order.extend(element.get("idref"));
        }
    });
    let mut seen = BTreeSet::new();
    order
        .into_iter()
        .filter_map(|id| match paths.get(&id) {
            Some(path) => path.clone(),
            // Promised and described nowhere: counted as a chapter that is missing.
            None => Some(id),
        })
        .filter(|path| seen.insert(path.clone()))
        .collect()
}

/// Paths of files that can be read only with a key, from `META-INF/encryption.xml` (EPUB OCF
/// 3.3, section 4.2.6.3.2).
pub(super) fn locked_paths(encryption: &[u8]) -> BTreeSet<String> {
    let mut locked = BTreeSet::new();
    let mut is_font = false;
    each_element(encryption, |element| {
        if element.is("EncryptedData") {
            is_font = false;
        } else if element.is("EncryptionMethod") {
            let algorithm = element.get("Algorithm").unwrap_or_default();
            // The key may have a method of its own, inside; it is not how the file is locked.
            is_font |= FONT_OBFUSCATION.contains(&algorithm.as_str());
        } else if element.is("CipherReference") && !is_font {
            locked.extend(element.get("URI").map(|uri| resolve("", &uri)));
        }
    });
    locked
}

/// The path inside the container that `href` in the file at `base` means: percent signs decoded,
/// fragment dropped, `.` and `..` followed, never above the root (EPUB OCF 3.3, section 4.2.5).
fn resolve(base: &str, href: &str) -> String {
    let href = href.split(['#', '?']).next().unwrap_or_default();
    let href = decode_percent(href);
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let folder = if href.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(href.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn decode_percent(href: &str) -> String {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let bytes = href.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digits = (digit(bytes.get(at + 1)), digit(bytes.get(at + 2)));
        if let (b'%', (Some(high), Some(low))) = (byte, digits) {
            decoded.push((high * 16 + low) as u8);
            at += 3;
        } else {
            decoded.push(byte);
            at += 1;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests;
