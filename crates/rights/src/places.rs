//! What places say about the use of what is there: files at the root of a site, headers, terms, and
//! tables of one's own.
//!
//! Each reader makes a [`PlaceDocument`] of the bytes of one file or the headers of one answer;
//! [`PlaceRules`] lays out any number of documents for one planned use on one day, and says what they
//! declare about an address ([`PlaceRules::look_up`]). Nothing is fetched: documents are snapshots that
//! somebody took, and a document counts from the day of its snapshot on.
//!
//! The rules are those of `signals`: unknown is never allow, a denial is read widely and a permission
//! narrowly, the most restrictive answer wins. They are written down as tables that run as a test
//! (`tests/places.md`).
//!
//! ```
//! # use clearance_rights::{parse_date, Use};
//! # use clearance_rights::places::{PlaceRules, read_robots};
//! let robots = b"User-agent: GPTBot\nDisallow: /photos/\n";
//! let document = read_robots(robots, "example.com", "https://example.com/robots.txt");
//! let day = parse_date("2026-01-31")?;
//! let rules = PlaceRules::new(&[document.dated(day)], Use::Train, day);
//! assert!(rules.look_up("https://example.com/photos/1.jpg").is_some());
//! assert!(rules.look_up("https://example.com/about").is_none());
//! # Ok::<(), clearance_rights::Error>(())
//! ```
//!
//! | module | reads |
//! |---|---|
//! | `robots`, `agents` | robots.txt, and whom it names |
//! | `crawler` | the same robots.txt for one crawler, whatever it fetches for |
//! | `tdmrep_file` | `/.well-known/tdmrep.json` |
//! | `headers` | headers of one answer |
//! | `usage`, `dictionary` | the labels of `Content-Usage` and `Content-Signal` |
//! | `rsl` | RSL terms |
//! | `ai_txt` | ai.txt |
//! | `table` | lines of a table of one's own |
//! | `address`, `pattern` | addresses and patterns of paths in one spelling |
//! | `document`, `rules` | what documents say, laid out to be asked |

mod address;
mod agents;
mod ai_txt;
mod crawler;
mod dictionary;
mod document;
mod headers;
mod pattern;
mod robots;
mod rsl;
mod rules;
mod table;
mod tdmrep_file;
mod usage;

pub use address::Address;
pub use ai_txt::read_ai_txt;
pub use crawler::{CrawlerRules, Permission};
pub use document::{Contest, Hosts, PlaceDocument, PlaceReject, PlaceRule};
pub use headers::{keeps_copies_back, read_headers, robots_tag};
pub use pattern::PathPattern;
pub use robots::read_robots;
pub use rsl::{RSL_NAMESPACE, RslElement, read_rsl};
pub use rules::PlaceRules;
pub use table::{PLACE_COLUMNS, PlaceTable};
pub use tdmrep_file::read_tdmrep;
