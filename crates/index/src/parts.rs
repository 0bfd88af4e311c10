//! A registry in parts, for one that is too large for a machine.
//!
//! [`split_registry`] cuts a registry into a *directory* (works, rights, assets, and where each
//! recording and text begins), which every process that searches opens, and *parts*. A part holds two
//! things: of everything that is looked up (landmarks, keys and chunks of pictures, k-grams) a range of
//! hashes, for all works; and of everything that is verified against (peaks, points, letters) a range of
//! works. A search asks the parts for what stands under the item's hashes, sums what they answer by the
//! code that a whole registry is searched with, and sends what is nominated to the holders of the works.
//! Matches are those of the whole registry, to the bit.
//!
//! Who brings questions to parts and answers back is an [`Exchange`]: in one process [`LocalParts`], on
//! many machines whatever engine runs them, by [`set_exchange`]. A part is a function of the registry,
//! the division and its number: one that is lost is written again by [`write_part`].

mod division;
mod held;
mod routes;
mod split;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

pub use division::Division;
pub use held::{HeldPart, LocalParts};
pub use split::{SplitPart, split_registry, write_part};

use crate::audio::{AskedSound, FoundLandmarks, FoundSound};
use crate::error::{Error, Result};
use crate::image::{AskedKey, AskedPictures, FoundKeyed, FoundPictures};
use crate::text::{AskedTexts, FoundSeeds, FoundTexts};
use routes::Routes;

/// File that says how a registry was divided.
pub(crate) const DIVISION: &str = "division.json";
/// Folder of the directory.
pub(crate) const DIRECTORY: &str = "directory";
/// Folder of the parts, by their numbers from 0.
pub(crate) const PARTS: &str = "parts";
/// Left last in a part's folder.
pub(crate) const WHOLE: &str = "part.json";

/// What is asked of a part.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Question {
    /// Landmarks under these hashes.
    Landmarks(Vec<u64>),
    /// Pictures that may be near these hashes.
    Near(Vec<[u64; 4]>),
    /// Points under these keys.
    Keys(Vec<AskedKey>),
    /// Places of k-grams that have at most `most`.
    Seeds { keys: Vec<u32>, most: u32 },
    /// Recordings, verified.
    Sound(AskedSound),
    /// Pictures, verified.
    Pictures(AskedPictures),
    /// Texts, verified.
    Texts(AskedTexts),
}

/// What a part answers: what was looked up with the number of its segment.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Landmarks(Vec<(u32, Vec<FoundLandmarks>)>),
    Near(Vec<(u32, Vec<Vec<u32>>)>),
    Keys(Vec<(u32, Vec<FoundKeyed>)>),
    Seeds(Vec<(u32, FoundSeeds)>),
    Sound(Vec<FoundSound>),
    Pictures(FoundPictures),
    Texts(FoundTexts),
}

/// Brings questions to parts, and their answers back.
pub trait Exchange: Send + Sync {
    /// Asks some parts, each by its number, at once. The answers come in the order of the questions;
    /// they are what [`HeldPart::answer`] gives. An error is what a person is told; it ends the search,
    /// and with it the scan.
    fn exchange(
        &self,
        questions: Vec<(usize, Vec<u8>)>,
    ) -> std::result::Result<Vec<Vec<u8>>, String>;
}

static EXCHANGE: Mutex<Option<Arc<dyn Exchange>>> = Mutex::new(None);

/// Sets who is asked by all snapshots of registries in parts that this process opens from now on. With
/// `None`, as at first, it is the parts in the registry's folder.
pub fn set_exchange(exchange: Option<Arc<dyn Exchange>>) {
    *EXCHANGE.lock().unwrap_or_else(PoisonError::into_inner) = exchange;
}

/// The parts behind a snapshot.
pub(crate) struct Parts {
    division: Division,
    routes: Routes,
    exchange: Arc<dyn Exchange>,
    /// Why a part did not answer: from then on nothing that is found counts.
    trouble: Mutex<Option<String>>,
}

