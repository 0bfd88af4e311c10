//! What somebody else says of an item: the row of a fingerprint table, or a decoding process.
//!
//! Both may come from strangers. What could mislead a comparison is refused here, once for both, before it
//! becomes a [`Reading`].

mod prints;

use std::sync::Arc;

use clearance_decode::{Media, Unreadable};
use clearance_index::Print;
use clearance_rights::signals::Embedded;
use serde::{Deserialize, Serialize};

pub(crate) use prints::{HASHES_BYTES, StatedPicture, StatedPoints, StatedRecording};

use crate::reading::{ItemBytes, PrintedItem, Reading, Said, Trouble};

/// Bytes of an item's declarations, at most: 64 of some hundred letters.
const MOST_DECLARATION_BYTES: usize = 1 << 20;

/// What is wrong with a statement.
pub(crate) type Wrong = &'static str;

/// Everything that is said of an item.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Stated {
    pub(crate) item: Result<StatedItem, Trouble>,
    pub(crate) said: Option<StatedSaid>,
}

/// An item that was read.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StatedItem {
    pub(crate) source: ItemBytes,
    pub(crate) extent: f64,
    pub(crate) partial: Option<String>,
    pub(crate) print: StatedPrint,
}

/// What is compared of it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum StatedPrint {
    Audio(StatedRecording),
    /// The frames of a picture, the first one alone for most.
    Image(Vec<StatedPicture>),
    Text(String),
}

/// What it declares about its own use.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StatedSaid {
    pub(crate) source: ItemBytes,
    pub(crate) media: Media,
    /// [`Embedded`] as JSON.
    pub(crate) declarations: String,
}

impl Stated {
    /// # Errors
    ///
    /// For declarations that cannot be written as JSON: none that are known.
    #[cfg_attr(
        not(unix),
        allow(dead_code, reason = "decoding processes need sockets")
    )]
    pub(crate) fn of(reading: Reading) -> serde_json::Result<Self> {
        let said = reading.said.as_deref().map(StatedSaid::of).transpose()?;
        Ok(Self {
            item: reading.item.map(|item| StatedItem::of(*item)),
            said,
        })
    }

    /// What was said, if it can be. `refused` puts what is wrong into words.
    pub(crate) fn checked(self, refused: &dyn Fn(Wrong) -> Unreadable) -> Reading {
        let said = match self.said.map(StatedSaid::checked).transpose() {
            Ok(said) => said,
            Err(wrong) => return Reading::trouble(refused(wrong).into()),
        };
        let item = self.item.and_then(|item| {
            let checked = item.checked().map_err(refused)?;
            Ok(Box::new(checked))
        });
        Reading { item, said }
    }
}

impl StatedSaid {
    pub(crate) fn of(said: &Said) -> serde_json::Result<Self> {
        Ok(Self {
            source: said.source,
            media: said.media,
            declarations: serde_json::to_string(&said.embedded)?,
        })
    }

    fn checked(self) -> Result<Arc<Said>, Wrong> {
        const WRONG: Wrong = "impossible declarations";
        if self.declarations.len() > MOST_DECLARATION_BYTES {
            return Err(WRONG);
        }
        let embedded: Embedded = serde_json::from_str(&self.declarations).map_err(|_| WRONG)?;
        if !embedded.is_sound() || embedded.declarations.is_empty() {
            return Err(WRONG);
        }
        Ok(Arc::new(Said {
            source: self.source,
            media: self.media,
            embedded,
        }))
    }
}

impl StatedItem {
    fn of(item: PrintedItem) -> Self {
        Self {
            source: item.source,
            extent: item.extent,
            partial: item.partial,
            print: StatedPrint::of(item.print),
        }
    }

    fn checked(self) -> Result<PrintedItem, Wrong> {
        if !self.extent.is_finite() || self.extent < 0.0 {
            return Err("an impossible extent");
        }
        Ok(PrintedItem {
            source: self.source,
            extent: self.extent,
            partial: self.partial,
            print: self.print.checked()?,
        })
    }
}

impl StatedPrint {
    fn of(print: Print) -> Self {
        match print {
            Print::Audio(print) => Self::Audio(StatedRecording::of(&print)),
            Print::Image {
                print,
                further,
                size_px,
                ..
            } => {
                let frames = std::iter::once(&print).chain(&further);
                Self::Image(frames.map(|it| StatedPicture::of(it, size_px)).collect())
            }
            Print::Text { text } => Self::Text(text),
        }
    }

    fn checked(self) -> Result<Print, Wrong> {
        match self {
            Self::Audio(print) => print.checked().map(Print::Audio),
            Self::Text(text) => Ok(Print::Text { text }),
            Self::Image(frames) => {
                let mut frames = frames.into_iter().map(StatedPicture::checked);
                let (print, size_px) = frames.next().ok_or("a picture without frames")??;
                let further = frames.map(|frame| frame.map(|(print, _)| print));
                Ok(Print::Image {
                    print,
                    further: further.collect::<Result<_, _>>()?,
                    size_px,
                    codes: None,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests;
