use std::io::Write;

use clearance_rights::places::PlaceRules;
use clearance_rights::signals::Answer;
use clearance_rights::{Use, parse_date};

use super::*;

const RSL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rsl xmlns="https://rslstandard.org/rsl">
  <content url="/">
    <license>
      <permits type="usage">search</permits>
      <prohibits type="usage">ai-train</prohibits>
      <payment type="subscription">
        <amount currency="USD">99.99</amount>
      </payment>
    </license>
  </content>
</rsl>"#;

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn read(files: &[(&str, &[u8])]) -> PlaceSources {
    let folder = folder(files);
    read_places(&[folder.path().to_owned()]).unwrap()
}

fn asked(sources: &PlaceSources, address: &str, as_of: &str) -> Option<(Answer, String)> {
    let day = parse_date(as_of).unwrap();
    let rules = PlaceRules::new(&sources.documents, Use::Train, day);
    let found = rules.look_up(address)?;
    let by = found.answer(Use::Train)?;
    Some((by.answer, by.by.place.clone()))
}

#[test]
fn a_folder_of_snapshots_is_read_by_its_folders() {
    let sources = read(&[
        (
            "2026-01-31/a.example/robots.txt",
            b"User-agent: CCBot\nDisallow: /\n",
        ),
        (
            "20260131/b.example/.well-known/tdmrep.json",
            b"[{\"location\":\"/\",\"tdm-reservation\":1}]",
        ),
        (
            "2026-01-31/c.example/ai.txt",
            b"User-Agent: *\nDisallow: *.jpg\n",
        ),
        ("2026-01-31/d.example/terms/license.xml", RSL.as_bytes()),
        (
            "lists/rules.csv",
            b"pattern,uses,answer,since\ne.example,train,,2026-01-01\n",
        ),
        ("2026-01-31/notes.txt", b"hello"),
        ("robots.txt", b"User-agent: *\nDisallow: /\n"),
        (".hidden/robots.txt", b"x"),
    ]);
    for host in ["a", "b", "c", "d", "e"] {
        let address = format!("https://{host}.example/x.jpg");
        let (answer, _) = asked(&sources, &address, "2026-02-01").unwrap();
        assert_eq!(answer, Answer::Deny, "{host}");
        let before = asked(&sources, &address, "2025-12-31");
        assert_eq!(before, None, "{host}");
    }
    let place = asked(&sources, "https://a.example/x", "2026-02-01")
        .unwrap()
        .1;
    assert_eq!(place, "https://a.example/robots.txt of 2026-01-31, line 2");
    let place = asked(&sources, "https://e.example/x", "2026-02-01")
        .unwrap()
        .1;
    assert_eq!(place, "rules.csv, line 2");
    let reasons: Vec<&str> = sources
        .rejects
        .iter()
        .map(|it| it.reason.as_str())
        .collect();
    assert_eq!(reasons.len(), 2, "{reasons:?}");
    assert!(reasons[0].starts_with("none of a table"), "{reasons:?}");
    assert!(reasons[1].contains("DATE/HOST/"), "{reasons:?}");
    assert_eq!(sources.files.len(), 7);
    assert_eq!(sources.rejected, 2);
}

#[test]
fn the_digest_follows_contents_and_places_alone() {
    let robots: &[u8] = b"User-agent: *\nDisallow: /\n";
    let one = read(&[("2026-01-31/a.example/robots.txt", robots)]);
    let two = read(&[("more/folders/2026-01-31/a.example/robots.txt", robots)]);
    assert_eq!(one.digest(), two.digest());
    let other_day = read(&[("2026-02-01/a.example/robots.txt", robots)]);
    assert_ne!(one.digest(), other_day.digest());
    let other_words = read(&[(
        "2026-01-31/a.example/robots.txt",
        b"User-agent: *\nDisallow: /a\n",
    )]);
    assert_ne!(one.digest(), other_words.digest());
}

#[test]
fn lines_of_a_table_that_are_no_rules_are_listed() {
    let sources = read(&[(
        "rules.csv",
        b"pattern;uses;color\na.example;train;red\n;train;\nb.example;fun;\n\"c.example\";all;\nd\xff;all;\n",
    )]);
    let found: Vec<(u64, &str)> = sources
        .rejects
        .iter()
        .map(|it| (it.line, it.reason.as_str()))
        .collect();
    assert_eq!(
        found[0],
        (1, "unknown column \"color\": nothing in it is read")
    );
    assert_eq!(found[1], (3, "no pattern"));
    assert!(found[2].1.contains("unknown reserved use"), "{found:?}");
    assert_eq!(found[2].0, 4);
    assert_eq!(found.len(), 4, "{found:?}");
    assert_eq!(sources.statements, 2);
    assert!(asked(&sources, "https://c.example/", "2026-01-01").is_some());
}

