use super::super::Peak;
use super::*;

fn print() -> AudioFingerprint {
    let peaks = (0..600u32).map(|i| Peak {
        time: i * 37,
        bin: ((i * 7919) % 3000) as u16,
        rank: (i % 40) as u8,
    });
    AudioFingerprint {
        peaks: peaks.collect(),
        samples: 350_000,
    }
}

#[test]
fn times_ranks_and_the_notes_of_each_octave_stay() {
    let (print, decoy) = (print(), print().decoy());
    let times = |print: &AudioFingerprint| -> Vec<(u32, u8)> {
        print
            .peaks
            .iter()
            .map(|peak| (peak.time, peak.rank))
            .collect()
    };
    let bins = |print: &AudioFingerprint| {
        let mut bins: Vec<u16> = print.peaks.iter().map(|peak| peak.bin).collect();
        bins.sort_unstable();
        bins
    };
    assert_eq!(times(&print), times(&decoy));
    assert_eq!(bins(&print), bins(&decoy));
    for (before, after) in print.peaks.iter().zip(&decoy.peaks) {
        assert_eq!(before.bin / (36 * 16), after.bin / (36 * 16));
    }
}

#[test]
fn the_order_of_notes_goes() {
    let (print, decoy) = (print(), print().decoy());
    let kept = print.peaks.iter().zip(&decoy.peaks);
    assert!(kept.filter(|(a, b)| a.bin == b.bin).count() < 60);
    assert_eq!(decoy, print.decoy());
}

#[test]
fn silence_has_a_decoy_too() {
    assert_eq!(
        AudioFingerprint::default().decoy(),
        AudioFingerprint::default()
    );
}
