use super::*;

#[test]
fn paths_and_revisions_are_encoded() {
    let settings = RemoteSettings::default();
    let hub = Hub::new(&Transport::new("test"), &settings);
    let address = HubAddress {
        repository: "owner/name".to_owned(),
        revision: "refs/convert%2Fparquet".to_owned(),
        path: "data/a b#1?.parquet".to_owned(),
    };
    assert_eq!(
        hub.file(&address),
        "https://huggingface.co/datasets/owner/name/resolve/refs%2Fconvert%2Fparquet/data/a%20b%231%3F.parquet"
    );
}

#[test]
fn the_next_page_is_the_one_that_is_called_so() {
    let mut headers = HeaderMap::new();
    assert_eq!(following(&headers), None);
    let link = "<https://a/first>; rel=\"prev\", <https://a/x?cursor=1>; rel=\"next\"";
    headers.insert(LINK, link.parse().unwrap());
    assert_eq!(following(&headers).as_deref(), Some("https://a/x?cursor=1"));
}
