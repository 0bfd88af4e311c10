//! Data inside the page: JSON, deflated, in base64.
//!
//! A block is a script element of a type that browsers do not run. The page's script unpacks it
//! with the browser's own `DecompressionStream` (WHATWG Compression Standard, format `deflate`,
//! which is zlib's, RFC 1950) when it is needed.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Writes a value as a block that the page's script finds under `id`, which is one of ours.
pub(super) fn write_block(
    out: &mut impl Write,
    id: &str,
    value: &impl Serialize,
) -> io::Result<()> {
    let mut deflated = ZlibEncoder::new(Vec::new(), Compression::default());
    serde_json::to_writer(&mut deflated, value)?;
    let packed = BASE64.encode(deflated.finish()?);
    writeln!(
        out,
        "<script type=\"application/octet-stream\" id=\"{id}\">{packed}</script>"
    )
}

/// The source expression by which a content policy allows an inline script or style with exactly
/// this text (W3C Content Security Policy 3, section 2.3.1).
pub(super) fn hash_source(text: &str) -> String {
    format!(
        "'sha256-{}'",
        BASE64.encode(Sha256::digest(text.as_bytes()))
    )
}
