//! PCM, pixels and text to compact fingerprints.
//!
//! Everything here is a pure function of its input and of a versioned parameter
//! set ([`params`]): no clock, no I/O, no threads. The same input gives the same
//! fingerprint whatever the machine, so a stored fingerprint can be compared
//! with one computed years later under the same parameters.
//!
//! This crate says what a thing looks or sounds like. It does not say whose it
//! is (that is `clearance-index`) and never opens a file (`clearance-decode`).
//!
//! ```
//! use clearance_fingerprint::image::PdqHash;
//!
//! let (width, height) = (200, 100);
//! let luma: Vec<u8> = (0..width * height)
//!     .map(|i| ((i % width) ^ (i / width * 3)) as u8)
//!     .collect();
//! let picture = clearance_fingerprint::image::fingerprint(&luma, width, height).unwrap();
//! assert_eq!(picture.hash.distance(&picture.hash), 0);
//! assert_eq!(PdqHash::from_hex(&picture.hash.to_hex()), Some(picture.hash));
//! ```
//!
//! | module | in | out |
//! |---|---|---|
//! | [`audio`] | mono PCM at 11,025 Hz | spectral peaks, and landmarks made of three of them |
//! | [`image`] | luma bytes | a 256-bit PDQ hash in eight orientations, `img_hash` codes |
//! | [`text`] | a string | normalized letters with a map back, and selected k-grams |

pub mod audio;
pub mod image;
pub mod params;
pub mod text;
