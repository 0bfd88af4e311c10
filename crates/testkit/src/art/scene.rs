//! Arranges shapes into a picture and renders them.

use std::f64::consts::{PI, TAU};

use super::noise::Noise;
use super::palette::{Colour, Palette, blend};
use super::shape::{Fill, Outline, Point, Shape};
use crate::prng::Prng;

/// A picture before it is turned into pixels: a background and shapes from back to front.
pub(super) struct Scene {
    background: Background,
    shapes: Vec<Shape>,
}

/// Two colours blended by warped noise along a direction.
struct Background {
    from: Colour,
    to: Colour,
    turn: f64,
    noise: Noise,
    scale: f64,
}

impl Background {
    fn colour(&self, (x, y): Point) -> Colour {
        let (sin, cos) = self.turn.sin_cos();
        let bend = self.noise.smooth(x * self.scale + 5.0, y * self.scale) - 0.5;
        let cloud = self
            .noise
            .fractal(x * self.scale + bend, y * self.scale - bend, 4);
        let slope = (x - 0.6) * cos + (y - 0.5) * sin;
        let place = 0.5 + 0.5 * slope + 1.5 * (cloud - 0.5);
        blend(self.from, self.to, place.clamp(0.0, 1.0))
    }
}

/// What draws shapes: random numbers, colours and the width of the picture in heights.
struct Painter<'a> {
    prng: &'a mut Prng,
    palette: Palette,
    aspect: f64,
    shapes: Vec<Shape>,
}

impl Scene {
    /// A random composition for a picture `aspect` times as wide as high.
    pub(super) fn draw(prng: &mut Prng, aspect: f64) -> Self {
        let palette = Palette::draw(prng);
        let (from, to) = palette.pair(prng);
        let background = Background {
            from,
            to,
            turn: prng.between(0.0, TAU),
            noise: Noise::new(prng.next_u64()),
            scale: prng.between(1.2, 3.5),
        };
        let mut painter = Painter {
            prng,
            palette,
            aspect,
            shapes: Vec::new(),
        };
        match painter.prng.below(5) {
            0 => painter.landscape(),
            1 => painter.town(),
            2 => painter.mosaic(),
            3 => painter.brushwork(),
            _ => painter.abstraction(),
        }
        // Whatever the subject, large and small accents keep two of a kind apart.
        painter.accents();
        Self {
            background,
            shapes: painter.shapes,
        }
    }

    /// One colour per pixel, row by row, edges softened over one pixel.
    pub(super) fn render(&self, width: u32, height: u32) -> Vec<Colour> {
        let scale = f64::from(height);
        let place = |x: u32, y: u32| ((f64::from(x) + 0.5) / scale, (f64::from(y) + 0.5) / scale);
        let mut pixels = Vec::with_capacity(width as usize * height as usize);
        for y in 0..height {
            pixels.extend((0..width).map(|x| self.background.colour(place(x, y))));
        }
        for shape in &self.shapes {
            let [left, top, right, bottom] = shape.outline.bounds();
            let first = |edge: f64| (edge * scale - 1.0).max(0.0) as u32;
            let last = |edge: f64, side: u32| ((edge * scale + 2.0).max(0.0) as u32).min(side);
            for y in first(top)..last(bottom, height) {
                for x in first(left)..last(right, width) {
                    let point = place(x, y);
                    let cover = (0.5 - shape.outline.distance(point) * scale).clamp(0.0, 1.0);
                    if cover > 0.0 {
                        let pixel = &mut pixels[(y * width + x) as usize];
                        *pixel = blend(*pixel, shape.fill.colour(point), cover * shape.opacity);
                    }
                }
            }
        }
        pixels
    }
}

