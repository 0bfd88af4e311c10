use clearance_rights::{Use, parse_date};
use proptest::prelude::*;

use super::*;

pub(super) type Found = Vec<std::result::Result<CatalogRow, Reject>>;

/// The rows of a catalog in an empty folder.
pub(super) fn rows(name: &str, contents: impl AsRef<[u8]>) -> Found {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, contents).unwrap();
    open(&path).unwrap().collect()
}

/// A committed catalog.
pub(super) fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/catalogs");
    std::fs::read(folder.join(name)).unwrap()
}

/// The reasons of the rejects, with their lines.
pub(super) fn reasons(found: &Found) -> Vec<(u64, &str)> {
    let rejects = found.iter().filter_map(|row| row.as_ref().err());
    rejects
        .map(|reject| (reject.line, reject.reason.as_str()))
        .collect()
}

#[test]
fn a_row_has_its_work_its_asset_and_its_rights() {
    let found = rows(
        "a.csv",
        "work_id,title,creators,isrc,media,path,role,reservation,reserved_since,territory,license_id,licensee,license_uses,license_until,shelf\n\
         w1,Title,Ana; Ben,USRC17607839,audio,a/b.mp3,stem,tdm,2025-03-01,EU,L1,Acme,train,2026-01-31,B7\n",
    );
    let row = found[0].as_ref().unwrap();
    assert_eq!(row.line, 2);
    assert_eq!(row.work.creators, ["Ana", "Ben"]);
    assert_eq!(row.work.identifiers[0].value(), "USRC17607839");
    assert_eq!(row.work.extra["shelf"], "B7");
    assert_eq!((row.media, row.role.as_str()), (Some(Media::Audio), "stem"));
    let reservation = row.reservation.as_ref().unwrap();
    assert!(reservation.uses.contains(Use::TrainGenerative));
    assert_eq!(reservation.since, Some(parse_date("2025-03-01").unwrap()));
    let license = row.license.as_ref().unwrap();
    assert_eq!(license.licensee.as_deref(), Some("Acme"));
    assert!(!license.uses.contains(Use::TrainGenerative));
    let AssetSource::Files(files) = &row.asset else {
        panic!()
    };
    assert!(files[0].ends_with("a/b.mp3"));
}

#[test]
fn spreadsheets_habits_are_read() {
    let expected = |found: &[std::result::Result<CatalogRow, Reject>]| {
        let row = found[0].as_ref().unwrap();
        assert_eq!(row.work.title.as_deref(), Some("A, B;\nC"));
        assert_eq!(found[1].as_ref().unwrap().line, 4);
    };
    expected(&rows(
        "a.csv",
        "\u{feff}work_id;Title\n1;\"A, B;\nC\"\n2;x\n",
    ));
    expected(&rows("a.csv", "Work ID,title\r\n1,\"A, B;\nC\"\r\n2,x\r\n"));
    expected(&rows("a.tsv", "work-id\ttitle\n1\t\"A, B;\nC\"\n2\tx\n"));
}

#[test]
fn exports_in_other_encodings_are_read() {
    let text = "work_id;title\nw1;Größe\nw2;\"Crème\nbrûlée à la carte\"\n";
    let wide = |units: &dyn Fn(u16) -> [u8; 2], mark: &[u8]| {
        let text = text.encode_utf16().flat_map(units);
        mark.iter().copied().chain(text).collect::<Vec<u8>>()
    };
    let western: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
    let exports = [
        text.as_bytes().to_vec(),
        western,
        wide(&u16::to_le_bytes, b"\xff\xfe"),
        wide(&u16::to_be_bytes, b"\xfe\xff"),
        wide(&u16::to_le_bytes, b""),
    ];
    for export in exports {
        let found = rows("a.csv", &export);
        let titles: Vec<_> = found
            .iter()
            .map(|row| row.as_ref().unwrap().work.title.as_deref().unwrap())
            .collect();
        assert_eq!(titles, ["Größe", "Crème\nbrûlée à la carte"]);
    }
}

