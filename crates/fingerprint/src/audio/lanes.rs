//! Four numbers that go through a Fourier transform side by side.
//!
//! rustfft's own vector code rounds differently on processors with and without
//! fused multiplication, and fingerprints must be the same everywhere. Its plain
//! code works on any number type; with this one it transforms four signals at
//! once, each rounded exactly as if it were alone.

use std::ops::{Add, AddAssign, Div, Mul, Neg, Rem, Sub};

use rustfft::num_traits::{FromPrimitive, Num, One, Signed, Zero};
use wide::{f32x4, i32x4};

/// How many numbers go side by side.
pub(super) const LANES: usize = 4;

/// One number of each of [`LANES`] signals.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Lanes(pub(super) f32x4);

impl Lanes {
    pub(super) fn new(values: [f32; LANES]) -> Self {
        Self(f32x4::new(values))
    }

    pub(super) fn splat(value: f32) -> Self {
        Self(f32x4::splat(value))
    }

    pub(super) fn to_array(self) -> [f32; LANES] {
        self.0.to_array()
    }

    /// The larger of two in each lane; neither may be NaN.
    pub(super) fn max(self, other: Self) -> Self {
        Self(self.0.fast_max(other.0))
    }

    /// Exponents and mantissas (1 to 2) of positive normal numbers.
    pub(super) fn split(self) -> (Self, Self) {
        let bits: i32x4 = bytemuck::cast(self.0);
        let exponent = (bits >> 23) - i32x4::splat(127);
        let mantissa = (bits & i32x4::splat(0x007f_ffff)) | i32x4::splat(0x3f80_0000);
        let exponent = f32x4::from_i32x4(exponent);
        (Self(exponent), Self(bytemuck::cast(mantissa)))
    }

    fn map(self, f: impl Fn(f32) -> f32) -> Self {
        Self::new(self.to_array().map(f))
    }
}

/// Arithmetic lane by lane.
macro_rules! lane_by_lane {
    ($($name:ident $method:ident),*) => {$(
        impl $name for Lanes {
            type Output = Self;
            #[inline]
            fn $method(self, other: Self) -> Self {
                Self(self.0.$method(other.0))
            }
        }
    )*};
}

lane_by_lane!(Add add, Sub sub, Mul mul, Div div);

impl AddAssign for Lanes {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Neg for Lanes {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

// What follows is asked for by rustfft's bounds on numbers; a transform itself only
// adds, multiplies, negates and makes constants.

impl Rem for Lanes {
    type Output = Self;
    fn rem(self, other: Self) -> Self {
        let (a, b) = (self.to_array(), other.to_array());
        Self::new(std::array::from_fn(|lane| a[lane] % b[lane]))
    }
}

impl Zero for Lanes {
    #[inline]
    fn zero() -> Self {
        Self::splat(0.0)
    }
    fn is_zero(&self) -> bool {
        *self == Self::zero()
    }
}

impl One for Lanes {
    #[inline]
    fn one() -> Self {
        Self::splat(1.0)
    }
}

impl Num for Lanes {
    type FromStrRadixErr = <f32 as Num>::FromStrRadixErr;
    fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
        f32::from_str_radix(text, radix).map(Self::splat)
    }
}

impl Signed for Lanes {
    fn abs(&self) -> Self {
        self.map(f32::abs)
    }
    fn abs_sub(&self, other: &Self) -> Self {
        (*self - *other).max(Self::zero())
    }
    fn signum(&self) -> Self {
        self.map(f32::signum)
    }
    fn is_positive(&self) -> bool {
        self.to_array().iter().all(|value| *value > 0.0)
    }
    fn is_negative(&self) -> bool {
        self.to_array().iter().all(|value| *value < 0.0)
    }
}

impl FromPrimitive for Lanes {
    fn from_i64(value: i64) -> Option<Self> {
        f32::from_i64(value).map(Self::splat)
    }
    fn from_u64(value: u64) -> Option<Self> {
        f32::from_u64(value).map(Self::splat)
    }
    fn from_f64(value: f64) -> Option<Self> {
        f32::from_f64(value).map(Self::splat)
    }
}

#[cfg(test)]
mod tests;
