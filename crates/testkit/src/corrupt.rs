//! Damage: what careless copies and hostile people do to files.

mod bombs;

pub use bombs::{
    bmp_bomb, gif_bomb, gzip_lie, header_bombs, jpeg_bomb, nested_html, png_bomb, tiff_bomb,
    wav_length_lie, webp_bomb,
};

use crate::prng::Prng;

/// The first `share` of the bytes (0.5 is half), rounded down.
pub fn truncate(bytes: &[u8], share: f64) -> Vec<u8> {
    let kept = (bytes.len() as f64 * share.clamp(0.0, 1.0)) as usize;
    bytes[..kept].to_vec()
}

/// The bytes with `count` bits flipped at random places (a place drawn twice flips back).
pub fn flip_bits(bytes: &[u8], count: usize, seed: u64) -> Vec<u8> {
    let mut prng = Prng::for_purpose(seed, "bit flips");
    let mut damaged = bytes.to_vec();
    for _ in 0..count {
        let bit = prng.below(damaged.len() * 8);
        if let Some(byte) = damaged.get_mut(bit / 8) {
            *byte ^= 1 << (bit % 8);
        }
    }
    damaged
}

/// The bytes with `length` of them set to zero from `start` on, as a lost disk sector leaves
/// them.
pub fn zero_range(bytes: &[u8], start: usize, length: usize) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    let start = start.min(damaged.len());
    let end = start.saturating_add(length).min(damaged.len());
    damaged[start..end].fill(0);
    damaged
}

/// No bytes at all.
pub fn zero_bytes() -> Vec<u8> {
    Vec::new()
}

/// `name` with its extension replaced: a JPEG called `.png`, a WAV called `.mp3`.
pub fn wrong_extension(name: &str, extension: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    format!("{stem}.{extension}")
}

/// Random bytes.
pub fn random_bytes(seed: u64, length: usize) -> Vec<u8> {
    let mut prng = Prng::for_purpose(seed, "random bytes");
    (0..length).map(|_| prng.next_u64() as u8).collect()
}

#[cfg(test)]
mod tests;
