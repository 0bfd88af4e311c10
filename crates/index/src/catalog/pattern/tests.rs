use super::*;

fn tree() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for path in [
        "a.wav",
        "B.wav",
        "c.txt",
        ".d.wav",
        "e/a.wav",
        "e/f/g.wav",
        "e/f/[x].txt",
        "h i/a.wav",
    ] {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, b"").unwrap();
    }
    folder
}

#[test]
fn patterns_fit_what_they_fit_in_the_glob_crate() {
    let folder = tree();
    let root = folder.path().to_str().unwrap();
    let up = format!(
        "../{}/*.wav",
        folder.path().file_name().unwrap().to_str().unwrap()
    );
    for pattern in [
        "*.wav",
        "?.wav",
        "[!a].wav",
        "e/*",
        "*/*.wav",
        "**/*.wav",
        "**/**/f/*",
        "e/**/g*",
        "*/a.wav",
        "./e/./*.wav",
        "e/f/[[]x].txt",
        "h ?/a.wav",
        "e/../*.txt",
        "**/e/**/*",
        "none/*",
        "a.wav/*",
        &up,
    ] {
        let expected = glob::glob(&format!("{root}/{pattern}")).unwrap();
        let mut expected: Vec<PathBuf> = expected.map(Result::unwrap).collect();
        expected.sort();
        let found = files(folder.path(), pattern).unwrap_or_default();
        assert_eq!(
            found.iter().collect::<Vec<_>>(),
            expected.iter().collect::<Vec<_>>(),
            "{pattern}"
        );
    }
}

#[test]
fn a_pattern_that_is_none_or_fits_nothing_is_refused() {
    let folder = tree();
    for (pattern, reason) in [
        ("[", "path: Pattern syntax error"),
        ("x**", "path: "),
        ("*.mp3", "no file fits"),
    ] {
        let error = files(folder.path(), pattern).unwrap_err();
        assert!(error.starts_with(reason), "{error}");
    }
}

#[test]
#[cfg(unix)]
fn a_circle_of_links_ends() {
    let folder = tree();
    for link in ["one", "two", "e/three"] {
        std::os::unix::fs::symlink(folder.path(), folder.path().join(link)).unwrap();
    }
    let walk = Walk::new("**/none", 10_000).unwrap();
    let error = walk.run(folder.path()).unwrap_err();
    assert!(error.contains("leads to more than"), "{error}");
}
