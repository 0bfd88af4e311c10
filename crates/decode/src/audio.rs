//! Sound in any container and codec to mono PCM at one rate.

mod codec;
mod mixer;
#[cfg(feature = "opus")]
mod opus;
mod track;
mod watch;

use std::io::Cursor;
use std::sync::Arc;

use bytes::Bytes;
use symphonia::core::errors::Error as MediaError;
use symphonia::core::formats::FormatReader;

use self::mixer::{Intake, Mixer};
use self::track::Track;
use self::watch::{Watch, Watched};
use crate::guard::guard;
use crate::sniff::HEAD_BYTES;
use crate::source::{open_file, unreadable_file};
use crate::{Format, Limits, Media, Reason, Source, Unreadable, sniff};

/// Sample rate of everything [`decode_audio`] delivers: a quarter of the compact disc's, enough
/// for the band up to 5 kHz in which melodies and voices live.
pub const AUDIO_RATE_HZ: u32 = 11_025;

/// Packets in a row that bring no sound before the rest of a stream is given up.
const BARREN_PACKETS_MAX: u32 = 4_096;

/// What was read of one item's sound.
#[derive(Clone, Debug, PartialEq)]
pub struct AudioReading {
    /// Duration of what was really decoded, in seconds.
    pub duration_s: f64,
    /// Sample rate of the source in Hz; of its first part, should it change.
    pub sample_rate_hz: u32,
    /// Channels of the source; of its first part, should they change.
    pub channels: u16,
    /// What was left out, when something was.
    pub partial: Option<String>,
}

/// Decodes an item's default audio track into mono blocks at [`AUDIO_RATE_HZ`].
///
/// Blocks of any length arrive at `sink` in order while decoding goes on, so hours of sound need
/// little memory. Full scale is 1.0, though lossy codecs and float files may exceed it; every
/// sample is finite. Channels are averaged. Encoder delay and padding are kept: the header fields
/// that tell their lengths are often wrong, and could hide sound.
///
/// Damaged packets are skipped. A stream that breaks off keeps its beginning, and a stream
/// longer than `audio_duration_s` its first part; `partial` says so. When the result is
/// `Err`, blocks that `sink` already has must be thrown away.
pub fn decode_audio(
    source: &Source,
    limits: &Limits,
    sink: &mut dyn FnMut(&[f32]),
) -> Result<AudioReading, Unreadable> {
    guard(|| {
        let watch = Arc::new(Watch::new(limits.decode_time_ms));
        let outcome = read_audio(source, limits, &watch, sink);
        // Out of time or a failing disk look like damage to the decoder; the watch knows better.
        watch.trouble().map_or(outcome, Err)
    })
}

fn read_audio(
    source: &Source,
    limits: &Limits,
    watch: &Arc<Watch>,
    sink: &mut dyn FnMut(&[f32]),
) -> Result<AudioReading, Unreadable> {
    let mut stream = open(source, limits, watch)?;
    let head = stream
        .read_head(HEAD_BYTES)
        .map_err(|error| unreadable_file(&error))?;
    let format = recognize(&head, source)?;
    let mut is_heard = false;
    let heard = listen(stream, format, limits, watch, &mut |block| {
        is_heard = true;
        sink(block);
    });
    match heard {
        // Some readers refuse a file that is shorter than its header says, or find nothing in
        // it. Of a pipe they do not know the length, and give what is there.
        Err(trouble) if !is_heard => {
            let stream = open(source, limits, watch)?.forward_only();
            listen(stream, format, limits, watch, sink).map_err(|_| trouble)
        }
        heard => heard,
    }
}

fn listen(
    stream: Watched,
    format: Option<Format>,
    limits: &Limits,
    watch: &Watch,
    sink: &mut dyn FnMut(&[f32]),
) -> Result<AudioReading, Unreadable> {
    let mut reader = track::probe(Box::new(stream), format)?;
    let track = Track::choose(reader.as_ref())?;
    let mut stream = Stream {
        track,
        mixer: Mixer::new(limits.audio_duration_s, sink),
        skipped: 0,
    };
    let ending = stream.run(reader.as_mut(), watch);
    stream.conclude(ending, format)
}

fn open(source: &Source, limits: &Limits, watch: &Arc<Watch>) -> Result<Watched, Unreadable> {
    match source {
        Source::Bytes(bytes) => {
            limits.check_item_len(bytes.len() as u64)?;
            Ok(Watched::new(
                Box::new(Cursor::new(Bytes::clone(bytes))),
                watch,
            ))
        }
        Source::File(path) => {
            let (file, _) = open_file(path, limits)?;
            Ok(Watched::new(Box::new(file), watch))
        }
    }
}

