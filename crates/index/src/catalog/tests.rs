use clearance_rights::{Use, parse_date};
use proptest::prelude::*;

use super::*;

fn rows(name: &str, contents: impl AsRef<[u8]>) -> Vec<std::result::Result<CatalogRow, Reject>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, contents).unwrap();
    open(&path).unwrap().collect()
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
