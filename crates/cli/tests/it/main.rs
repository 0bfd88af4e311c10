//! Whole commands on synthetic works.

mod registering;
mod robustness;
mod scanning;
mod workplace;
