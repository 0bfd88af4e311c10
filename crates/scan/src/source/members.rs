//! A tar archive, member by member, as it streams by (POSIX.1-2001 `pax`, and GNU tar's long names).
//!
//! Nothing is unpacked. What is no plain file is told by its kind, and its contents are passed over.

use std::io::Read;

use clearance_decode::{Reason, Unreadable};
use tar::{EntryType, Header, PaxExtensions};

use super::stream::Stream;

const BLOCK: usize = 512;
/// Longest name of a member, in bytes.
const LONGEST_NAME: u64 = 64 << 10;
/// Longest block of further attributes, in bytes.
const LONGEST_PAX: u64 = 1 << 20;

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MemberKind {
    File,
    Folder,
    /// What has no contents of its own, or not as they would be on a disk.
    Other(&'static str),
}

/// A member, of which the contents follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// Of its first header, names that are too long for it included.
    pub(crate) offset: u64,
    pub(crate) path: String,
    pub(crate) bytes: u64,
    pub(crate) kind: MemberKind,
}

/// Reads an archive forward.
pub(crate) struct Members {
    stream: Stream,
    /// Of the member that was read last, what is left of its contents ...
    contents: u64,
    /// ... and of what fills its last block.
    padding: u64,
    /// A member that was read and given back.
    given_back: Option<Member>,
}

impl Members {
    pub(crate) fn new(stream: Stream) -> Self {
        Self {
            stream,
            contents: 0,
            padding: 0,
            given_back: None,
        }
    }

    /// Where the member that was read last ends, counted after unpacking.
    pub(crate) fn end(&self) -> u64 {
        let left = self.contents.saturating_add(self.padding);
        self.stream.position().saturating_add(left)
    }

    /// Makes a member the next one again, before anything of its contents is read.
    pub(crate) fn give_back(&mut self, member: Member) {
        self.given_back = Some(member);
    }

    /// Goes to the first header of a member.
    pub(crate) fn go_to(&mut self, offset: u64) -> Result<(), Unreadable> {
        if self
            .given_back
            .as_ref()
            .is_some_and(|it| it.offset == offset)
        {
            return Ok(());
        }
        self.given_back = None;
        (self.contents, self.padding) = (0, 0);
        let gone = self.stream.go_to(offset);
        gone.map_err(|error| self.stream.damage(&error))
    }

    /// The next member. Archives that were written one behind the other are read as one.
    pub(crate) fn next(&mut self) -> Result<Option<Member>, Unreadable> {
        if let Some(member) = self.given_back.take() {
            return Ok(Some(member));
        }
        self.pass()?;
        let offset = self.stream.position();
        let mut said = Said::default();
        let mut first = offset;
        loop {
            let Some(header) = self.header()? else {
                return Ok(None);
            };
            if said.is_empty() {
                first = self.stream.position() - BLOCK as u64;
            }
            let bytes = header
                .entry_size()
                .map_err(|error| corrupt(&error.to_string()))?;
            match header.entry_type() {
                EntryType::GNULongName => said.name = Some(self.text(bytes)?),
                EntryType::GNULongLink => {
                    self.leave(bytes)?;
                    said.has_more = true;
                }
                EntryType::XHeader => self.pax(bytes, &mut said)?,
                // Attributes of all that follow: of no use here, and no member.
                EntryType::XGlobalHeader => {
                    self.begin(bytes);
                    return Ok(Some(Member {
                        offset: first,
                        path: String::new(),
                        bytes,
                        kind: MemberKind::Folder,
                    }));
                }
                kind => return self.member(first, &header, kind, said).map(Some),
            }
        }
    }

    fn member(
        &mut self,
        offset: u64,
        header: &Header,
        entry_type: EntryType,
        said: Said,
    ) -> Result<Member, Unreadable> {
        let stated = header
            .entry_size()
            .map_err(|error| corrupt(&error.to_string()))?;
        let kind = match entry_type {
            EntryType::Regular | EntryType::Continuous if said.is_sparse => {
                MemberKind::Other("a sparse file")
            }
            EntryType::Regular | EntryType::Continuous => MemberKind::File,
            EntryType::Directory => MemberKind::Folder,
            EntryType::Link => MemberKind::Other("a hard link"),
            EntryType::Symlink => MemberKind::Other("a symbolic link"),
            EntryType::GNUSparse => MemberKind::Other("a sparse file"),
            EntryType::Char | EntryType::Block | EntryType::Fifo => MemberKind::Other("a device"),
            _ => MemberKind::Other("a member of an unknown kind"),
        };
        if entry_type == EntryType::GNUSparse {
            self.pass_sparse_map(header)?;
        }
        let has_contents = !matches!(
            entry_type,
            EntryType::Link
                | EntryType::Symlink
                | EntryType::Char
                | EntryType::Block
                | EntryType::Fifo
                | EntryType::Directory
        );
        let bytes = said.bytes.unwrap_or(stated);
        let bytes = if has_contents { bytes } else { 0 };
        self.begin(bytes);
        let path = said
            .name
            .unwrap_or_else(|| String::from_utf8_lossy(&header.path_bytes()).into_owned());
        Ok(Member {
            offset,
            path,
            bytes,
            kind,
        })
    }

