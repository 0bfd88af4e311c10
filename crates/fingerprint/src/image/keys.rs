//! Keys: a few bits of a descriptor under which a registry finds its points.
//!
//! Each point has two keys of 22 coefficients and the point's polarity: those that differ
//! least between a picture and its altered copies, and depend least on one another. A
//! picture and its mirror image have the same keys: of a descriptor and its mirrored form
//! the one counts in which a certain bit is 0.

use super::descriptor::{Coefficients, Descriptor, MIRRORED};

/// Keys of a point.
pub const KEYS: usize = 2;
/// Coefficients in a key.
const KEY_COEFFICIENTS: usize = 22;
/// Bits in a key: the signs of its coefficients, then the point's polarity.
pub const KEY_BITS: usize = KEY_COEFFICIENTS + 1;
/// Bits in doubt, those nearest to changing sides.
pub const DOUBTS: usize = 5;
/// Which of them are turned over together, the likeliest first: the chance falls with the sum
/// of their distances from changing sides, and these grow about evenly from one to the next
/// (query-directed probing: Lv et al., VLDB 2007, section 4).
const TRIED: [u8; 13] = [
    0b00000, 0b00001, 0b00010, 0b00100, 0b00011, 0b00101, 0b01000, 0b00110, 0b10000, 0b01001,
    0b00111, 0b01010, 0b10001,
];
/// Of a descriptor and its mirrored form, the canonical one has this bit clear. One of those
/// that mirroring changes.
const SIDE_BIT: usize = 2;
/// The doubt about [`SIDE_BIT`], which is in no key.
const SIDE_DOUBT: u8 = KEY_COEFFICIENTS as u8;

/// The coefficients of each key, lowest bit first.
const CHOSEN: [[usize; KEY_COEFFICIENTS]; KEYS] = [
    [
        1, 3, 34, 66, 35, 100, 32, 42, 82, 71, 12, 52, 44, 124, 88, 72, 4, 80, 15, 67, 96, 121,
    ],
    [
        9, 17, 8, 16, 83, 18, 33, 64, 49, 40, 126, 118, 113, 7, 84, 115, 43, 106, 58, 36, 69, 120,
    ],
];
/// What one standard deviation of these coefficients is.
const SPREADS: [[f32; KEY_COEFFICIENTS]; KEYS] = [
    [
        0.164, 0.065, 0.119, 0.081, 0.042, 0.012, 0.065, 0.074, 0.041, 0.008, 0.026, 0.015, 0.022,
        0.006, 0.014, 0.034, 0.034, 0.029, 0.016, 0.023, 0.021, 0.013,
    ],
    [
        0.179, 0.122, 0.104, 0.072, 0.012, 0.042, 0.063, 0.050, 0.066, 0.051, 0.005, 0.006, 0.018,
        0.025, 0.011, 0.010, 0.020, 0.040, 0.024, 0.028, 0.007, 0.007,
    ],
];
const SIDE_SPREAD: f32 = 0.118;
/// The coefficients of the rest, which narrows down what a key finds.
const REST: [usize; 16] = [
    92, 20, 60, 97, 6, 14, 59, 68, 77, 48, 122, 54, 28, 102, 46, 76,
];
/// Rests of one point in two pictures differ in at most this many bits, as a rule.
pub const REST_DISTANCE: u32 = 5;

/// What a registry finds a point by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// The keys, [`KEY_BITS`] each.
    pub keys: [u32; KEYS],
    /// Sixteen further bits.
    pub rest: u16,
    /// Whether these are the keys of the mirrored form.
    pub is_mirrored: bool,
}

/// The keys of a descriptor.
pub fn keys(descriptor: &Descriptor) -> Keys {
    let is_mirrored = bit(descriptor, SIDE_BIT) == 1;
    let canonical = if is_mirrored {
        mirrored(descriptor)
    } else {
        *descriptor
    };
    let polarity = bit(descriptor, 0) << KEY_COEFFICIENTS;
    Keys {
        keys: CHOSEN.map(|chosen| packed(&canonical, &chosen) | polarity),
        rest: packed(&canonical, &REST) as u16,
        is_mirrored,
    }
}

/// The descriptor of the same point in the mirror image.
pub fn mirrored(descriptor: &Descriptor) -> Descriptor {
    [descriptor[0] ^ MIRRORED[0], descriptor[1] ^ MIRRORED[1]]
}

fn bit(descriptor: &Descriptor, number: usize) -> u32 {
    (descriptor[number / 64] >> (number % 64)) as u32 & 1
}

fn packed(descriptor: &Descriptor, chosen: &[usize]) -> u32 {
    let bits = chosen.iter().enumerate();
    bits.fold(0, |packed, (place, &number)| {
        packed | bit(descriptor, number) << place
    })
}

/// Calls `visit` for the keys under which the point's counterpart may stand: the likeliest ways
/// to decide the bits in doubt, [`DOUBTS`] of them for each key.
pub fn probes(
    descriptor: &Descriptor,
    doubtful: &[[u8; DOUBTS]; KEYS],
    mut visit: impl FnMut(usize, u32, u16, bool),
) {
    let plain = keys(descriptor);
    let other = keys(&flipped(descriptor));
    for (table, doubts) in doubtful.iter().enumerate() {
        for choice in TRIED {
            let (mut flips, mut form) = (0, &plain);
            for (place, &doubt) in doubts.iter().enumerate() {
                if choice >> place & 1 == 0 {
                    continue;
                }
                if doubt == SIDE_DOUBT {
                    form = &other;
                } else {
                    flips |= 1 << doubt;
                }
            }
            visit(table, form.keys[table] ^ flips, form.rest, form.is_mirrored);
        }
    }
}

/// The descriptor as if its side had been decided the other way.
fn flipped(descriptor: &Descriptor) -> Descriptor {
    let mut flipped = *descriptor;
    flipped[SIDE_BIT / 64] ^= 1 << (SIDE_BIT % 64);
    flipped
}

/// For each key the bits nearest to changing sides, as numbers for [`probes`].
pub(super) fn doubtful(coefficients: &Coefficients) -> [[u8; DOUBTS]; KEYS] {
    let firmness = |number: usize, spread: f32| coefficients[number].abs() / spread;
    std::array::from_fn(|table| {
        let (chosen, spreads) = (&CHOSEN[table], &SPREADS[table]);
        let all: [f32; KEY_COEFFICIENTS + 1] = std::array::from_fn(|doubt| {
            if doubt < KEY_COEFFICIENTS {
                firmness(chosen[doubt], spreads[doubt])
            } else {
                firmness(SIDE_BIT, SIDE_SPREAD)
            }
        });
        let mut weakest = [(f32::MAX, SIDE_DOUBT); DOUBTS];
        for (doubt, &firmness) in all.iter().enumerate() {
            if firmness < weakest[DOUBTS - 1].0 {
                weakest[DOUBTS - 1] = (firmness, doubt as u8);
                let mut place = DOUBTS - 1;
                while place > 0 && weakest[place].0 < weakest[place - 1].0 {
                    weakest.swap(place, place - 1);
                    place -= 1;
                }
            }
        }
        weakest.map(|(_, doubt)| doubt)
    })
}
