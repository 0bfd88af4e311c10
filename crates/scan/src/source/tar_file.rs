//! Tar archives in the manner of `WebDataset`: files that follow one another and share their name up
//! to its first dot are a row.

use std::collections::HashSet;
use std::path::Path;

use clearance_decode::{Reason, Unreadable};

use super::cells::Payload;
use super::grouped::{
    GroupSurvey, GroupedRow, JSON, MOST_BESIDE_BYTES, is_text, key, looked_bytes, too_long,
};
use super::members::{Member, MemberKind, Members};
use super::rows::{Request, RowSource, RowsRead};
use super::stream::{Codec, Stream};
use super::survey::{Chunk, Chunker};
use super::{Detected, Item};
use crate::error::Result;
use crate::schema::Overrides;

/// Rows of a chunk, at most.
const CHUNK_ROWS: u64 = 4096;
/// Bytes of a chunk, at most; a single row may be longer.
const CHUNK_BYTES: u64 = 256 << 20;
/// Names of rows that are remembered, to tell those that come twice.
const MOST_REMEMBERED: usize = 1 << 22;

/// How the rows of an archive are found.
#[derive(Clone, Debug)]
pub(crate) struct TarForm {
    pub(crate) codec: Codec,
    chunks: Vec<Chunk>,
    /// Columns named by endings; the others are keys of descriptions.
    endings: usize,
}

/// What one reading of an archive says of it.
pub(crate) struct SurveyedTar {
    pub(crate) form: TarForm,
    pub(crate) detected: Detected,
    pub(crate) rows: Vec<u64>,
    pub(crate) damage: Option<Unreadable>,
    pub(crate) remarks: Vec<String>,
}

/// Reads an archive once: its columns, and where its chunks begin.
pub(crate) fn survey(path: &Path, codec: Codec, overrides: &Overrides) -> Result<SurveyedTar> {
    let mut walk = Walk {
        survey: GroupSurvey::default(),
        chunker: Chunker::new(CHUNK_ROWS, CHUNK_BYTES),
        row: String::new(),
        seen: HashSet::new(),
        repeated: 0,
        left: 0,
    };
    let outcome = clearance_decode::guard(|| {
        let mut members = Members::new(open(path, codec)?);
        let mut head = Vec::new();
        while let Some(member) = members.next()? {
            walk.add(&member, &mut members, &mut head)?;
        }
        Ok(())
    });
    let remarks = walk.remarks();
    let endings = walk.survey.files.names().count();
    let detected = walk.survey.finish(overrides)?;
    let chunks = walk.chunker.finish();
    Ok(SurveyedTar {
        rows: chunks.iter().map(|chunk| chunk.rows).collect(),
        form: TarForm {
            codec,
            chunks,
            endings,
        },
        detected,
        damage: outcome.err(),
        remarks,
    })
}

fn open(path: &Path, codec: Codec) -> std::result::Result<Stream, Unreadable> {
    Stream::open(path, codec).map_err(|error| Unreadable::new(Reason::Io, error.kind().to_string()))
}

struct Walk {
    survey: GroupSurvey,
    chunker: Chunker,
    /// The key of the row that is open.
    row: String,
    seen: HashSet<[u8; 16]>,
    repeated: u64,
    left: u64,
}

impl Walk {
    fn add(
        &mut self,
        member: &Member,
        members: &mut Members,
        head: &mut Vec<u8>,
    ) -> std::result::Result<(), Unreadable> {
        let Some((row, ending)) = row_of(member) else {
            return Ok(());
        };
        if row != self.row {
            row.clone_into(&mut self.row);
            self.chunker.add_row(member.offset, 0);
            self.remember();
        }
        if let MemberKind::Other(_) = member.kind {
            self.left += 1;
            // A column for what cannot be read.
            self.survey.add(&ending, b"");
            return Ok(());
        }
        let read = members.read(looked_bytes(&ending), head);
        self.survey.add(&ending, head);
        read
    }

    fn remember(&mut self) {
        let mut digest = [0; 16];
        let hash = blake3::hash(self.row.as_bytes());
        digest.copy_from_slice(hash.as_bytes().first_chunk::<16>().unwrap_or(&[0; 16]));
        if self.seen.contains(&digest) {
            self.repeated += 1;
        } else if self.seen.len() < MOST_REMEMBERED {
            self.seen.insert(digest);
        }
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.repeated > 0 {
            remarks.push(format!(
                "{} rows have the name of an earlier row that was over already; each is a row of its own",
                self.repeated
            ));
        }
        if self.left > 0 {
            remarks.push(format!(
                "{} members are links, sparse files or devices, which are not read",
                self.left
            ));
        }
        if self.survey.files.has_more || self.survey.keys.has_more {
            remarks.push(
                "it has more columns than are told apart; the others were not looked at".to_owned(),
            );
        }
        remarks
    }
}

