//! One part, open: what it answers.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::division::{Division, SegmentDivision};
use super::{Answer, Exchange, PARTS, Question, WHOLE, unfit};
use crate::audio::{held_landmarks, held_sound};
use crate::error::{Error, Result};
use crate::image::{held_keys, held_near, held_pictures};
use crate::registry::SEGMENTS;
use crate::segment::{LandmarkStore, PeakStore, PictureStore, TextCache, TextStore};
use crate::text::{held_seeds, held_texts};

/// What `part.json` says.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Described {
    pub(super) registry: String,
    pub(super) part: usize,
    pub(super) of: usize,
}

/// One part of a registry, mapped.
pub struct HeldPart {
    number: usize,
    segments: Vec<HeldSegment>,
    cache: TextCache,
}

/// A part's own of one segment.
struct HeldSegment {
    landmarks: LandmarkStore,
    peaks: PeakStore,
    pictures: PictureStore,
    /// The number of its first picture in the segment.
    first_picture: u32,
    texts: TextStore,
}

/// The folder of a part.
pub(super) fn folder_of(folder: &Path, number: usize) -> PathBuf {
    folder.join(PARTS).join(number.to_string())
}

impl HeldPart {
    /// Opens part `number`, from 0, of the registry divided in `folder`, and checks every file of it.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] for a part that is not there, is not whole, or is of another registry:
    /// [`super::write_part`] makes it.
    pub fn open(folder: &Path, number: usize) -> Result<Self> {
        let division = Division::read(folder)?;
        Self::open_divided(folder, number, &division)
    }

    fn open_divided(folder: &Path, number: usize, division: &Division) -> Result<Self> {
        let own = folder_of(folder, number);
        let path = own.join(WHOLE);
        let text = std::fs::read_to_string(&path).map_err(|_| {
            let detail = format!(
                "part {number} is not there, or not whole: clearance registry split writes it again"
            );
            unfit(folder, detail)
        })?;
        let described: Described = serde_json::from_str(&text)
            .map_err(|error| Error::corrupt(&path, error.to_string()))?;
        let expected = Described {
            registry: division.registry.clone(),
            part: number,
            of: division.parts,
        };
        if described != expected {
            let detail =
                format!("part {number} is of another registry or division: write it again");
            return Err(unfit(folder, detail));
        }
        let segments = division.segments.par_iter();
        let segments = segments.map(|segment| HeldSegment::open(&own, segment, number));
        Ok(Self {
            number,
            segments: segments.collect::<Result<_>>()?,
            cache: TextCache::default(),
        })
    }

    /// Which part it is, from 0.
    pub fn number(&self) -> usize {
        self.number
    }

    /// Answers the questions in a message ([`Exchange`]).
    ///
    /// # Errors
    ///
    /// What a person is told of a message that is none.
    pub fn answer(&self, message: &[u8]) -> std::result::Result<Vec<u8>, String> {
        let questions: Vec<Question> = postcard::from_bytes(message)
            .map_err(|error| format!("part {}: no question: {error}", self.number))?;
        let answers: Vec<Answer> = questions.iter().map(|it| self.answer_one(it)).collect();
        postcard::to_stdvec(&answers)
            .map_err(|error| format!("part {}: no answer: {error}", self.number))
    }

    fn answer_one(&self, question: &Question) -> Answer {
        match question {
            Question::Landmarks(hashes) => {
                Answer::Landmarks(self.of_each(|it| held_landmarks(&it.landmarks, hashes)))
            }
            Question::Near(hashes) => {
                Answer::Near(self.of_each(|it| held_near(&it.pictures, hashes)))
            }
            Question::Keys(keys) => Answer::Keys(self.of_each(|it| held_keys(&it.pictures, keys))),
            Question::Seeds { keys, most } => {
                Answer::Seeds(self.of_each(|it| held_seeds(&it.texts, keys, *most)))
            }
            Question::Sound(asked) => {
                let stores: Vec<&PeakStore> = self.segments.iter().map(|it| &it.peaks).collect();
                Answer::Sound(held_sound(&stores, asked))
            }
            Question::Pictures(asked) => {
                let store = |it: &'_ HeldSegment| it.first_picture;
                let stores: Vec<(&PictureStore, u32)> = self
                    .segments
                    .iter()
                    .map(|it| (&it.pictures, store(it)))
                    .collect();
                Answer::Pictures(held_pictures(&stores, asked))
            }
            Question::Texts(asked) => {
                let stores: Vec<&TextStore> = self.segments.iter().map(|it| &it.texts).collect();
                Answer::Texts(held_texts(&stores, &self.cache, asked))
            }
        }
    }

    fn of_each<T>(&self, find: impl Fn(&HeldSegment) -> T) -> Vec<(u32, T)> {
        let numbered = (0u32..).zip(&self.segments);
        numbered
            .map(|(number, segment)| (number, find(segment)))
            .collect()
    }
}

impl HeldSegment {
    fn open(own: &Path, division: &SegmentDivision, number: usize) -> Result<Self> {
        let folder = own.join(SEGMENTS).join(&division.id);
        let file = |name: &str| folder.join(name);
        Ok(Self {
            landmarks: LandmarkStore::open(&file("audio.postings"))?,
            peaks: PeakStore::open(&file("audio.peaks"))?,
            pictures: PictureStore::open(
                &file("image.pictures"),
                &file("image.chunks"),
                &file("image.keys"),
            )?,
            first_picture: division.pictures[number] as u32,
            texts: TextStore::open(&file("text.seeds"), &file("text.texts"))?,
        })
    }
}

/// All parts of a registry in this process, mapped: for a registry that was divided and is searched on
/// one machine, and for tests of those that are not.
pub struct LocalParts(Vec<HeldPart>);

impl LocalParts {
    /// Opens all parts in `folder`.
    ///
    /// # Errors
    ///
    /// Those of [`HeldPart::open`].
    pub fn open(folder: &Path, division: &Division) -> Result<Self> {
        let parts = (0..division.parts).into_par_iter();
        let parts = parts.map(|number| HeldPart::open_divided(folder, number, division));
        Ok(Self(parts.collect::<Result<_>>()?))
    }
}

impl Exchange for LocalParts {
    fn exchange(
        &self,
        questions: Vec<(usize, Vec<u8>)>,
    ) -> std::result::Result<Vec<Vec<u8>>, String> {
        let answer = |(part, message): (usize, Vec<u8>)| match self.0.get(part) {
            Some(part) => part.answer(&message),
            None => Err(format!("there is no part {part}")),
        };
        questions.into_iter().map(answer).collect()
    }
}
