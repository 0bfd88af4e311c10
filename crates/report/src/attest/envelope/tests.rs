use super::*;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

#[test]
fn what_is_signed_is_encoded_as_dsse_has_it() {
    // The example of the DSSE specification, protocol.md.
    assert_eq!(
        signed_bytes("http://example.com/HelloWorld", b"hello world"),
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    );
}

#[test]
fn an_envelope_opens_with_its_own_key_only() {
    let envelope = Envelope::seal(PAYLOAD_TYPE, b"{}", &key(1)).unwrap();
    envelope.check(&key(1).public()).unwrap();
    let refused = envelope.check(&key(2).public()).unwrap_err();
    assert!(refused.starts_with("signed with key"), "{refused}");
    assert_eq!(envelope.payload().unwrap(), b"{}");
}

#[test]
fn another_payload_or_type_breaks_the_signature() {
    let envelope = Envelope::seal(PAYLOAD_TYPE, b"{}", &key(1)).unwrap();
    let mut other = envelope.clone();
    other.payload = BASE64.encode("[]");
    assert!(other.check(&key(1).public()).is_err());
    let mut other = envelope;
    other.payload_type.push('x');
    assert!(other.check(&key(1).public()).is_err());
}

#[test]
fn another_spelling_of_the_same_envelope_is_refused() {
    let envelope = Envelope::seal(PAYLOAD_TYPE, b"{}", &key(1)).unwrap();
    let bytes = envelope.to_bytes().unwrap();
    assert_eq!(Envelope::read(&bytes).unwrap(), envelope);
    for at in 0..bytes.len() {
        let mut spaced = bytes.clone();
        spaced.insert(at, b' ');
        let opened = Envelope::read(&spaced).and_then(|found| found.check(&key(1).public()));
        assert!(opened.is_err(), "a space at {at}");
    }
}

#[test]
fn keys_are_read_back_as_openssl_has_them() {
    // The examples of RFC 8410, sections 10.3 and 10.1.
    let pem = "-----BEGIN PRIVATE KEY-----\n\
        MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
        -----END PRIVATE KEY-----\n";
    let example = SigningKey::from_pem(pem).unwrap();
    assert_eq!(example.to_pem().unwrap(), pem);
    assert_eq!(
        example.public().to_pem().unwrap(),
        "-----BEGIN PUBLIC KEY-----\n\
        MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
        -----END PUBLIC KEY-----\n"
    );
    let pem = key(7).to_pem().unwrap();
    let read = SigningKey::from_pem(&pem).unwrap();
    assert_eq!(read.public(), key(7).public());
    let public = read.public().to_pem().unwrap();
    assert_eq!(PublicKey::from_pem(&public).unwrap(), read.public());
    assert!(SigningKey::from_pem(&public).is_err());
    assert!(PublicKey::from_pem(&pem).is_err());
}
