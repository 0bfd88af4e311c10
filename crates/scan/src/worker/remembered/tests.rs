use super::*;

fn unreadable(letters: usize) -> Known {
    (Outcome::Unreadable("x".repeat(letters)), None)
}

fn key(number: u32) -> ItemKey {
    let mut digest = [0; 32];
    digest[..4].copy_from_slice(&number.to_le_bytes());
    (digest, None, None)
}

#[test]
fn what_is_remembered_has_an_end() {
    let remembered = Remembered::default();
    for number in 0..200 {
        remembered.keep(key(number), &unreadable(1 << 20));
    }
    let known = (0..200).filter(|&number| remembered.get(&key(number)).is_some());
    // 64 MiB of reasons of a mebibyte each, and the entries themselves.
    assert_eq!(known.count(), 63);
    // A smaller one still finds room.
    remembered.keep(key(500), &unreadable(8));
    assert!(matches!(
        remembered.get(&key(500)),
        Some((Outcome::Unreadable(reason), None)) if reason == "xxxxxxxx"
    ));
}
