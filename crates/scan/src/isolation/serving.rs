//! The decoding process: reads items for a scan until that goes.

use std::io::{self, BufReader};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use clearance_decode::{Limits, Media, Signers, thumbnail_jpeg};
use clearance_index::{iscc, read_item};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};

use super::wire::{self, Answer, Question, Settings, What};
use crate::reading::{Contents, Reader};

/// Processor time of one item beside twice what its decoding may take: fingerprinting twelve hours of
/// sound, on a slow machine.
const CPU_MARGIN: Duration = Duration::from_mins(1);

/// Reads items for the scan at the other end of standard input, until it closes.
pub fn serve_decoding() -> io::Result<()> {
    let socket = io::stdin().as_fd().try_clone_to_owned()?;
    // What the scan says; it is answered behind the buffer.
    let mut scan = BufReader::new(UnixStream::from(socket));
    let settings: Settings = wire::head(&mut scan)?.ok_or(io::ErrorKind::UnexpectedEof)?;
    if settings.version != Settings::VERSION {
        return Err(io::Error::other(format!(
            "made for version {}, not {}",
            Settings::VERSION,
            settings.version
        )));
    }
    let pem = wire::certificates(&mut scan, settings.length)?;
    let signers = signers(&settings, &pem)?;
    bound_memory(settings.memory_bytes)?;
    answer(scan.get_mut(), &[])?;
    let decoder = Decoder {
        limits: &settings.limits,
        reader: Reader {
            limits: &settings.limits,
            media_roots: &[] as &[PathBuf],
            declarations: settings.declarations,
            signers: signers.as_ref(),
            decoders: None,
        },
    };
    while let Some(question) = wire::head::<Question>(&mut scan)? {
        let bytes = wire::bytes(&mut scan, question.length, settings.limits.item_bytes)?;
        bound_time(settings.limits.decode_time_ms)?;
        match decoder.answer(question.what, bytes)? {
            Some(answered) => answer(scan.get_mut(), &answered)?,
            None => wire::send(scan.get_mut(), &Answer::NONE, &[])?,
        }
    }
    Ok(())
}

fn signers(settings: &Settings, pem: &str) -> io::Result<Option<Signers>> {
    if !settings.signers {
        Ok(None)
    } else if pem.is_empty() {
        Ok(Signers::nobody())
    } else {
        Signers::trusting(pem).map(Some).map_err(io::Error::other)
    }
}

fn answer(scan: &mut UnixStream, bytes: &[u8]) -> io::Result<()> {
    let head = Answer {
        is_there: true,
        length: bytes.len() as u64,
    };
    wire::send(scan, &head, bytes)
}

/// From here on memory beyond this is refused by the system, which ends the process.
fn bound_memory(bytes: u64) -> io::Result<()> {
    bound(Resource::As, bytes)
}

/// The system ends the process when this item takes more processor time than any may.
fn bound_time(decode_time_ms: u64) -> io::Result<()> {
    let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec;
    let allowed = 2 * decode_time_ms.div_ceil(1000) + CPU_MARGIN.as_secs();
    let end = u64::try_from(used).unwrap_or(0).saturating_add(allowed);
    bound(Resource::Cpu, end)
}

/// Sets a limit, or leaves the lower one that a machine or a queue of jobs has set already.
fn bound(resource: Resource, wanted: u64) -> io::Result<()> {
    let maximum = getrlimit(resource).maximum;
    let limit = Rlimit {
        current: Some(maximum.map_or(wanted, |maximum| maximum.min(wanted))),
        maximum,
    };
    Ok(setrlimit(resource, limit)?)
}

struct Decoder<'a> {
    limits: &'a Limits,
    reader: Reader<'a>,
}

impl Decoder<'_> {
    fn answer(&self, what: What, bytes: Vec<u8>) -> io::Result<Option<Vec<u8>>> {
        match what {
            What::Read {
                name,
                media,
                digest,
            } => {
                let digest = blake3::Hash::from_hex(&digest).map_err(|_| wire::nonsense())?;
                let contents = Contents::File {
                    bytes: Bytes::from(bytes),
                    name,
                    digest: *digest.as_bytes(),
                };
                wire::written(self.reader.print(contents, media)).map(Some)
            }
            What::Thumbnail { side_px } => Ok(thumbnail_jpeg(&bytes, side_px, self.limits).ok()),
            What::Iscc => {
                let bytes = Bytes::from(bytes);
                let read = read_item(&bytes, None, Some(Media::Image), false, None, self.limits);
                let code = read.print.ok();
                let code = code.and_then(|it| iscc(&it.print, Some(&bytes), self.limits));
                Ok(code.map(String::into_bytes))
            }
        }
    }
}