impl Painter<'_> {
    fn anywhere(&mut self) -> Point {
        let x = self.prng.between(-0.05, self.aspect + 0.05);
        (x, self.prng.between(-0.05, 1.05))
    }

    fn add(&mut self, outline: Outline, fill: Fill) {
        let opacity = if self.prng.chance(0.25) {
            self.prng.between(0.55, 0.9)
        } else {
            1.0
        };
        self.shapes.push(Shape {
            outline,
            fill,
            opacity,
        });
    }

    fn any_fill(&mut self, around: Point, size: f64) -> Fill {
        let (first, second) = self.palette.pair(self.prng);
        let noise = Noise::new(self.prng.next_u64());
        match self.prng.below(6) {
            0 | 1 => Fill::Flat(first),
            2 => {
                let (sin, cos) = self.prng.between(0.0, TAU).sin_cos();
                let start = (around.0 - size * cos, around.1 - size * sin);
                let end = (around.0 + size * cos, around.1 + size * sin);
                Fill::Gradient {
                    from: first,
                    to: second,
                    start,
                    end,
                }
            }
            3 => Fill::Stripes {
                first,
                second,
                turn: self.prng.between(0.0, PI),
                period: self.prng.between(0.03, 0.1),
            },
            4 => Fill::Windows {
                wall: first,
                pane: second,
                size: self.prng.between(0.03, 0.08),
                noise,
            },
            _ => Fill::Mottled {
                first,
                second,
                scale: self.prng.between(4.0, 14.0),
                noise,
            },
        }
    }

    fn any_outline(&mut self, centre: Point, size: f64) -> Outline {
        let turn = self.prng.between(0.0, PI);
        let narrow = size * self.prng.between(0.35, 1.0);
        match self.prng.below(5) {
            0 => Outline::Ellipse {
                centre,
                axes: (size, narrow),
                turn,
            },
            1 => Outline::Rectangle {
                centre,
                half: (size, narrow),
                turn,
            },
            2 => {
                let thickness = size * self.prng.between(0.1, 0.3);
                Outline::Ring {
                    centre,
                    radius: size,
                    thickness,
                }
            }
            3 => Outline::Polygon(self.star(centre, size)),
            _ => Outline::Polygon(self.blob(centre, size)),
        }
    }

    /// A polygon of 3 to 8 uneven corners.
    fn star(&mut self, (x, y): Point, size: f64) -> Vec<Point> {
        let corners = 3 + self.prng.below(6);
        let start = self.prng.between(0.0, TAU);
        (0..corners)
            .map(|corner| {
                let angle = start + TAU * corner as f64 / corners as f64;
                let reach = size * self.prng.between(0.45, 1.2);
                (x + reach * angle.cos(), y + reach * angle.sin())
            })
            .collect()
    }

    /// A rounded, wavy outline.
    fn blob(&mut self, (x, y): Point, size: f64) -> Vec<Point> {
        let waves: Vec<(f64, f64)> = (0..3)
            .map(|_| (self.prng.between(0.05, 0.25), self.prng.between(0.0, TAU)))
            .collect();
        (0..40)
            .map(|step| {
                let angle = TAU * f64::from(step) / 40.0;
                let wobble: f64 = waves
                    .iter()
                    .enumerate()
                    .map(|(k, (depth, phase))| depth * ((k + 2) as f64 * angle + phase).sin())
                    .sum();
                let reach = size * (1.0 + wobble);
                (x + reach * angle.cos(), y + reach * angle.sin())
            })
            .collect()
    }

    fn abstraction(&mut self) {
        for index in 0..18 + self.prng.below(12) {
            let size = 0.38 / (1.0 + 0.2 * index as f64) + 0.03;
            self.free_shape(size);
        }
    }

    fn accents(&mut self) {
        for size in [0.28, 0.2, 0.12, 0.09, 0.06, 0.05, 0.04, 0.03] {
            let scaled = size * self.prng.between(0.7, 1.3);
            self.free_shape(scaled);
        }
        for _ in 0..3 + self.prng.below(4) {
            let start = self.anywhere();
            let radius = self.prng.between(0.004, 0.015);
            self.stroke(start, radius, None);
        }
    }

    fn free_shape(&mut self, size: f64) {
        let centre = self.anywhere();
        let outline = self.any_outline(centre, size);
        let fill = self.any_fill(centre, size);
        self.add(outline, fill);
    }

    /// A curved line, turning at random or along `flow`.
    fn stroke(&mut self, start: Point, radius: f64, flow: Option<Noise>) {
        let mut points = vec![start];
        let (mut x, mut y) = start;
        let mut angle = self.prng.between(0.0, TAU);
        for _ in 0..8 + self.prng.below(8) {
            angle = match flow {
                Some(noise) => noise.smooth(x * 1.8, y * 1.8) * 2.0 * TAU,
                None => angle + self.prng.between(-0.6, 0.6),
            };
            x += 0.03 * angle.cos();
            y += 0.03 * angle.sin();
            points.push((x, y));
        }
        let fill = Fill::Flat(self.palette.any(self.prng));
        self.add(Outline::Stroke { points, radius }, fill);
    }

    fn brushwork(&mut self) {
        let flow = Noise::new(self.prng.next_u64());
        for _ in 0..110 + self.prng.below(60) {
            let start = self.anywhere();
            let radius = self.prng.between(0.006, 0.03);
            self.stroke(start, radius, Some(flow));
        }
    }

    /// Ridges behind one another under a sun or moon, with trees.
    fn landscape(&mut self) {
        let sun = (
            self.prng.between(0.0, self.aspect),
            self.prng.between(0.05, 0.45),
        );
        let size = self.prng.between(0.05, 0.2);
        let fill = Fill::Flat(self.palette.any(self.prng));
        self.add(
            Outline::Ellipse {
                centre: sun,
                axes: (size, size),
                turn: 0.0,
            },
            fill,
        );
        let mut base = self.prng.between(0.2, 0.45);
        for ridge in 0..4 {
            let noise = Noise::new(self.prng.next_u64());
            let (steepness, tilt) = (self.prng.between(0.15, 0.5), self.prng.between(-0.3, 0.3));
            let height_at = |x: f64| {
                base + tilt * (x - 0.6) + steepness * (0.5 - noise.fractal(x * 3.0, 0.5, 4))
            };
            let mut points: Vec<Point> = (0..=48)
                .map(|step| f64::from(step) / 48.0 * (self.aspect + 0.2) - 0.1)
                .map(|x| (x, height_at(x)))
                .collect();
            let trees: Vec<Point> = (0..self.prng.below(9))
                .map(|_| self.prng.between(0.0, self.aspect))
                .map(|x| (x, height_at(x)))
                .collect();
            points.extend([(self.aspect + 0.1, 1.3), (-0.1, 1.3)]);
            let fill = self.any_fill((0.5, base), 0.4);
            self.shapes.push(Shape {
                outline: Outline::Polygon(points),
                fill,
                opacity: 1.0,
            });
            for foot in trees {
                self.tree(foot, 0.04 + 0.025 * f64::from(ridge));
            }
            base += self.prng.between(0.1, 0.22);
        }
    }

    fn tree(&mut self, (x, y): Point, size: f64) {
        let trunk = Outline::Stroke {
            points: vec![(x, y + size), (x, y - size)],
            radius: size * 0.12,
        };
        let bark = Fill::Flat(self.palette.any(self.prng));
        self.add(trunk, bark);
        let crown = if self.prng.chance(0.5) {
            Outline::Polygon(self.blob((x, y - size * 1.6), size))
        } else {
            let top = (x, y - size * 3.2);
            Outline::Polygon(vec![top, (x + size * 0.8, y), (x - size * 0.8, y)])
        };
        let leaves = self.any_fill((x, y), size);
        self.add(crown, leaves);
    }

    /// Rows of houses with windows and pointed or flat roofs.
    fn town(&mut self) {
        for row in 0..3 {
            let ground = 0.6 + 0.25 * f64::from(row) + self.prng.between(-0.08, 0.08);
            let mut left = self.prng.between(-0.2, 0.1);
            while left < self.aspect {
                let width = self.prng.between(0.1, 0.32);
                let height = self.prng.between(0.18, 0.65);
                let centre = (left + width / 2.0, ground - height / 2.0 + 0.2);
                let half = (width / 2.0, height / 2.0 + 0.2);
                let (wall, pane) = self.palette.pair(self.prng);
                let size = self.prng.between(0.035, 0.075);
                let noise = Noise::new(self.prng.next_u64());
                let walls = Fill::Windows {
                    wall,
                    pane,
                    size,
                    noise,
                };
                let outline = Outline::Rectangle {
                    centre,
                    half,
                    turn: 0.0,
                };
                self.shapes.push(Shape {
                    outline,
                    fill: walls,
                    opacity: 1.0,
                });
                if self.prng.chance(0.5) {
                    let eaves = centre.1 - half.1;
                    let ridge = eaves - self.prng.between(0.05, 0.18);
                    let corners = vec![(left, eaves), (centre.0, ridge), (left + width, eaves)];
                    let tiles = self.any_fill(centre, 0.1);
                    self.add(Outline::Polygon(corners), tiles);
                }
                left += width + self.prng.between(-0.02, 0.12);
            }
        }
    }

    /// A leaning grid of uneven tiles, some of them empty.
    fn mosaic(&mut self) {
        let size = self.prng.between(0.1, 0.2);
        let lean = self.prng.between(-0.5, 0.5);
        let rows = (1.4 / size) as i32;
        for row in -2..rows {
            for column in -4..(f64::from(rows) * (self.aspect + 0.5)) as i32 {
                if self.prng.chance(0.15) {
                    continue;
                }
                let x = f64::from(column) * size + f64::from(row) * size * lean;
                let y = f64::from(row) * size - x * lean * 0.3;
                let centre = (x, y);
                let tile = size * self.prng.between(0.3, 0.62);
                let outline = self.any_outline(centre, tile);
                let fill = self.any_fill(centre, tile);
                self.add(outline, fill);
            }
        }
    }
}
