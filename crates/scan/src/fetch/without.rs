//! The same in a program without a network: nothing is fetched.

use std::marker::PhantomData;

use super::{FetchOptions, Fetched};
use crate::pipeline::{Budget, Held};

/// Answers at once that nothing was fetched.
pub(crate) struct Stage<'a, T>(PhantomData<(&'a Budget, fn(T))>);

impl<'a, T> Stage<'a, T> {
    pub(crate) fn new(_: &'a FetchOptions, _: u64, _: &'a Budget) -> Self {
        Self(PhantomData)
    }

    #[expect(clippy::unused_self, reason = "as that of a program with a network")]
    pub(crate) fn threads(&self) -> usize {
        0
    }

    #[expect(clippy::unused_self, reason = "as that of a program with a network")]
    pub(crate) fn has_room(&self) -> bool {
        true
    }

    #[expect(clippy::unused_self, reason = "as that of a program with a network")]
    pub(crate) fn give(&self, ticket: T, url: String) -> Option<(T, Fetched)> {
        let fetched = Fetched {
            url,
            name: None,
            body: Err("url not fetched".to_owned()),
            record: None,
        };
        Some((ticket, fetched))
    }

    #[expect(clippy::unused_self, reason = "as that of a program with a network")]
    pub(crate) fn close(&self) {}

    #[expect(clippy::unused_self, reason = "as that of a program with a network")]
    pub(crate) fn interrupt(&self) {}

    #[expect(clippy::unused_self, reason = "as that of a program with a network")]
    pub(crate) fn has_ended(&self) -> bool {
        true
    }

    #[expect(clippy::unused_self, reason = "as that of a program with a network")]
    pub(crate) fn work(&self, _: &dyn Fn() -> bool, _: &dyn Fn(T, Fetched, Held<'a>)) {}
}
