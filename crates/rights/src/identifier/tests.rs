use proptest::prelude::*;

use super::*;

/// Published identifiers, as people write them, and the canonical value of each.
const PUBLISHED: [(IdentifierKind, &str, &str); 41] = [
    (IdentifierKind::Isrc, "USRC17607839", "USRC17607839"),
    (IdentifierKind::Isrc, "US-RC1-76-07839", "USRC17607839"),
    (IdentifierKind::Isrc, "ISRC us rc1 76 07839", "USRC17607839"),
    (
        IdentifierKind::Isrc,
        "urn:isrc:GBAYE0601477",
        "GBAYE0601477",
    ),
    (IdentifierKind::Isrc, "ISRC17607839", "ISRC17607839"),
    (IdentifierKind::Iswc, "T-034.524.680-1", "T0345246801"),
    (IdentifierKind::Iswc, "t0345246801", "T0345246801"),
    (IdentifierKind::Iswc, "ISWC T-034.524.680-1", "T0345246801"),
    (IdentifierKind::Isbn, "978-3-16-148410-0", "9783161484100"),
    (
        IdentifierKind::Isbn,
        "ISBN 978 3 16 148410 0",
        "9783161484100",
    ),
    (
        IdentifierKind::Isbn,
        "ISBN-13: 978-3-16-148410-0",
        "9783161484100",
    ),
    (IdentifierKind::Isbn, "978‑3‑16‑148410‑0", "9783161484100"),
    (IdentifierKind::Isbn, "3-16-148410-x", "9783161484100"),
    (IdentifierKind::Isbn, "0-306-40615-2", "9780306406157"),
    (IdentifierKind::Isbn, "979-10-90636-07-1", "9791090636071"),
    (
        IdentifierKind::Isni,
        "0000 0001 2281 955X",
        "000000012281955X",
    ),
    (
        IdentifierKind::Isni,
        "https://isni.org/isni/000000012146438x",
        "000000012146438X",
    ),
    (
        IdentifierKind::Isni,
        "0000-0002-1825-0097",
        "0000000218250097",
    ),
    (IdentifierKind::Doi, "10.1000/182", "10.1000/182"),
    (
        IdentifierKind::Doi,
        "https://doi.org/10.1038/S41586-020-2649-2",
        "10.1038/s41586-020-2649-2",
    ),
    (
        IdentifierKind::Doi,
        "doi:10.1000.10/a(b)<c>;2-#",
        "10.1000.10/a(b)<c>;2-#",
    ),
    (
        IdentifierKind::Iscc,
        "ISCC:EEA4GQZQTY6J5DTH",
        "ISCC:EEA4GQZQTY6J5DTH",
    ),
    (
        IdentifierKind::Iscc,
        "eea4gqzqty6j5dth",
        "ISCC:EEA4GQZQTY6J5DTH",
    ),
    (
        IdentifierKind::Iscc,
        "ISCC:KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQY",
        "ISCC:KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQY",
    ),
    (
        IdentifierKind::Iscc,
        "ISCC:KAA2Y5NUST7BFD5NN2XIDK7VW3WG4OEPMRQNPK37TE",
        "ISCC:KAA2Y5NUST7BFD5NN2XIDK7VW3WG4OEPMRQNPK37TE",
    ),
    (
        IdentifierKind::Iscc,
        "ISCC:KUAA2G6UMXGFJAO6HAZ7YPERUN476",
        "ISCC:KUAA2G6UMXGFJAO6HAZ7YPERUN476",
    ),
    (
        IdentifierKind::Iscc,
        "ISCC:K4AA2G6UMXGFJAO6ZOMIFZIYO6LYMOBT7Q6JDI3Z75IJWQY5WH372QA",
        "ISCC:K4AA2G6UMXGFJAO6ZOMIFZIYO6LYMOBT7Q6JDI3Z75IJWQY5WH372QA",
    ),
    (
        IdentifierKind::Iscc,
        "ISCC:AADV5NAQXBCHCWFWDAKH73TRQFFMMEC426IIPINQ3TY5ZKQRAJF7CDY",
        "ISCC:AADV5NAQXBCHCWFWDAKH73TRQFFMMEC426IIPINQ3TY5ZKQRAJF7CDY",
    ),
    (
        IdentifierKind::Iscc,
        "ISCC:GABW5LUBVP23N3DOD7PPINHT5JKBI",
        "ISCC:GABW5LUBVP23N3DOD7PPINHT5JKBI",
    ),
    (
        IdentifierKind::Iscc,
        "ISCC:MAIGHFECJMOPMIAB",
        "ISCC:MAIGHFECJMOPMIAB",
    ),
    (IdentifierKind::Gtin, "4006381333931", "04006381333931"),
    (IdentifierKind::Gtin, "036000291452", "00036000291452"),
    (IdentifierKind::Gtin, "96385074", "00000096385074"),
    (
        IdentifierKind::Gtin,
        "GTIN 04006381333931",
        "04006381333931",
    ),
    (
        IdentifierKind::Eidr,
        "10.5240/7791-8534-2C23-9030-8610-5",
        "10.5240/7791-8534-2C23-9030-8610-5",
    ),
    (
        IdentifierKind::Eidr,
        "10.5240/779185342c2390308610-5",
        "10.5240/7791-8534-2C23-9030-8610-5",
    ),
    (
        IdentifierKind::Eidr,
        "urn:eidr:10.5240:7791-8534-2C23-9030-8610-5",
        "10.5240/7791-8534-2C23-9030-8610-5",
    ),
    (IdentifierKind::Ipi, "00334284961", "00334284961"),
    (IdentifierKind::Ipi, "IPI 334284961", "00334284961"),
    (IdentifierKind::Ipi, "I-001068130-6", "I-001068130-6"),
    (IdentifierKind::Ipi, "i0000002297", "I-000000229-7"),
];

