//! What holds of a document, whatever is in it.

use clearance_decode::{Format, Limits, Reason, Unreadable, decode_text};

/// Bytes of text that are unpacked.
const TEXT_BYTES: u64 = 1 << 20;

/// Reads `bytes` as a document of this format, twice, and checks what was read.
pub(crate) fn check(format: Format, bytes: &[u8]) {
    let limits = Limits {
        item_bytes: 1 << 20,
        text_bytes: TEXT_BYTES,
        ..Limits::default()
    };
    let read = decode_text(bytes, format, &limits);
    // A clock that ran out stops elsewhere the next time.
    let is_late = |read: &Result<_, Unreadable>| {
        matches!(
            read,
            Err(Unreadable {
                reason: Reason::Timeout,
                ..
            })
        )
    };
    let again = decode_text(bytes, format, &limits);
    assert!(
        is_late(&read) || is_late(&again) || read == again,
        "{read:?}\n{again:?}"
    );
    match read {
        Ok(document) => {
            // A character reference stands for at most as many bytes as it has, and a byte of an
            // old encoding for at most three.
            assert!(document.text.len() as u64 <= 3 * TEXT_BYTES);
            assert_ne!(document.partial.as_deref(), Some(""));
        }
        Err(Unreadable { reason, detail }) => {
            // The libraries for PDF are not ours, and the guard is there for them.
            assert!(
                reason != Reason::Panicked || format == Format::Pdf,
                "{detail}"
            );
            assert!(!detail.is_empty() && detail.len() <= 2048, "{detail}");
            assert!(!detail.contains(char::is_control), "{detail:?}");
        }
    }
}
