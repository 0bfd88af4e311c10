//! Colours that go together.

use crate::prng::Prng;

/// Red, green and blue, 0 to 1 each.
pub(super) type Colour = [f64; 3];

/// Six colours of spread lightness around one or two hues.
pub(super) struct Palette {
    colours: [Colour; 6],
}

impl Palette {
    pub(super) fn draw(prng: &mut Prng) -> Self {
        let hue = prng.unit();
        let scheme: [f64; 3] = *prng.pick(&[
            [0.0, 0.06, -0.06],
            [0.0, 0.5, 0.08],
            [0.0, 0.33, 0.67],
            [0.0, 0.42, 0.58],
            [0.0, 0.15, 0.5],
        ]);
        let mut values = [0.12, 0.3, 0.5, 0.68, 0.85, 0.97];
        prng.shuffle(&mut values);
        let colours = values.map(|value| {
            let offset = *prng.pick(&scheme);
            let drift = prng.between(-0.03, 0.03);
            let saturation = prng.between(0.15, 0.85);
            hsv(hue + offset + drift, saturation, value)
        });
        Self { colours }
    }

    pub(super) fn any(&self, prng: &mut Prng) -> Colour {
        *prng.pick(&self.colours)
    }

    /// The colour at `index`, counted round and round.
    pub(super) fn at(&self, index: usize) -> Colour {
        self.colours[index % self.colours.len()]
    }

    /// Two different colours.
    pub(super) fn pair(&self, prng: &mut Prng) -> (Colour, Colour) {
        let first = prng.below(self.colours.len());
        let second = first + 1 + prng.below(self.colours.len() - 1);
        (self.at(first), self.at(second))
    }
}

pub(super) fn blend(from: Colour, to: Colour, place: f64) -> Colour {
    std::array::from_fn(|part| from[part] + (to[part] - from[part]) * place)
}

/// Hue in turns, saturation and value 0 to 1 (Smith, "Color gamut transform pairs", 1978).
fn hsv(hue: f64, saturation: f64, value: f64) -> Colour {
    [5.0, 3.0, 1.0].map(|offset| {
        let place = (offset + hue.rem_euclid(1.0) * 6.0) % 6.0;
        let dip = place.min(4.0 - place).clamp(0.0, 1.0);
        value - value * saturation * dip
    })
}