/// One published identifier of each scheme whose check finds every single changed digit.
const FULLY_CHECKED: [(IdentifierKind, &str); 8] = [
    (IdentifierKind::Isbn, "9783161484100"),
    (IdentifierKind::Isbn, "316148410X"),
    (IdentifierKind::Isni, "000000012281955X"),
    (IdentifierKind::Gtin, "4006381333931"),
    (IdentifierKind::Gtin, "036000291452"),
    (IdentifierKind::Gtin, "96385074"),
    (IdentifierKind::Eidr, "10.5240/7791-8534-2C23-9030-8610-5"),
    (IdentifierKind::Ipi, "00334284961"),
];

/// Texts that do not have the form of their scheme.
const MALFORMED: [(IdentifierKind, &[&str]); 9] = [
    (
        IdentifierKind::Isrc,
        &[
            "",
            "USRC1760783",
            "USRC176078390",
            "U1RC17607839",
            "USRC1760783X",
            "ÜSRC1760783",
        ],
    ),
    (
        IdentifierKind::Iswc,
        &[
            "",
            "0345246801",
            "T034524680",
            "T03452468012",
            "T03452468O1",
            "X0345246801",
        ],
    ),
    (
        IdentifierKind::Isbn,
        &[
            "",
            "X",
            "97831614841X0",
            "9773161484100",
            "31614841-0",
            "979-0-060-11561-5",
            "978316148410é",
        ],
    ),
    (
        IdentifierKind::Isni,
        &["", "00000001228195X5", "1", "0000 0001 2281 955", "é"],
    ),
    (
        IdentifierKind::Doi,
        &[
            "",
            "10.1000",
            "10.1000/",
            "/182",
            "10.10/182",
            "11.1000/182",
            "10.1000/a b",
            "10.1000./182",
            "10.1000a/182",
            "10.1000/a\u{7}",
        ],
    ),
    (
        IdentifierKind::Iscc,
        &[
            "",
            "ISCC:",
            "ISCC:A",
            "ISCC:EEA4GQZQTY6J5DT",
            "ISCC:EEA4GQZQTY6J5DTHA",
            "ISCC:EEA4GQZQTY6J5DT1",
            "ISCC:IEA4GQZQTY6J5DTHEEA4GQZQTY6J5DTH",
            "ISCC:77777777",
        ],
    ),
    (
        IdentifierKind::Gtin,
        &["", "123456789", "400638133393A", "١٢٣٤٥٦٧٨"],
    ),
    (
        IdentifierKind::Eidr,
        &[
            "",
            "10.5240/",
            "10.5237/9DD9-E249",
            "10.5240/7791-8534-2C23-9030-861G-5",
            "10.5240/7791-8534-2C23-9030-8610",
            "10.5240/7791-8534-2C23-9030-8610-!",
        ],
    ),
    (
        IdentifierKind::Ipi,
        &[
            "",
            "12",
            "003342849611",
            "I-01068130-6",
            "I-00106813X-6",
            "I",
            "0033428496X",
        ],
    ),
];

/// `text` with the character at `position` replaced.
fn replaced(text: &str, position: usize, replacement: char) -> String {
    text.chars()
        .enumerate()
        .map(|(at, c)| if at == position { replacement } else { c })
        .collect()
}

