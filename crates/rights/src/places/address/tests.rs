use proptest::prelude::*;

use super::*;

fn parsed(text: &str) -> Option<(String, String)> {
    let address = Address::parse(text)?;
    Some((address.host.into_owned(), address.path.into_owned()))
}

/// What Chromium and the URL Standard's own tests make of them, ports and users left out.
#[test]
fn addresses_have_one_spelling() {
    for (text, host, path) in [
        ("http://example.com", "example.com", "/"),
        ("https://example.com/a/b.jpg", "example.com", "/a/b.jpg"),
        ("HTTP://EXAMPLE.com/A", "example.com", "/A"),
        (
            "https://user:secret@example.com:8080/x",
            "example.com",
            "/x",
        ),
        ("https://example.com.:443/", "example.com", "/"),
        ("https://example.com?q=1", "example.com", "/?q=1"),
        ("https://example.com/a#part", "example.com", "/a"),
        ("https://example.com#part", "example.com", "/"),
        ("https:\\\\example.com\\a\\b", "example.com", "/a/b"),
        ("https://example.com/a/./b/../c", "example.com", "/a/c"),
        ("https://example.com/a/..", "example.com", "/"),
        ("https://example.com/a/%2e%2E/c", "example.com", "/c"),
        ("https://example.com/../../a", "example.com", "/a"),
        (
            "https://example.com/%7euser/%c3%a9",
            "example.com",
            "/~user/%C3%A9",
        ),
        ("https://example.com/é b", "example.com", "/%C3%A9%20b"),
        ("https://example.com/100%", "example.com", "/100%"),
        ("https://example.com/a?b/../c", "example.com", "/a?b/../c"),
        ("  https://example.com/a\n ", "example.com", "/a"),
        ("https://exa\tmple.com/a\nb", "example.com", "/ab"),
        ("https://bücher.example/", "xn--bcher-kva.example", "/"),
        ("https://BÜCHER.example/", "xn--bcher-kva.example", "/"),
        ("https://b%C3%BCcher.example/", "xn--bcher-kva.example", "/"),
        ("https://例え。テスト/", "xn--r8jz45g.xn--zckzah", "/"),
        (
            "https://пример.испытание/",
            "xn--e1afmkfd.xn--80akhbyknj4f",
            "/",
        ),
        ("http://[2001:db8::1]:80/x", "[2001:db8::1]", "/x"),
        ("http://192.0.2.1/x", "192.0.2.1", "/x"),
        ("https://a_b.example.com/", "a_b.example.com", "/"),
        ("https:///example.com/x", "example.com", "/x"),
    ] {
        let found = parsed(text);
        assert_eq!(found, Some((host.to_owned(), path.to_owned())), "{text}");
    }
}

#[test]
fn what_is_no_address_of_the_web_is_none() {
    for text in [
        "",
        "example.com/a.jpg",
        "ftp://example.com/a",
        "http:example.com",
        "https://",
        "https:///",
        "https://:80/",
        "https://../",
        "https://a..b/",
        "https://a:b:80/",
        "https://a::80/",
        "https://[::1]a/",
        "https://.a/",
        "https://exa mple.com/",
        "https://a%2fb/",
        "data:image/png;base64,AAAA",
        "C:\\pictures\\a.jpg",
    ] {
        assert_eq!(parsed(text), None, "{text}");
    }
    let long = format!("https://example.com/{}", "a".repeat(ADDRESS_BYTES_MAX));
    assert_eq!(parsed(&long), None);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,64}") {
        parsed(&text);
        parsed(&format!("https://{text}"));
    }

    /// What was brought into one spelling stays in it.
    #[test]
    fn a_spelling_is_final(host in "[a-zA-Zü0-9.]{1,12}", path in "[-a-zé0-9/.%?# ~*]{0,24}") {
        if let Some((host, path)) = parsed(&format!("https://{host}/{path}")) {
            let again = parsed(&format!("https://{host}{path}"));
            prop_assert_eq!(again, Some((host, path)));
        }
    }
}
