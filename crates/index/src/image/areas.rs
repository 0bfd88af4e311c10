//! Whether an item changes in brightness as a work does, area by area, where an alignment puts it.
//!
//! Points tell where a work may lie, and drawings have few that tell it from others of their kind.
//! Laid along the alignment, brightness of a copy rises and falls alike all over it. Areas are
//! compared one by one, so that what is cut off or covered costs nothing but itself.

use clearance_fingerprint::image::Tones;
use serde::{Deserialize, Serialize};

use super::align::Map;
use super::scene::Scene;
use crate::calibrate::area_nats;

/// Cells from one area to the next; an area has one more on each side, which it shares.
const STEP: usize = 5;
/// Places at which the item's brightness is taken for a cell, along each side.
const SAMPLES: usize = 3;
/// Changes from cell to cell of an area that must be seen in the item, of 60.
const LEAST_CHANGES: u32 = 25;
/// Areas of the work with smaller mean squared changes are plain, in grey levels.
const LEAST_WORK_CHANGE: f64 = 4.0;
/// Areas with fewer changes that matter say less: a corner, a star are alike wherever they stand.
const MANY_CHANGES: f64 = 12.0;
/// The item's changes are taken for at least this: less is noise.
const LEAST_ITEM_CHANGE: f64 = 0.25;

/// What areas say of an alignment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Areas {
    /// Areas that change alike.
    pub(super) aligned: u32,
    /// Areas of the work that are seen in the item and are not plain.
    pub(super) examined: u32,
    /// Evidence against chance.
    pub(super) nats: f64,
}

/// Compares a work of these tones and sides with the item, where `map` puts it.
pub(super) fn areas(scene: &Scene, work: &Tones, sides: [f32; 2], map: &Map) -> Areas {
    let (width, height) = (work.width(), work.height());
    let seen = seen(scene, (width, height), sides, map);
    let mut found = Areas::default();
    for top in (0..height).step_by(STEP) {
        for left in (0..width).step_by(STEP) {
            let (right, bottom) = ((left + STEP).min(width - 1), (top + STEP).min(height - 1));
            let mut changes = Changes::default();
            for y in top..=bottom {
                for x in left..=right {
                    let at = y * width + x;
                    if x < right {
                        changes.add(work.values(), &seen, at, at + 1);
                    }
                    if y < bottom {
                        changes.add(work.values(), &seen, at, at + width);
                    }
                }
            }
            if let Some(likeness) = changes.likeness() {
                let nats = area_nats(likeness) * (changes.effective() / MANY_CHANGES).min(1.0);
                found.examined += 1;
                found.aligned += u32::from(nats > 0.0);
                found.nats += nats;
            }
        }
    }
    found
}

/// The item's brightness in each cell of the work; `None` for those that reach beyond the item.
fn seen(
    scene: &Scene,
    (width, height): (usize, usize),
    sides: [f32; 2],
    map: &Map,
) -> Vec<Option<f32>> {
    let place = |cell: usize, sample: usize, cells: usize, side: f32| {
        let share = (SAMPLES * cell + sample) as f32 + 0.5;
        share / (SAMPLES * cells) as f32 * side
    };
    let cells = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let brightness = |(cell_x, cell_y): (usize, usize)| {
        let mut sum = 0.0;
        for sample_y in 0..SAMPLES {
            for sample_x in 0..SAMPLES {
                let x = place(cell_x, sample_x, width, sides[0]);
                let y = place(cell_y, sample_y, height, sides[1]);
                let (x, y) = map.at(x, y);
                sum += scene.brightness(x, y)?;
            }
        }
        Some(sum / (SAMPLES * SAMPLES) as f32)
    };
    cells.map(brightness).collect()
}

/// Sums over the changes from cell to cell of an area.
#[derive(Default)]
struct Changes {
    count: u32,
    together: f64,
    work: f64,
    work_fourth: f64,
    item: f64,
}

impl Changes {
    fn add(&mut self, work: &[u8], item: &[Option<f32>], from: usize, to: usize) {
        if let (Some(first), Some(second)) = (item[from], item[to]) {
            let work = f64::from(work[to]) - f64::from(work[from]);
            let item = f64::from(second - first);
            self.count += 1;
            self.together += work * item;
            self.work += work * work;
            self.work_fourth += (work * work).powi(2);
            self.item += item * item;
        }
    }

    /// The correlation of both sides' changes, -1 to 1. `None` where too little is to be seen.
    fn likeness(&self) -> Option<f64> {
        let count = f64::from(self.count);
        let is_seen = self.count >= LEAST_CHANGES && self.work >= LEAST_WORK_CHANGE * count;
        is_seen.then(|| {
            let item = self.item.max(LEAST_ITEM_CHANGE * count);
            self.together / (self.work * item).sqrt()
        })
    }

    /// How many of the work's changes matter: all if they are alike, one if it outweighs the rest
    /// (the participation ratio).
    fn effective(&self) -> f64 {
        self.work.powi(2) / self.work_fourth.max(f64::MIN_POSITIVE)
    }
}

#[cfg(test)]
mod tests;