#[test]
fn a_first_line_may_name_the_separator() {
    for (line, separator) in [
        ("sep=;", ";"),
        ("\"sep=,\"\r", ","),
        ("SEP=\t", "\t"),
        ("sep=|", "|"),
    ] {
        let text = format!("{line}\nwork_id{separator}title\nw,x\n")
            .replace("w,x", &format!("w{separator}x"));
        let found = rows("a.csv", text);
        let row = found[0].as_ref().unwrap();
        assert_eq!(
            (row.line, row.work.title.as_deref()),
            (3, Some("x")),
            "{line}"
        );
    }
}

#[test]
fn a_damaged_letter_costs_its_line_only() {
    let good = "w,Crème brûlée\n".repeat(200);
    let mut bytes = format!("work_id,title\n{good}").into_bytes();
    bytes.extend_from_slice(b"bad,Caf\xe9\nlast,fine\n");
    let found = rows("a.csv", bytes);
    assert_eq!(reasons(&found), [(202, "column title is not UTF-8")]);
    assert_eq!(found.len(), 202);
}

#[test]
fn a_quote_that_is_never_closed_does_not_fill_the_memory() {
    let line = "x,y\n".repeat(1 << 18);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let mut file = std::fs::File::create(&path).unwrap();
    std::io::Write::write_all(&mut file, b"work_id,title\nw1,good\nw2,\"").unwrap();
    for _ in 0..70 {
        std::io::Write::write_all(&mut file, line.as_bytes()).unwrap();
    }
    let found: Found = open(&path).unwrap().collect();
    assert!(found[0].is_ok());
    let (line, reason) = reasons(&found)[0];
    assert_eq!((line, found.len()), (3, 2));
    assert!(reason.contains("is a quote not closed?"), "{reason}");
}

/// Rows are made one at a time: this takes as much memory for a million rows as for ten.
#[test]
fn a_long_catalog_is_a_stream() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    write_long(&path, 100_000);
    let rows = open(&path).unwrap();
    assert_eq!(rows.flatten().count(), 100_000);
}

/// Run alone with `--ignored`: the highest resident size, read from Linux, is the whole process's.
#[test]
#[ignore = "writes a catalog of 120 MB"]
fn a_million_rows_take_no_more_memory_than_ten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    write_long(&path, 10);
    assert_eq!(open(&path).unwrap().count(), 10);
    let before = peak_kib();
    write_long(&path, 1_000_000);
    assert_eq!(open(&path).unwrap().count(), 1_000_000);
    let after = peak_kib();
    println!("peak {before} KiB before, {after} KiB after");
    assert!(after - before < 8 << 10, "{before} to {after} KiB");
}

fn write_long(path: &Path, rows: usize) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let mut line = |text: String| std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    line("work_id,title,creators,rightsholder,path,reservation\n".to_owned());
    for row in 0..rows {
        line(format!(
            "work-{row:09},A title of some length {row},Ana Ruiz; Ben Cole,Harbor Records,works/{row}/master.flac,all\n"
        ));
    }
}

fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.map_or(0, |number| number.parse().unwrap())
}

#[test]
fn a_pattern_names_several_assets() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b.wav", "a.wav", "c.txt"] {
        std::fs::write(folder.path().join(name), b"").unwrap();
    }
    let path = folder.path().join("c.jsonl");
    std::fs::write(&path, r#"{"work_id": 7, "path": "*.wav"}"#).unwrap();
    let row = open(&path).unwrap().next().unwrap().unwrap();
    let AssetSource::Files(files) = row.asset else {
        panic!()
    };
    assert_eq!(
        files,
        [folder.path().join("a.wav"), folder.path().join("b.wav")]
    );
    assert_eq!(row.work.work_id, "7");
}

