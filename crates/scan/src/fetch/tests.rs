use super::*;

#[test]
fn whoever_fetches_says_who_it_is() {
    for contact in [
        "https://lab.example/crawler",
        "http://lab.example",
        "crawler@lab.example",
    ] {
        let options = FetchOptions::new(contact, 0).unwrap();
        let agent = options.user_agent();
        assert!(agent.starts_with("clearance/"), "{agent}");
        assert!(agent.ends_with(&format!(" (+{contact})")), "{agent}");
    }
    for contact in [
        "",
        "me",
        "@lab.example",
        "me@",
        "me@lab",
        "https://",
        "https://lab",
        "ftp://lab.example",
        "me@lab.example\r\nX: y",
        "me@lab.example)",
        "a@b@lab.example",
        "Ana Ruiz <ana@lab.example>",
    ] {
        assert!(FetchOptions::new(contact, 0).is_err(), "{contact:?}");
    }
}

#[test]
fn headers_speak_of_what_they_came_with() {
    use clearance_rights::signals::Answer;
    use clearance_rights::{Mode, Policy, Use, parse_date};
    let policy = Policy::new(Mode::OptOut, Use::Train, parse_date("2020-01-01").unwrap());
    let record = |headers: &[(&str, &str)]| FetchRecord {
        url: "https://a.example/x.jpg?signed".to_owned(),
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..FetchRecord::default()
    };
    let answer = |headers: &[(&str, &str)]| {
        let said = record(headers).declared(&policy);
        said.answer(Use::Train).map(|found| found.answer)
    };
    assert_eq!(answer(&[]), None);
    assert_eq!(answer(&[("x-robots-tag", "noai")]), Some(Answer::Deny));
    assert_eq!(answer(&[("tdm-reservation", "1")]), Some(Answer::Deny));
    assert_eq!(
        answer(&[("content-usage", "train-ai=n")]),
        Some(Answer::Deny)
    );
    assert_eq!(
        answer(&[("content-usage", "train-ai=y")]),
        Some(Answer::Allow)
    );
    assert_eq!(
        answer(&[("content-type", "image/png"), ("x-robots-tag", "noimageai")]),
        Some(Answer::Deny)
    );
    // An index of search engines is not the planned use.
    assert_eq!(answer(&[("x-robots-tag", "noindex")]), None);
    assert!(record(&[("x-robots-tag", "noindex")]).keeps_copies_back());
    assert!(!record(&[("x-robots-tag", "noai")]).keeps_copies_back());
    let said = record(&[("x-robots-tag", "noai")]).declared(&policy);
    assert_eq!(
        said.declarations[0].place,
        "headers of https://a.example/x.jpg?signed"
    );
}