/// The row that a member belongs to, and its ending; `None` for what belongs to none.
pub(crate) fn row_of(member: &Member) -> Option<(&str, String)> {
    match member.kind {
        MemberKind::Folder => None,
        MemberKind::File | MemberKind::Other(_) => key(&member.path),
    }
}

/// An archive that is open.
pub(crate) struct TarSource {
    members: Members,
    form: TarForm,
}

impl TarSource {
    pub(crate) fn open(path: &Path, form: &TarForm) -> std::result::Result<Self, Unreadable> {
        Ok(Self {
            members: Members::new(open(path, form.codec)?),
            form: form.clone(),
        })
    }

    /// Hands out a member of a row. An error is the end of the archive.
    fn add(
        &mut self,
        row: &mut GroupedRow<'_>,
        member: &Member,
        ending: &str,
        limit: u64,
        visit: &mut dyn FnMut(Item),
    ) -> std::result::Result<(), Unreadable> {
        if !row.is_wanted(ending) {
            return Ok(());
        }
        let limit = if ending == JSON || is_text(ending) {
            limit.min(MOST_BESIDE_BYTES)
        } else {
            limit
        };
        let place = row.column(ending);
        if let MemberKind::Other(what) = member.kind {
            if let Some(place) = place {
                let reason = format!("{what}: its contents are not in this place");
                row.add_payload(place, Payload::Left(reason), visit);
            }
            return Ok(());
        }
        if member.bytes > limit {
            if let Some(place) = place {
                row.add_payload(place, too_long(member.bytes, limit), visit);
            }
            return Ok(());
        }
        let mut bytes = Vec::new();
        if let Err(unreadable) = self.members.read(member.bytes, &mut bytes) {
            if let Some(place) = place {
                row.add_payload(place, Payload::Broken(unreadable.clone()), visit);
            }
            return Err(unreadable);
        }
        row.add(ending, &member.path, bytes, visit);
        Ok(())
    }
}

impl RowSource for TarSource {
    fn read(
        &mut self,
        request: &Request<'_>,
        visit: &mut dyn FnMut(Item),
    ) -> std::result::Result<RowsRead, Unreadable> {
        let chunk = self.form.chunks.get(request.unit.group).copied();
        let Some(chunk) = chunk else {
            return Ok((0, Some("corrupt: no such chunk".to_owned())));
        };
        self.members.go_to(chunk.offset)?;
        let columns = &request.file.columns;
        let endings = self.form.endings;
        let mut open: Option<(String, GroupedRow<'_>)> = None;
        let mut rows = 0;
        loop {
            let member = match self.members.next() {
                Ok(Some(member)) => member,
                Ok(None) => break,
                Err(unreadable) => return Ok(ended(open, rows, Some(unreadable), request, visit)),
            };
            let Some((name, ending)) = row_of(&member) else {
                continue;
            };
            let is_same = open.as_ref().is_some_and(|(open, _)| open == name);
            if !is_same {
                if let Some((_, row)) = open.take() {
                    row.finish(visit);
                    rows += 1;
                    (request.count_rows)(1);
                }
                if !request.goes_on(rows) {
                    self.members.give_back(member);
                    return Ok((rows, None));
                }
                let row = GroupedRow::new(request.unit.first_row + rows, columns, endings);
                open = Some((name.to_owned(), row));
            }
            if let Some((_, row)) = &mut open
                && let Err(unreadable) = self.add(row, &member, &ending, request.item_bytes, visit)
            {
                return Ok(ended(open, rows, Some(unreadable), request, visit));
            }
        }
        Ok(ended(open, rows, None, request, visit))
    }
}

/// Hands out what there is of the row that is open when an archive ends.
fn ended(
    open: Option<(String, GroupedRow<'_>)>,
    mut rows: u64,
    damage: Option<Unreadable>,
    request: &Request<'_>,
    visit: &mut dyn FnMut(Item),
) -> RowsRead {
    if let Some((_, row)) = open {
        row.finish(visit);
        rows += 1;
        (request.count_rows)(1);
    }
    (rows, damage.map(|unreadable| unreadable.to_string()))
}

#[cfg(test)]
mod tests;
