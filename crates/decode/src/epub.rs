//! EPUB books to text: EPUB 3.3 and OCF 3.3 (W3C), and version 2, which lists chapters alike.

mod package;
mod xhtml;
mod xml;

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::image::clock::Clock;
use crate::text::{Document, encoding};
use crate::{Limits, Reason, Unreadable, html_to_text};

/// Files in one container. The largest books have some thousands.
const FILES_MAX: usize = 1 << 16;
/// Bytes of one of the container's own files. The package of a long book has some 100 kB.
const OWN_FILE_BYTES: u64 = 16 << 20;

/// Whether a ZIP archive says of itself that it is an EPUB: its first file is called `mimetype`,
/// is stored as it is, and holds the media type (OCF 3.3, section 4.3.3).
pub(crate) fn is_epub(head: &[u8]) -> bool {
    let length = |at: usize| {
        let bytes = head.get(at..at + 2)?.try_into().ok()?;
        Some(usize::from(u16::from_le_bytes(bytes)))
    };
    // Local file header, as in APPNOTE.TXT 4.3.7: method at 8, lengths of name and extra at 26.
    let (Some(0), Some(8), Some(extra)) = (length(8), length(26), length(28)) else {
        return false;
    };
    head.starts_with(b"PK\x03\x04")
        && head.get(30..38) == Some(b"mimetype")
        && head
            .get(38 + extra..)
            .is_some_and(|body| body.starts_with(b"application/epub+zip"))
}

/// The text of all chapters in reading order. Unpacks at most `text_bytes` of them, each at most
/// once, and writes nothing anywhere.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let clock = Clock::start(limits);
    check_file_count(bytes)?;
    let mut container = Container {
        archive: ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| corrupt("damaged EPUB: its list of files cannot be read"))?,
    };
    let container_file = container.own_file("META-INF/container.xml")?;
    let package_path = package::package_path(&container_file)
        .ok_or_else(|| corrupt("damaged EPUB: META-INF/container.xml names no package"))?;
    let package = container.own_file(&package_path)?;
    let chapters = package::chapter_paths(&package, &package_path);
    if chapters.is_empty() {
        return Err(corrupt("damaged EPUB: its package lists no chapters"));
    }
    let locked = container.own_file("META-INF/encryption.xml");
    let locked = locked
        .map(|it| package::locked_paths(&it))
        .unwrap_or_default();
    if chapters.iter().any(|path| locked.contains(path)) {
        let detail = "EPUB with encrypted chapters (DRM)";
        return Err(Unreadable::new(Reason::Unsupported, detail));
    }
    let mut book = Book::new(limits.text_bytes);
    for path in &chapters {
        clock.check()?;
        if !book.add(&mut container, path) {
            break;
        }
    }
    book.finish(chapters.len())
}

/// The document that describes a book as a whole; `None` where it cannot be read.
pub(crate) fn package_document(bytes: &[u8]) -> Option<Vec<u8>> {
    check_file_count(bytes).ok()?;
    let mut container = Container {
        archive: ZipArchive::new(Cursor::new(bytes)).ok()?,
    };
    let container_file = container.own_file("META-INF/container.xml").ok()?;
    let package_path = package::package_path(&container_file)?;
    container.own_file(&package_path).ok()
}

/// Refuses lists of files that would take more memory than their archive. Each entry of the list
/// opens with a signature of its own (APPNOTE.TXT 4.3.12).
fn check_file_count(bytes: &[u8]) -> Result<(), Unreadable> {
    let signatures = memchr::memmem::find_iter(bytes, b"PK\x01\x02");
    if signatures.take(FILES_MAX + 1).count() > FILES_MAX {
        let detail = format!("EPUB of more than {FILES_MAX} files");
        return Err(Unreadable::new(Reason::Limit, detail));
    }
    Ok(())
}

fn corrupt(detail: impl Into<String>) -> Unreadable {
    Unreadable::new(Reason::Corrupt, detail)
}

struct Container<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
}

impl Container<'_> {
    /// One of the files that describe the book.
    fn own_file(&mut self, path: &str) -> Result<Vec<u8>, Unreadable> {
        let bytes = self
            .unpack(path, OWN_FILE_BYTES + 1)
            .ok_or_else(|| corrupt(format!("damaged EPUB: no readable {}", shown(path))))?;
        if bytes.len() as u64 > OWN_FILE_BYTES {
            let detail = format!("EPUB whose {} has over {OWN_FILE_BYTES} bytes", shown(path));
            return Err(Unreadable::new(Reason::Limit, detail));
        }
        Ok(bytes)
    }

    /// At most the first `most` bytes of a file; `None` for one that is missing or damaged.
    fn unpack(&mut self, path: &str, most: u64) -> Option<Vec<u8>> {
        let file = self.archive.by_name(path).ok()?;
        let mut bytes = Vec::new();
        file.take(most).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// The name of a stranger's file, fit for one line.
fn shown(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.chars()
        .filter(|it| !it.is_control())
        .take(60)
        .collect()
}

/// The text read so far, and what is missing from it.
struct Book {
    text: String,
    encoding: Option<&'static str>,
    bytes_left: u64,
    bytes_most: u64,
    is_cut: bool,
    lost: usize,
}

impl Book {
    fn new(bytes_most: u64) -> Self {
        Self {
            text: String::new(),
            encoding: None,
            bytes_left: bytes_most,
            bytes_most,
            is_cut: false,
            lost: 0,
        }
    }

    /// Reads one more chapter; false when there is room for none after it.
    fn add(&mut self, container: &mut Container<'_>, path: &str) -> bool {
        let most = self.bytes_left.saturating_add(1);
        let Some(mut bytes) = container.unpack(path, most) else {
            self.lost += 1;
            return true;
        };
        if bytes.len() as u64 > self.bytes_left {
            bytes.pop();
            self.is_cut = true;
        }
        self.bytes_left -= bytes.len() as u64;
        let declared = || encoding::declared_in_html(&bytes);
        let Some(encoding) = encoding::detect_or(&bytes, self.is_cut, declared) else {
            self.lost += usize::from(!bytes.is_empty());
            return !self.is_cut;
        };
        let page = encoding::decode(&bytes, encoding, self.is_cut);
        let prose = html_to_text(&xhtml::without_empty_elements(&page));
        if !prose.is_empty() {
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            self.text.push_str(&prose);
        }
        self.encoding.get_or_insert(encoding.name());
        !self.is_cut
    }

    fn finish(self, chapters: usize) -> Result<Document, Unreadable> {
        if self.lost == chapters {
            let detail = format!("damaged EPUB: none of its {chapters} chapters could be read");
            return Err(corrupt(detail));
        }
        let mut missing = Vec::new();
        if self.lost > 0 {
            missing.push(format!(
                "{} of {chapters} chapters could not be read",
                self.lost
            ));
        }
        if self.is_cut {
            let most = self.bytes_most;
            missing.push(format!(
                "only the first {most} bytes of its chapters were read"
            ));
        }
        Ok(Document {
            text: self.text,
            encoding: self.encoding.unwrap_or("UTF-8"),
            partial: (!missing.is_empty()).then(|| missing.join("; ")),
        })
    }
}

#[cfg(test)]
mod tests;
