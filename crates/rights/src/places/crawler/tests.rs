use super::*;

fn rules(text: &str) -> CrawlerRules {
    CrawlerRules::read(text.as_bytes(), "clearance")
}

fn allowed(text: &str, path: &str) -> bool {
    rules(text).permission(path).is_allowed
}

/// The examples of RFC 9309, section 5, and what the sections before it say.
#[test]
fn groups_and_rules_are_those_of_the_standard() {
    // Section 5.1.
    let simple = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n\
        User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n\
        User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\n\
        User-Agent: quxbot\n";
    let may = |token: &str, path: &str| {
        let rules = CrawlerRules::read(simple.as_bytes(), token);
        rules.permission(path).is_allowed
    };
    assert!(!may("clearance", "/a.gif") && may("clearance", "/a.gifs"));
    assert!(!may("clearance", "/example/x") && may("clearance", "/publications/x"));
    assert!(!may("foobot", "/other") && may("foobot", "/example/allowed.gif"));
    for token in ["barbot", "bazbot"] {
        assert!(!may(token, "/example/page.html") && may(token, "/a.gif"));
    }
    assert!(may("quxbot", "/example/x"), "a group without rules allows");
    // Section 5.2: the longest match.
    let longest = "User-Agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n";
    assert!(!allowed(longest, "/example/page/disallowed.gif"));
    assert!(allowed(longest, "/example/page/other.gif"));
    // Of equally long ones the permission.
    assert!(allowed("User-agent: *\nDisallow: /a\nAllow: /a\n", "/a/b"));
}

#[test]
fn groups_for_one_crawler_are_joined_and_go_before_those_for_all() {
    let text = "User-agent: *\nDisallow: /\n\nUser-agent: Clearance/2.0\nDisallow: /a\n\n\
        User-agent: other\nDisallow: /c\n\nuser agent: CLEARANCE (a comment)\nDisallow: /b\n";
    assert!(!allowed(text, "/a") && !allowed(text, "/b"));
    assert!(allowed(text, "/c") && allowed(text, "/d"));
    // A name that only begins alike is another crawler's.
    let longer = "User-agent: clearance-images\nDisallow: /\n";
    assert!(allowed(longer, "/a"));
    assert_eq!(
        rules(text).permission("/b").to_string(),
        "line 11: Disallow: /b"
    );
}

#[test]
fn no_rules_allow_and_broken_ones_deny() {
    for text in [
        "",
        "\u{feff}",
        "Disallow: /\n",
        "User-agent: *\nDisallow:\n",
        "<html>Disallow: /",
    ] {
        assert!(allowed(text, "/x"), "{text:?}");
        assert_eq!(rules(text).permission("/x").by, None);
    }
    let long = format!("User-agent: *\nDisallow: /{}\n", "a".repeat(9000));
    assert!(!allowed(&long, "/x"));
    let wild = format!(
        "User-agent: *\nDisallow: /{}\nAllow: /{}\n",
        "*a".repeat(70),
        "*b".repeat(70)
    );
    assert!(!allowed(&wild, "/x"));
    assert!(
        !CrawlerRules::read(b"User-agent: *\nDisallow: /\xff\n", "clearance")
            .permission("/%EF%BF%BD")
            .is_allowed
    );
}

#[test]
fn paths_are_compared_in_one_spelling() {
    let text = "User-agent: *\nDisallow: /b%c3%a4r\nDisallow: /q?a=1\nDisallow: /*.php$\n";
    for (address, is_allowed) in [
        ("https://example.com/b\u{e4}r/1", false),
        ("https://example.com/b%C3%A4r", false),
        ("https://example.com/q?a=12", false),
        ("https://example.com/q?b=1", true),
        ("https://example.com/x.php", false),
        ("https://example.com/x.php?y", true),
    ] {
        let known = crate::places::Address::parse(address).unwrap();
        assert_eq!(allowed(text, &known.path), is_allowed, "{address}");
    }
}

#[test]
fn delays_are_numbers_of_seconds_in_the_crawlers_own_group() {
    let delay = |text: &str| rules(text).delay_s();
    assert_eq!(
        delay("User-agent: *\nCrawl-delay: 1.5\nDisallow: /a\n"),
        Some(1.5)
    );
    assert_eq!(
        delay("User-agent: *\nCrawl-delay: 9\n\nUser-agent: clearance\nDisallow:\n"),
        Some(9.0)
    );
    assert_eq!(
        delay(
            "User-agent: *\nCrawl-delay: 9\nDisallow: /\n\nUser-agent: clearance\nDisallow: /b\n"
        ),
        None
    );
    for odd in ["-1", "soon", "inf", "nan", ""] {
        assert_eq!(
            delay(&format!("User-agent: *\nCrawl-delay: {odd}\n")),
            None,
            "{odd}"
        );
    }
    // Like other lines of that kind it ends no group: both names share all that follows.
    let shared = "User-agent: clearance\nCrawl-delay: 3\nUser-agent: b\nDisallow: /x\n";
    assert!(!allowed(shared, "/x"));
    assert_eq!(delay(shared), Some(3.0));
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400), path in "/[ -~]{0,40}") {
        let known = CrawlerRules::read(&bytes, "clearance");
        assert_eq!(known, CrawlerRules::read(&bytes, "clearance"));
        known.permission(&path);
        assert!(known.bytes() > 0);
    }
}
