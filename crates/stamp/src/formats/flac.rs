//! FLAC: the block of Vorbis comments (RFC 9639, section 8.6).

use super::{Task, vorbis};
use crate::bytes::{be_u32, part};
use crate::edits::Edits;
use crate::error::{Error, Result};

const COMMENTS: u8 = 4;
/// The length of a block has three bytes.
const BLOCK_BYTES_MAX: usize = 0xff_ffff;
const BLOCKS_MAX: usize = 4096;

pub(super) fn edits(bytes: &[u8], task: Task<'_>) -> Result<Edits> {
    if !bytes.starts_with(b"fLaC") {
        return Err(Error::unsupported(
            "FLAC behind an ID3 tag, which the format does not know; save it once with a tag editor",
        ));
    }
    let mut at = 4;
    let mut comments = None;
    let mut first_end = None;
    for _ in 0..BLOCKS_MAX {
        let kind = part(bytes, at, 1)?[0];
        let length = be_u32(bytes, at)? & BLOCK_BYTES_MAX;
        let body = part(bytes, at + 4, length)?;
        let end = at + 4 + length;
        if kind & 0x7f == COMMENTS && comments.is_none() {
            comments = Some((at, kind, body));
        }
        first_end.get_or_insert((end, kind & 0x80 != 0));
        at = end;
        if kind & 0x80 != 0 {
            if part(bytes, at, 2)?[0] != 0xff {
                return Err(Error::damaged("the FLAC file has no sound"));
            }
            return write(task, comments, first_end);
        }
    }
    Err(Error::Limit(format!(
        "more than {BLOCKS_MAX} blocks of metadata"
    )))
}

fn write(
    task: Task<'_>,
    comments: Option<(usize, u8, &[u8])>,
    first: Option<(usize, bool)>,
) -> Result<Edits> {
    let mut edits = Edits::default();
    let (range, kind, body) = match (comments, first) {
        (Some((at, kind, body)), _) => (at..at + 4 + body.len(), kind, body),
        // Behind the first block, which is the description of the stream.
        (None, Some((end, is_last))) => {
            if is_last {
                edits.replace(4..5, [0]);
            }
            // Without a writer's name and without comments.
            (
                end..end,
                if is_last { COMMENTS | 0x80 } else { COMMENTS },
                &[0; 8][..],
            )
        }
        (None, None) => return Err(Error::damaged("the FLAC file has no metadata")),
    };
    let (Some(new), _) = vorbis::stated(body, task)? else {
        return Ok(Edits::default());
    };
    if new.len() > BLOCK_BYTES_MAX {
        return Err(Error::Limit(format!("{} bytes of comments", new.len())));
    }
    let mut block = (new.len() as u32).to_be_bytes().to_vec();
    block[0] = kind;
    block.extend_from_slice(&new);
    edits.replace(range, block);
    Ok(edits)
}
