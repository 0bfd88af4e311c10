use std::path::Path;

use super::{SignatureState, Signers};
use crate::{
    Depth, Format, Limits, ManifestSignature, Source, decode_audio, decode_image, read_metadata,
};

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/declarations");
    std::fs::read(folder.join(name)).unwrap()
}

fn signature(bytes: &[u8], format: Format) -> ManifestSignature {
    let signers = Signers::nobody();
    let found = read_metadata(bytes, format, Depth::Declarations, signers.as_ref());
    let active = found.assertions.into_iter().find(|it| it.is_active);
    active.unwrap().signature
}

const SIGNED: [(&str, Format); 7] = [
    ("signed.jpg", Format::Jpeg),
    ("signed.png", Format::Png),
    ("signed.webp", Format::WebP),
    ("signed.tif", Format::Tiff),
    ("signed.mp3", Format::Mp3),
    ("signed.wav", Format::Wav),
    ("signed.m4a", Format::Mp4),
];

#[test]
fn signatures_of_another_program_hold() {
    for (name, format) in SIGNED {
        let found = signature(&fixture(name), format);
        assert_eq!(found.state, SignatureState::Untrusted, "{name}: {found:?}");
        let is_named = found.detail.contains("signed by Example test signer");
        assert!(is_named, "{name}: {}", found.detail);
    }
}

/// What a file shows or plays.
fn decoded(bytes: &[u8]) -> String {
    let limits = Limits::default();
    let picture = decode_image(bytes, &limits).map(|it| it.luma);
    let source = Source::Bytes(bytes.to_vec().into());
    let mut samples = Vec::new();
    let sound = decode_audio(&source, &limits, &mut |block| {
        samples.extend_from_slice(block)
    });
    format!("{picture:?} {samples:?} {}", sound.is_ok())
}

/// Whatever byte is changed: where a signature still holds, for padding is not signed, the file shows,
/// plays and says what it did.
#[test]
fn a_signature_holds_for_what_was_signed_alone() {
    let mut broken = 0;
    for (name, format) in SIGNED {
        let bytes = fixture(name);
        let nobody = Signers::nobody();
        let read =
            |bytes: &[u8]| read_metadata(bytes, format, Depth::Declarations, nobody.as_ref());
        let (whole, says) = (decoded(&bytes), read(&bytes).assertions);
        let step = (bytes.len() / 60).max(1);
        for at in (0..bytes.len()).step_by(step) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x10;
            for (assertion, before) in read(&changed).assertions.iter().zip(&says) {
                match assertion.signature.state {
                    SignatureState::Untrusted | SignatureState::Valid => {
                        assert_eq!(assertion.leaves, before.leaves, "{name} changed at {at}");
                        assert_eq!(decoded(&changed), whole, "{name} changed at {at}");
                    }
                    _ => broken += 1,
                }
            }
        }
    }
    assert!(broken > 100, "{broken} of 420");
}

#[test]
fn lists_that_hold_no_certificate_are_refused() {
    assert!(Signers::trusting("").is_err());
    assert!(Signers::trusting("-----BEGIN PUBLIC KEY-----").is_err());
}
