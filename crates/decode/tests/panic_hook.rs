//! The guard's panic hook, in a process of its own because hooks are global.

use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clearance_decode::{Reason, guard};

static SEEN: AtomicUsize = AtomicUsize::new(0);

#[test]
fn only_unguarded_panics_reach_the_hook_that_was_there() {
    panic::set_hook(Box::new(|_| {
        SEEN.fetch_add(1, Ordering::SeqCst);
    }));
    let guarded = thread::spawn(|| guard::<()>(|| panic!("guarded")));
    assert_eq!(
        guarded.join().unwrap().unwrap_err().reason,
        Reason::Panicked
    );
    assert_eq!(SEEN.load(Ordering::SeqCst), 0);

    assert!(thread::spawn(|| panic!("unguarded")).join().is_err());
    assert_eq!(SEEN.load(Ordering::SeqCst), 1);

    let afterwards = thread::spawn(|| {
        assert!(guard::<()>(|| panic!("guarded again")).is_err());
        panic!("after the guard closed");
    });
    assert!(afterwards.join().is_err());
    assert_eq!(SEEN.load(Ordering::SeqCst), 2);
}
