//! Names of the parameter sets.
//!
//! A set's name changes whenever any constant that shapes a fingerprint does, so
//! fingerprints with different names are never compared.

/// The spectral-peak parameters of [`crate::audio`].
pub const AUDIO: &str = "audio-peaks-3";
/// The whole-picture hash and the local points of [`crate::image`].
pub const IMAGE: &str = "image-points-1";
/// The normalization and k-gram selection of [`crate::text`].
pub const TEXT: &str = "text-syncmer-3";
