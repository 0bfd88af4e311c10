//! What the registry keeps of one concrete file of a work.

use clearance_decode::Media;
use clearance_rights::signals::Declaration;

/// A registered file of a work: its master, a stem, an edition.
#[derive(Clone, Debug, PartialEq)]
pub struct Asset {
    /// Derived from the work's id and the digest: `A-` and 16 hexadecimal digits.
    pub asset_id: String,
    /// The work it belongs to.
    pub work_id: String,
    /// What kind of thing it is.
    pub media: Media,
    /// Its role in the work, as the catalog says it: `master`, `stem`, ….
    pub role: String,
    /// The file it was read from, as the catalog spells it.
    pub path: String,
    /// BLAKE3 of the file's bytes.
    pub digest: [u8; 32],
    /// Length of the file in bytes.
    pub bytes: u64,
    /// Size in the medium's measure: seconds, pixels (width × height), words.
    pub extent: f64,
    /// Why it can be recognized only in part, if so.
    pub partial: Option<String>,
    /// `img_hash` gradient and DCT codes of a picture, base64.
    pub codes: Option<(String, String)>,
    /// What its file declares about its own use.
    pub declarations: Vec<Declaration>,
    /// Its ISCC (ISO 24138), where the program that registered it computed one.
    pub iscc: Option<String>,
}

/// A registered asset's place in a snapshot: segment, then number in the segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AssetRef {
    pub(crate) segment: u32,
    pub(crate) asset: u32,
}

/// The id of the asset with this BLAKE3 digest in this work.
pub fn asset_id(work_id: &str, digest: &[u8; 32]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher
        .update(work_id.as_bytes())
        .update(&[0])
        .update(digest);
    format!("A-{}", &hasher.finalize().to_hex()[..16])
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An asset of its own work, told apart by its number.
    pub(crate) fn asset(number: usize) -> Asset {
        let digest = *blake3::hash(&number.to_le_bytes()).as_bytes();
        Asset {
            asset_id: asset_id(&format!("work-{number}"), &digest),
            work_id: format!("work-{number}"),
            media: Media::Image,
            role: "master".to_owned(),
            path: format!("{number}.png"),
            digest,
            bytes: 1000,
            extent: 1.0,
            partial: None,
            codes: None,
            declarations: Vec::new(),
            iscc: None,
        }
    }

    #[test]
    fn ids_depend_on_work_and_bytes() {
        let (a, b) = ([1; 32], [2; 32]);
        assert_eq!(asset_id("w", &a), asset_id("w", &a));
        assert_ne!(asset_id("w", &a), asset_id("w", &b));
        assert_ne!(asset_id("w", &a), asset_id("v", &a));
    }
}
