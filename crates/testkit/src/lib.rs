//! Synthetic works, altered copies and damaged files, for tests, fixtures and the demo.
//!
//! Everything is made from a seed by this crate's own generator, so that a test names what it
//! needs in a line and gets the same media every time, without downloads or licenses. Not for
//! judging how well matching works on real recordings, photographs and books: synthetic media
//! are cleaner than real ones.
//!
//! The arithmetic is floating point and uses the platform's sine and exponential: bytes repeat
//! on one platform; between platforms single samples or pixels may differ in the last bit.
//!
//! ```
//! use clearance_testkit::dataset::DatasetBuilder;
//! use clearance_testkit::{art, attacks, encode, music};
//!
//! let tune = music::compose(1, 2.0);
//! let copy = attacks::audio::crop(&tune, 0.5, 1.0, music::SAMPLE_RATE_HZ);
//! let picture = attacks::image::flip(&art::paint(2, 64, 48));
//! let parquet = DatasetBuilder::new()
//!     .audio("audio", [Some((encode::wav(&copy, music::SAMPLE_RATE_HZ), "copy.wav"))])
//!     .image("image", [Some((encode::picture(&picture, "png")?, "flipped.png"))])
//!     .text("caption", [Some("one row of everything")])
//!     .to_bytes()?;
//! assert!(parquet.starts_with(b"PAR1"));
//! # Ok::<(), clearance_testkit::Error>(())
//! ```
//!
//! | module | makes |
//! |---|---|
//! | [`music`] | tunes, babble, silence, noise, tones |
//! | [`art`] | pictures, and flat, graded and printed ones as negatives |
//! | [`prose`] | English-like, Chinese-like and Russian-like text |
//! | [`attacks`] | altered copies of all three |
//! | [`encode`], [`ffmpeg`] | media files, without and with that program |
//! | [`corrupt`] | truncated, flipped, lying and random files |
//! | [`dataset`] | Parquet files with media columns |
//! | [`forms`] | the same rows as JSON, CSV, Arrow, tar, a folder |
//! | [`fixtures`] | the committed `fixtures/` folder, through `make-fixtures` |
//! | [`prng`] | the random numbers behind it all |

pub mod art;
pub mod attacks;
pub mod corrupt;
pub mod dataset;
pub mod encode;
mod error;
pub mod ffmpeg;
pub mod fixtures;
pub mod forms;
pub mod music;
pub mod prng;
pub mod prose;

pub use error::Error;