fn refusal(kind: IdentifierKind, text: &str) -> String {
    Identifier::parse(kind, text).unwrap_err().to_string()
}

#[test]
fn published_identifiers_are_read() {
    for (kind, text, value) in PUBLISHED {
        let identifier = Identifier::parse(kind, text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(
            (identifier.kind(), identifier.value()),
            (kind, value),
            "{text}"
        );
    }
}

#[test]
fn canonical_values_are_their_own_canonical_values() {
    for (kind, _, value) in PUBLISHED {
        assert_eq!(Identifier::parse(kind, value).unwrap().value(), value);
    }
}

#[test]
fn wrong_check_digits_are_named_with_the_right_ones() {
    let cases = [
        (
            IdentifierKind::Isbn,
            "978-3-16-148410-5",
            "ISBN 9783161484105 has check digit 5, expected 0",
        ),
        (
            IdentifierKind::Isbn,
            "3-16-148410-1",
            "ISBN 3161484101 has check digit 1, expected X",
        ),
        (
            IdentifierKind::Iswc,
            "T-034.524.680-2",
            "ISWC T0345246802 has check digit 2, expected 1",
        ),
        (
            IdentifierKind::Isni,
            "0000000122819550",
            "ISNI 0000000122819550 has check digit 0, expected X",
        ),
        (
            IdentifierKind::Gtin,
            "4006381333932",
            "GTIN 4006381333932 has check digit 2, expected 1",
        ),
        (
            IdentifierKind::Eidr,
            "10.5240/7791-8534-2C23-9030-8610-Z",
            "EIDR 10.5240/7791-8534-2C23-9030-8610-Z has check digit Z, expected 5",
        ),
        (
            IdentifierKind::Ipi,
            "00334284962",
            "IPI 00334284962 has check digit 62, expected 61",
        ),
        (
            IdentifierKind::Ipi,
            "I-001068130-7",
            "IPI I-001068130-7 has check digit 7, expected 6",
        ),
    ];
    for (kind, text, message) in cases {
        assert_eq!(refusal(kind, text), message);
    }
}

#[test]
fn other_forms_are_refused() {
    for (kind, texts) in MALFORMED {
        for text in texts {
            let error = Identifier::parse(kind, text).unwrap_err();
            assert!(
                matches!(error, IdentifierError::Form { .. }),
                "{kind} {text}: {error}"
            );
        }
    }
    assert_eq!(
        refusal(IdentifierKind::Isrc, "hello"),
        "`hello` is not an ISRC, expected two letters, three letters or digits, and seven digits, as in US-RC1-76-07839"
    );
}

#[test]
fn very_long_text_is_refused_before_it_is_looked_at() {
    let text = "1".repeat(TEXT_BYTES_MAX + 1);
    for kind in IdentifierKind::ALL {
        assert!(matches!(
            Identifier::parse(kind, &text),
            Err(IdentifierError::TooLong { .. })
        ));
    }
    assert_eq!(
        refusal(IdentifierKind::Doi, &text),
        "DOI of 1025 bytes, expected at most 1024"
    );
}

#[test]
fn the_longest_identifier_is_read_as_it_is_displayed() {
    let text = format!("10.1000/{}", "x".repeat(TEXT_BYTES_MAX - 8));
    let doi = Identifier::parse(IdentifierKind::Doi, &text).unwrap();
    let again = Identifier::parse(IdentifierKind::Doi, &doi.to_string());
    assert_eq!(again, Ok(doi));
}

#[test]
fn an_iscc_has_one_spelling_only() {
    // 55 characters hold 275 bits for 34 bytes: the last three are padding.
    let code = "ISCC:KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQ";
    assert!(Identifier::parse(IdentifierKind::Iscc, &format!("{code}Y")).is_ok());
    assert!(Identifier::parse(IdentifierKind::Iscc, &format!("{code}Z")).is_err());
}

#[test]
fn kinds_round_trip_through_their_columns() {
    for kind in IdentifierKind::ALL {
        assert_eq!(kind.to_string().parse(), Ok(kind));
    }
    assert_eq!(
        "issn".parse::<IdentifierKind>().unwrap_err().to_string(),
        "unknown identifier scheme `issn`, expected isrc, iswc, isbn, isni, doi, iscc, gtin, eidr or ipi"
    );
}

#[test]
fn identifiers_are_shown_with_their_scheme() {
    let isrc = Identifier::parse(IdentifierKind::Isrc, "US-RC1-76-07839").unwrap();
    assert_eq!(isrc.to_string(), "ISRC USRC17607839");
    let iscc = Identifier::parse(IdentifierKind::Iscc, "ISCC:EEA4GQZQTY6J5DTH").unwrap();
    assert_eq!(iscc.to_string(), "ISCC:EEA4GQZQTY6J5DTH");
}

#[test]
fn iswc_checks_find_what_their_weights_promise() {
    // Weight 5 times an even change, or an even weight times 5, is a multiple of 10.
    let original = "T0345246801";
    for position in 1..original.len() {
        let weight = position;
        for digit in '0'..='9' {
            let changed = replaced(original, position, digit);
            let found =
                changed != original && Identifier::parse(IdentifierKind::Iswc, &changed).is_err();
            let promised = changed != original && (matches!(weight, 1 | 3 | 7 | 9) || weight == 10);
            assert!(found || !promised, "{changed}");
        }
    }
    assert!(
        Identifier::parse(IdentifierKind::Iswc, "T0845246801")
            .is_ok_and(|missed| missed.value() != original)
    );
}

#[test]
fn one_changed_digit_is_found_in_every_published_identifier() {
    for (kind, original) in FULLY_CHECKED {
        assert!(Identifier::parse(kind, original).is_ok(), "{original}");
        let first = if kind == IdentifierKind::Eidr {
            "10.5240/".len()
        } else {
            0
        };
        for (position, old) in original.chars().enumerate().skip(first) {
            let digits = if kind == IdentifierKind::Eidr {
                "0123456789ABCDEF"
            } else {
                "0123456789"
            };
            for new in digits.chars().filter(|&new| new != old && old != '-') {
                let changed = replaced(original, position, new);
                assert!(
                    Identifier::parse(kind, &changed).is_err(),
                    "{kind} {changed}"
                );
            }
        }
    }
}

/// A valid identifier of `kind` with the given leading digits.
fn with_check(kind: IdentifierKind, body: &[u8]) -> String {
    let text: String = body
        .iter()
        .map(|&value| char::from_digit(u32::from(value), 16).unwrap())
        .collect();
    let x = |value: u32| {
        if value == 10 {
            "X".to_owned()
        } else {
            value.to_string()
        }
    };
    match kind {
        IdentifierKind::Isni => format!("{text}{}", x(checksum::mod_11_2(body))),
        IdentifierKind::Isbn => format!("{text}{}", x(checksum::isbn_ten(body))),
        IdentifierKind::Gtin => format!("{text}{}", checksum::gs1(body)),
        IdentifierKind::Ipi => format!("{text}{:02}", checksum::ipi_name(body)),
        IdentifierKind::Eidr => {
            let check = char::from_digit(checksum::mod_37_36(body), 36).unwrap();
            format!("10.5240/{text}{check}").to_ascii_uppercase()
        }
        kind => panic!("{kind} is not generated"),
    }
}

proptest! {
    #[test]
    fn one_changed_digit_is_always_found(
        (kind, radix, body) in prop_oneof![
            (Just(IdentifierKind::Isni), Just(10_u8), prop::collection::vec(0_u8..10, 15)),
            (Just(IdentifierKind::Isbn), Just(10_u8), prop::collection::vec(0_u8..10, 9)),
            (Just(IdentifierKind::Gtin), Just(10_u8), prop::collection::vec(0_u8..10, 12)),
            (Just(IdentifierKind::Ipi), Just(10_u8), prop::collection::vec(0_u8..10, 9)),
            (Just(IdentifierKind::Eidr), Just(16_u8), prop::collection::vec(0_u8..16, 20)),
        ],
        position: prop::sample::Index,
        shift in 1_u8..16,
    ) {
        let original = with_check(kind, &body);
        prop_assert!(Identifier::parse(kind, &original).is_ok(), "{}", original);

        let position = position.index(body.len());
        let shift = 1 + shift % (radix - 1);
        let changed_digit = (body[position] + shift) % radix;
        let start = if kind == IdentifierKind::Eidr { "10.5240/".len() } else { 0 };
        let digit = char::from_digit(u32::from(changed_digit), 16).unwrap().to_ascii_uppercase();
        let changed = replaced(&original, start + position, digit);
        prop_assert!(Identifier::parse(kind, &changed).is_err(), "{} from {}", changed, original);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".*", code in "(10\\.[0-9/:.]{0,9}|I|T|ISCC:)?[0-9A-FX-]{0,40}") {
        for kind in IdentifierKind::ALL {
            for text in [&text, &code] {
                if let Ok(read) = Identifier::parse(kind, text) {
                    prop_assert_eq!(Identifier::parse(kind, read.value()), Ok(read));
                }
            }
        }
    }
}
