use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::pipeline::Budget;

fn read(
    body: &[u8],
    encoding: &str,
    length: Option<u64>,
    most_bytes: u64,
) -> Result<Bytes, NoBody> {
    let budget = Budget::new(16 << 20);
    let never = || false;
    let mut room = budget.reserve(1 << 20, &never).unwrap();
    let bounds = Bounds {
        most_bytes,
        is_stopped: &never,
    };
    read_body(body, encoding, length, &bounds, &mut room)
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[test]
fn bodies_are_read_to_their_end_within_bounds() {
    let body = vec![7; 3_000_000];
    for length in [None, Some(3_000_000)] {
        assert_eq!(read(&body, "", length, 3_000_000).unwrap(), body);
        assert!(matches!(
            read(&body, "", length, 2_999_999),
            Err(NoBody::TooLong)
        ));
    }
    // What is promised is refused before anything of it is read.
    assert!(matches!(
        read(b"", "", Some(1 << 40), 1 << 30),
        Err(NoBody::TooLong)
    ));
    assert_eq!(read(b"", "identity", Some(0), 10).unwrap(), "");
}

#[test]
fn packed_bodies_are_unpacked_within_the_same_bounds() {
    let plain = vec![0; 40_000_000];
    let bomb = packed(&plain);
    assert!(bomb.len() < 100_000);
    assert_eq!(
        read(&bomb, "gzip", Some(bomb.len() as u64), 40_000_000)
            .unwrap()
            .len(),
        40_000_000
    );
    assert!(matches!(
        read(&bomb, "X-GZIP", None, 1_000_000),
        Err(NoBody::TooLong)
    ));
    assert!(matches!(
        read(&bomb[..bomb.len() / 2], "gzip", None, 1 << 30),
        Err(NoBody::Broken(_))
    ));
    assert!(matches!(read(&bomb, "br", None, 1 << 30), Err(NoBody::Packed(name)) if name == "br"));
}

#[test]
fn reading_stops_when_all_is_to_stop() {
    let budget = Budget::new(100);
    let mut room = budget.reserve(10, &|| false).unwrap();
    let bounds = Bounds {
        most_bytes: 1000,
        is_stopped: &|| true,
    };
    let read = read_body(&[1; 50][..], "", None, &bounds, &mut room);
    assert!(matches!(read, Err(NoBody::Stopped)));
}
