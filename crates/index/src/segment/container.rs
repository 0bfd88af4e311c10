//! The file around every binary part of a segment (FORMAT.md, "Container").

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

const MAGIC: [u8; 8] = *b"CLRSEG\r\n";
const END_MAGIC: [u8; 8] = *b"CLREND\r\n";
/// Version of the container and of everything inside it.
pub(crate) const VERSION: u32 = 3;
const HEADER: usize = 64;
const TABLE_LINE: usize = 24;
const FOOTER: usize = 40;
const ALIGNMENT: usize = 64;
/// No file has more sections; a larger count is damage.
const MOST_SECTIONS: usize = 64;

/// The section that says which buckets of a larger file these are.
const SLICE: &str = "slice";

/// Writes named sections into one checksummed file.
pub(crate) struct ContainerWriter<'a> {
    params: &'a str,
    sections: Vec<(&'a str, Vec<u8>)>,
}

impl<'a> ContainerWriter<'a> {
    pub(crate) fn new(params: &'a str) -> Self {
        Self {
            params,
            sections: Vec::new(),
        }
    }

    /// Adds a section; `name` has at most eight bytes.
    pub(crate) fn section(mut self, name: &'a str, bytes: Vec<u8>) -> Self {
        self.sections.push((name, bytes));
        self
    }

    /// Says that the buckets are those from `first` on of a file that numbers them in `bits` bits.
    pub(crate) fn slice(self, first: usize, bits: u32) -> Self {
        let said = [first as u64, u64::from(bits)].map(u64::to_le_bytes);
        self.section(SLICE, said.concat())
    }

    /// Writes and syncs the file; returns its length and digest.
    pub(crate) fn write(self, path: &Path) -> Result<()> {
        let file = File::create(path).map_err(Error::io(path))?;
        let mut out = HashingWriter {
            out: BufWriter::new(file),
            hasher: blake3::Hasher::new(),
        };
        self.write_to(&mut out).map_err(Error::io(path))?;
        let digest = out.hasher.finalize();
        let finish = |mut out: BufWriter<File>| {
            out.write_all(digest.as_bytes())?;
            out.write_all(&END_MAGIC)?;
            out.flush()?;
            out.get_ref().sync_all()
        };
        finish(out.out).map_err(Error::io(path))
    }

    fn write_to(&self, out: &mut impl Write) -> std::io::Result<()> {
        let mut header = [0u8; HEADER];
        header[..8].copy_from_slice(&MAGIC);
        header[8..12].copy_from_slice(&VERSION.to_le_bytes());
        header[12..16].copy_from_slice(&(self.sections.len() as u32).to_le_bytes());
        let params = self.params.as_bytes();
        let length = params.len().min(32);
        header[16..16 + length].copy_from_slice(&params[..length]);
        out.write_all(&header)?;
        let mut offset = aligned(HEADER + TABLE_LINE * self.sections.len());
        for (name, bytes) in &self.sections {
            let mut line = [0u8; TABLE_LINE];
            line[..name.len()].copy_from_slice(name.as_bytes());
            line[8..16].copy_from_slice(&(offset as u64).to_le_bytes());
            line[16..].copy_from_slice(&(bytes.len() as u64).to_le_bytes());
            out.write_all(&line)?;
            offset = aligned(offset + bytes.len());
        }
        let mut at = HEADER + TABLE_LINE * self.sections.len();
        for (_, bytes) in &self.sections {
            out.write_all(&[0; ALIGNMENT][..aligned(at) - at])?;
            out.write_all(bytes)?;
            at = aligned(at) + bytes.len();
        }
        Ok(())
    }
}

fn aligned(offset: usize) -> usize {
    offset.next_multiple_of(ALIGNMENT)
}

struct HashingWriter {
    out: BufWriter<File>,
    hasher: blake3::Hasher,
}

impl Write for HashingWriter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// A memory-mapped, verified container.
pub(crate) struct Container {
    path: PathBuf,
    map: memmap2::Mmap,
    sections: Vec<(String, std::ops::Range<usize>)>,
}

