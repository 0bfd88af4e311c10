use super::*;
use crate::sample;

fn results() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut second = sample::recording(3);
    (second.query_start, second.query_end) = (Some(20.0), Some(50.0));
    second.finding_id = "F-00000000000000aa".to_owned();
    let findings = [
        sample::picture(0),
        sample::cutting(1),
        sample::recording(3),
        second,
        sample::quotation(4),
    ];
    let mut summary = sample::summary(&findings);
    summary.works[1].rightsholder = Some("Harbor Records; Ben <Cole>".to_owned());
    summary.works[2].rightsholder = Some("Lamp Press".to_owned());
    let exhibits: Vec<_> = findings.iter().map(sample::exhibit).collect();
    sample::write(folder.path(), &summary, &findings, &exhibits);
    folder
}

fn read(path: std::path::PathBuf) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn every_rightsholder_has_a_case_with_what_was_found() {
    let folder = results();
    let to = folder.path().join("to");
    let stated = write_statements(folder.path(), None, &to).unwrap();
    assert_eq!((stated.owners, stated.works, stated.findings), (4, 3, 5));
    let csv = read(to.join("statements.csv"));
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 5);
    let song = lines
        .iter()
        .find(|line| line.contains("Ben <Cole>"))
        .unwrap();
    // 0 to 30.04 and 20 to 50 overlap; one row of 20.
    assert!(song.contains(",audio,2,0,1,0.05,50.000,"), "{song}");
    assert!(csv.contains(",text,1,0,1,0.05,0.000,0,137,"), "{csv}");
    let case = song.split(',').next().unwrap();
    let page = read(to.join("cases").join(case).join("statement.html"));
    assert!(page.contains("Ben &lt;Cole&gt;") && !page.contains("Ben <Cole>"));
    assert!(page.contains("50.0 seconds"));
    // Two passages of one item.
    assert!(page.contains("in 48.3 kB of the dataset"), "{page}");
    let notice = read(to.join("cases").join(case).join("notice.txt"));
    assert!(notice.starts_with(&format!("Case {case}\n")), "{notice}");
    let credits = read(to.join("credits.txt"));
    assert_eq!(credits.lines().count(), 3);
    assert!(credits.contains("Title of W-2 by Ada, Ben (Harbor Records; Ben <Cole>)"));
}

#[test]
fn an_answer_says_nothing_about_others() {
    let folder = results();
    let to = folder.path().join("answer");
    let stated = write_answer(folder.path(), "lamp press", None, &to).unwrap();
    assert_eq!((stated.owners, stated.works, stated.findings), (1, 1, 1));
    let mut names: Vec<_> = fs::read_dir(&to)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "exhibits.jsonl",
            "findings.csv",
            "findings.jsonl",
            "notice.txt",
            "statement.csv",
            "statement.html"
        ]
    );
    for name in names {
        let text = read(to.join(&name));
        for other in ["W-1", "W-2", "Northlight", "Harbor", "Cole"] {
            assert!(!text.contains(other), "{name} names {other}");
        }
    }
    let nobody = write_answer(folder.path(), "Nobody", None, &folder.path().join("no")).unwrap();
    assert_eq!(nobody, Stated::default());
    assert!(!folder.path().join("no").exists());
}

#[test]
fn a_case_keeps_its_id_until_the_question_changes() {
    let mut summary = sample::summary(&[]);
    let first = case_id(&summary, "Lamp Press");
    assert_eq!(first, case_id(&summary, " lamp press"));
    assert_ne!(first, case_id(&summary, "Harbor Records"));
    summary.policy.as_of = "2027-01-31".to_owned();
    assert_ne!(first, case_id(&summary, "Lamp Press"));
}
