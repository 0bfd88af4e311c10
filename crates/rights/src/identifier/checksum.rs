//! Check digit arithmetic. Every function takes the digits without their check digit, as values,
//! and returns the check digit they ask for.

/// GS1 General Specifications, section 7.9 (GTIN, and ISBN-13 in ISO 2108): weights 3 and 1 from
/// the right, complement to a multiple of 10.
pub(super) fn gs1(digits: &[u8]) -> u32 {
    let sum: u32 = digits
        .iter()
        .rev()
        .zip([3, 1].into_iter().cycle())
        .map(|(&d, w)| u32::from(d) * w)
        .sum();
    (10 - sum % 10) % 10
}

/// ISBN-10 (ISO 2108:1992): weights 10 to 2, complement to a multiple of 11; 10 is written `X`.
pub(super) fn isbn_ten(digits: &[u8]) -> u32 {
    (11 - descending_from_ten(digits) % 11) % 11
}

/// IPI name number (CISAC): weights 10 to 2, complement to a multiple of 101, in two digits; 100 is
/// written `00`.
pub(super) fn ipi_name(digits: &[u8]) -> u32 {
    (101 - descending_from_ten(digits) % 101) % 100
}

/// ISWC (ISO 15707; `header` 1 for the `T`) and IPI base number (CISAC; `header` 2 for the `I`):
/// weights 1 to 9, complement to a multiple of 10.
pub(super) fn ascending_from_one(header: u32, digits: &[u8]) -> u32 {
    let sum: u32 = digits.iter().zip(1..).map(|(&d, w)| u32::from(d) * w).sum();
    (10 - (header + sum) % 10) % 10
}

/// ISO 7064 MOD 11-2 (ISNI); 10 is written `X`.
pub(super) fn mod_11_2(digits: &[u8]) -> u32 {
    let sum = digits
        .iter()
        .fold(0, |sum, &d| (sum + u32::from(d)) * 2 % 11);
    (12 - sum) % 11
}

/// ISO 7064 MOD 37,36 (EIDR), over values 0 to 35; the check character is 0 to 9, then A to Z.
pub(super) fn mod_37_36(values: &[u8]) -> u32 {
    let product = values.iter().fold(36, |product, &value| {
        let sum = (product + u32::from(value)) % 36;
        (if sum == 0 { 36 } else { sum }) * 2 % 37
    });
    (37 - product) % 36
}

fn descending_from_ten(digits: &[u8]) -> u32 {
    digits
        .iter()
        .zip((0..=10).rev())
        .map(|(&d, w)| u32::from(d) * w)
        .sum()
}
