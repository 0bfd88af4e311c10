//! Shapes as signed distances, filled with patterns. Lengths are in picture heights.

use super::noise::Noise;
use super::palette::{Colour, blend};

/// A position: x to the right, y down, in picture heights.
pub(super) type Point = (f64, f64);

/// An outline.
pub(super) enum Outline {
    /// Half-axes and a turn in radians.
    Ellipse {
        centre: Point,
        axes: (f64, f64),
        turn: f64,
    },
    /// Half-sides and a turn in radians.
    Rectangle {
        centre: Point,
        half: (f64, f64),
        turn: f64,
    },
    /// Corners in order.
    Polygon(Vec<Point>),
    /// A line through points, with half its thickness.
    Stroke { points: Vec<Point>, radius: f64 },
    /// The band between two circles.
    Ring {
        centre: Point,
        radius: f64,
        thickness: f64,
    },
}

/// What is inside an outline.
pub(super) enum Fill {
    Flat(Colour),
    Gradient {
        from: Colour,
        to: Colour,
        start: Point,
        end: Point,
    },
    Stripes {
        first: Colour,
        second: Colour,
        turn: f64,
        period: f64,
    },
    Windows {
        wall: Colour,
        pane: Colour,
        size: f64,
        noise: Noise,
    },
    Mottled {
        first: Colour,
        second: Colour,
        scale: f64,
        noise: Noise,
    },
}

/// A filled outline.
pub(super) struct Shape {
    pub(super) outline: Outline,
    pub(super) fill: Fill,
    /// 0 lets everything through, 1 nothing.
    pub(super) opacity: f64,
}

fn turned((x, y): Point, centre: Point, turn: f64) -> Point {
    let (sin, cos) = turn.sin_cos();
    let (dx, dy) = (x - centre.0, y - centre.1);
    (dx * cos + dy * sin, dy * cos - dx * sin)
}

/// Squared distance from a point to the segment between `from` and `to`.
fn segment_distance_squared(point: Point, from: Point, to: Point) -> f64 {
    let along = (to.0 - from.0, to.1 - from.1);
    let offset = (point.0 - from.0, point.1 - from.1);
    let length_squared = along.0 * along.0 + along.1 * along.1;
    let place = if length_squared > 0.0 {
        ((offset.0 * along.0 + offset.1 * along.1) / length_squared).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let apart = (offset.0 - along.0 * place, offset.1 - along.1 * place);
    apart.0 * apart.0 + apart.1 * apart.1
}

impl Outline {
    /// Distance to the edge, negative inside; close to exact near the edge.
    pub(super) fn distance(&self, point: Point) -> f64 {
        match self {
            Self::Ellipse { centre, axes, turn } => {
                let (x, y) = turned(point, *centre, *turn);
                ((x / axes.0).hypot(y / axes.1) - 1.0) * axes.0.min(axes.1)
            }
            Self::Rectangle { centre, half, turn } => {
                let (x, y) = turned(point, *centre, *turn);
                (x.abs() - half.0).max(y.abs() - half.1)
            }
            Self::Polygon(points) => polygon_distance(points, point),
            Self::Stroke { points, radius } => {
                let nearest = points
                    .windows(2)
                    .map(|ends| segment_distance_squared(point, ends[0], ends[1]))
                    .fold(f64::INFINITY, f64::min);
                nearest.sqrt() - radius
            }
            Self::Ring {
                centre,
                radius,
                thickness,
            } => {
                let from_centre = (point.0 - centre.0).hypot(point.1 - centre.1);
                (from_centre - radius).abs() - thickness
            }
        }
    }

    /// Left, top, right and bottom of a box around the outline.
    pub(super) fn bounds(&self) -> [f64; 4] {
        let around = |centre: Point, reach: f64| {
            [
                centre.0 - reach,
                centre.1 - reach,
                centre.0 + reach,
                centre.1 + reach,
            ]
        };
        match self {
            Self::Ellipse { centre, axes, .. } => around(*centre, axes.0.max(axes.1)),
            Self::Rectangle { centre, half, .. } => around(*centre, half.0.hypot(half.1)),
            Self::Polygon(points) => box_of(points, 0.0),
            Self::Stroke { points, radius } => box_of(points, *radius),
            Self::Ring {
                centre,
                radius,
                thickness,
            } => around(*centre, radius + thickness),
        }
    }
}

fn box_of(points: &[Point], margin: f64) -> [f64; 4] {
    let start = [
        f64::INFINITY,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NEG_INFINITY,
    ];
    points
        .iter()
        .fold(start, |[left, top, right, bottom], &(x, y)| {
            [
                left.min(x - margin),
                top.min(y - margin),
                right.max(x + margin),
                bottom.max(y + margin),
            ]
        })
}

fn polygon_distance(points: &[Point], point: Point) -> f64 {
    let mut inside = false;
    let mut nearest = f64::INFINITY;
    for (index, &from) in points.iter().enumerate() {
        let to = points[(index + 1) % points.len()];
        nearest = nearest.min(segment_distance_squared(point, from, to));
        let crosses = (from.1 > point.1) != (to.1 > point.1);
        let crossing_x = from.0 + (point.1 - from.1) / (to.1 - from.1) * (to.0 - from.0);
        if crosses && point.0 < crossing_x {
            inside = !inside;
        }
    }
    let distance = nearest.sqrt();
    if inside { -distance } else { distance }
}

impl Fill {
    /// The colour at a point.
    pub(super) fn colour(&self, (x, y): Point) -> Colour {
        match self {
            Self::Flat(colour) => *colour,
            Self::Gradient {
                from,
                to,
                start,
                end,
            } => {
                let along = (end.0 - start.0, end.1 - start.1);
                let length_squared = (along.0 * along.0 + along.1 * along.1).max(1e-9);
                let dot = (x - start.0) * along.0 + (y - start.1) * along.1;
                blend(*from, *to, (dot / length_squared).clamp(0.0, 1.0))
            }
            Self::Stripes {
                first,
                second,
                turn,
                period,
            } => {
                let (sin, cos) = turn.sin_cos();
                let place = ((x * cos + y * sin) / period).rem_euclid(1.0);
                if place < 0.5 { *first } else { *second }
            }
            Self::Windows {
                wall,
                pane,
                size,
                noise,
            } => {
                let (column, row) = ((x / size).floor(), (y / size).floor());
                let (within_x, within_y) = (x / size - column, y / size - row);
                let lit = noise.lattice(column as i64, row as i64) > 0.3;
                let in_pane = (0.25..0.8).contains(&within_x) && (0.2..0.75).contains(&within_y);
                if lit && in_pane { *pane } else { *wall }
            }
            Self::Mottled {
                first,
                second,
                scale,
                noise,
            } => {
                let place = noise.fractal(x * scale, y * scale, 3);
                blend(*first, *second, ((place - 0.5) * 2.2 + 0.5).clamp(0.0, 1.0))
            }
        }
    }
}
