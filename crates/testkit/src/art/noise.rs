//! Value noise: random numbers on a lattice, smoothly blended, and summed over octaves.

use crate::prng::split_mix_64;

/// A field of smooth random values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noise {
    seed: u64,
}

impl Noise {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// A value in [0, 1) for a lattice point.
    pub(super) fn lattice(self, x: i64, y: i64) -> f64 {
        let mut state = self.seed
            ^ (x as u64).wrapping_mul(0x9E37_79B1_85EB_CA87)
            ^ (y as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
        (split_mix_64(&mut state) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A value in [0, 1); neighbouring lattice values blend with a smoothstep.
    pub(super) fn smooth(self, x: f64, y: f64) -> f64 {
        let (column, row) = (x.floor(), y.floor());
        let ease = |t: f64| t * t * (3.0 - 2.0 * t);
        let (tx, ty) = (ease(x - column), ease(y - row));
        let (column, row) = (column as i64, row as i64);
        let top = mix(self.lattice(column, row), self.lattice(column + 1, row), tx);
        let below = row + 1;
        let bottom = mix(
            self.lattice(column, below),
            self.lattice(column + 1, below),
            tx,
        );
        mix(top, bottom, ty)
    }

    /// A weighted mean of `octaves` layers, each twice as fine and half as strong; in [0, 1).
    pub(super) fn fractal(self, x: f64, y: f64, octaves: u32) -> f64 {
        let (mut sum, mut weight, mut scale) = (0.0, 0.0, 1.0);
        for octave in 0..octaves {
            let strength = 1.0 / scale;
            let shift = f64::from(octave) * 17.3;
            sum += strength * self.smooth(x * scale + shift, y * scale - shift);
            weight += strength;
            scale *= 2.0;
        }
        sum / weight
    }
}

fn mix(from: f64, to: f64, place: f64) -> f64 {
    from + (to - from) * place
}
