//! What is kept as evidence of an item that was fetched, or was not.

use clearance_rights::Policy;
use clearance_rights::places::{PlaceRules, keeps_copies_back, read_headers};
use clearance_rights::signals::Embedded;
use serde::{Deserialize, Serialize};

use super::PRODUCT_TOKEN;

/// What an item came from: a line of `fetched.parquet`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchedLine {
    /// The dataset file.
    pub file: String,
    /// Row in the file, from 0.
    pub row_index: i64,
    /// The column.
    pub column_name: String,
    /// Position in a list cell.
    pub item_index: i32,
    /// What was asked and answered.
    #[serde(flatten)]
    pub record: FetchRecord,
}

/// What was asked for an item, and what was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchRecord {
    /// The address as it stands in its cell.
    pub url: String,
    /// Where the last answer came from, where that is another address; without what follows a question
    /// mark, which may be a signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_url: Option<String>,
    /// Addresses on the way from the one to the other, of the same form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redirects: Vec<String>,
    /// When the last answer came, in milliseconds since 1970 (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetched_at_ms: Option<i64>,
    /// Requests that were made for this item; 0 where an earlier answer to the same address served.
    pub requests: u32,
    /// Status of the last answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// How many bytes the item has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// BLAKE3 of these bytes, hexadecimal: the `item_digest` of its findings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_digest: Option<String>,
    /// Headers of the last answer that say what was sent, and what may be done with it: names in small
    /// letters, and values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// What robots.txt said about the last address: the line that decided, or why there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub robots: String,
    /// `fetched`, or why not, in one of a few words.
    pub outcome: String,
    /// More about that, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// The outcome of an item that was fetched.
pub(crate) const FETCHED: &str = "fetched";

impl FetchRecord {
    /// Values of a header, in order.
    pub fn header<'r>(&'r self, name: &'r str) -> impl Iterator<Item = &'r str> {
        let named = self.headers.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    /// Whether the item was fetched.
    pub fn is_fetched(&self) -> bool {
        self.outcome == FETCHED
    }

    /// What the headers declare about what they were sent with, as those of a snapshot would;
    /// permissions as well. They are of today and no snapshot: they count on whatever day is asked for,
    /// as what stands in files does.
    pub(crate) fn declared(&self, policy: &Policy) -> Embedded {
        let address = self.final_url.as_deref().unwrap_or(&self.url);
        let fields: Vec<(&str, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let place = format!("headers of {address}");
        let document = read_headers(&fields, address, &place);
        if document.is_empty() {
            return Embedded::default();
        }
        PlaceRules::new(&[document], policy.use_, policy.as_of).declared(address)
    }

    /// Whether the server asked that nothing of the item be shown.
    pub(crate) fn keeps_copies_back(&self) -> bool {
        let values: Vec<&str> = self.header("x-robots-tag").collect();
        keeps_copies_back(&values, PRODUCT_TOKEN)
    }
}
