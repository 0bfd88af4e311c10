use std::path::Path;

use super::{SignatureState, Signers};
use crate::{Depth, Format, ManifestSignature, read_metadata};

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

/// Whatever bytes are changed, cut off or put in, a signature of another file never holds.
#[test]
fn no_changed_file_is_the_signed_one() {
    for (name, format) in SIGNED {
        let bytes = fixture(name);
        let step = (bytes.len() / 60).max(1);
        for at in (0..bytes.len()).step_by(step) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x10;
            let found = read_metadata(
                &changed,
                format,
                Depth::Declarations,
                Signers::nobody().as_ref(),
            );
            for assertion in found.assertions {
                let state = assertion.signature.state;
                let holds = matches!(state, SignatureState::Untrusted | SignatureState::Valid);
                assert!(!holds, "{name} changed at {at}: {:?}", assertion.signature);
            }
        }
    }
}

#[test]
fn lists_that_hold_no_certificate_are_refused() {
    assert!(Signers::trusting("").is_err());
    assert!(Signers::trusting("-----BEGIN PUBLIC KEY-----").is_err());
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(Signers::trusting(broken).is_err(), "not a certificate");
}