impl Parts {
    /// The parts of the registry divided in `folder`.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let division = Division::read(folder)?;
        let known = EXCHANGE
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let exchange = match known {
            Some(known) => known,
            None => Arc::new(LocalParts::open(folder, &division)?),
        };
        Ok(Self {
            routes: Routes::new(&division),
            division,
            exchange,
            trouble: Mutex::new(None),
        })
    }

    /// Digest of the registry that was divided.
    pub(crate) fn registry(&self) -> &str {
        &self.division.registry
    }

    pub(crate) fn count(&self) -> usize {
        self.division.parts
    }

    /// How many pictures each segment has.
    pub(crate) fn pictures(&self) -> impl Iterator<Item = usize> {
        let segments = self.division.segments.iter();
        segments.map(|segment| segment.pictures.last().copied().unwrap_or(0) as usize)
    }

    /// Why a part did not answer, if one did not.
    pub(crate) fn trouble(&self) -> Option<String> {
        let trouble = self.trouble.lock();
        trouble.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Hashes of landmarks by the part that has them, rising.
    pub(crate) fn routed_landmarks(&self, hashes: &[u64]) -> Vec<Vec<u64>> {
        self.routes
            .landmarks
            .sorted(hashes.iter().copied(), |hash| *hash)
    }

    /// Keys of points by the part that has them.
    pub(crate) fn routed_keys(&self, keys: &[AskedKey]) -> Vec<Vec<AskedKey>> {
        let place = |key: &AskedKey| u64::from(crate::segment::spread(key.0)) << 32;
        self.routes.keys.sorted(keys.iter().cloned(), place)
    }

    /// Keys of k-grams by the part that has them.
    pub(crate) fn routed_seeds(&self, keys: &[u32]) -> Vec<Vec<u32>> {
        let place = |key: &u32| u64::from(crate::segment::spread(*key)) << 32;
        self.routes.seeds.sorted(keys.iter().copied(), place)
    }

    /// The part that holds an asset's peaks or letters.
    pub(crate) fn holder_of_asset(&self, segment: u32, asset: u32) -> usize {
        let segment = self.division.segments.get(segment as usize);
        segment.map_or(0, |it| division::part_of(&it.assets, asset.into()))
    }

    /// The part that holds a picture's points.
    pub(crate) fn holder_of_picture(&self, segment: u32, picture: u32) -> usize {
        let segment = self.division.segments.get(segment as usize);
        segment.map_or(0, |it| division::part_of(&it.pictures, picture.into()))
    }

    /// Asks parts. The answers come with the numbers of the parts, in the order of the questions; there
    /// are none when one of the parts does not answer.
    pub(crate) fn ask(&self, questions: &[(usize, Question)]) -> Vec<(usize, Answer)> {
        if questions.is_empty() || self.trouble().is_some() {
            return Vec::new();
        }
        self.answers(questions).unwrap_or_else(|detail| {
            let trouble = self.trouble.lock();
            let mut trouble = trouble.unwrap_or_else(PoisonError::into_inner);
            trouble.get_or_insert(detail);
            Vec::new()
        })
    }

    fn answers(
        &self,
        questions: &[(usize, Question)],
    ) -> std::result::Result<Vec<(usize, Answer)>, String> {
        // One message a part: its questions in their order.
        let mut by_part: Vec<Vec<&Question>> = vec![Vec::new(); self.count()];
        for (part, question) in questions {
            by_part[*part].push(question);
        }
        let asked: Vec<usize> = (0..self.count())
            .filter(|&part| !by_part[part].is_empty())
            .collect();
        let message = |&part: &usize| match postcard::to_stdvec(&by_part[part]) {
            Ok(bytes) => Ok((part, bytes)),
            Err(error) => Err(format!("a question to part {part}: {error}")),
        };
        let messages = asked
            .iter()
            .map(message)
            .collect::<std::result::Result<_, _>>()?;
        let answered = self.exchange.exchange(messages)?;
        let mut by_part: Vec<std::vec::IntoIter<Answer>> =
            (0..self.count()).map(|_| Vec::new().into_iter()).collect();
        for (index, &part) in asked.iter().enumerate() {
            let bytes = answered.get(index).map_or(&[][..], Vec::as_slice);
            let answers: Vec<Answer> = postcard::from_bytes(bytes)
                .map_err(|error| format!("part {part} gave no answer that can be read: {error}"))?;
            by_part[part] = answers.into_iter();
        }
        let answer = |(part, _): &(usize, Question)| match by_part[*part].next() {
            Some(answer) => Ok((*part, answer)),
            None => Err(format!("part {part} left a question without an answer")),
        };
        questions.iter().map(answer).collect()
    }
}

/// Whether a folder holds a registry in parts.
pub(crate) fn is_divided(folder: &Path) -> bool {
    folder.join(DIVISION).exists()
}

/// The error for what does not fit a divided registry.
pub(crate) fn unfit(folder: &Path, detail: impl Into<String>) -> Error {
    Error::Ledger {
        path: folder.to_owned(),
        detail: detail.into(),
    }
}

#[cfg(test)]
mod tests;
