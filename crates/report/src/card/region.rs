//! A part of a picture: where to draw it, and what to call it.

use serde::Serialize;

/// A box that ends this near an edge or the middle, in percent, ends there: measured
/// boxes are about as rough.
const NEAR_PERCENT: u32 = 2;

/// A part of a picture, in percent of its sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Region {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

/// How far a part reaches along one side of its picture.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Whole,
    FirstHalf,
    SecondHalf,
    Other,
}

impl Region {
    /// The part within these corners (left, top, right, bottom as shares of the
    /// picture's sides); `None` when they hold the whole picture, or nothing.
    pub(crate) fn part([left, top, right, bottom]: [f32; 4]) -> Option<Self> {
        let (left, right) = percent(left, right)?;
        let (top, bottom) = percent(top, bottom)?;
        let region = Self {
            left,
            top,
            width: right - left,
            height: bottom - top,
        };
        (region.reaches() != (Reach::Whole, Reach::Whole)).then_some(region)
    }

    /// Whether it is a half or a quarter.
    pub(crate) fn is_named(&self) -> bool {
        self.name().is_some()
    }

    /// `the top left quarter of`, `12–48% across, 30–72% down`.
    pub(crate) fn words(&self) -> String {
        if let Some(name) = self.name() {
            return format!("the {name} of");
        }
        let range = |start, length, way| format!("{start}–{}% {way}", start + length);
        let across = range(self.left, self.width, "across");
        let down = range(self.top, self.height, "down");
        match self.reaches() {
            (Reach::Whole, _) => down,
            (_, Reach::Whole) => across,
            _ => format!("{across}, {down}"),
        }
    }

    fn name(&self) -> Option<&'static str> {
        match self.reaches() {
            (Reach::FirstHalf, Reach::Whole) => Some("left half"),
            (Reach::SecondHalf, Reach::Whole) => Some("right half"),
            (Reach::Whole, Reach::FirstHalf) => Some("top half"),
            (Reach::Whole, Reach::SecondHalf) => Some("bottom half"),
            (Reach::FirstHalf, Reach::FirstHalf) => Some("top left quarter"),
            (Reach::SecondHalf, Reach::FirstHalf) => Some("top right quarter"),
            (Reach::FirstHalf, Reach::SecondHalf) => Some("bottom left quarter"),
            (Reach::SecondHalf, Reach::SecondHalf) => Some("bottom right quarter"),
            _ => None,
        }
    }

    fn reaches(&self) -> (Reach, Reach) {
        (reach(self.left, self.width), reach(self.top, self.height))
    }
}

fn reach(start: u32, length: u32) -> Reach {
    let near = |place: u32, mark: u32| place.abs_diff(mark) <= NEAR_PERCENT;
    let end = start + length;
    match (near(start, 0), near(end, 100)) {
        (true, true) => Reach::Whole,
        (true, false) if near(end, 50) => Reach::FirstHalf,
        (false, true) if near(start, 50) => Reach::SecondHalf,
        _ => Reach::Other,
    }
}

/// Whole percents inside the picture, at least one apart.
fn percent(start: f32, end: f32) -> Option<(u32, u32)> {
    let whole = |share: f32| (share.clamp(0.0, 1.0) * 100.0).round() as u32;
    // Not a number is not less.
    let inside = start < end && start < 1.0 && end > 0.0;
    let start_percent = whole(start).min(99);
    inside.then(|| (start_percent, whole(end).max(start_percent + 1)))
}

#[cfg(test)]
mod tests;
