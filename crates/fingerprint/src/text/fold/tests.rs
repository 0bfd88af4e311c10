use super::*;

#[test]
fn look_alikes_of_other_scripts_are_one_letter() {
    for (letter, other) in [('а', 'a'), ('е', 'e'), ('ο', 'o'), ('р', 'p'), ('ѕ', 's')] {
        assert_eq!(folded(letter), &Folded::Letter(other), "{letter}");
    }
    // Full width, mathematical, capital.
    for letter in ['Ａ', '𝐚', 'Á', 'А'] {
        assert_eq!(folded(letter), &Folded::Letter('a'), "{letter}");
    }
}

#[test]
fn letters_stay_letters() {
    for code in (0x80..0x3_0000).filter_map(char::from_u32) {
        let letters = match folded(code) {
            Folded::Letter(letter) => vec![*letter],
            Folded::Letters(letters) => letters.to_vec(),
            _ => continue,
        };
        assert!(
            letters.iter().all(|letter| letter.is_alphanumeric()),
            "{code}"
        );
    }
}

#[test]
fn syllables_are_joined() {
    assert_eq!(syllable('\u{1112}', '\u{1161}'), Some('하'));
    assert_eq!(syllable('하', '\u{11ab}'), Some('한'));
    assert_eq!(syllable('한', '\u{11ab}'), None);
    assert_eq!(syllable('a', 'b'), None);
}
