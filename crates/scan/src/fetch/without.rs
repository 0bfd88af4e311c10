//! The same in a program without a network: nothing is fetched.

use std::convert::Infallible;
use std::marker::PhantomData;

use super::{FetchOptions, Fetched};
use crate::pipeline::{Budget, Held};

/// There is none.
pub(crate) struct Stage<'a, T> {
    never: Infallible,
    of: PhantomData<(&'a Budget, T)>,
}

impl<'a, T> Stage<'a, T> {
    pub(crate) fn new(_: &'a FetchOptions, _: u64, _: &'a Budget) -> Option<Self> {
        None
    }

    pub(crate) fn threads(&self) -> usize {
        match self.never {}
    }

    pub(crate) fn has_room(&self) -> bool {
        match self.never {}
    }

    pub(crate) fn give(&self, _: T, _: String) -> Option<(T, Fetched)> {
        match self.never {}
    }

    pub(crate) fn close(&self) {
        match self.never {}
    }

    pub(crate) fn interrupt(&self) {
        match self.never {}
    }

    pub(crate) fn has_ended(&self) -> bool {
        match self.never {}
    }

    pub(crate) fn work(&self, _: &dyn Fn() -> bool, _: &dyn Fn(T, Fetched, Held<'a>)) {
        match self.never {}
    }
}
