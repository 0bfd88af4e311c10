//! Whether a candidate is there: an alignment is fitted, and points of the work are looked
//! for where it puts them.

use clearance_fingerprint::image::{Point, Tones};
use serde::{Deserialize, Serialize};

use super::align::{Correspondence, Map, fit, place};
use super::areas::{Areas, areas};
use super::nominate::Candidate;
use super::scene::{Scene, distance, same_polarity};
use crate::segment::PictureStore;

/// Descriptors further apart are not taken for the same place.
const LOOSE_BITS: u32 = 44;
/// Pairs further apart are not tried as the start of an alignment.
const SEED_BITS: u32 = 34;
/// Pairs turned or scaled otherwise than the candidate are not either: more than this, in
/// 256ths of a turn ...
const SEED_TURN: u8 = 16;
/// ... and in sixteenths of a doubling.
const SEED_SCALE: i16 = 10;
/// Pairs that are tried, nearest first.
const MOST_SEEDS: usize = 16;
/// A work's point and the item's may differ in size by this factor ...
const SIZE_RATIO: f32 = 1.66;
/// ... and in orientation by this part of a turn.
const TURN_TOLERANCE: f32 = 0.1;
/// Distance from the place where a point should be, in longer sides of the item: while an
/// alignment is fitted ...
const FIT_SLACK: [f32; 3] = [0.016, 0.010, 0.007];
/// ... and when it counts.
const SLACK: f32 = 0.006;
/// Larger points are placed less exactly: by this share of their blur.
const SLACK_OF_SIGMA: f32 = 0.7;
/// Near a single pair the alignment is known well, further away by this share of the distance.
const SLACK_OF_DISTANCE: f32 = 0.08;
/// Points that agree make an affine map from this number on.
const AFFINE_FROM: usize = 5;
/// What one place may weigh at most: descriptors of drawings repeat more often than
/// independent bits would.
const MOST_NATS: f64 = 10.0;
/// What an alignment has free: a seed, and the turn, scale and place that come with it.
const FREEDOM_NATS: f64 = 12.0;
/// What a point that should be seen and is not takes off.
const MISS_NATS: f64 = 0.2;
/// Descriptors this much further apart are counted as alike when the repetition of a
/// place is judged.
const REPEAT_BITS: u32 = 4;

/// Areas are compared where points say at least this: of all that are aligned, few.
const LEAST_NATS_OF_POINTS: f64 = -6.0;

/// What an alignment is made with of a work's picture.
pub(super) struct Work {
    pub(super) points: Vec<Point>,
    pub(super) sides: [f32; 2],
}

impl Work {
    pub(super) fn of(store: &PictureStore, picture: usize) -> Self {
        Self {
            points: store.points(picture),
            sides: store.sides(picture),
        }
    }
}

/// A work's place in the item.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Alignment {
    pub(super) map: Map,
    /// Evidence against chance.
    pub(super) nats: f64,
    /// Which of the item's points agree, and what each weighs.
    pub(super) agreeing: Vec<(usize, f64)>,
    /// Distinct places that agree.
    pub(super) aligned: u32,
    /// Stored points that should be seen.
    pub(super) examined: u32,
    /// What the work's areas say, once they were compared.
    pub(super) areas: Option<Areas>,
    /// Left, top, right, bottom as shares of the item's sides.
    pub(super) query_box: [f32; 4],
    /// The same of the work's.
    pub(super) work_box: [f32; 4],
    /// Where the work's corners lie, clockwise from the top left, as shares of the item's sides.
    pub(super) corners: [[f32; 2]; 4],
}

impl Alignment {
    /// Whether the work's points say so much that its areas are compared.
    pub(super) fn needs_areas(&self) -> bool {
        self.nats >= LEAST_NATS_OF_POINTS
    }

    /// Compares the areas of a work of these sides and tones.
    pub(super) fn compare_areas(&mut self, scene: &Scene, sides: [f32; 2], tones: &Tones) {
        self.areas = Some(areas(scene, tones, sides, &self.map));
    }
}

/// A point of the work that was found where the alignment puts it.
struct Agreement {
    work: usize,
    item: usize,
    bits: u32,
    /// How many as near would be expected by chance.
    expected: f64,
}