/// Column names and cells go to a terminal with the reason, and rows of a table are many.
#[test]
fn a_reason_is_one_line_without_commands_for_the_terminal() {
    let found = rows("a.csv", b"work_id,\x1b]0;x\x07\n1,\xff\n");
    let escaped = "column \\u{1b}]0;x\\u{7} is not UTF-8";
    assert_eq!(reasons(&found), [(2, escaped)]);
    for media in ["\u{9b}2J\u{202e}".to_owned(), "x".repeat(1 << 20)] {
        let found = rows("a.csv", format!("work_id,media\n1,{media}\n"));
        let (_, reason) = reasons(&found)[0];
        assert!(reason.len() < 1100, "{} bytes", reason.len());
        assert!(
            !reason.contains([char::from(0x9b), '\u{202e}']),
            "{reason:?}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xml");
    std::fs::write(&path, format!("<{}\u{1}/>", "x".repeat(200))).unwrap();
    let error = open(&path).err().unwrap().to_string();
    assert!(error.contains("\\u{1}"), "{error:?}");
}

#[test]
fn blank_cells_are_empty_in_json_as_in_tables() {
    let found = rows(
        "a.jsonl",
        "{\"work_id\":\" \"}\n{\"work_id\":\" w \",\"role\":\"\\t\",\"creators\":[\"A \",\" \"]}\n",
    );
    assert_eq!(reasons(&found), [(1, "work_id is empty")]);
    let row = found[1].as_ref().unwrap();
    assert_eq!(
        (row.work.work_id.as_str(), row.role.as_str()),
        ("w", "master")
    );
    assert_eq!(row.work.creators, ["A"]);
}

#[test]
fn a_header_that_would_be_kept_with_every_row_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    for (columns, reason) in [
        ("x,".repeat(1000), "more than 1000 columns"),
        ("x".repeat(300), "longer than 256 bytes"),
    ] {
        std::fs::write(&path, format!("work_id,{columns}\n1,2\n")).unwrap();
        let error = open(&path).err().unwrap().to_string();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn a_catalog_without_ids_or_of_another_kind_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, contents) in [("a.csv", "title\nx\n"), ("b.xlsx", "PK"), ("c.csv", "")] {
        let path = folder.path().join(name);
        std::fs::write(&path, contents).unwrap();
        assert!(matches!(open(&path), Err(Error::Catalog { .. })), "{name}");
    }
    assert!(matches!(
        open(&folder.path().join("none.csv")),
        Err(Error::Io { .. })
    ));
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    assert!(matches!(
        open(&folder.path().join("empty")),
        Err(Error::Catalog { .. })
    ));
}

#[test]
fn records_read_again_keep_their_ids() {
    let text = "work_id,reservation,licensee,license_uses\nw,all,Acme,train\n";
    let ids = || {
        let row = rows("a.csv", text).remove(0).unwrap();
        (
            row.reservation.unwrap().reservation_id,
            row.license.unwrap().license_id,
        )
    };
    assert_eq!(ids(), ids());
    assert!(ids().0.starts_with("R-") && ids().1.starts_with("L-"));
}

proptest! {
    #[test]
    fn any_bytes_are_rows_or_rejects(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut contents = b"work_id,path,reservation\n".to_vec();
        contents.extend_from_slice(&bytes);
        for reject in rows("a.csv", &contents).into_iter().filter_map(std::result::Result::err) {
            prop_assert!(!reject.reason.is_empty());
        }
        rows("a.jsonl", &bytes);
    }
}

#[test]
fn a_column_that_stands_twice_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.csv");
    std::fs::write(&path, "Work ID,path,work_id\na,a.txt,b\n").unwrap();
    let refused = open(&path).err().unwrap().to_string();
    assert!(
        refused.contains("two columns are named work_id"),
        "{refused}"
    );
    // What has no meaning here may.
    std::fs::write(&path, "work_id,path,note,note\na,a.txt,x,y\n").unwrap();
    assert_eq!(open(&path).unwrap().flatten().count(), 1);
}
