//! EPUB: `meta` elements of `TDMRep` in the package (W3C `TDMRep` for EPUB; EPUB 3.3, section 5.5).
//!
//! The other files of the container are copied as they are packed.

use std::io::{Cursor, Read as _, Write as _};
use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::Task;
use super::html::only_tdmrep;
use crate::Existing;
use crate::edits::Edits;
use crate::error::{Error, Result};

/// Files in one container, as the reader of books has it.
const FILES_MAX: usize = 1 << 16;
/// Bytes of one of the container's own files.
const OWN_FILE_BYTES: u64 = 16 << 20;

pub(super) fn write(bytes: &[u8], task: Task<'_>) -> Result<Vec<u8>> {
    if !task.statement.has_tdmrep() {
        return Err(only_tdmrep("EPUB"));
    }
    // Each entry of the list of files opens with a signature of its own (APPNOTE.TXT 4.3.12).
    let entries = memchr::memmem::find_iter(bytes, b"PK\x01\x02");
    if entries.take(FILES_MAX + 1).count() > FILES_MAX {
        return Err(Error::Limit(format!("more than {FILES_MAX} files")));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| unpacked(&error))?;
    if archive.index_for_name("META-INF/signatures.xml").is_some() {
        return Err(Error::unsupported(
            "a signed book, whose signature it would break",
        ));
    }
    let container = own_file(&mut archive, "META-INF/container.xml")?;
    let path = package_path(&container)?;
    let package = own_file(&mut archive, &path)?;
    let edits = package_edits(&package, task)?;
    if edits.is_empty() {
        return Ok(bytes.to_vec());
    }
    let package = edits.apply(package.as_bytes())?;
    repacked(&mut archive, &path, &package)
}

fn repacked(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    path: &str,
    package: &[u8],
) -> Result<Vec<u8>> {
    let own = archive.index_for_name(path);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index);
        let file = file.map_err(|error| unpacked(&error))?;
        if own == Some(index) {
            let options = SimpleFileOptions::default()
                .compression_method(CompressionMethod::Deflated)
                .last_modified_time(file.last_modified().unwrap_or_default());
            let started = writer.start_file(path, options);
            started.map_err(|error| unpacked(&error))?;
            let written = writer.write_all(package);
            written.map_err(|error| unpacked(&error))?;
        } else {
            let copied = writer.raw_copy_file(file);
            copied.map_err(|error| unpacked(&error))?;
        }
    }
    let done = writer.finish().map_err(|error| unpacked(&error))?;
    Ok(done.into_inner())
}

fn unpacked(error: &dyn std::fmt::Display) -> Error {
    Error::damaged(format!("the container of the book: {error}"))
}

fn own_file(archive: &mut ZipArchive<Cursor<&[u8]>>, path: &str) -> Result<String> {
    let file = archive.by_name(path).map_err(|error| unpacked(&error))?;
    let mut text = String::new();
    let read = file.take(OWN_FILE_BYTES + 1).read_to_string(&mut text);
    read.map_err(|error| unpacked(&error))?;
    if text.len() as u64 > OWN_FILE_BYTES {
        return Err(Error::Limit(
            "a description of the book of more than 16 MiB".to_owned(),
        ));
    }
    Ok(text)
}

fn malformed(error: &dyn std::fmt::Display) -> Error {
    Error::damaged(format!(
        "the description of the book is malformed ({error})"
    ))
}

/// The package that `META-INF/container.xml` names first (OCF 3.3, section 4.2.6.3.1).
fn package_path(container: &str) -> Result<String> {
    let mut reader = Reader::from_str(container);
    loop {
        match reader.read_event().map_err(|error| malformed(&error))? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "rootfile" => {
                if let Some(path) = attribute(&tag, "full-path") {
                    return Ok(path);
                }
            }
            Event::Eof => return Err(malformed(&"it names no package")),
            _ => {}
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let mut found = attributes.with_checks(false).flatten();
    let found = found.find(|it| it.key.local_name().as_ref() == name)?;
    let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.trim().to_owned())
}

