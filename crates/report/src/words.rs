//! Numbers, times and strangers' strings in words.

/// Longest name, title or sentence shown, in characters.
const LINE_CHARACTERS: usize = 300;
/// Longest passage shown, in characters.
const PASSAGE_CHARACTERS: usize = 1000;

/// A stranger's string on one line: shortened in the middle, characters that
/// cannot be seen made visible.
pub(crate) fn line(text: &str) -> String {
    shortened(text, LINE_CHARACTERS)
        .chars()
        .fold(String::new(), |mut line, character| {
            match character {
                '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => line.push(' '),
                other => push_visible(&mut line, other),
            }
            line
        })
}

/// A stranger's passage, with its line breaks.
pub(crate) fn passage(text: &str) -> String {
    shortened(text, PASSAGE_CHARACTERS)
        .chars()
        .filter(|&character| character != '\r')
        .fold(String::new(), |mut passage, character| {
            match character {
                '\n' | '\t' => passage.push(character),
                other => push_visible(&mut passage, other),
            }
            passage
        })
}

fn push_visible(text: &mut String, character: char) {
    match character {
        // Control Pictures, U+2400 to U+2421, show each control by its name.
        '\0'..='\x1f' => text.extend(char::from_u32(0x2400 + u32::from(character))),
        '\x7f' => text.push('\u{2421}'),
        // Embeddings, overrides and isolates change the order of what follows.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            text.extend(format!("‹U+{:04X}›", u32::from(character)).chars());
        }
        '\u{80}'..='\u{9f}' | '\u{e0000}'..='\u{e007f}' => text.push('\u{fffd}'),
        other => text.push(other),
    }
}

fn shortened(text: &str, most: usize) -> String {
    let length = text.chars().count();
    if length <= most {
        return text.to_owned();
    }
    let half = most / 2;
    let head: String = text.chars().take(half).collect();
    let tail: String = text.chars().skip(length - half).collect();
    format!("{head} […] {tail}")
}

/// `2,031`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 row`, `2,031 rows`.
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    let noun = if number == 1 { one } else { many };
    format!("{} {noun}", count(number))
}

/// `20.3%`; only nothing is 0% and only everything is 100%.
pub(crate) fn share(part: u64, whole: u64) -> String {
    if whole == 0 || part == 0 {
        return "0%".to_owned();
    }
    if part >= whole {
        return "100%".to_owned();
    }
    let percent = 100.0 * part as f64 / whole as f64;
    format!("{:.1}%", percent.clamp(0.1, 99.9))
}

/// `1:02.5`, from one hour on `1:00:02.5`.
pub(crate) fn clock(seconds: f64) -> String {
    let tenths = (seconds.max(0.0) * 10.0).round() as u64;
    let (minutes, tenths) = (tenths / 600, tenths % 600);
    let (seconds, tenth) = (tenths / 10, tenths % 10);
    if minutes < 60 {
        format!("{minutes}:{seconds:02}.{tenth}")
    } else {
        format!("{}:{:02}:{seconds:02}.{tenth}", minutes / 60, minutes % 60)
    }
}

/// `4.2 × 10⁻³¹`; numbers from a thousandth on as they are.
pub(crate) fn chance(e_value: f64) -> String {
    if e_value <= 0.0 {
        return "0".to_owned();
    }
    if e_value >= 0.001 {
        return format!("{e_value:.3}");
    }
    let scientific = format!("{e_value:.1e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let raised = |digit: char| match digit {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4'..='9' => char::from_u32('⁰' as u32 + u32::from(digit) - u32::from('0')).unwrap_or('?'),
        _ => '⁰',
    };
    let exponent: String = exponent.chars().map(raised).collect();
    format!("{mantissa} × 10{exponent}")
}

/// How strong evidence with this E-value is, in words.
pub(crate) fn strength(e_value: f64) -> &'static str {
    if e_value < 1e-30 {
        "very strong"
    } else if e_value < 1e-10 {
        "strong"
    } else if e_value < 1.0 {
        "moderate"
    } else {
        "weak"
    }
}

/// `512 MB`, in powers of a thousand.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return counted(bytes, "byte", "bytes");
    }
    let mut amount = bytes as f64 / 1000.0;
    let mut unit = UNITS[0];
    for larger in &UNITS[1..] {
        if amount < 999.5 {
            break;
        }
        amount /= 1000.0;
        unit = larger;
    }
    if amount < 9.95 {
        format!("{amount:.1} {unit}")
    } else {
        format!("{amount:.0} {unit}")
    }
}

#[cfg(test)]
mod tests;
