use super::*;

#[test]
fn copies_are_kept_back_where_everyone_or_this_crawler_is_asked_to() {
    for (value, is_kept_back) in [
        ("noindex", true),
        ("NONE", true),
        ("noai, NoArchive", true),
        ("clearance: nosnippet", true),
        ("*: noimageindex", true),
        ("unavailable_after: 25 Jun 2010 15:00:00 PST, noindex", true),
        ("max-snippet:0, noarchive", true),
        ("googlebot: noindex, nosnippet", false),
        ("noai, noimageai", false),
        ("all", false),
        ("", false),
        ("nofollow, unavailable_after: 25 Jun 2010", false),
    ] {
        assert_eq!(
            keeps_copies_back(&[value], "clearance"),
            is_kept_back,
            "{value:?}"
        );
    }
    assert!(keeps_copies_back(&["all", "none"], "clearance"));
    assert!(!keeps_copies_back(&[], "clearance"));
}