/// The format of the bytes; `None` leaves it to the readers to find sound behind junk. Other
/// media, and formats without a reader, are refused.
fn recognize(head: &[u8], source: &Source) -> Result<Option<Format>, Unreadable> {
    let name = match source {
        Source::Bytes(_) => None,
        Source::File(path) => path.to_str(),
    };
    let format = sniff(head, name);
    let unsupported = |detail| Err(Unreadable::new(Reason::Unsupported, detail));
    match format {
        Some(format) if format.media() != Media::Audio => {
            let detail = format!("the bytes are {format}, not audio");
            Err(Unreadable::new(Reason::Unrecognized, detail))
        }
        Some(format) if !format.is_supported() => {
            unsupported(format!("{format} files are not supported"))
        }
        Some(Format::Ogg) if codec::is_speex(head) => {
            unsupported("codec speex is not supported".to_owned())
        }
        #[cfg(feature = "opus")]
        Some(Format::Ogg) if codec::is_unmapped_opus(head) => {
            unsupported("codec opus is not supported with these channels".to_owned())
        }
        _ => Ok(format),
    }
}

/// Why reading stopped.
enum Ending {
    /// The container said so.
    End,
    /// The duration limit.
    Full,
    /// Damage; the words say what kind.
    Broken(Unreadable),
}

struct Stream<'a> {
    track: Track,
    mixer: Mixer<'a>,
    /// Packets that could not be decoded.
    skipped: u64,
}

impl Stream<'_> {
    fn run(&mut self, reader: &mut dyn FormatReader, watch: &Watch) -> Ending {
        let mut barren = 0;
        while watch.is_running() {
            let packet = match reader.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => return Ending::End,
                // A chained stream starts over with new tracks.
                Err(MediaError::ResetRequired) => match Track::choose(reader) {
                    Ok(track) => {
                        self.track = track;
                        continue;
                    }
                    Err(trouble) => return Ending::Broken(trouble),
                },
                Err(error) if self.track.is_open_ended && codec::is_end_of_file(&error) => {
                    return Ending::End;
                }
                Err(error) => return Ending::Broken(codec::unreadable(&error)),
            };
            if packet.track_id != self.track.id {
                continue;
            }
            let frames_before = self.mixer.frames();
            match self.track.decode(&packet) {
                Ok(sound) => match self.mixer.take(&sound) {
                    Ok(Intake::More) => {}
                    Ok(Intake::Full) => return Ending::Full,
                    Err(trouble) => return Ending::Broken(trouble),
                },
                Err(MediaError::ResetRequired) => self.track.reset(),
                Err(_) => self.skipped += 1,
            }
            barren = if self.mixer.frames() > frames_before {
                0
            } else {
                barren + 1
            };
            if barren > BARREN_PACKETS_MAX {
                return Ending::Broken(Unreadable::new(Reason::Corrupt, "no sound in its packets"));
            }
        }
        Ending::End
    }

    fn conclude(self, ending: Ending, format: Option<Format>) -> Result<AudioReading, Unreadable> {
        let Self {
            track,
            mixer,
            skipped,
        } = self;
        let declared_frames = track.declared_frames;
        let Some(sound) = mixer.finish() else {
            return Err(match ending {
                Ending::Broken(trouble) => trouble,
                _ if skipped > 0 => {
                    let detail = format!("none of {skipped} packets could be decoded");
                    Unreadable::new(Reason::Corrupt, detail)
                }
                _ => Unreadable::new(Reason::Corrupt, "no sound in it"),
            });
        };
        if format.is_none() && skipped > sound.blocks {
            return Err(Unreadable::new(
                Reason::Unrecognized,
                "noise that resembles packets",
            ));
        }
        let mut notes = Vec::new();
        match ending {
            Ending::Full => notes.push(format!("only the first {} s were read", sound.limit_s)),
            Ending::Broken(trouble) => notes.push(format!("ended early: {}", trouble.detail)),
            Ending::End => {
                let declared_s = declared_frames
                    .map(|frames| frames as f64 / f64::from(sound.sample_rate_hz))
                    // Damaged packets explain what is missing; so do the counts below.
                    .filter(|declared_s| skipped == 0 && is_short(sound.duration_s, *declared_s));
                notes.extend(declared_s.map(|declared_s| {
                    format!(
                        "ended early: {:.1} of {declared_s:.1} s are there",
                        sound.duration_s
                    )
                }));
            }
        }
        if skipped > 0 {
            notes.push(format!("{skipped} damaged packets were skipped"));
        }
        Ok(AudioReading {
            duration_s: sound.duration_s,
            sample_rate_hz: sound.sample_rate_hz,
            channels: sound.channels,
            partial: (!notes.is_empty()).then(|| notes.join("; ")),
        })
    }
}

/// Headers round; only a clear gap means that the end of the file is gone.
fn is_short(duration_s: f64, declared_s: f64) -> bool {
    declared_s - duration_s > 0.1 + 0.01 * declared_s
}

#[cfg(test)]
mod tests;
