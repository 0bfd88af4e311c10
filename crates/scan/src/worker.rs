//! One item: read, fingerprint, search, judge.

mod remembered;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use clearance_decode::Media;
use clearance_index::calibrate::{MAX_AUDIO_E_VALUE_PER_ITEM, MAX_IMAGE_E_VALUE_PER_ITEM};
use clearance_index::{
    AssetRef, Evidence, IsccFound, Isccs, Match, MatchKind, NameFound, Names, Print, Snapshot, Span,
};

use crate::coverage::Decoy;
use crate::exhibit::{View, views};
use crate::fetch::FetchRecord;
use crate::isolation::DecoderPool;
use crate::pipeline::Examine;
use crate::places::{Located, answered, behind, joined, located};
use crate::plan::ScanOptions;
use crate::progress::Progress;
use crate::reading::{Contents, ItemBytes, PrintedItem, Reader, Reading, Said, Trouble};
use crate::schema::MediaColumn;
use crate::source::{Item, Payload};
use remembered::Remembered;

/// The E-value up to which decoys are looked at: what chance brings in every item.
const ANYTHING: f64 = 1.0;
/// Longest side of the thumbnails in reports.
const THUMBNAIL_SIDE_PX: u32 = 160;

/// What became of an item, and what it declares about its own use.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) outcome: Outcome,
    pub(crate) said: Option<Arc<Said>>,
    /// What is declared about the place that it came from.
    pub(crate) located: Option<Box<Located>>,
    /// How it was fetched, if it was, or was to be.
    pub(crate) fetched: Option<Box<FetchRecord>>,
    /// Whether its address declares anything about its use, worth a finding or not.
    pub(crate) is_place_declaring: bool,
    /// Whether nothing of it may be shown: the server that it came from asked so.
    pub(crate) is_kept_back: bool,
}

/// What became of an item.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Examined(Arc<Examined>),
    /// Why, as the coverage says it.
    Unreadable(String),
    Skipped(String),
    /// An address that is no item.
    Origin,
}

impl From<Trouble> for Outcome {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unreadable(reason) => Self::Unreadable(reason),
            Trouble::Skipped(reason) => Self::Skipped(reason),
        }
    }
}

/// An item that was read and compared.
#[derive(Debug)]
pub(crate) struct Examined {
    pub(crate) media: Media,
    pub(crate) extent: f64,
    pub(crate) partial: Option<String>,
    pub(crate) source: ItemBytes,
    pub(crate) matches: Vec<Match>,
    /// Names of works and creators in a text, where they are asked for.
    pub(crate) mentions: Vec<NameFound>,
    /// Works whose ISCC is near and that were not recognized otherwise, where that is asked for.
    pub(crate) coded: Vec<IsccFound>,
    /// What a report shows of the first matches, in their order.
    pub(crate) views: Vec<View>,
    pub(crate) thumbnail: Option<Vec<u8>>,
    /// What was found in the item's decoy; `None` where none was searched for, as in items
    /// that a work was found in.
    pub(crate) decoy: Option<Decoy>,
}

/// What is made of a snapshot once, and what is kept from item to item: of one snapshot and one set
/// of options.
pub(crate) struct Kept {
    /// What is looked for in texts, where it is asked for.
    names: Option<Names>,
    /// Codes that those of items are compared with, where it is asked for.
    isccs: Option<Isccs>,
    decoders: Option<DecoderPool>,
    remembered: Remembered,
}

impl Kept {
    /// Items are decoded by `decoders`, or else in this process.
    pub(crate) fn new(
        snapshot: &Snapshot,
        options: &ScanOptions,
        decoders: Option<DecoderPool>,
    ) -> Self {
        Self {
            decoders,
            names: options.mentions.then(|| Names::of(snapshot)),
            isccs: options.iscc.then(|| Isccs::of(snapshot)),
            remembered: Remembered::default(),
        }
    }

    /// The names that [`Examined::mentions`] counts.
    pub(crate) fn names(&self) -> Option<&Names> {
        self.names.as_ref()
    }
}

/// Examines items against a snapshot. Shared by all threads.
pub(crate) struct Examiner<'a> {
    snapshot: &'a Snapshot,
    reader: Reader<'a>,
    options: &'a ScanOptions,
    kept: &'a Kept,
}

