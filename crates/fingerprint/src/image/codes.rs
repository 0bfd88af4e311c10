//! `img_hash` codes, for exchange with other tools.

use image::GrayImage;
use img_hash::{HashAlg, HasherConfig};
use serde::{Deserialize, Serialize};

/// 64-bit codes as `img_hash` (kept alive as `image_hasher`) computes them with
/// `hash_size(8, 8)` on the full-size picture, in its base64 spelling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Codes {
    /// `HashAlg::Gradient`: compares each pixel of a 9 × 8 thumbnail with its neighbour.
    pub gradient: String,
    /// `HashAlg::Mean` after a discrete cosine transform, known as pHash.
    pub dct_mean: String,
}

/// The codes of row-major luma of `width` by `height` pixels; `None` when the
/// sizes disagree or a side is zero.
pub fn codes(luma: &[u8], width: usize, height: usize) -> Option<Codes> {
    if width.checked_mul(height) != Some(luma.len()) {
        return None;
    }
    let side = |pixels: usize| u32::try_from(pixels).ok().filter(|&side| side > 0);
    let picture = GrayImage::from_raw(side(width)?, side(height)?, luma.to_vec())?;
    let config = || HasherConfig::new().hash_size(8, 8);
    let gradient = config().hash_alg(HashAlg::Gradient).to_hasher();
    let dct_mean = config().hash_alg(HashAlg::Mean).preproc_dct().to_hasher();
    Some(Codes {
        gradient: gradient.hash_image(&picture).to_base64(),
        dct_mean: dct_mean.hash_image(&picture).to_base64(),
    })
}
