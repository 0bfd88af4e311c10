//! From raw evidence to an expected number of chance matches, and to a score.
//!
//! An E-value answers: comparing one item with this registry, how many matches
//! at least this strong would turn up if the item contained none of the works?
//! The form of each model comes from theory, its constants from measurements on
//! unrelated media (`benches/quality`, figures in `benches/RESULTS.md`).

/// Matches of recordings with a larger E-value per item are not reported: one
/// false finding in 5,000 items at the limit.
pub const MAX_AUDIO_E_VALUE_PER_ITEM: f64 = 2e-4;
/// Matches of pictures with a larger E-value per item are not reported.
pub const MAX_IMAGE_E_VALUE_PER_ITEM: f64 = 2e-4;
/// Matches of texts with a larger E-value per item are not reported: about twelve and a half
/// words. It is a hundred times that of other media, because the texts it is measured on do share
/// phrases, verses and templates with the works.
pub const MAX_TEXT_E_VALUE_PER_ITEM: f64 = 0.012;

/// Decay of the chance of a local alignment score, per nat. Independent peaks
/// would give 1 (Karlin and Altschul, *PNAS* 87, 1990, equation 4 with scores
/// that are log-likelihood ratios); peaks of music come in chords and beats, so
/// several agree at once. Fitted to the excess over 25 nats of the strongest chance
/// alignments of 640 unrelated recordings with 120 works (`benches/RESULTS.md`).
const AUDIO_DECAY_PER_NAT: f64 = 0.125;
/// The factor before the exponential, for 10 s of an item: 0.067 of those recordings,
/// 11 s long on average, exceed 25 nats. What chance brings is proportional to length,
/// from 3 to 30 s (measured).
const AUDIO_FACTOR: f64 = 1.36;
/// Shorter items count as this long, in seconds.
const SHORTEST_ITEM_S: f64 = 1.0;

/// E-value of an audio alignment of `score_nats`, for an item of `item_s` seconds.
///
/// It does not grow with the registry: of each part of an item the same few candidates
/// are verified however many recordings there are, and those that chance nominates
/// among a hundred thousand align no better than those among a hundred (measured).
pub fn audio_e_value(score_nats: f64, item_s: f64) -> f64 {
    let length = item_s.max(SHORTEST_ITEM_S) / 10.0;
    AUDIO_FACTOR * length * (-AUDIO_DECAY_PER_NAT * score_nats).exp()
}

/// Mean distance in bits between the hashes of unrelated pictures: 127.9 measured.
const IMAGE_MEAN_BITS: f64 = 128.0;
/// Standard deviation of that distance: 8.2 measured, but the lower tail is longer
/// than normal (74 bits once in 1.4 million pairs), which 12 covers.
const IMAGE_DEVIATION_BITS: f64 = 12.0;

/// E-value of two hashes `distance_bits` apart among `registry_hashes`, each
/// compared in eight orientations. Distances of unrelated pictures are close to
/// normal; the lower tail is that of the normal distribution.
pub fn image_e_value(distance_bits: u32, registry_hashes: usize) -> f64 {
    let deviations = (IMAGE_MEAN_BITS - f64::from(distance_bits) - 0.5) / IMAGE_DEVIATION_BITS;
    8.0 * registry_hashes.max(1) as f64 * normal_tail(deviations)
}

/// Decay of the chance of an alignment of local points, per nat: several points of one
/// letter, line or edge agree at once. Fitted, with the factor, to the strongest chance alignments
/// of 680 unrelated pictures with 320 works (`benches/RESULTS.md`).
const POINTS_DECAY_PER_NAT: f64 = 0.18;
/// The same for works that are mostly flat: drawings, text, windows. What they have repeats
/// in others of their kind, title bars and buttons most of all.
const FLAT_DECAY_PER_NAT: f64 = 0.05;
/// The factor before the exponential.
const POINTS_FACTOR: f64 = 0.2;
/// Works less flat than the first count as photographs, flatter than the second as drawings.
const FLATNESS: (f64, f64) = (0.5, 0.7);

/// E-value of an alignment of local points of `nats` with a work whose share of flat area
/// is `flatness`.
///
/// It does not grow with the registry: of each item the same few candidates are verified
/// however many pictures there are.
pub fn points_e_value(nats: f64, flatness: f64) -> f64 {
    let (photograph, drawing) = FLATNESS;
    let share = ((flatness - photograph) / (drawing - photograph)).clamp(0.0, 1.0);
    let decay = POINTS_DECAY_PER_NAT + share * (FLAT_DECAY_PER_NAT - POINTS_DECAY_PER_NAT);
    POINTS_FACTOR * (-decay * nats).exp()
}

/// What likeness an area must exceed to say anything, in nats: `-ln(1 - 0.93^2)`.
const AREA_FREE_NATS: f64 = 2.0;
/// What the area's nats beyond that are worth: neighbouring areas, and works of one kind, are
/// alike more often than independent ones would be. Fitted to the unrelated pictures of two sets of
/// attacks (`benches/RESULTS.md`).
const AREA_WEIGHT: f64 = 0.58;
/// Likenesses closer to 1 than this say no more.
const AREA_RESIDUE: f64 = 0.001;

/// Evidence, in nats, of an area of a work whose changes in brightness correlate with those of the
/// item by `likeness`, at most 1.
pub fn area_nats(likeness: f64) -> f64 {
    let residue = (1.0 - likeness.max(0.0).powi(2)).max(AREA_RESIDUE);
    AREA_WEIGHT * (-residue.ln() - AREA_FREE_NATS).max(0.0)
}

/// Chance of a standard normal value above `x`, by the continued-fraction bound
/// `φ(x)/x` for large x (Abramowitz and Stegun 26.2.12) and one half below 0.
fn normal_tail(x: f64) -> f64 {
    if x <= 0.5 {
        return 0.5;
    }
    let density = (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt();
    (density / x).min(0.5)
}

/// Decay of the chance that texts agree in one word more. Fitted, with the factor, to 2,637 texts
/// of the works' genres that hold no passage of them (`benches/RESULTS.md`): 31 agree with a work
/// in 12.5 words or more, 12 in 16, 6 in 18.
const TEXT_DECAY_PER_WORD: f64 = 0.3;
/// The factor before the exponential.
const TEXT_FACTOR: f64 = 0.51;
/// A whole work has no neighbours to be told from: this many words are added.
const WHOLE_WORDS: f64 = 4.0;

/// E-value of a passage of `words` agreeing words, less the cost of what was changed in it.
/// `is_whole` when it is all of a work.
///
/// It says how often people write the same words without copying; it does not
/// know that both may quote a third.
pub fn text_e_value(words: f64, is_whole: bool) -> f64 {
    let words = words + if is_whole { WHOLE_WORDS } else { 0.0 };
    TEXT_FACTOR * (-TEXT_DECAY_PER_WORD * words).exp()
}

/// Strength of evidence on a scale of 0 to 1, the same for every medium: 0.5 at
/// an E-value of 10^-10 per item, 0.9 at 10^-90, 1 for certainty.
pub fn score(e_value_per_item: f64) -> f32 {
    let digits = -e_value_per_item.max(f64::MIN_POSITIVE).log10();
    if e_value_per_item <= 0.0 {
        return 1.0;
    }
    (digits.max(0.0) / (digits.max(0.0) + 10.0)) as f32
}

#[cfg(test)]
mod tests;
