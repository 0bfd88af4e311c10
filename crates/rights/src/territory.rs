//! Countries, groups of countries, and where a reservation or a license holds.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::words::{self, WordError, excerpt};

mod countries;
#[cfg(test)]
mod tests;

const COUNTRY_ACCEPTED: &str = "an ISO 3166-1 alpha-2 country code such as DE";
const TERRITORY_ACCEPTED: &str =
    "ISO 3166-1 alpha-2 country codes such as DE, the groups EU and EEA, or WORLD";

/// A country or territory by its officially assigned ISO 3166-1 alpha-2 code; `XK` (Kosovo, user
/// assigned but in general use) as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Country(&'static str);

impl Country {
    /// The two-letter code, upper case.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The country behind a code in any case. The European institutions' `EL` (Greece) and `UK`
    /// are read as `GR` and `GB`.
    fn find(word: &str) -> Option<Self> {
        let code = match word.to_ascii_uppercase().as_str() {
            "EL" => "GR".to_owned(),
            "UK" => "GB".to_owned(),
            code => code.to_owned(),
        };
        let position = countries::ALL.binary_search(&code.as_str()).ok()?;
        countries::ALL.get(position).copied().map(Self)
    }
}

impl FromStr for Country {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let (what, accepted) = ("country", COUNTRY_ACCEPTED);
        let word = text.trim();
        if word.is_empty() {
            return Err(WordError::Empty { what, accepted });
        }
        Self::find(word).ok_or_else(|| WordError::Unknown {
            what,
            word: excerpt(word),
            accepted,
        })
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

/// A group of countries that catalogs name as one; members as of 1 February 2020.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CountryGroup {
    /// The European Union, 27 members.
    Eu,
    /// The European Economic Area: the European Union, Iceland, Liechtenstein and Norway.
    Eea,
}

impl CountryGroup {
    /// Every group.
    pub const ALL: [Self; 2] = [Self::Eu, Self::Eea];

    /// The group's abbreviation, upper case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eu => "EU",
            Self::Eea => "EEA",
        }
    }

    /// Whether `country` is a member.
    pub fn contains(self, country: Country) -> bool {
        let in_union = countries::EUROPEAN_UNION.contains(&country.0);
        match self {
            Self::Eu => in_union,
            Self::Eea => in_union || countries::EEA_OUTSIDE_UNION.contains(&country.0),
        }
    }
}

impl fmt::Display for CountryGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Where a record holds: everywhere, or in listed countries and groups of them.
///
/// Written and read as a list: `DE|CH|EU`, or `WORLD` (also `WORLDWIDE`, `WW`, `ALL`, `*` and the
/// empty text). A group stays a group, so that what the rightsholder said is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Territory {
    /// Both empty means everywhere.
    countries: BTreeSet<Country>,
    groups: BTreeSet<CountryGroup>,
}

impl Territory {
    /// Everywhere.
    pub const WORLDWIDE: Self = Self {
        countries: BTreeSet::new(),
        groups: BTreeSet::new(),
    };

    /// Whether the record holds everywhere.
    pub fn is_worldwide(&self) -> bool {
        self.countries.is_empty() && self.groups.is_empty()
    }

    /// Whether the record holds in `country`.
    pub fn contains(&self, country: Country) -> bool {
        self.is_worldwide()
            || self.countries.contains(&country)
            || self.groups.iter().any(|group| group.contains(country))
    }

    /// Whether a reservation with this territory applies to a use in `place`. Where the place is
    /// not stated it applies: the use might happen there, and the most restrictive reading wins.
    pub fn reservation_covers(&self, place: Option<Country>) -> bool {
        place.is_none_or(|country| self.contains(country))
    }

    /// Whether a license with this territory covers a use in `place`. Where the place is not
    /// stated, only a worldwide license covers it: the use might happen elsewhere.
    pub fn license_covers(&self, place: Option<Country>) -> bool {
        place.map_or_else(|| self.is_worldwide(), |country| self.contains(country))
    }
}

impl FromStr for Territory {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let mut territory = Self::WORLDWIDE;
        let mut worldwide = false;
        for word in words::split(text) {
            let group = CountryGroup::ALL
                .into_iter()
                .find(|group| group.as_str().eq_ignore_ascii_case(word));
            if let Some(group) = group {
                territory.groups.insert(group);
            } else if let Some(country) = Country::find(word) {
                territory.countries.insert(country);
            } else if is_world(word) {
                worldwide = true;
            } else {
                return Err(WordError::Unknown {
                    what: "territory",
                    word: excerpt(word),
                    accepted: TERRITORY_ACCEPTED,
                });
            }
        }
        Ok(if worldwide {
            Self::WORLDWIDE
        } else {
            territory
        })
    }
}

fn is_world(word: &str) -> bool {
    ["WORLD", "WORLDWIDE", "WW", "ALL", "*"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(word))
}

impl From<Country> for Territory {
    fn from(country: Country) -> Self {
        Self {
            countries: BTreeSet::from([country]),
            groups: BTreeSet::new(),
        }
    }
}

impl From<CountryGroup> for Territory {
    fn from(group: CountryGroup) -> Self {
        Self {
            countries: BTreeSet::new(),
            groups: BTreeSet::from([group]),
        }
    }
}

impl fmt::Display for Territory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_worldwide() {
            return f.write_str("WORLD");
        }
        let countries = self.countries.iter().map(|country| country.as_str());
        let groups = self.groups.iter().map(|group| group.as_str());
        for (position, name) in countries.chain(groups).enumerate() {
            if position > 0 {
                f.write_str("|")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}

impl TryFrom<String> for Territory {
    type Error = WordError;

    fn try_from(text: String) -> Result<Self, WordError> {
        text.parse()
    }
}

impl From<Territory> for String {
    fn from(territory: Territory) -> Self {
        territory.to_string()
    }
}
