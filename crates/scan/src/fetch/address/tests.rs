use std::net::IpAddr;

use super::super::public::special;
use super::*;

/// The address that a host in odd letters means, if it means one.
fn meant(text: &str) -> Option<IpAddr> {
    match Target::parse(text).ok()?.0.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(_) => None,
    }
}

#[test]
fn odd_spellings_of_private_addresses_are_seen_through() {
    for text in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://017700000001/",
        "http://0177.0.0.01/",
        "http://%31%32%37.0.0.1/",
        "http://\u{ff11}\u{ff12}\u{ff17}.0.0.1/",
        "http://127\u{3002}0\u{3002}0\u{3002}1/",
        "http://0/",
        "http://[::1]/",
        "http://[0:0:0:0:0:ffff:7f00:1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://169.254.169.254/latest/meta-data",
        "http://3232235777/",
    ] {
        let address = meant(text).unwrap_or_else(|| panic!("{text} means an address"));
        assert!(special(address).is_some(), "{text} is {address}");
    }
}

#[test]
fn what_is_no_address_of_the_web_is_not_asked_for() {
    for text in [
        "",
        "http://",
        "https:///",
        "http://./",
        "ftp://example.com/a.jpg",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "http://user@example.com/",
        "http://user:word@example.com/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
        "http://1.2.3.4.5.6/",
        "http://256.256.256.256/",
        "http://a b/",
        "example.com/a.jpg",
        "http://example.com:99999/",
    ] {
        assert!(Target::parse(text).is_err(), "{text}");
    }
    assert!(Target::parse(&format!("http://example.com/{}", "a".repeat(20_000))).is_err());
}

#[test]
fn redirects_are_read_as_browsers_read_them() {
    let from = Target::parse("https://example.com/a/b.jpg?c#d").unwrap();
    assert_eq!(from.as_str(), "https://example.com/a/b.jpg?c");
    for (location, to) in [
        ("x.jpg", "https://example.com/a/x.jpg"),
        ("/x.jpg?y", "https://example.com/x.jpg?y"),
        ("//other.example/x", "https://other.example/x"),
        ("http://127.1:80/", "http://127.0.0.1/"),
        ("?z", "https://example.com/a/b.jpg?z"),
    ] {
        assert_eq!(from.join(location).unwrap().as_str(), to);
    }
    for refused in [
        "file:///etc/passwd",
        "javascript:x",
        "http://u@example.com/",
        "http://[::1%eth0]/",
    ] {
        assert!(from.join(refused).is_err(), "{refused}");
    }
}

#[test]
fn the_parts_of_an_address_are_in_one_spelling() {
    let target = Target::parse("HTTP://Ex\u{e4}mple.COM.:8080/%7Ea/B c.JPG?s=1").unwrap();
    assert_eq!(target.host(), "xn--exmple-cua.com");
    assert_eq!(target.path(), "/~a/B%20c.JPG?s=1");
    assert_eq!(target.name().as_deref(), Some("B%20c.JPG"));
    assert_eq!(
        target.public(),
        "http://xn--exmple-cua.com.:8080/%7Ea/B%20c.JPG"
    );
    let robots = target.robots().unwrap();
    assert_eq!(
        robots.as_str(),
        "http://xn--exmple-cua.com.:8080/robots.txt"
    );
    assert_ne!(
        target.origin(),
        Target::parse("http://xn--exmple-cua.com./")
            .unwrap()
            .origin()
    );
}