fn record(target: &str, date: &str, answer: &str) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {target}\r\nWARC-Date: {date}T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n",
        answer.len()
    );
    [head.as_bytes(), answer.as_bytes(), b"\r\n\r\n"].concat()
}

fn archive() -> Vec<Vec<u8>> {
    vec![
        record(
            "https://a.example/robots.txt",
            "2026-01-05",
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\nDisallow: /\n",
        ),
        record(
            "https://a.example/robots.txt",
            "2026-02-05",
            "HTTP/1.1 404 Not Found\r\n\r\n",
        ),
        record(
            "https://b.example/p.jpg",
            "2026-01-05",
            "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nX-Robots-Tag: noai\r\n\r\nJFIF",
        ),
        record(
            "https://c.example/.well-known/tdmrep.json",
            "2026-01-05",
            "HTTP/1.1 200 OK\r\n\r\n[{\"location\": \"/\", \"tdm-reservation\": 1}]",
        ),
        record(
            "https://c.example/open",
            "2026-01-05",
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><head><meta name=\"tdm-reservation\" content=\"0\"></head></html>",
        ),
        record(
            "https://d.example/art",
            "2026-01-05",
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><head><meta name=\"robots\" content=\"noai, noimageai\"></head></html>",
        ),
        record(
            "https://e.example/license.xml",
            "2026-01-05",
            &format!("HTTP/1.1 200 OK\r\nContent-Type: application/rsl+xml\r\n\r\n{RSL}"),
        ),
        record(
            "https://f.example/robots.txt",
            "2026-01-05",
            "HTTP/1.1 503 Busy\r\n\r\n",
        ),
    ]
}

#[test]
fn archives_are_read_packed_or_not() {
    let packed: Vec<u8> = archive()
        .iter()
        .flat_map(|record| {
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(record).unwrap();
            encoder.finish().unwrap()
        })
        .collect();
    for (name, bytes) in [("a.warc", archive().concat()), ("a.warc.gz", packed)] {
        let sources = read(&[(name, &bytes)]);
        for (address, as_of, expected) in [
            ("https://a.example/x", "2026-01-04", None),
            ("https://a.example/x", "2026-01-05", Some(Answer::Deny)),
            ("https://a.example/x", "2026-02-05", None),
            ("https://b.example/p.jpg", "2026-02-05", Some(Answer::Deny)),
            ("https://b.example/q.jpg", "2026-02-05", None),
            ("https://c.example/x", "2026-02-05", Some(Answer::Deny)),
            // The page goes before the file at the origin.
            ("https://c.example/open", "2026-02-05", None),
            ("https://d.example/art", "2026-02-05", Some(Answer::Deny)),
            ("https://e.example/x", "2026-02-05", Some(Answer::Deny)),
        ] {
            let found = asked(&sources, address, as_of).map(|(answer, _)| answer);
            assert_eq!(found, expected, "{name} {address} {as_of}");
        }
        let reasons: Vec<&str> = sources
            .rejects
            .iter()
            .map(|it| it.reason.as_str())
            .collect();
        assert_eq!(reasons, ["answered with status 503"], "{name}");
    }
}

#[test]
fn a_damaged_archive_is_read_as_far_as_it_goes() {
    let whole = archive().concat();
    let sources = read(&[("a.warc", &whole[..whole.len() - 40])]);
    assert!(asked(&sources, "https://b.example/p.jpg", "2026-02-05").is_some());
    let last = sources.rejects.last().unwrap();
    assert!(
        last.reason.contains("nothing after it was read"),
        "{last:?}"
    );
}

#[test]
fn what_is_not_about_places_is_refused() {
    let empty = folder(&[]);
    assert!(read_places(&[empty.path().to_owned()]).is_err());
    let other = folder(&[("notes.txt", b"hello")]);
    let error = read_places(&[other.path().to_owned()]).unwrap_err();
    assert!(
        error.to_string().contains("nothing in it is about places"),
        "{error}"
    );
    assert!(read_places(&[PathBuf::from("no such file")]).is_err());
}