impl<'a> Examiner<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot, options: &'a ScanOptions, kept: &'a Kept) -> Self {
        Self {
            snapshot,
            reader: Reader {
                decoders: kept.decoders.as_ref(),
                ..options.reader()
            },
            options,
            kept,
        }
    }

    fn examine_contents(
        &self,
        contents: Contents,
        media: Option<Media>,
    ) -> (Outcome, Option<Arc<Said>>) {
        let key = match &contents {
            // Most texts are short and quickly compared.
            Contents::Text(_) => None,
            Contents::File { digest, name, .. } => {
                let ending = name.as_deref().and_then(|name| name.rsplit_once('.'));
                let ending = ending.map(|(_, ending)| ending.to_lowercase());
                Some((*digest, media, ending))
            }
            Contents::Printed(item) => match item.print.media() {
                Media::Text => None,
                known => Some((item.source.digest, Some(known), None)),
            },
        };
        let memory = &self.kept.remembered;
        let remembered = key.as_ref().and_then(|key| memory.get(key));
        if let Some(known) = remembered {
            return known;
        }
        let bytes = match &contents {
            Contents::File { bytes, .. } => Some(bytes.clone()),
            _ => None,
        };
        let Reading { item, said } = self.reader.print(contents, media);
        let outcome = item.and_then(|item| {
            clearance_decode::guard(|| Ok(self.search(&item, bytes.as_deref())))
                .map_err(Trouble::from)
        });
        let outcome = outcome.map_or_else(Outcome::from, |examined| {
            Outcome::Examined(Arc::new(examined))
        });
        let seen = (outcome, said);
        if let Some(key) = key {
            memory.keep(key, &seen);
        }
        seen
    }

    fn search(&self, item: &PrintedItem, bytes: Option<&[u8]>) -> Examined {
        let (print, digest) = (&item.print, &item.source.digest);
        let found = match print {
            Print::Audio(print) => self.snapshot.search_audio(print),
            Print::Image { print, further, .. } => {
                let frames = std::iter::once(print).chain(further);
                self.snapshot.search_frames(frames)
            }
            Print::Text { text } => self.snapshot.search_text(text),
        };
        let matches = self.with_identical(found, digest, print);
        // A copy of a song on three notes still resembles it with its notes exchanged.
        let decoy = if matches.is_empty() {
            self.found_in_decoy(print, digest)
        } else {
            None
        };
        let coded = self.coded(item, bytes, &matches);
        let mentions = match (print, &self.kept.names) {
            (Print::Text { text }, Some(names)) => names.find(text),
            _ => Vec::new(),
        };
        let views = views(self.snapshot, print, &matches);
        let is_picture = matches!(print, Print::Image { .. }) && !matches.is_empty();
        let thumbnail = bytes
            .filter(|_| is_picture)
            .and_then(|bytes| self.reader.thumbnail(bytes, THUMBNAIL_SIDE_PX).ok());
        Examined {
            decoy,
            media: print.media(),
            extent: item.extent,
            partial: item.partial.clone(),
            source: item.source,
            matches,
            mentions,
            coded,
            views,
            thumbnail,
        }
    }

    /// Works whose ISCC is near the item's, but for those that were recognized.
    fn coded(&self, item: &PrintedItem, bytes: Option<&[u8]>, matches: &[Match]) -> Vec<IsccFound> {
        let Some(isccs) = &self.kept.isccs else {
            return Vec::new();
        };
        let Some(code) = self.reader.iscc(&item.print, bytes) else {
            return Vec::new();
        };
        let recognized = |work_id: &str| {
            let mut works = matches.iter().map(|found| self.snapshot.asset(found.asset));
            works.any(|asset| asset.is_some_and(|asset| asset.work_id == work_id))
        };
        let mut coded = isccs.find(&code);
        coded.retain(|found| !recognized(&found.work_id));
        coded
    }

    /// What is found in the decoy of an item, if it is one of those chosen.
    fn found_in_decoy(&self, print: &Print, digest: &[u8; 32]) -> Option<Decoy> {
        // The bytes choose, so that the choice is the same on every run and machine.
        let [a, b, c, d, ..] = *digest;
        let place = f64::from(u32::from_be_bytes([a, b, c, d])) / 2f64.powi(32);
        let is_chosen = place < self.options.decoy_share;
        if !is_chosen {
            return None;
        }
        let (matches, limit) = match print {
            Print::Audio(print) => (
                self.snapshot.search_audio_below(&print.decoy(), ANYTHING),
                MAX_AUDIO_E_VALUE_PER_ITEM,
            ),
            Print::Image { print, .. } => (
                self.snapshot.search_image_below(&print.decoy(), ANYTHING),
                MAX_IMAGE_E_VALUE_PER_ITEM,
            ),
            Print::Text { .. } => return None,
        };
        let scores = matches.iter().map(|found| found.score);
        Some(Decoy {
            is_found: matches.iter().any(|found| found.e_value_per_item <= limit),
            score: scores.fold(0.0, f32::max),
        })
    }

    /// Puts identical files first; a weaker match of the same work is left out.
    fn with_identical(&self, found: Vec<Match>, digest: &[u8; 32], print: &Print) -> Vec<Match> {
        let work_of = |asset| self.snapshot.asset(asset).map(|asset| &asset.work_id);
        let mut works = HashSet::new();
        let identical_to = self.snapshot.identical(digest).iter();
        let mut matches: Vec<Match> = identical_to
            .filter(|asset| works.insert(work_of(**asset)))
            .map(|asset| identical(*asset, print))
            .collect();
        let others = found
            .into_iter()
            .filter(|found| !works.contains(&work_of(found.asset)));
        matches.extend(others);
        matches
    }
}

