//! A range of the landmarks, for one part of a registry.

use std::ops::Range;
use std::path::Path;

use clearance_fingerprint::params;

use super::{LINE_BYTES, LandmarkStore};
use crate::error::Result;
use crate::segment::buckets::sliced::kept;
use crate::segment::container::{ContainerWriter, read_u32};

impl LandmarkStore {
    pub(crate) fn prefix_bits(&self) -> u32 {
        self.prefix_bits
    }

    fn bucket_at(&self, prefix: usize) -> Range<usize> {
        let prefixes = self.container.bytes(&self.prefixes);
        let bound = |prefix: usize| (read_u32(prefixes, prefix * 4) as usize).min(self.len());
        bound(prefix)..bound(prefix + 1).max(bound(prefix))
    }

    /// What the lines of each prefix weigh, where of those with one hash `most` count.
    pub(crate) fn weights(&self, most: usize) -> impl Iterator<Item = u64> + Clone {
        (0..self.prefixes.len() / 4 - 1).map(move |prefix| {
            let bucket = self.bucket_at(prefix);
            let kept = kept(bucket.start, self.tails(&bucket), most);
            kept.map(|lines| lines.len() as u64).sum()
        })
    }

    /// Writes a file with the lines of these prefixes alone, at most so many of one hash.
    pub(crate) fn write_slice(
        &self,
        prefixes: Range<usize>,
        most: usize,
        path: &Path,
    ) -> Result<()> {
        let all_tails = self.container.bytes(&self.tails);
        let all_lines = self.container.bytes(&self.lines);
        let first = prefixes.start;
        let (mut starts, mut tails, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        for prefix in prefixes {
            starts.extend_from_slice(&((tails.len() / 2) as u32).to_le_bytes());
            let bucket = self.bucket_at(prefix);
            for range in kept(bucket.start, self.tails(&bucket), most) {
                tails.extend_from_slice(&all_tails[range.start * 2..range.end * 2]);
                let bytes = range.start * LINE_BYTES..range.end * LINE_BYTES;
                lines.extend_from_slice(&all_lines[bytes]);
            }
        }
        starts.extend_from_slice(&((tails.len() / 2) as u32).to_le_bytes());
        ContainerWriter::new(params::AUDIO)
            .slice(first, self.prefix_bits)
            .section("assets", Vec::new())
            .section("starts", Vec::new())
            .section("prefixes", starts)
            .section("tails", tails)
            .section("lines", lines)
            .write(path)
    }

    /// Writes a file with the recordings' places on the timeline, and no lines.
    pub(crate) fn write_timeline(&self, path: &Path) -> Result<()> {
        ContainerWriter::new(params::AUDIO)
            .slice(0, self.prefix_bits)
            .section("assets", self.container.bytes(&self.assets).to_vec())
            .section("starts", self.container.bytes(&self.starts).to_vec())
            .section("prefixes", vec![0; 4])
            .section("tails", Vec::new())
            .section("lines", Vec::new())
            .write(path)
    }
}