/// What the package says, and where more can be said.
#[derive(Default)]
struct Package {
    version: String,
    prefix: String,
    /// Behind the name of the root's tag.
    root_at: usize,
    /// Where the metadata end.
    end: usize,
    /// Elements that declare: property, value, place.
    found: Vec<(String, String, Range<usize>)>,
}

fn read(text: &str) -> Result<Package> {
    let start = text.find('<').unwrap_or(text.len());
    let mut reader = Reader::from_str(&text[start..]);
    let mut package = Package::default();
    let mut open: Option<(String, usize, String)> = None;
    loop {
        let at = start + reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|error| malformed(&error))?;
        let end = start + reader.buffer_position() as usize;
        match event {
            Event::Start(tag) | Event::Empty(tag) if package.root_at == 0 => {
                package.version = attribute(&tag, "version").unwrap_or_default();
                package.prefix = attribute(&tag, "prefix").unwrap_or_default();
                package.root_at = at + 1 + tag.name().as_ref().len();
            }
            Event::Start(tag) if tag.local_name().as_ref() == "meta" => {
                let property = attribute(&tag, "property").unwrap_or_default();
                if property.starts_with("tdm:") {
                    open = Some((property, at, String::new()));
                }
            }
            Event::Empty(tag) if tag.local_name().as_ref() == "meta" => {
                let name = attribute(&tag, "name").unwrap_or_default();
                let name = name.replace("tdm-", "tdm:");
                if name.starts_with("tdm:") {
                    let value = attribute(&tag, "content").unwrap_or_default();
                    package.found.push((name, value, at..end));
                }
            }
            Event::Text(part) => {
                if let Some((_, _, text)) = &mut open {
                    text.push_str(&part.xml10_content());
                }
            }
            Event::End(tag) => {
                if let Some((property, from, text)) = open.take() {
                    let value = text.trim().to_owned();
                    package.found.push((property, value, from..end));
                } else if tag.local_name().as_ref() == "metadata" && package.end == 0 {
                    package.end = at;
                }
            }
            Event::DocType(_) => return Err(malformed(&"a document type")),
            Event::Eof => break,
            _ => {}
        }
    }
    if package.end == 0 {
        return Err(malformed(&"it has no metadata"));
    }
    Ok(package)
}

fn package_edits(text: &str, task: Task<'_>) -> Result<Edits> {
    let package = read(text)?;
    let mut wanted = vec![("tdm:reservation", "1")];
    let url = task.statement.policy_url.as_deref();
    wanted.extend(url.map(|url| ("tdm:policy", url)));
    let is_new_form = package.version.starts_with('3');
    let mut edits = Edits::default();
    let mut new = String::new();
    for (property, value) in wanted {
        let mut found = package.found.iter().filter(|it| it.0 == property);
        let others: Vec<_> = found.clone().filter(|it| it.1 != value).collect();
        if let (Some(other), Existing::Keep) = (others.first(), task.existing) {
            return Err(Error::contradicts(property, &other.1));
        }
        for other in others {
            edits.replace(other.2.clone(), "");
        }
        if found.all(|it| it.1 != value) {
            let value = escape(value);
            let element = if is_new_form {
                format!("<meta property=\"{property}\">{value}</meta>\n")
            } else {
                format!("<meta name=\"{property}\" content=\"{value}\"/>\n")
            };
            new.push_str(&element);
        }
    }
    if !new.is_empty() {
        edits.insert(package.end, new);
        // The vocabulary is declared beside those that the package uses already.
        if is_new_form && package.prefix.is_empty() {
            let prefix = " prefix=\"tdm: http://www.w3.org/ns/tdmrep/\"";
            edits.insert(package.root_at, prefix);
        } else if is_new_form && !package.prefix.contains("tdm:") {
            let old = memchr::memmem::find(text.as_bytes(), package.prefix.as_bytes());
            if let Some(at) = old.filter(|&at| at > package.root_at) {
                edits.insert(at, "tdm: http://www.w3.org/ns/tdmrep/ ");
            }
        }
    }
    Ok(edits)
}
