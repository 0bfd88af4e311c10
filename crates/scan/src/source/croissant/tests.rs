use super::*;

#[test]
fn files_outside_of_the_folder_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("croissant.json");
    for part in [
        r#"{"@type": "FileObject", "contentUrl": "../a.jsonl"}"#,
        r#"{"@type": "FileObject", "contentUrl": "/etc/passwd"}"#,
        r#"{"@type": "FileSet", "includes": "../*.jsonl"}"#,
    ] {
        let text = format!(
            r#"{{"conformsTo": "http://mlcommons.org/croissant/1.0", "distribution": [{part}]}}"#
        );
        std::fs::write(&path, text).unwrap();
        let error = files(&path).unwrap_err().to_string();
        assert!(error.contains("leads out of the folder"), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_are_refused() {
    let outside = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("a.jsonl"), "{}\n").unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("data")).unwrap();
    let path = folder.path().join("croissant.json");
    for part in [
        r#"{"@type": "FileObject", "contentUrl": "data/a.jsonl"}"#,
        r#"{"@type": "FileSet", "includes": "data/*.jsonl"}"#,
    ] {
        let text = format!(
            r#"{{"conformsTo": "http://mlcommons.org/croissant/1.0", "distribution": [{part}]}}"#
        );
        std::fs::write(&path, text).unwrap();
        let error = files(&path).unwrap_err().to_string();
        assert!(
            error.contains("a link that leads out of the folder"),
            "{error}"
        );
    }
}

#[test]
fn other_json_is_no_description() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    for text in [
        "",
        "[1]",
        "{\"distribution\": []}",
        "{\"conformsTo\": \"croissant\"}",
    ] {
        std::fs::write(&path, text).unwrap();
        assert!(files(&path).unwrap().is_none(), "{text}");
    }
}
