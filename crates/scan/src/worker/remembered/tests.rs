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
fn what_is_remembered_has_an_end_and_is_what_came_last() {
    let remembered = Remembered::default();
    for number in 0..200 {
        remembered.keep(key(number), &unreadable(1 << 20));
    }
    // 16 MiB of reasons of a mebibyte each and the entries themselves, and as many before.
    let known: Vec<u32> = (0..200)
        .filter(|&number| {
            let generations = remembered.generations.read().unwrap();
            let key = key(number);
            generations.young.contains_key(&key) || generations.old.contains_key(&key)
        })
        .collect();
    assert!((16..=32).contains(&known.len()), "{}", known.len());
    assert_eq!(known.last(), Some(&199));
    assert!(known.windows(2).all(|pair| pair[0] + 1 == pair[1]));
    // One that is larger than all of it is not kept.
    remembered.keep(key(500), &unreadable(64 << 20));
    assert!(remembered.get(&key(500)).is_none());
    assert!(remembered.get(&key(199)).is_some());
}

#[test]
fn what_comes_again_stays() {
    let remembered = Remembered::default();
    remembered.keep(key(1000), &unreadable(8));
    for number in 0..200 {
        remembered.keep(key(number), &unreadable(1 << 20));
        assert!(matches!(
            remembered.get(&key(1000)),
            Some((Outcome::Unreadable(reason), None)) if reason == "xxxxxxxx"
        ));
    }
    assert!(remembered.get(&key(0)).is_none());
}
