//! A part of the rights in a work.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::RightsholderError;
use crate::words::excerpt;

/// Ten-thousandths of a percent in all of the rights.
const WHOLE: u32 = 1_000_000;
/// Ten-thousandths in a percent.
const PER_PERCENT: f64 = 10_000.0;
/// Most digits of a percentage that are read: what a spreadsheet shows of a third.
const DIGITS_MAX: usize = 24;

/// A part of the rights in a work: more than 0 % and at most 100 %, kept to a ten-thousandth of a
/// percent. In JSON a number, the percentage.
///
/// Read from a percentage: `60`, `33.33`, `60 %`, `0.5 %`, `33,33 %`. Without a percent sign, a
/// number up to 1 might be a fraction and a comma might separate two numbers; both are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(u32);

impl Share {
    /// All of the rights.
    pub const WHOLE: Self = Self(WHOLE);

    /// The share of this percentage, rounded to a ten-thousandth of a percent; nothing unless that
    /// is more than 0 and at most 100.
    pub fn from_percent(percent: f64) -> Option<Self> {
        let parts = (percent * PER_PERCENT).round();
        // Not a number is in no range.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number between 1 and a million"
        )]
        (1.0..=f64::from(WHOLE))
            .contains(&parts)
            .then_some(Self(parts as u32))
    }

    /// The percentage, more than 0 and at most 100.
    pub fn percent(self) -> f64 {
        f64::from(self.0) / PER_PERCENT
    }

    /// The share in ten-thousandths of a percent, 1 to 1,000,000.
    pub(crate) const fn parts(self) -> u32 {
        self.0
    }
}

impl FromStr for Share {
    type Err = RightsholderError;

    fn from_str(text: &str) -> Result<Self, RightsholderError> {
        let written = text.trim();
        let (number, has_sign) = match written.strip_suffix('%') {
            Some(number) => (number.trim_end(), true),
            None => (written, false),
        };
        let text = || excerpt(written);
        let percent = decimal(number, has_sign)
            .ok_or_else(|| RightsholderError::NotAShare { text: text() })?;
        if !has_sign && percent > 0.0 && percent <= 1.0 {
            return Err(RightsholderError::AmbiguousShare { text: text() });
        }
        Self::from_percent(percent)
            .ok_or_else(|| RightsholderError::ShareOutOfRange { text: text() })
    }
}

/// A number in digits, with a decimal point, or a decimal comma where that can be nothing else.
fn decimal(number: &str, comma: bool) -> Option<f64> {
    let unsigned = number.strip_prefix(['-', '+']).unwrap_or(number);
    let separators: &[char] = if comma { &['.', ','] } else { &['.'] };
    let (whole, rest) = unsigned.split_once(separators).unwrap_or((unsigned, "0"));
    let is_digits = |text: &str| {
        (1..=DIGITS_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_digits(whole) || !is_digits(rest) {
        return None;
    }
    number.replace(',', ".").parse().ok()
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} %", self.percent()))
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.percent())
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let percent = f64::deserialize(deserializer)?;
        Self::from_percent(percent)
            .ok_or_else(|| D::Error::custom(format!("{percent} is no percentage of rights")))
    }
}
