use proptest::prelude::*;

use super::*;

const LAYOUTS: [Layout; 4] = [
    Layout {
        chunks: FEW_CHUNKS,
        prefix_bits: 16,
    },
    Layout {
        chunks: FEW_CHUNKS,
        prefix_bits: 5,
    },
    Layout {
        chunks: MANY_CHUNKS,
        prefix_bits: 23,
    },
    Layout {
        chunks: MANY_CHUNKS,
        prefix_bits: 20,
    },
];

fn turned(hash: PdqHash, bits: &[u8]) -> PdqHash {
    let mut words = hash.0;
    for &bit in bits {
        words[usize::from(bit) / 64] ^= 1 << (bit % 64);
    }
    PdqHash(words)
}

proptest! {
    #[test]
    fn a_bit_is_in_one_chunk_and_not_in_what_stands_beside_it(words in any::<[u64; 4]>(), bit: u8) {
        for layout in LAYOUTS {
            let (hash, other) = (PdqHash(words), turned(PdqHash(words), &[bit]));
            for chunk in 0..layout.chunks {
                let (first, end) = layout.bits(chunk);
                let is_inside = (first..end).contains(&u32::from(bit));
                let differs = layout.prefix(&hash, chunk) ^ layout.prefix(&other, chunk);
                let leads = is_inside && u32::from(bit) >= end - layout.prefix_bits;
                prop_assert_eq!(differs.count_ones(), u32::from(leads));
                let words = layout.far_words(chunk);
                prop_assert!(!is_inside || far_bits(&hash, words) == far_bits(&other, words));
            }
            let holders = (0..layout.chunks).filter(|&chunk| {
                let (first, end) = layout.bits(chunk);
                (first..end).contains(&u32::from(bit))
            });
            prop_assert_eq!(holders.count(), 1);
        }
    }

    /// Whatever the layout, some bucket that is looked up holds a hash within the radius.
    #[test]
    fn some_near_prefix_is_that_of_a_near_hash(
        words in any::<[u64; 4]>(),
        bits in prop::collection::vec(any::<u8>(), 0..=31),
    ) {
        for layout in LAYOUTS {
            let (hash, other) = (PdqHash(words), turned(PdqHash(words), &bits));
            let mut prefixes = Vec::new();
            let is_met = (0..layout.chunks).any(|chunk| {
                near_prefixes(layout, &hash, chunk, 31 / layout.chunks, &mut prefixes);
                prefixes.contains(&layout.prefix(&other, chunk))
            });
            prop_assert!(is_met);
        }
    }
}

#[test]
fn the_division_follows_the_number_of_pictures() {
    let of = |pictures| {
        let layout = Layout::of(pictures);
        (layout.chunks, layout.prefix_bits)
    };
    assert_eq!(of(0), (16, 1));
    assert_eq!(of(1 << 10), (16, 9));
    assert_eq!(of(1 << 20), (16, 16));
    assert_eq!(of(1 << 26), (11, 23));
}

#[test]
fn an_impossible_division_is_refused() {
    let layout =
        |chunks: u32, bits: u32| Layout::read(&[chunks.to_le_bytes(), bits.to_le_bytes()].concat());
    assert_eq!(layout(16, 16), Some(LAYOUTS[0]));
    for (chunks, bits) in [(16, 17), (16, 0), (11, 24), (10, 20), (17, 10), (0, 0)] {
        assert_eq!(layout(chunks, bits), None, "{chunks} {bits}");
    }
    assert_eq!(Layout::read(&[16, 0, 0, 0]), None);
}
