//! Cells of CSV files that people open in spreadsheets.

use std::borrow::Cow;

/// A text that no spreadsheet takes for a formula: what begins like one gets an apostrophe in front
/// (OWASP, "CSV Injection"). Numbers of ours are written as they are.
pub(crate) fn safe(text: &str) -> Cow<'_, str> {
    let first = text
        .trim_start_matches([' ', '\u{a0}', '\u{feff}'])
        .chars()
        .next();
    let risky = |first| {
        matches!(
            first,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '|' | '%' | '＝' | '＋' | '－' | '＠'
        )
    };
    if first.is_some_and(risky) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_quoted() {
        for formula in [
            "=1+1",
            "+1",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            " =cmd|' /C calc'!A0",
            "\u{feff}=1",
            "＝1",
        ] {
            assert!(safe(formula).starts_with('\''), "{formula:?}");
        }
        for plain in ["Night Ferry", "1-2", "", "a=b", "data/train.parquet"] {
            assert_eq!(safe(plain), plain);
        }
    }
}
