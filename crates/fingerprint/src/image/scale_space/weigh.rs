//! Weighted sums of pairs of rows, which blurring is made of: a third of the time that local points take.
//!
//! Written out for vectors, because compilers widen the products to 32 bits.

use wide::u16x8;

/// Values that are added side by side.
const LANES: usize = 8;
/// Values whose sums stay in registers.
const BLOCK: usize = 4 * LANES;

/// The sums of two rows, weighed in 65,536ths and added up; each product is rounded down, and half
/// the number of rows is added for that. All rows are as long as `out`, or longer.
pub(super) fn weigh(pairs: &[(&[u16], &[u16])], kernel: &[u16], out: &mut [u16]) {
    let done = in_wide_blocks(pairs, kernel, out);
    let (blocks, rest) = out[done..].as_chunks_mut::<BLOCK>();
    let mut at = done;
    for block in blocks {
        *block = sums(pairs, kernel, at);
        at += BLOCK;
    }
    rest.fill(rounding(kernel));
    for (&(a, b), &weight) in pairs.iter().zip(kernel) {
        for (sum, (&a, &b)) in rest.iter_mut().zip(a[at..].iter().zip(&b[at..])) {
            let product = u32::from(a + b) * u32::from(weight);
            *sum += (product >> 16) as u16;
        }
    }
}

/// What rounding each product down takes from a sum, on average.
fn rounding(kernel: &[u16]) -> u16 {
    kernel.len() as u16 / 2
}

/// The sums of one block.
fn sums(pairs: &[(&[u16], &[u16])], kernel: &[u16], at: usize) -> [u16; BLOCK] {
    let mut sums = [u16x8::splat(rounding(kernel)); BLOCK / LANES];
    for (&(a, b), &weight) in pairs.iter().zip(kernel) {
        let weight = u16x8::splat(weight);
        let a = a[at..at + BLOCK].as_chunks::<LANES>().0;
        let b = b[at..at + BLOCK].as_chunks::<LANES>().0;
        for (sum, (&a, &b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += (u16x8::new(a) + u16x8::new(b)).mul_keep_high(weight);
        }
    }
    bytemuck::cast(sums)
}

/// Weighs as many whole blocks as there are where the processor has vectors of 256 bits; says how
/// many values that are.
#[cfg(target_arch = "x86_64")]
fn in_wide_blocks(pairs: &[(&[u16], &[u16])], kernel: &[u16], out: &mut [u16]) -> usize {
    if !is_x86_feature_detected!("avx2") {
        return 0;
    }
    #[expect(
        unsafe_code,
        reason = "blurring takes 0.6 of the time that it takes with vectors of 128 bits"
    )]
    // SAFETY: the processor has what the function is compiled for.
    unsafe {
        avx2::weigh(pairs, kernel, out)
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn in_wide_blocks(_: &[(&[u16], &[u16])], _: &[u16], _: &mut [u16]) -> usize {
    0
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::{__m256i, _mm256_add_epi16, _mm256_mulhi_epu16, _mm256_set1_epi16};

    const LANES: usize = 16;
    const BLOCK: usize = 4 * LANES;

    #[target_feature(enable = "avx2")]
    pub(super) fn weigh(pairs: &[(&[u16], &[u16])], kernel: &[u16], out: &mut [u16]) -> usize {
        let splat = |value: u16| _mm256_set1_epi16(value.cast_signed());
        let blocks = out.as_chunks_mut::<BLOCK>().0;
        for (number, block) in blocks.iter_mut().enumerate() {
            let at = number * BLOCK;
            let mut sums = [splat(super::rounding(kernel)); BLOCK / LANES];
            for (&(a, b), &weight) in pairs.iter().zip(kernel) {
                add(
                    &mut sums,
                    &a[at..at + BLOCK],
                    &b[at..at + BLOCK],
                    splat(weight),
                );
            }
            *block = bytemuck::cast(sums);
        }
        blocks.len() * BLOCK
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn add(sums: &mut [__m256i; BLOCK / LANES], a: &[u16], b: &[u16], weight: __m256i) {
        let (a, b) = (a.as_chunks::<LANES>().0, b.as_chunks::<LANES>().0);
        for (sum, (&a, &b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            let both = _mm256_add_epi16(bytemuck::cast(a), bytemuck::cast(b));
            *sum = _mm256_add_epi16(*sum, _mm256_mulhi_epu16(both, weight));
        }
    }
}

#[cfg(test)]
mod tests;
