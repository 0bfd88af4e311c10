use proptest::prelude::*;

use super::*;

fn matches(pattern: &str, path: &str) -> bool {
    PathPattern::new(pattern).unwrap().matches(path)
}

/// RFC 9309, section 2.2.2 and 2.2.3, and the tables of Google's and the draft's documentation.
#[test]
fn patterns_are_those_of_robots_txt() {
    for (pattern, hits, misses) in [
        ("/", &["/", "/a", "/a?b"][..], &[][..]),
        (
            "/fish",
            &["/fish", "/fish.html", "/fishheads", "/fish?id=1"],
            &["/Fish.asp", "/catfish", "/desert/fish"],
        ),
        (
            "/fish/",
            &["/fish/", "/fish/?id=1"],
            &["/fish", "/fish.html"],
        ),
        (
            "/*.php",
            &["/index.php", "/f/f.php?p", "/f.php/"],
            &["/", "/windows.PHP"],
        ),
        (
            "/*.php$",
            &["/f.php", "/f/f.php"],
            &["/f.php?p", "/f.php/", "/f.php5"],
        ),
        (
            "/fish*.php",
            &["/fish.php", "/fishheads/catfish.php?p"],
            &["/Fish.PHP"],
        ),
        ("*.jpg", &["/a/b.jpg", "/b.jpg?x"], &["/b.jpeg"]),
        ("/a$", &["/a"], &["/a/", "/ab"]),
        ("/$", &["/"], &["/a"]),
        (
            "/foo/bar?baz=http://foo.bar",
            &["/foo/bar?baz=http://foo.bar"],
            &["/foo/bar"],
        ),
        ("/foo/bar/ツ", &["/foo/bar/%E3%83%84"], &["/foo/bar/"]),
        (
            "/foo/bar/%E3%83%84",
            &["/foo/bar/%E3%83%84"],
            &["/foo/bar/"],
        ),
        ("/foo/bar/%62%61%7A", &["/foo/bar/baz"], &["/foo/bar/"]),
        (
            "/path/file-with-a-%2A.html",
            &["/path/file-with-a-%2A.html"],
            &["/path/file-with-a-b.html"],
        ),
        ("/a**b", &["/ab", "/a-b"], &["/a"]),
        ("/*/x*/y$", &["/1/x2/y", "/1/x/y/y"], &["/1/x/y/z", "/x/y"]),
        ("pictures", &["/pictures/1"], &["/1/pictures"]),
        ("/a*$", &["/a", "/abc"], &["/b"]),
    ] {
        for hit in hits {
            assert!(matches(pattern, hit), "{pattern} {hit}");
        }
        for miss in misses {
            assert!(!matches(pattern, miss), "{pattern} {miss}");
        }
    }
}

#[test]
fn absurd_patterns_are_refused() {
    assert!(PathPattern::new(&"/a".repeat(5000)).is_err());
    assert!(PathPattern::new(&"*a".repeat(100)).is_err());
}

/// Says the same by trying every way, letter by letter.
fn plainly(pattern: &[u8], path: &[u8]) -> bool {
    match (pattern, path) {
        ([], _) | ([b'$'], []) => true,
        ([b'*', rest @ ..], _) => {
            plainly(rest, path) || !path.is_empty() && plainly(pattern, &path[1..])
        }
        ([one, rest @ ..], [other, left @ ..]) => one == other && plainly(rest, left),
        (_, []) => false,
    }
}

proptest! {
    #[test]
    fn patterns_match_as_when_every_way_is_tried(
        pattern in "[/*][ab*/]{0,8}\\$?",
        path in "/[ab/]{0,10}",
    ) {
        let pattern = PathPattern::new(&pattern).unwrap();
        let plain = plainly(pattern.as_str().as_bytes(), path.as_bytes());
        prop_assert_eq!(pattern.matches(&path), plain, "{} {}", pattern.as_str(), path);
    }

    #[test]
    fn a_path_matches_itself(path in "/[ab*$/%]{0,10}") {
        let path = spelled(&path);
        let spelled = path.replace('*', "%2A").replace('$', "%24");
        prop_assert!(PathPattern::exactly(&path).matches(&spelled));
    }
}
