#![cfg(feature = "iscc")]

use std::path::Path;

use bytes::Bytes;
use clearance_decode::{Limits, Source};

use super::{DISTANCE_BITS_MAX, Isccs, chance, iscc, units_of};
use crate::print_item;

/// Codes by iscc-core 1.x, the reference implementation in Python, pictures read by Pillow.
const REFERENCE: [(&str, [&str; 3]); 6] = [
    (
        "declarations/plain.jpg",
        ["EEA7GFADCAHG7744", "GAAZ2FLWAB2SZF2Q", "IAARIGKONCFTQICA"],
    ),
    (
        "demo/works/images/heron-at-dusk.jpg",
        ["EEA4YOIWZIZHKPYO", "GAAZOVPENGRQUZSP", "IAAYWVK5ONYFDKLH"],
    ),
    (
        "demo/works/images/market-square.png",
        ["EEA42GF7USOWKAY6", "GAAULRUL2UVS3ERI", "IAAQLY2GOXNKD5KV"],
    ),
    (
        "demo/works/images/night-bus.jpg",
        ["EEA4QDONZGYU7HHE", "GAAQONCI6LOIBAIZ", "IAAWBZWEANY6VAZQ"],
    ),
    (
        "demo/works/texts/severny-bereg.txt",
        ["EAASUWUGEMLWKSMW", "GAAVRY4RL5FQLOCW", "IAA6XH6CHNSDEEHF"],
    ),
    (
        "demo/works/texts/the-salt-road.txt",
        ["EAA7RGUPNE3L66UI", "GAAZF4EWLRLVW72L", "IAA4O3IA7VNXIXRJ"],
    ),
];

fn bytes_of(name: &str) -> Bytes {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    std::fs::read(folder.join(name)).unwrap().into()
}

fn code_of(name: &str, bytes: &Bytes) -> Option<String> {
    let source = Source::Bytes(bytes.clone());
    let limits = Limits::default();
    let printed = print_item(&source, Some(name), None, false, &limits).unwrap();
    iscc(&printed.print, Some(bytes), &limits)
}

#[test]
fn the_library_agrees_with_the_vectors_of_the_standard() {
    assert!(iscc_lib::conformance_selftest());
}

#[test]
fn codes_are_those_of_the_reference_implementation() {
    for (name, expected) in REFERENCE {
        let code = code_of(name, &bytes_of(name)).unwrap();
        let units = units_of(&code);
        assert_eq!(units.len(), 3, "{name}");
        for (unit, expected) in units.iter().zip(expected) {
            let expected = units_of(expected)[0];
            assert_eq!(unit.kind, expected.kind, "{name}");
            let distance = (unit.body ^ expected.body).count_ones();
            // Decoders of JPEG and filters round differently.
            let most = if unit.kind == (2, 1) { 2 } else { 0 };
            assert!(
                distance <= most,
                "{name}: {distance} bits of {:?}",
                unit.kind
            );
        }
    }
}

#[test]
fn a_copy_is_near_and_another_work_is_not() {
    let works: Vec<(String, Vec<String>)> = REFERENCE
        .iter()
        .map(|(name, units)| {
            let codes = units.iter().map(|unit| format!("ISCC:{unit}")).collect();
            ((*name).to_owned(), codes)
        })
        .collect();
    let isccs = Isccs::new(works.iter().map(|(id, codes)| (id.as_str(), codes.clone())));
    for (name, _) in REFERENCE {
        let bytes = bytes_of(name);
        let found = isccs.find(&code_of(name, &bytes).unwrap());
        assert_eq!(found.len(), 1, "{name}");
        assert!(found[0].work_id == name && found[0].is_same_bytes, "{name}");
    }
    let heron = "demo/works/images/heron-at-dusk.jpg";
    let picture = clearance_decode::decode_image(&bytes_of(heron), &Limits::default()).unwrap();
    let width = picture.width_px;
    let canvas = clearance_testkit::art::Canvas::from_pixels(width, picture.height_px, |x, y| {
        [picture.luma[(y * width + x) as usize]; 3]
    });
    let copy = clearance_testkit::encode::jpeg(&canvas, 40).unwrap();
    let found = isccs.find(&code_of("copy.jpg", &copy.into()).unwrap());
    assert_eq!(found.len(), 1);
    assert!(found[0].work_id == heron && !found[0].is_same_bytes);
    assert!(found[0].distance_bits <= DISTANCE_BITS_MAX && found[0].e_value_per_item < 1e-10);
}

#[test]
fn what_is_no_code_or_says_nothing_is_compared_with_nothing() {
    for code in [
        "",
        "ISCC:",
        "ISCC:AAAAAAAA",
        "nonsense",
        "ISCC:EEAAAAAAAAAAAAAA",
    ] {
        assert!(units_of(code).is_empty(), "{code}");
    }
    assert!(
        Isccs::new([("a", vec!["nonsense".to_owned()])])
            .units
            .is_empty()
    );
}

#[test]
fn chance_is_that_of_thrown_coins() {
    assert!((chance(0) - 2f64.powi(-64)).abs() < 1e-30);
    assert!((chance(1) - 65.0 * 2f64.powi(-64)).abs() < 1e-28);
    assert!((chance(64) - 1.0).abs() < 1e-9);
}
