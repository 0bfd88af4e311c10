use std::path::Path;

use clearance_decode::{Depth, Signers};
use clearance_index::embedded;
use clearance_rights::signals::{Answer, Embedded, Scheme, Signature};
use clearance_rights::{Use, UseSet};

use super::ManifestSigner;
use crate::tests::{decoded, fixture, samples, statement};
use crate::{Error, Existing, stamp_signed};

fn key_file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/signing");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

fn signer() -> ManifestSigner {
    ManifestSigner::new(&key_file("signer.pem"), &key_file("signer.key")).unwrap()
}

/// The states of all signatures, and what is said about generative training.
fn read(bytes: &[u8], name: &str, signers: &Signers) -> (Vec<Signature>, Option<Answer>) {
    let found: Embedded = embedded(bytes, Some(name), Depth::Everything, Some(signers));
    let of_manifests = found.declarations.iter();
    let of_manifests = of_manifests.filter(|it| it.scheme == Scheme::Cawg);
    (
        of_manifests.map(|it| it.signature).collect(),
        found.answer(Use::TrainGenerative).map(|said| said.answer),
    )
}

#[test]
fn a_signed_copy_plays_and_shows_the_same_and_its_signature_holds() {
    let nobody = Signers::nobody().unwrap();
    let trusted = Signers::trusting(&key_file("root.pem")).unwrap();
    let mut signed = 0;
    for (name, bytes) in samples() {
        let stamped = match stamp_signed(
            &bytes,
            Some(&name),
            &statement(UseSet::ALL),
            Existing::Replace,
            &signer(),
        ) {
            Ok(stamped) => stamped,
            Err(Error::Unsupported(why)) => {
                assert!(why.starts_with("a manifest in "), "{name}: {why}");
                continue;
            }
            Err(other) => unreachable!("{name}: {other}"),
        };
        assert_eq!(
            decoded(&name, &bytes),
            decoded(&name, &stamped.bytes),
            "{name}"
        );
        let said = |signers| read(&stamped.bytes, &name, signers);
        assert_eq!(
            said(&nobody),
            (vec![Signature::Untrusted], Some(Answer::Deny)),
            "{name}"
        );
        assert_eq!(
            said(&trusted),
            (vec![Signature::Valid], Some(Answer::Deny)),
            "{name}"
        );
        assert!(stamped.unstated.is_empty(), "{name}: search stands in XMP");
        signed += 1;
    }
    assert!(signed >= 12, "{signed} files");
}

#[test]
fn a_changed_copy_is_not_taken_for_the_signed_one() {
    let trusted = Signers::trusting(&key_file("root.pem")).unwrap();
    let (name, bytes) = samples().remove(0);
    let statement = statement(UseSet::TEXT_AND_DATA_MINING);
    let stamped = stamp_signed(&bytes, Some(&name), &statement, Existing::Keep, &signer());
    let mut changed = stamped.unwrap().bytes;
    let last = changed.len() - 3;
    changed[last] ^= 1;
    let found = embedded(&changed, Some(&name), Depth::Everything, Some(&trusted));
    let mut of_manifest = found.declarations.iter();
    let of_manifest = of_manifest.find(|it| it.scheme == Scheme::Cawg).unwrap();
    assert_eq!(of_manifest.signature, Signature::Invalid);
    let reason = of_manifest.reason.as_deref().unwrap_or_default();
    assert!(
        reason.contains("signature invalid: assertion.dataHash.mismatch"),
        "{reason}"
    );
    assert_eq!(of_manifest.answers.get(Use::Train), Some(Answer::Deny));
}

#[test]
fn a_file_with_a_manifest_gets_another_and_keeps_what_it_had() {
    let trusted = Signers::trusting(&key_file("root.pem")).unwrap();
    for name in [
        "signed.jpg",
        "signed.png",
        "signed.mp3",
        "signed.wav",
        "signed.m4a",
    ] {
        let bytes = fixture(name);
        let statement = statement(UseSet::ALL);
        let stamped = stamp_signed(&bytes, Some(name), &statement, Existing::Keep, &signer());
        let stamped = stamped.unwrap();
        assert_eq!(
            decoded(name, &bytes),
            decoded(name, &stamped.bytes),
            "{name}"
        );
        assert_eq!(stamped.unstated, Use::Search.into(), "{name}");
        let (states, answer) = read(&stamped.bytes, name, &trusted);
        assert!(states.contains(&Signature::Valid), "{name}: {states:?}");
        assert_eq!(answer, Some(Answer::Deny), "{name}");
    }
}

#[test]
fn other_keys_are_refused_in_words() {
    let certificate = key_file("signer.pem");
    let key = key_file("signer.key");
    for (certificates, key, says) in [
        (certificate.as_str(), "", "a key that is not"),
        (
            &certificate,
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\n",
            "encrypted",
        ),
        ("no", &key, "certificates that are not PEM"),
        (
            &certificate,
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "a key that is not",
        ),
    ] {
        let refused = ManifestSigner::new(certificates, key).unwrap_err();
        assert!(refused.to_string().contains(says), "{refused}");
    }
}