impl Examine for Examiner<'_> {
    type Outcome = Seen;

    fn examine(&self, item: Item, column: &MediaColumn, dataset: &Path) -> Seen {
        let mut payload = item.payload;
        // What a table says of this very row, whatever it says of another with the same digest.
        let said = match &mut payload {
            Payload::Printed(reading) => reading.said.take(),
            _ => None,
        };
        let places = self.options.places.as_deref();
        let located = places.and_then(|places| located(places, &payload, column));
        if matches!(payload, Payload::Origin(_)) {
            return Seen {
                outcome: Outcome::Origin,
                said: None,
                located,
                fetched: None,
                is_place_declaring: false,
                is_kept_back: false,
            };
        }
        let fetched = match &mut payload {
            Payload::Fetched(fetched) => fetched.record.take(),
            _ => None,
        };
        let told = fetched.as_ref().filter(|_| self.options.declarations);
        let (is_place_declaring, told) = told.map_or((false, None), |record| {
            answered(record, column, &self.options.policy)
        });
        let located = joined(located, told);
        let contents = self.reader.contents(payload, dataset);
        let (outcome, own) = match contents {
            Ok(contents) => self.examine_contents(contents, column.media),
            Err(trouble) => (trouble.into(), None),
        };
        let said = said.filter(|_| self.options.declarations).or(own);
        let located = match &said {
            Some(said) => {
                let planned = self.options.policy.use_;
                located.and_then(|found| behind(found, &said.embedded, planned))
            }
            None => located,
        };
        Seen {
            outcome,
            said,
            located,
            fetched,
            is_place_declaring,
            is_kept_back: false,
        }
    }

    fn item_bytes(&self) -> u64 {
        self.reader.limits.item_bytes
    }

    fn count(&self, seen: &Seen, progress: &Progress) {
        let planned = self.options.policy.use_;
        let is_declared = seen.said.as_ref().is_some_and(|it| it.is_notable(planned));
        progress.add_findings(usize::from(seen.located.is_some()));
        match &seen.outcome {
            Outcome::Examined(examined) => {
                let coded = examined.coded.len();
                let findings = examined.matches.len() + coded + usize::from(is_declared);
                progress.add_item(examined.media, findings);
            }
            Outcome::Unreadable(_) => progress.add_unreadable(),
            Outcome::Skipped(_) | Outcome::Origin => {}
        }
    }
}

fn identical(asset: AssetRef, print: &Print) -> Match {
    let whole = match print {
        Print::Audio(print) => Some(Span {
            start: 0.0,
            end: print.duration_s(),
        }),
        Print::Text { text } => Some(Span {
            start: 0.0,
            end: text.chars().count() as f64,
        }),
        Print::Image { .. } => None,
    };
    let whole_box = matches!(print, Print::Image { .. }).then_some([0.0, 0.0, 1.0, 1.0]);
    Match {
        asset,
        kind: MatchKind::Identical,
        score: 1.0,
        e_value_per_item: 0.0,
        query_span: whole,
        work_span: whole,
        query_box: whole_box,
        work_box: whole_box,
        transform: None,
        evidence: Evidence::default(),
    }
}
