use super::*;

#[test]
fn remote_inputs_are_told_from_paths() {
    for remote in [
        "s3://bucket/data/",
        "gs://bucket",
        "az://container/a.parquet",
        "abfss://container@account.dfs.core.windows.net/a.parquet",
        "https://example.com/a.parquet?X-Amz-Signature=abc",
        "HTTP://example.com/a.csv",
        "hf://datasets/owner/name",
    ] {
        assert!(is_remote(Path::new(remote)), "{remote}");
    }
    for local in [
        "data",
        "./s3:/bucket",
        "C:\\data",
        "file:///data",
        "a://b",
        "s3:/bucket",
    ] {
        assert!(!is_remote(Path::new(local)), "{local}");
    }
}

#[test]
fn signatures_and_passwords_are_not_shown() {
    let shown = |text| public(text).unwrap();
    assert_eq!(
        shown("https://user:secret@example.com/a/b.parquet?X-Amz-Signature=abc#top"),
        "https://example.com/a/b.parquet"
    );
    assert_eq!(
        shown("https://example.com?sig=a/b@c"),
        "https://example.com"
    );
    assert_eq!(
        shown("abfss://container@account.dfs.core.windows.net/a"),
        "abfss://container@account.dfs.core.windows.net/a"
    );
    assert_eq!(
        shown("s3://bucket/what?.parquet"),
        "s3://bucket/what?.parquet"
    );
    assert_eq!(public("data/part?.parquet"), None);
}

#[cfg(feature = "remote")]
#[test]
fn addresses_are_taken_apart() {
    let bucket = |root: &str, key: &str| Address::Bucket {
        root: root.to_owned(),
        key: key.to_owned(),
    };
    let parse = |text: &str| Address::parse(text).unwrap();
    assert_eq!(
        parse("s3://bucket/a b/%41#.csv"),
        bucket("s3://bucket", "a b/%41#.csv")
    );
    assert_eq!(parse("gs://bucket"), bucket("gs://bucket", ""));
    assert_eq!(
        parse("https://example.com/a.csv?x=1#y"),
        Address::Web {
            url: "https://example.com/a.csv?x=1".to_owned()
        }
    );
    let hub = |revision: &str, path: &str| {
        Address::Hub(HubAddress {
            repository: "owner/na.me".to_owned(),
            revision: revision.to_owned(),
            path: path.to_owned(),
        })
    };
    assert_eq!(parse("hf://datasets/owner/na.me"), hub("main", ""));
    assert_eq!(
        parse("hf://datasets/owner/na.me@v1/data/train/"),
        hub("v1", "data/train")
    );
    for wrong in [
        "s3:///key",
        "hf://owner/name",
        "hf://datasets/name",
        "hf://datasets/a b/c",
    ] {
        assert!(Address::parse(wrong).is_err(), "{wrong}");
    }
}