/// Looks for the work around where its candidate says it is, by its points.
pub(super) fn verify(scene: &Scene, work: &Work, candidate: &Candidate) -> Option<Alignment> {
    let (sides, work) = (work.sides, work.points.as_slice());
    let mut map = best_start(scene, work, candidate)?;
    for slack in FIT_SLACK {
        let (found, _) = agreements(scene, work, &map, |_, _| slack);
        map = fit(&places(scene, work, &found), found.len() >= AFFINE_FROM)?;
    }
    let (mut found, examined) = agreements(scene, work, &map, |_, _| SLACK);
    for agreement in &mut found {
        let repeated = repetition(scene, work, agreement);
        agreement.expected = agreement.expected.max(repeated).max((-MOST_NATS).exp());
    }
    let (agreeing, aligned) = weigh(scene, work, found);
    let evidence: f64 = agreeing.iter().map(|(_, nats)| nats).sum();
    let missed = examined.saturating_sub(aligned);
    let nats = evidence - FREEDOM_NATS - MISS_NATS * f64::from(missed);
    Some(Alignment {
        nats,
        areas: None,
        agreeing,
        aligned,
        examined,
        query_box: query_box(scene, sides, &map),
        corners: corners(scene, sides, &map),
        work_box: work_box(scene, sides, &map)?,
        map,
    })
}

/// The alignment by one pair of points that the most others agree with.
fn best_start(scene: &Scene, work: &[Point], candidate: &Candidate) -> Option<Map> {
    let mut seeds = Vec::new();
    for (index, point) in work.iter().enumerate() {
        let angle = point.angle.wrapping_add(candidate.turn);
        for number in scene.turned(angle, SEED_TURN) {
            let other = &scene.points[number];
            let scale = i16::from(other.size) - i16::from(point.size);
            let agrees = (scale - candidate.scale).abs() <= SEED_SCALE
                && same_polarity(&other.descriptor, &point.descriptor);
            if agrees {
                let bits = distance(&other.descriptor, &point.descriptor);
                if bits <= SEED_BITS {
                    seeds.push((bits, number, index));
                }
            }
        }
    }
    seeds.sort_unstable();
    seeds.truncate(MOST_SEEDS);
    let mut best: Option<(f64, Map)> = None;
    for (_, number, index) in seeds {
        let item = &scene.points[number];
        let start = Map::from_pair(item, &work[index]);
        let (found, _) = agreements(scene, work, &start, |x, y| {
            SLACK + SLACK_OF_DISTANCE * (x - item.x).hypot(y - item.y)
        });
        let nats: f64 = found.iter().map(|f| weight(f.expected)).sum();
        if best.as_ref().is_none_or(|(most, _)| nats > *most) {
            let fitted = fit(&places(scene, work, &found), found.len() > AFFINE_FROM);
            best = Some((nats, fitted.unwrap_or(start)));
        }
    }
    best.map(|(_, map)| map)
}

fn weight(expected: f64) -> f64 {
    -expected.min(1.0).ln()
}

/// The work's points that are found within `slack` of where the map puts them, and the
/// number of those that should be seen.
fn agreements(
    scene: &Scene,
    work: &[Point],
    map: &Map,
    slack: impl Fn(f32, f32) -> f32,
) -> (Vec<Agreement>, u32) {
    let (scale, turn) = (map.scale(), map.turn());
    let mut found = Vec::new();
    let mut examined = 0;
    for (index, point) in work.iter().enumerate() {
        let (x, y) = place(point);
        let (x, y) = map.at(x, y);
        let sigma = point.sigma() * scale;
        if !scene.holds(x, y) || sigma < 0.8 * scene.finest {
            continue;
        }
        examined += 1;
        let mut best: Option<(u32, usize)> = None;
        let mut near = 0;
        for number in scene.near(x, y, slack(x, y) + SLACK_OF_SIGMA * sigma) {
            let other = &scene.points[number];
            let ratio = other.sigma / sigma;
            if !(1.0 / SIZE_RATIO..SIZE_RATIO).contains(&ratio)
                || !same_polarity(&other.descriptor, &point.descriptor)
            {
                continue;
            }
            let off = f32::from(other.angle.wrapping_sub(point.angle)) / 256.0 - turn;
            if (off - off.round()).abs() > TURN_TOLERANCE {
                continue;
            }
            near += 1;
            let bits = distance(&other.descriptor, &point.descriptor);
            if bits <= LOOSE_BITS && best.is_none_or(|(fewest, _)| bits < fewest) {
                best = Some((bits, number));
            }
        }
        if let Some((bits, item)) = best {
            found.push(Agreement {
                work: index,
                item,
                bits,
                expected: f64::from(near) * chance(bits),
            });
        }
    }
    (found, examined)
}

/// Chance that the descriptor of an unrelated place is within `bits`: distances are close to
/// normal with mean 64 and deviation 8 (measured). Their tail, by Abramowitz and Stegun 26.2.12.
fn chance(bits: u32) -> f64 {
    let deviations = (64.0 - f64::from(bits)) / 8.0;
    let density = (-0.5 * deviations * deviations).exp() / std::f64::consts::TAU.sqrt();
    density / deviations.max(0.5)
}

