use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

const NEVER: fn() -> bool = || false;

/// Bytes in flight, and those of them that are reserved.
fn counts(budget: &Budget) -> (usize, usize) {
    let taken = budget.lock();
    (taken.all, taken.reserved)
}

#[test]
fn what_is_reserved_is_given_back_or_held() {
    let budget = Budget::new(100);
    let one = budget.reserve(60, &NEVER).unwrap();
    // Another does not fit, and who is told to stop does not wait for it.
    assert!(budget.reserve(60, &|| true).is_none());
    let held = one.settle(10);
    assert_eq!(counts(&budget), (10, 0));
    let two = budget.reserve(90, &NEVER).unwrap();
    drop(held);
    drop(two);
    assert_eq!(counts(&budget), (0, 0));
}

/// Answers that all turn out longer than there is room for come one after the other, and none waits
/// for good.
#[test]
fn answers_that_grow_beyond_the_budget_end() {
    let budget = Budget::new(100);
    std::thread::scope(|threads| {
        for _ in 0..8 {
            threads.spawn(|| {
                for _ in 0..50 {
                    let mut reserved = budget.reserve(20, &NEVER).unwrap();
                    for _ in 0..5 {
                        assert!(reserved.grow(50, &NEVER));
                    }
                    assert_eq!(reserved.bytes(), 270);
                    drop(reserved.settle(200));
                }
            });
        }
    });
    assert_eq!(counts(&budget), (0, 0));
}

#[test]
fn items_in_flight_are_waited_for() {
    let budget = Budget::new(100);
    budget.take(90);
    let item = budget.hold(90);
    let mut reserved = budget.reserve(10, &NEVER).unwrap();
    assert!(
        !reserved.grow(1, &|| true),
        "there is no room beside an item"
    );
    let is_done = AtomicBool::new(false);
    std::thread::scope(|threads| {
        threads.spawn(|| {
            assert!(reserved.grow(500, &NEVER));
            assert!(is_done.load(Ordering::SeqCst));
        });
        std::thread::sleep(Duration::from_millis(20));
        is_done.store(true, Ordering::SeqCst);
        drop(item);
    });
}
