//! What is declared, and the terms of the vocabularies for it.

use clearance_decode::Format;
use clearance_rights::{Use, UseSet};

use crate::error::{Error, Result};

/// Bytes of an address, a name or a copyright line. ID3 and Vorbis take more, JPEG does not.
const TEXT_BYTES_MAX: usize = 2000;

const VOCABULARY: &str = "http://ns.useplus.org/ldf/vocab/";

/// What an owner declares about the use of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// The uses that are reserved.
    pub reserved: UseSet,
    /// Where terms can be read or a license be had: an address.
    pub policy_url: Option<String>,
    /// Who holds the rights.
    pub owner: Option<String>,
    /// The copyright line.
    pub copyright: Option<String>,
}

impl Statement {
    /// The term of the PLUS vocabulary that reserves no more than asked: the widest such one (PLUS
    /// License Data Format 2.0.1; IPTC Photo Metadata Standard 2023.1, Data Mining).
    pub(crate) fn plus_term(&self) -> Option<String> {
        let reserves = |uses: &[Use]| uses.iter().all(|&it| self.reserved.contains(it));
        let term = if self.reserved == UseSet::ALL {
            "DMI-PROHIBITED"
        } else if reserves(&[Use::Mining, Use::AiInput, Use::Train, Use::TrainGenerative]) {
            "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING"
        } else if reserves(&[Use::Train, Use::TrainGenerative]) {
            "DMI-PROHIBITED-AIMLTRAINING"
        } else if reserves(&[Use::TrainGenerative]) {
            "DMI-PROHIBITED-GENAIMLTRAINING"
        } else {
            return None;
        };
        Some(format!("{VOCABULARY}{term}"))
    }

    /// Whether `TDMRep` says no more than asked: it reserves mining and both kinds of training.
    pub(crate) fn has_tdmrep(&self) -> bool {
        let mut uses = UseSet::TEXT_AND_DATA_MINING.iter();
        uses.all(|each| self.reserved.contains(each))
    }

    /// The reserved uses that a format's declarations speak of.
    pub(crate) fn stated_in(&self, format: Format) -> UseSet {
        match format {
            Format::Html | Format::Epub => UseSet::TEXT_AND_DATA_MINING,
            _ => self.reserved,
        }
    }

    /// Whether the vocabularies together can say exactly this, and the texts are fit to be written.
    ///
    /// # Errors
    ///
    /// [`Error::Inexpressible`], which names what can be said.
    pub fn check(&self) -> Result<()> {
        let training: UseSet = [Use::Train, Use::TrainGenerative].into_iter().collect();
        let no_search: UseSet = Use::ALL
            .into_iter()
            .filter(|&it| it != Use::Search)
            .collect();
        let sayable = [
            Use::TrainGenerative.into(),
            training,
            UseSet::TEXT_AND_DATA_MINING,
            no_search,
            UseSet::ALL,
        ];
        if !sayable.contains(&self.reserved) {
            return Err(Error::Inexpressible(format!(
                "no vocabulary has a word that reserves {} and nothing else; there are \
                 train-generative, train, tdm, \"tdm,ai-input\" (all but search) and all",
                self.reserved
            )));
        }
        let texts = [&self.policy_url, &self.owner, &self.copyright];
        for text in texts.into_iter().flatten() {
            let is_fit = !text.trim().is_empty() && !text.chars().any(char::is_control);
            if !is_fit || text.len() > TEXT_BYTES_MAX {
                return Err(Error::Inexpressible(format!(
                    "an address, name or copyright line has 1 to {TEXT_BYTES_MAX} bytes on one line"
                )));
            }
        }
        if let Some(url) = &self.policy_url {
            let is_address = url.starts_with("https://") || url.starts_with("http://");
            if !is_address || url.contains(char::is_whitespace) || !url.is_ascii() {
                return Err(Error::Inexpressible(format!(
                    "the policy is an address that begins with https:// or http:// and has no \
                     blanks or accents, not {url:?}"
                )));
            }
        }
        Ok(())
    }

    /// The statement in a sentence, for tags that people read.
    pub(crate) fn sentence(&self) -> String {
        let uses: Vec<&str> = self.reserved.iter().map(Use::as_str).collect();
        let terms = self.policy_url.as_ref();
        let terms = terms.map_or_else(String::new, |url| format!(" Terms: {url}"));
        format!(
            "Rights reserved for these uses: {}.{terms}",
            uses.join(", ")
        )
    }
}
