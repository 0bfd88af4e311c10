use tar::{Builder, Header};

use super::super::cells::Payload;
use super::*;
use crate::schema::{ColumnOverride, Holds};
use clearance_decode::Media;

fn archive(members: &[(&str, &[u8])]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tar");
    let mut builder = Builder::new(std::fs::File::create(&path).unwrap());
    for (name, bytes) in members {
        let mut header = Header::new_gnu();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.finish().unwrap();
    drop(builder);
    (folder, path)
}

const CAPTION: &[u8] = b"A small red boat in an old harbor";

#[test]
fn rows_are_names_up_to_the_first_dot() {
    let (_folder, path) = archive(&[
        ("a/1.jpg", b"\xff\xd8\xff"),
        ("a/1.txt", CAPTION),
        ("a/1.json", br#"{"url": "https://e.org/1.jpg", "width": 3, "caption": "A small red boat in an old harbor"}"#),
        ("a/2.left.png", b"\x89PNG"),
        ("a/2.right.png", b"\x89PNG"),
        ("b/2.cls", b"7"),
        ("a/.hidden", b"x"),
        ("a/1.mp3", b"again"),
        ("noending", b"x"),
    ]);
    let found = survey(&path, Codec::Plain, &Overrides::new()).unwrap();
    assert!(found.damage.is_none());
    assert_eq!(found.rows, [5]);
    let columns: Vec<(&str, Holds)> = found
        .detected
        .columns
        .iter()
        .map(|column| (column.name.as_str(), column.holds))
        .collect();
    assert_eq!(
        columns,
        [
            ("jpg", Holds::File),
            ("txt", Holds::Text),
            ("left.png", Holds::File),
            ("right.png", Holds::File),
            ("mp3", Holds::File),
            ("caption", Holds::Text),
        ]
    );
    assert_eq!(found.detected.origins.len(), 1);
    assert_eq!(found.remarks.len(), 1, "{:?}", found.remarks);
    let ignored = [
        ("jpg".to_owned(), ColumnOverride::Ignore),
        ("mp3".to_owned(), ColumnOverride::Media(Media::Audio)),
    ];
    let found = survey(&path, Codec::Plain, &ignored.into()).unwrap();
    assert!(
        found
            .detected
            .columns
            .iter()
            .all(|column| column.name != "jpg")
    );
}

#[test]
fn captions_that_stand_twice_are_one_item() {
    let (_folder, path) = archive(&[
        ("1.txt", CAPTION),
        (
            "1.json",
            br#"{"caption": "A small red boat in an old harbor"}"#,
        ),
        (
            "2.json",
            br#"{"caption": "Another boat, which has no text of its own"}"#,
        ),
        ("2.txt", CAPTION),
        ("3.json", b"{\"caption\": "),
    ]);
    let found = super::super::expand(&path).unwrap().files.remove(0);
    let file = super::super::open(&found, &Overrides::new())
        .unwrap()
        .remove(0);
    let mut opened = super::super::Opened::default();
    let unit = crate::plan::Unit {
        file: 0,
        group: 0,
        first_row: 0,
        rows: 3,
    };
    let request = Request {
        file: &file,
        unit,
        wanted: 3,
        item_bytes: 1 << 20,
        is_stopped: &|| false,
        count_rows: &|_| {},
    };
    let mut items = Vec::new();
    let read = opened.read(&request, &mut |item| {
        items.push((item.row, matches!(item.payload, Payload::Broken(_))));
    });
    assert_eq!(read, (3, None));
    assert_eq!(items, [(0, false), (1, false), (1, false), (2, true)]);
}