impl Container {
    /// Maps a file and checks its magic, version, checksum, parameters and table.
    pub(crate) fn open(path: &Path, params: &str) -> Result<Self> {
        let map = map_file(path)?;
        let damaged = |detail: &str| Error::corrupt(path, detail);
        if map.len() < HEADER + FOOTER || map[..8] != MAGIC {
            return Err(damaged("the header is missing"));
        }
        let version = read_u32(&map, 8);
        if version != VERSION {
            return Err(Error::Version {
                path: path.to_owned(),
                found: version,
                supported: VERSION,
            });
        }
        let body = map.len() - FOOTER;
        if map[body + 32..] != END_MAGIC {
            return Err(damaged("the end of the file is missing"));
        }
        let digest = blake3::Hasher::new().update_rayon(&map[..body]).finalize();
        if digest.as_bytes()[..] != map[body..body + 32] {
            return Err(damaged("the checksum does not agree with the contents"));
        }
        let found = map[16..48].split(|&byte| byte == 0).next().unwrap_or(&[]);
        if found != params.as_bytes() {
            return Err(Error::Params {
                path: path.to_owned(),
                found: String::from_utf8_lossy(found).into_owned(),
                expected: params.to_owned(),
            });
        }
        let sections = sections(&map[..body])
            .ok_or_else(|| damaged("the table of sections points outside the file"))?;
        Ok(Self {
            path: path.to_owned(),
            map,
            sections,
        })
    }

    /// Where a section lies, for [`Self::bytes`].
    pub(crate) fn section(&self, name: &str) -> Result<Section> {
        let found = self.sections.iter().find(|(known, _)| known == name);
        let (_, range) = found
            .ok_or_else(|| Error::corrupt(&self.path, format!("section {name:?} is missing")))?;
        Ok(Section(range.clone()))
    }

    /// Of a file with a range of another one's buckets: the first of them, and the bits that number
    /// a bucket there.
    pub(crate) fn slice(&self) -> Result<Option<(usize, u32)>> {
        if !self.sections.iter().any(|(known, _)| known == SLICE) {
            return Ok(None);
        }
        let section = self.section(SLICE)?;
        let (&[first, bits], []) = self.bytes(&section).as_chunks::<8>() else {
            return Err(Error::corrupt(&self.path, "an impossible slice"));
        };
        let (first, bits) = (u64::from_le_bytes(first), u64::from_le_bytes(bits));
        match (usize::try_from(first), u32::try_from(bits)) {
            (Ok(first), Ok(bits)) if (1..=32).contains(&bits) => Ok(Some((first, bits))),
            _ => Err(Error::corrupt(&self.path, "an impossible slice")),
        }
    }

    /// The bytes of one of this container's sections.
    pub(crate) fn bytes(&self, section: &Section) -> &[u8] {
        &self.map[section.0.clone()]
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// The place of a section inside its container.
pub(crate) struct Section(std::ops::Range<usize>);

impl Section {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

fn sections(body: &[u8]) -> Option<Vec<(String, std::ops::Range<usize>)>> {
    let count = read_u32(body, 12) as usize;
    if count > MOST_SECTIONS || HEADER + TABLE_LINE * count > body.len() {
        return None;
    }
    (0..count)
        .map(|index| {
            let line = &body[HEADER + TABLE_LINE * index..][..TABLE_LINE];
            let name = line[..8].split(|&byte| byte == 0).next()?;
            let from = usize::try_from(read_u64(line, 8)).ok()?;
            let to = from.checked_add(usize::try_from(read_u64(line, 16)).ok()?)?;
            (to <= body.len()).then(|| (String::from_utf8_lossy(name).into_owned(), from..to))
        })
        .collect()
}

#[expect(
    unsafe_code,
    reason = "a memory map is the only way to search a registry larger than memory"
)]
fn map_file(path: &Path) -> Result<memmap2::Mmap> {
    let file = File::open(path).map_err(Error::io(path))?;
    // SAFETY: a map is sound as long as nobody changes the file underneath it.
    // Segments are immutable once published: the registry writes them under a
    // temporary name, renames them into place and never opens them for writing
    // again; removal leaves existing maps intact.
    unsafe { memmap2::Mmap::map(&file) }.map_err(Error::io(path))
}

/// Little-endian `u32` at a byte offset that the caller has checked.
pub(crate) fn read_u32(bytes: &[u8], at: usize) -> u32 {
    let mut value = [0; 4];
    value.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(value)
}

/// Little-endian `u64` at a byte offset that the caller has checked.
pub(crate) fn read_u64(bytes: &[u8], at: usize) -> u64 {
    let mut value = [0; 8];
    value.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(value)
}

#[cfg(test)]
mod tests;
