use bytes::Bytes;
use clearance_decode::{Limits, Reason};
use clearance_testkit::{art, corrupt, encode, music, prose};
use proptest::prelude::*;

use super::*;
use crate::reading::{Contents, Reader};

fn read(bytes: Vec<u8>, name: &str) -> Reading {
    let reader = Reader {
        limits: &Limits::default(),
        media_roots: &[],
        declarations: true,
        signers: None,
        decoders: None,
    };
    let contents = Contents::File {
        digest: *blake3::hash(&bytes).as_bytes(),
        bytes: Bytes::from(bytes),
        name: Some(name.to_owned()),
    };
    reader.print(contents, None)
}

fn declared() -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/declarations/");
    std::fs::read(format!("{folder}signed.png")).unwrap()
}

fn song() -> Vec<u8> {
    encode::wav(&music::compose_at(1, 6.0, 11_025), 11_025)
}

fn picture() -> Vec<u8> {
    encode::jpeg(&art::paint(3, 240, 160), 80).unwrap()
}

fn refused(wrong: Wrong) -> Unreadable {
    Unreadable::new(Reason::Corrupt, wrong)
}

fn sent(stated: &Stated) -> Vec<u8> {
    postcard::to_stdvec(stated).unwrap()
}

fn received(message: &[u8]) -> Option<Stated> {
    postcard::from_bytes(message).ok()
}

/// What is read here and what another process says of the same item are the same.
#[test]
fn what_is_stated_and_checked_is_what_was_read() {
    let items = [
        (song(), "a.wav"),
        (corrupt::truncate(&song(), 0.5), "a.wav"),
        (picture(), "a.jpg"),
        (declared(), "a.png"),
        (declared()[..2000].to_vec(), "a.png"),
        (prose::write(1, 60).into_bytes(), "a.txt"),
        (b"nothing that is known".to_vec(), "a.bin"),
    ];
    for (bytes, name) in items {
        let stated = Stated::of(read(bytes.clone(), name)).unwrap();
        let message = sent(&stated);
        let checked = received(&message).unwrap().checked(&refused);
        let (item, said) = (checked.item.as_ref(), checked.said.as_ref());
        let here = read(bytes, name);
        assert_eq!(item.err(), here.item.as_ref().err(), "{name}");
        assert_eq!(said, here.said.as_ref(), "{name}");
        assert_eq!(
            item.ok().map(|item| (item.source, &item.partial)),
            here.item.as_ref().ok().map(|it| (it.source, &it.partial)),
        );
        assert_eq!(sent(&Stated::of(checked).unwrap()), message, "{name}");
    }
}

/// Changes one thing in the statement of an item and says what becomes of that.
fn outcome(bytes: Vec<u8>, change: impl FnOnce(&mut Stated)) -> String {
    let mut stated = Stated::of(read(bytes, "")).unwrap();
    change(&mut stated);
    match stated.checked(&refused).item {
        Err(Trouble::Unreadable(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

fn frame(stated: &mut Stated) -> &mut StatedPicture {
    match &mut stated.item.as_mut().unwrap().print {
        StatedPrint::Image(frames) => &mut frames[0],
        other => panic!("{other:?}"),
    }
}

fn recording(stated: &mut Stated) -> &mut StatedRecording {
    match &mut stated.item.as_mut().unwrap().print {
        StatedPrint::Audio(print) => print,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_could_mislead_a_comparison_is_refused() {
    type Change = fn(&mut Stated);
    let pictures: [(Change, &str); 9] = [
        (|it| frame(it).size_px.0 = 0, "an impossible picture"),
        (|it| frame(it).flatness = f32::NAN, "an impossible picture"),
        (
            |it| frame(it).hashes.truncate(8),
            "hashes of another length",
        ),
        (|it| frame(it).points.x[0] = 4096, "impossible points"),
        (|it| frame(it).points.y.truncate(1), "impossible points"),
        (|it| frame(it).points.doubts[0] = 23, "impossible points"),
        (
            |it| frame(it).points.descriptors.push(0),
            "impossible points",
        ),
        (
            |it| it.item.as_mut().unwrap().extent = f64::INFINITY,
            "an impossible extent",
        ),
        (
            |it| it.item.as_mut().unwrap().print = StatedPrint::Image(Vec::new()),
            "a picture without frames",
        ),
    ];
    for (change, expected) in pictures {
        assert_eq!(outcome(picture(), change), format!("corrupt: {expected}"));
    }
    let recordings: [(Change, &str); 4] = [
        (|it| recording(it).bins[0] = u16::MAX, "impossible peaks"),
        (|it| recording(it).ranks[0] = u8::MAX, "impossible peaks"),
        (|it| recording(it).times.reverse(), "impossible peaks"),
        (
            |it| recording(it).ranks.truncate(1),
            "lists of peaks of different lengths",
        ),
    ];
    for (change, expected) in recordings {
        assert_eq!(outcome(song(), change), format!("corrupt: {expected}"));
    }
    let wrong = "corrupt: impossible declarations";
    let said =
        |it: &mut Stated, text: &str| text.clone_into(&mut it.said.as_mut().unwrap().declarations);
    assert_eq!(outcome(declared(), |it| said(it, "{}")), wrong);
    let long = " ".repeat(MOST_DECLARATION_BYTES + 1);
    assert_eq!(outcome(declared(), |it| said(it, &long)), wrong);
}

proptest! {
    /// Whatever arrives is refused or within bounds; nothing takes more memory than it brought.
    #[test]
    fn any_bytes_are_refused_or_sound(
        at in any::<prop::sample::Index>(),
        with in prop::collection::vec(any::<u8>(), 1..12),
        which in 0_usize..3,
    ) {
        let bytes = [song(), picture(), declared()][which].clone();
        let mut message = sent(&Stated::of(read(bytes, "")).unwrap());
        let start = at.index(message.len());
        for (byte, new) in message[start..].iter_mut().zip(with) {
            *byte = new;
        }
        if let Some(stated) = received(&message) {
            let checked = stated.checked(&refused);
            prop_assert!(received(&sent(&Stated::of(checked).unwrap())).is_some());
        }
    }
}
