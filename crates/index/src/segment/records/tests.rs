use clearance_rights::Use;

use super::*;

/// The tables of a registry from before there were co-owners, by the columns that they had.
fn write_old(works: &Path, rights: &Path) {
    let one = |text: &'static str| std::iter::once(Some(text));
    TableWriter::default()
        .text("work_id", one("w"))
        .text("title", one("Title"))
        .text("creators", one("[]"))
        .text("rightsholder", one("Smith; Sons (60 %)"))
        .text("identifiers", one("[]"))
        .text("extra", one("{}"))
        .text("source", one("a.csv + b.csv"))
        .text("state", std::iter::once(None))
        .write(works)
        .unwrap();
    TableWriter::default()
        .text("kind", [Some("reservation"), Some("license")].into_iter())
        .text("id", [Some("R"), Some("L")].into_iter())
        .text("work_id", [Some("w"); 2].into_iter())
        .text("party", [None, Some("Acme")].into_iter())
        .text("uses", [Some("train"); 2].into_iter())
        .date("from", [None; 2].into_iter())
        .date("until", [None; 2].into_iter())
        .text("territory", [Some("WORLD"); 2].into_iter())
        .text("source", [None; 2].into_iter())
        .write(rights)
        .unwrap();
}

#[test]
fn registries_from_before_there_were_co_owners_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let [works, rights] = ["works.parquet", "rights.parquet"].map(|name| folder.path().join(name));
    write_old(&works, &rights);
    let records = read_works(&works, &rights).unwrap();
    // One name, as it was meant then.
    let holder = Rightsholder {
        source: Some("a.csv".to_owned()),
        ..Rightsholder::new("Smith; Sons (60 %)")
    };
    assert_eq!(records[0].work.rightsholders, [holder]);
    assert_eq!(
        records[0].reservations,
        [Reservation::new("R", "w", Use::Train.into())]
    );
    let license = License {
        licensee: Some("Acme".to_owned()),
        ..License::new("L", "w", Use::Train.into())
    };
    assert_eq!(records[0].licenses, [license]);
    // Written again, it is the same in the columns of today.
    let again = folder.path().join("again.parquet");
    write_works(&again, &records).unwrap();
    write_rights(&rights, &records).unwrap();
    assert_eq!(read_works(&again, &rights).unwrap(), records);
}

#[test]
fn what_the_new_columns_cannot_hold_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    let [works, rights] = ["works.parquet", "rights.parquet"].map(|name| folder.path().join(name));
    write_old(&works, &rights);
    for holders in ["[{\"name\": \"A\", \"share\": 160}]", "A; B", "{}"] {
        let one = |text| std::iter::once(Some(text));
        TableWriter::default()
            .text("work_id", one("w"))
            .text("title", one("Title"))
            .text("creators", one("[]"))
            .text("rightsholder", one("A"))
            .text("rightsholders", one(holders))
            .text("identifiers", one("[]"))
            .text("extra", one("{}"))
            .text("source", one("a.csv"))
            .text("state", std::iter::once(None))
            .write(&works)
            .unwrap();
        let read = read_works(&works, &rights);
        assert!(
            matches!(read, Err(Error::Corrupt { .. })),
            "{holders}: {read:?}"
        );
    }
}

#[test]
fn what_an_asset_declared_is_kept_and_older_tables_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("assets.parquet");
    let page = "<meta name=tdm-reservation content=1>";
    let declaring = Asset {
        declarations: crate::embedded::embedded_in_page(page).declarations,
        ..crate::asset::tests::asset(1)
    };
    assert_eq!(declaring.declarations.len(), 1);
    let assets = [declaring, crate::asset::tests::asset(2)];
    write_assets(&path, &assets).unwrap();
    assert_eq!(read_assets(&path).unwrap(), assets);
    // A registry of somebody else's could hold anything.
    let text = serde_json::to_string(&assets[0].declarations).unwrap();
    let forged = text.replace("HTML meta", "\\u001b[2J");
    assert!(sound_declarations(&path, Some(forged)).is_err());
    assert_eq!(sound_declarations(&path, None).unwrap(), []);
}