fn places(scene: &Scene, work: &[Point], found: &[Agreement]) -> Vec<Correspondence> {
    let pair = |agreement: &Agreement| Correspondence {
        work: place(&work[agreement.work]),
        item: {
            let point = &scene.points[agreement.item];
            (point.x, point.y)
        },
        weight: (LOOSE_BITS + 10 - agreement.bits) as f32,
    };
    found.iter().map(pair).collect()
}

/// Share of the item's points, or of the work's, elsewhere that are as near: letters,
/// tiles and chessboards repeat, and say less than their bits do.
fn repetition(scene: &Scene, work: &[Point], agreement: &Agreement) -> f64 {
    let (point, item) = (&work[agreement.work], &scene.points[agreement.item]);
    let reach = agreement.bits + REPEAT_BITS;
    let alike = |descriptor| {
        same_polarity(descriptor, &point.descriptor)
            && distance(descriptor, &point.descriptor) <= reach
    };
    let in_item = scene.points.iter().filter(|other| {
        alike(&other.descriptor)
            && (other.x - item.x).hypot(other.y - item.y) > 3.0 * item.sigma.max(other.sigma)
    });
    let (x, y) = place(point);
    let in_work = work.iter().filter(|other| {
        let (other_x, other_y) = place(other);
        alike(&other.descriptor)
            && (other_x - x).hypot(other_y - y) > 3.0 * point.sigma().max(other.sigma())
    });
    let share = |count: usize, of: usize| count as f64 / of as f64;
    share(in_item.count(), scene.points.len()).max(share(in_work.count(), work.len()))
}

/// The item's points that agree with what each weighs in nats, and the number of distinct
/// places. Points that lie close together in the work see the same thing and count less.
fn weigh(scene: &Scene, work: &[Point], mut found: Vec<Agreement>) -> (Vec<(usize, f64)>, u32) {
    found.sort_by(|a, b| a.expected.total_cmp(&b.expected).then(a.work.cmp(&b.work)));
    let mut used = vec![false; scene.points.len()];
    let mut taken: Vec<((f32, f32), f32)> = Vec::new();
    let mut weights = Vec::with_capacity(found.len());
    for agreement in &found {
        if std::mem::replace(&mut used[agreement.item], true) {
            continue;
        }
        let point = &work[agreement.work];
        let (x, y) = place(point);
        let close = taken.iter().filter(|((other_x, other_y), sigma)| {
            (other_x - x).hypot(other_y - y) < 1.5 * sigma.max(point.sigma())
        });
        let close = close.count();
        let nats = weight(agreement.expected) / (1.0 + 2.0 * close as f64);
        weights.push((agreement.item, nats));
        if close == 0 {
            taken.push(((x, y), point.sigma()));
        }
    }
    (weights, taken.len() as u32)
}

/// Where in the item the work lies.
fn query_box(scene: &Scene, [width, height]: [f32; 2], map: &Map) -> [f32; 4] {
    let corners = [(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)];
    let corners = corners.map(|(x, y)| {
        let (x, y) = map.at(x, y);
        (if scene.flip { scene.sides[0] - x } else { x }, y)
    });
    bounds(&corners, scene.sides)
}

/// Where the work's corners lie, clockwise from its top left one, to a ten-thousandth.
fn corners(scene: &Scene, [width, height]: [f32; 2], map: &Map) -> [[f32; 2]; 4] {
    let rounded = |share: f32| (share * 10_000.0).round() / 10_000.0;
    [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)].map(|(x, y)| {
        let (x, y) = map.at(x, y);
        let x = if scene.flip { scene.sides[0] - x } else { x };
        [rounded(x / scene.sides[0]), rounded(y / scene.sides[1])]
    })
}

/// Which part of the work is inside the item.
fn work_box(scene: &Scene, sides: [f32; 2], map: &Map) -> Option<[f32; 4]> {
    let back = map.inverse()?;
    let [width, height] = scene.sides;
    let corners = [(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)];
    Some(bounds(&corners.map(|(x, y)| back.at(x, y)), sides))
}

/// The smallest box around four places, cut off at the sides, as shares of them.
fn bounds(corners: &[(f32, f32); 4], [width, height]: [f32; 2]) -> [f32; 4] {
    let all = |of: fn(&(f32, f32)) -> f32, pick: fn(f32, f32) -> f32| {
        corners.iter().map(of).reduce(pick).unwrap_or(0.0)
    };
    let share = |place: f32, side: f32| (place / side).clamp(0.0, 1.0);
    [
        share(all(|c| c.0, f32::min), width),
        share(all(|c| c.1, f32::min), height),
        share(all(|c| c.0, f32::max), width),
        share(all(|c| c.1, f32::max), height),
    ]
}
