//! The library's verdict on a manifest, in our four words.

use std::io::Cursor;

use c2pa::settings::Settings;
use c2pa::validation_results::StatusCodes;
use c2pa::{Context, Manifest, Reader};

use super::{ManifestSignature, SignatureState, Signers};
use crate::{Format, Unreadable, guard};

/// Codes of the specification (section 15.2) that say nothing against the signature itself.
const UNTRUSTED: &str = "signingCredential.untrusted";
const EXPIRED: &str = "signingCredential.expired";
const TRUSTED: &str = "signingCredential.trusted";
const HOLDS: &str = "claimSignature.validated";
/// Largest manifest that a compressed one may unpack to, in megabytes.
const UNPACKED_MB_MAX: i64 = 16;
/// Characters of the detail; explanations quote what is in the file.
const DETAIL_CHARS_MAX: usize = 240;

/// How manifests are checked: nothing is fetched, whatever they name.
pub(super) fn context(trusted: Option<&str>) -> Result<Context, String> {
    let wrong = |error: c2pa::Error| error.to_string();
    let mut settings = Settings::new()
        .with_value("verify.remote_manifest_fetch", false)
        .and_then(|it| it.with_value("verify.ocsp_fetch", false))
        .and_then(|it| it.with_value("core.max_decompressed_manifest_size_in_mb", UNPACKED_MB_MAX))
        .map_err(wrong)?;
    if let Some(pem) = trusted {
        settings = settings
            .with_value("trust.trust_anchors", pem)
            .map_err(wrong)?;
    }
    Context::new().with_settings(settings).map_err(wrong)
}

impl Signers {
    /// Checks the active manifest of a file. Ingredients are left out: their manifests speak of
    /// other files.
    pub(crate) fn check(&self, bytes: &[u8], format: Format) -> ManifestSignature {
        let Some(kind) = media_type(format) else {
            return unverified(format!("manifests in {format} are not checked"));
        };
        let read = guard(|| {
            let reader = Reader::from_shared_context(&self.context);
            let reader = reader.with_stream(kind, Cursor::new(bytes));
            Ok::<_, Unreadable>(reader.map(|reader| verdict(&reader)))
        });
        match read {
            Ok(Ok(signature)) => signature,
            Ok(Err(error)) => of_error(&error),
            Err(panicked) => unverified(panicked.to_string()),
        }
    }
}

fn verdict(reader: &Reader) -> ManifestSignature {
    let codes = reader
        .validation_results()
        .and_then(c2pa::ValidationResults::active_manifest);
    let Some(codes) = codes else {
        return unverified("no active manifest".to_owned());
    };
    let signer = reader.active_manifest().map(signer).unwrap_or_default();
    let (state, reason) = state(codes);
    let detail = match (reason, signer) {
        (None, signer) => signer,
        (Some(reason), signer) if signer.is_empty() => reason,
        (Some(reason), signer) => format!("{reason}; {signer}"),
    };
    ManifestSignature {
        state,
        detail: shortened(&detail),
    }
}

/// The state, and what stands against a better one.
fn state(codes: &StatusCodes) -> (SignatureState, Option<String>) {
    let failures = codes.failure();
    let against = failures
        .iter()
        .find(|status| ![UNTRUSTED, EXPIRED].contains(&status.code()));
    if let Some(against) = against {
        let why = against.explanation().unwrap_or_default();
        return (
            SignatureState::Invalid,
            Some(format!("{} {why}", against.code()).trim().to_owned()),
        );
    }
    let has = |code: &str| codes.success().iter().any(|it| it.code() == code);
    if !has(HOLDS) {
        return (
            SignatureState::Invalid,
            Some("nothing says that the signature holds".to_owned()),
        );
    }
    let failed = |code: &str| failures.iter().any(|it| it.code() == code);
    if failed(EXPIRED) {
        let reason = "the signer's certificate has run out, and no trusted time stamp says that it \
                      had not when it was used";
        return (SignatureState::Untrusted, Some(reason.to_owned()));
    }
    if failed(UNTRUSTED) || !has(TRUSTED) {
        let reason = "the signer is not on the list of those trusted";
        return (SignatureState::Untrusted, Some(reason.to_owned()));
    }
    (SignatureState::Valid, None)
}

fn signer(manifest: &Manifest) -> String {
    let names = [manifest.common_name(), manifest.issuer()];
    let mut names: Vec<String> = names.into_iter().flatten().collect();
    names.dedup();
    let time = manifest.time();
    match (names.is_empty(), time) {
        (true, _) => String::new(),
        (false, None) => format!("signed by {}", names.join(", ")),
        (false, Some(time)) => format!("signed by {} at {time}", names.join(", ")),
    }
}

/// Manifests that the library does not find or know are not called broken.
fn of_error(error: &c2pa::Error) -> ManifestSignature {
    use c2pa::Error;
    match error {
        Error::JumbfNotFound
        | Error::UnsupportedType
        | Error::RemoteManifestUrl(_)
        | Error::RemoteManifestFetch(_)
        | Error::IoError(_) => unverified(error.to_string()),
        _ => ManifestSignature {
            state: SignatureState::Invalid,
            detail: shortened(&error.to_string()),
        },
    }
}

fn unverified(detail: String) -> ManifestSignature {
    ManifestSignature {
        state: SignatureState::Unverified,
        detail,
    }
}

fn shortened(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one_line.chars().take(DETAIL_CHARS_MAX).collect()
}

/// The name under which the library knows a format.
fn media_type(format: Format) -> Option<&'static str> {
    Some(match format {
        Format::Jpeg => "image/jpeg",
        Format::Png => "image/png",
        Format::WebP => "image/webp",
        Format::Gif => "image/gif",
        Format::Tiff => "image/tiff",
        Format::Avif => "image/avif",
        Format::Heif => "image/heif",
        Format::JpegXl => "image/jxl",
        Format::Mp4 => "video/mp4",
        Format::Wav => "audio/wav",
        Format::Mp3 => "audio/mpeg",
        Format::Flac => "audio/flac",
        _ => return None,
    })
}
