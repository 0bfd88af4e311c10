//! Altered copies: what happens to works on their way into a dataset.

pub mod audio;
pub mod image;
pub mod text;

#[cfg(test)]
mod tests;
