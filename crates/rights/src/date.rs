//! Dates as catalogs must write them: `YYYY-MM-DD`, and nothing else.

use chrono::NaiveDate;

use crate::words::excerpt;

#[cfg(test)]
mod tests;

/// Why a text is not a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DateError {
    /// The text is not four digits, a hyphen, two digits, a hyphen, two digits.
    #[error("`{given}` is not a date, expected YYYY-MM-DD")]
    Format {
        /// The text as written, shortened when very long.
        given: String,
    },
    /// The text has the right form, but the calendar has no such day.
    #[error("`{given}` is written like a date, but there is no such day")]
    NoSuchDay {
        /// The text as written.
        given: String,
    },
}

/// Reads a calendar date written `YYYY-MM-DD` (ISO 8601 extended, years 0001 to 9999), with white
/// space around it tolerated.
///
/// Strict on purpose: `03/04/2025` is a different day on each side of an ocean, and a license must
/// not end on the wrong one.
pub fn parse_date(text: &str) -> Result<NaiveDate, DateError> {
    let given = text.trim();
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = given.as_bytes() else {
        return Err(DateError::Format {
            given: excerpt(given),
        });
    };
    let digits = [y1, y2, y3, y4, m1, m2, d1, d2];
    if !digits.iter().all(|digit| digit.is_ascii_digit()) {
        return Err(DateError::Format {
            given: excerpt(given),
        });
    }
    let number = |digits: &[&u8]| {
        digits.iter().fold(0, |number: u32, digit| {
            number * 10 + u32::from(**digit - b'0')
        })
    };
    let year = number(&[y1, y2, y3, y4]);
    if year == 0 {
        return Err(DateError::NoSuchDay {
            given: given.to_owned(),
        });
    }
    NaiveDate::from_ymd_opt(year as i32, number(&[m1, m2]), number(&[d1, d2])).ok_or_else(|| {
        DateError::NoSuchDay {
            given: given.to_owned(),
        }
    })
}