    /// Reads the contents of the member, at most so many bytes of them. What is left is passed over.
    pub(crate) fn read(&mut self, most: u64, into: &mut Vec<u8>) -> Result<(), Unreadable> {
        into.clear();
        let wanted = self.contents.min(most);
        let read = self.stream.by_ref().take(wanted).read_to_end(into);
        self.contents -= (into.len() as u64).min(self.contents);
        match read {
            Ok(read) if (read as u64) < wanted => Err(ends_early()),
            Ok(_) => Ok(()),
            Err(error) => Err(self.stream.damage(&error)),
        }
    }

    fn begin(&mut self, bytes: u64) {
        self.contents = bytes;
        let end = bytes.checked_next_multiple_of(BLOCK as u64);
        self.padding = end.map_or(0, |end| end - bytes);
    }

    /// Goes over what is left of the member.
    fn pass(&mut self) -> Result<(), Unreadable> {
        let rest = self.contents.saturating_add(self.padding);
        (self.contents, self.padding) = (0, 0);
        match self.stream.skip(rest) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Err(ends_early()),
            Err(error) => Err(self.stream.damage(&error)),
        }
    }

    /// The next header that is not empty; `None` at the end.
    fn header(&mut self) -> Result<Option<Header>, Unreadable> {
        loop {
            let mut block = [0u8; BLOCK];
            let mut there = 0;
            while there < BLOCK {
                let free = block.get_mut(there..).unwrap_or_default();
                match self.stream.read(free) {
                    Ok(0) => break,
                    Ok(read) => there += read,
                    Err(error) => return Err(self.stream.damage(&error)),
                }
            }
            if there == 0 {
                return Ok(None);
            }
            if there < BLOCK {
                return Err(ends_early());
            }
            if block.iter().all(|byte| *byte == 0) {
                continue;
            }
            let header = Header::from_byte_slice(&block).clone();
            let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
            let checked = block.get(148..156).unwrap_or_default();
            let own: u32 = checked.iter().map(|byte| u32::from(*byte)).sum();
            let sum = sum - own + 8 * u32::from(b' ');
            if header.cksum().ok() != Some(sum) {
                return Err(corrupt("a header with a wrong checksum"));
            }
            return Ok(Some(header));
        }
    }

    /// A name that stands in blocks of its own.
    fn text(&mut self, bytes: u64) -> Result<String, Unreadable> {
        if bytes > LONGEST_NAME {
            return Err(too_long("a name", bytes));
        }
        self.begin(bytes);
        let mut text = Vec::new();
        self.read(bytes, &mut text)?;
        self.pass()?;
        let end = memchr::memchr(0, &text).unwrap_or(text.len());
        text.truncate(end);
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    fn leave(&mut self, bytes: u64) -> Result<(), Unreadable> {
        self.begin(bytes);
        self.pass()
    }

    fn pax(&mut self, bytes: u64, said: &mut Said) -> Result<(), Unreadable> {
        if bytes > LONGEST_PAX {
            return Err(too_long("a block of attributes", bytes));
        }
        self.begin(bytes);
        let mut text = Vec::new();
        self.read(bytes, &mut text)?;
        self.pass()?;
        for attribute in PaxExtensions::new(&text) {
            let attribute = attribute.map_err(|error| corrupt(&error.to_string()))?;
            let value = || String::from_utf8_lossy(attribute.value_bytes()).into_owned();
            match attribute.key_bytes() {
                b"path" => {
                    let value = value();
                    if value.len() as u64 > LONGEST_NAME {
                        return Err(too_long("a name", value.len() as u64));
                    }
                    said.name = Some(value);
                }
                b"size" => {
                    let size = value().parse();
                    said.bytes = Some(size.map_err(|_| corrupt("a size that is no number"))?);
                }
                key if key.starts_with(b"GNU.sparse.") => said.is_sparse = true,
                _ => {}
            }
        }
        said.has_more = true;
        Ok(())
    }

    /// Blocks between the header of a sparse file and its contents.
    fn pass_sparse_map(&mut self, header: &Header) -> Result<(), Unreadable> {
        let mut goes_on = header.as_gnu().is_some_and(tar::GnuHeader::is_extended);
        while goes_on {
            let mut block = [0u8; BLOCK];
            self.stream
                .read_exact(&mut block)
                .map_err(|error| self.stream.damage(&error))?;
            goes_on = block.get(504) == Some(&1);
        }
        Ok(())
    }
}

/// What stands before a member's own header.
#[derive(Default)]
struct Said {
    name: Option<String>,
    bytes: Option<u64>,
    is_sparse: bool,
    /// Whether there is anything else.
    has_more: bool,
}

impl Said {
    fn is_empty(&self) -> bool {
        self.name.is_none() && !self.has_more
    }
}

fn corrupt(detail: &str) -> Unreadable {
    Unreadable::new(Reason::Corrupt, format!("tar: {detail}"))
}

pub(crate) fn ends_early() -> Unreadable {
    corrupt("the archive ends early; get the whole file again")
}

fn too_long(what: &str, bytes: u64) -> Unreadable {
    Unreadable::new(Reason::Limit, format!("tar: {what} of {bytes} bytes"))
}

#[cfg(test)]
mod tests;
