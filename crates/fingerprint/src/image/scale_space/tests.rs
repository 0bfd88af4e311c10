use super::*;

#[test]
fn levels_of_one_shade_stay_in_range() {
    for shade in [0, 1, 97, 128, 254, 255] {
        let picture = Plane {
            width: 300,
            height: 200,
            values: vec![shade * GREY; 300 * 200],
        };
        let levels = octaves(&picture)
            .into_iter()
            .flat_map(|octave| octave.levels);
        // Rounding moves a shade a little from level to level, and two must add up in 16 bits.
        for value in levels.flat_map(|level| level.values) {
            assert!(value.abs_diff(shade * GREY) < GREY / 2, "{shade}: {value}");
        }
    }
}
