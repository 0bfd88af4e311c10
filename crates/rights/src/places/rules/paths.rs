//! The rules of one host: which of them match a path.

use super::Entry;
use crate::places::pattern::rest_matches;

/// No other entry.
pub(super) const NO_ENTRY: u32 = u32::MAX;

fn head<'p>(entry: &Entry, patterns: &'p str) -> &'p str {
    let start = entry.pattern_at as usize;
    &patterns[start..start + usize::from(entry.head_bytes)]
}

fn rest<'p>(entry: &Entry, patterns: &'p str) -> &'p str {
    let start = entry.pattern_at as usize;
    &patterns[start + usize::from(entry.head_bytes)..start + usize::from(entry.pattern_bytes)]
}

/// Notes for each of the entries of one host, which are sorted by their heads, the nearest one before
/// it whose head is a beginning of its own.
pub(super) fn parents(entries: &mut [Entry], patterns: &str) {
    let mut open: Vec<usize> = Vec::new();
    for place in 0..entries.len() {
        let own = head(&entries[place], patterns);
        while let Some(&last) = open.last() {
            if own.starts_with(head(&entries[last], patterns)) {
                break;
            }
            open.pop();
        }
        entries[place].parent = open.last().map_or(NO_ENTRY, |&last| last as u32);
        open.push(place);
    }
}

/// Calls `visit` for every entry of one host that matches a path.
///
/// Every head that is a beginning of the path sorts before it, and whatever sorts between the two
/// begins with that head as well. So the last entry that does not sort behind the path has all of
/// them among itself and its parents, and above the first that fits all fit.
pub(super) fn walk(entries: &[Entry], patterns: &str, path: &str, mut visit: impl FnMut(usize)) {
    let behind = entries.partition_point(|entry| head(entry, patterns) <= path);
    let mut next = behind.checked_sub(1);
    let mut fits = false;
    while let Some(place) = next {
        let entry = &entries[place];
        fits = fits || path.starts_with(head(entry, patterns));
        let after = &path[usize::from(entry.head_bytes).min(path.len())..];
        if fits && rest_matches(rest(entry, patterns), after) {
            visit(place);
        }
        next = (entry.parent != NO_ENTRY).then_some(entry.parent as usize);
    }
}
