use std::collections::BTreeSet;
use std::fs;

use clearance_rights::Verdict;
use clearance_scan::{Exhibit, Finding, RowCounts};
use tempfile::TempDir;

use super::*;
use crate::sample;
use crate::summary::{Coverage, Summary, WorkSummary};

fn page_of(summary: &Summary, findings: &[Finding], exhibits: &[Exhibit]) -> String {
    let out = TempDir::new().unwrap();
    sample::write(out.path(), summary, findings, exhibits);
    render_html(out.path()).unwrap();
    fs::read_to_string(out.path().join(REPORT)).unwrap()
}

/// A page with one finding of each medium.
fn small_page() -> String {
    let findings = [
        sample::picture(3),
        sample::recording(7),
        sample::quotation(11),
    ];
    let exhibits: Vec<Exhibit> = findings.iter().map(sample::exhibit).collect();
    page_of(&sample::summary(&findings), &findings, &exhibits)
}

/// What a reader sees: the text between the tags, a line for each block.
fn visible_text(page: &str) -> String {
    const INLINE: [&str; 14] = [
        "a", "b", "bdi", "code", "dd", "dt", "i", "input", "label", "legend", "small", "span",
        "td", "th",
    ];
    let body = page.split_once("</style>").unwrap().1;
    let mut text = String::new();
    for piece in body.split('<').skip(1) {
        let (tag, words) = piece.split_once('>').unwrap();
        let name = tag
            .trim_start_matches('/')
            .split_whitespace()
            .next()
            .unwrap();
        text.push(if INLINE.contains(&name) { ' ' } else { '\n' });
        text.push_str(&words.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    let lines = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Names of the tags that stand open at the end, and of closing tags in the wrong place.
fn unbalanced(page: &str) -> Vec<String> {
    const VOID: [&str; 4] = ["meta", "img", "input", "path"];
    let mut open = Vec::new();
    let mut wrong = Vec::new();
    let page = page.replace("<!doctype html>", "");
    for piece in page.split('<').skip(1) {
        let tag = piece.split_once('>').unwrap().0;
        let name = tag.split_whitespace().next().unwrap();
        if let Some(closed) = name.strip_prefix('/') {
            if open.pop().as_deref() != Some(closed) {
                wrong.push(tag.to_owned());
            }
        } else if !VOID.contains(&name) {
            open.push(name.to_owned());
        }
    }
    wrong.extend(open);
    wrong
}

fn attributes<'p>(page: &'p str, name: &str) -> Vec<&'p str> {
    let start = format!(" {name}=\"");
    page.split(&start)
        .skip(1)
        .map(|rest| rest.split_once('"').unwrap().0)
        .collect()
}

/// The page from the heading `from` on, up to the heading `to`.
fn part<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let start = text.find(from).unwrap();
    let end = text[start..].find(to).unwrap();
    text[start..start + end].trim_end()
}

#[test]
fn the_answer_and_the_coverage_come_first() {
    let text = visible_text(&small_page());
    let part = part(&text, "Clearance report", "\nFindings\n");
    insta::assert_snapshot!(part, @"
    Clearance report
    Scanned Findings Settings
    3 rows contain registered works, 1 finding is over policy.
    20 rows in 1 file were scanned against 460 registered works. 3 findings of 3 works.
    May this dataset be used to train a generative model by Acme in DE on 2026-01-31?
    Over policy 1 finding
    Incomplete 85.0% of the rows were examined
    Opt-out: a finding is over policy when a reservation of the work covers this use and no license does, or when its records are unclear.
    What was scanned
    20 rows = 14 clear + 3 matched + 2 unreadable + 1 skipped
    clear 14 70.0% every item was examined, and nothing was found
    matched 3 15.0% at least one item contains a registered work
    unreadable 2 10.0% an item could not be read, and nothing was found in the others
    skipped 1 5.0% an item was left aside, and nothing was found in the others
    Items by medium
    Medium Items Examined Matched Unreadable Skipped In part Extent
    Audio 5 4 1 1 0 0 90 min
    Images 8 6 1 1 1 0 3.5 megapixels
    Text 7 7 1 0 0 0 12,345 words
    Not examined, or not as a whole
    What became of it Reason Items
    unreadable corrupt a known format, damaged beyond reading 2
    skipped url not fetched the row names an address, which was not fetched 1
    Each item is listed with its place and the full reason in coverage.parquet .
    Rows by file
    File Size Rows Clear Matched Unreadable Skipped
    train-00000.parquet 1.2 MB 20 14 3 2 1
    ");
}

#[test]
fn findings_read_by_rightsholder_and_work() {
    let text = visible_text(&small_page());
    let part = part(&text, "\nFindings\n", "\nSettings\n").trim_start();
    insta::assert_snapshot!(part, @"
    Findings
    reserved 1 a reservation covers the use, and no license does
    licensed 1 a license covers the use
    unreserved 1 neither a reservation nor a license covers the use
    Evidence is very strong when fewer than 10⁻³⁰ findings like it are expected by chance in this whole scan, strong below 10⁻¹⁰, moderate otherwise; that number is given as chance . Rows are counted from 0 in their file.
    Verdict All Reserved 1 Licensed 1 Unreserved 1
    Medium All Audio 1 Images 1 Text 1
    Northlight Records
    3 works, 3 findings, 1 over policy
    Title of W-1
    Ada, Ben W-1
    1 finding , 1 over policy
    reserved
    Reservation R-1 reserves train-generative on 2026-01-31.
    Reservation R-1
    train-00000.parquet row 3 column image item 0
    Copy of the whole work
    Item
    Registered picture
    strong evidence mirrored, then turned 90° clockwise 7 of 256 bits differ
    score 0.750 chance 2.5 × 10⁻³⁰ finding F-0000000000000003
    Title of W-2
    Ada, Ben W-2
    1 finding
    licensed
    License L-1 to anyone covers train-generative on 2026-01-31.
    License L-1
    train-00000.parquet row 7 column audio item 0
    Excerpt of the work
    Item 0:00.0 – 0:30.0
    Work 1:01.5 – 1:31.5
    very strong evidence 1,412 of 1,530 peaks aligned 88 landmarks agree
    score 0.900 chance 1.0 × 10⁻⁸⁸ finding F-0000000000000007
    Title of W-3
    Ada, Ben W-3
    1 finding
    unreserved
    No reservation of work W-3 covers train-generative on 2026-01-31.
    train-00000.parquet row 11 column text item 0
    Excerpt of the work
    It was a quiet morning.
    moderate evidence 137 words agree 98.4% identity characters 1,204 to 2,011 of the item, 88 to 895 of the work same passage in 1 other registered work
    score 0.600 chance 3.0 × 10⁻⁹ finding F-000000000000000b
    ");
}

#[test]
fn a_part_of_a_picture_is_outlined() {
    let findings = [sample::cutting(3), sample::picture(4)];
    let exhibits: Vec<Exhibit> = findings.iter().map(sample::exhibit).collect();
    let page = page_of(&sample::summary(&findings), &findings, &exhibits);
    assert_eq!(unbalanced(&page), Vec::<String>::new());
    assert_eq!(page.matches("class=\"outline\"").count(), 2);
    assert!(page.contains("style=\"left:12%;top:30%;width:36%;height:42%\""));
    assert!(page.contains("style=\"left:0%;top:0%;width:50%;height:50%\""));
    let text = visible_text(&page);
    let part = part(&text, "train-00000.parquet row 3", "score").trim_start();
    insta::assert_snapshot!(part, @"
    train-00000.parquet row 3 column image item 0
    Part of the work
    Item, work outlined
    Registered picture, part seen outlined
    strong evidence turned 15° clockwise shown at 72% of the item&#x27;s size at 12–48% across, 30–72% down the item shows the top left quarter of the work 31 of 58 places agree
    ");
}

#[test]
fn the_settings_come_last() {
    let text = visible_text(&small_page());
    let part = part(&text, "\nSettings\n", "\nA finding says").trim_start();
    insta::assert_snapshot!(part, @"
    Settings
    What produced these results: settings, versions, digests
    Policy
    mode opt-out
    use train-generative
    as of 2026-01-31
    licensee Acme
    territory DE
    Dataset
    input train-00000.parquet
    column picture image
    coverage asked for every row, every item as a whole
    Limits on each item
    audio_duration_s 43,200
    Decoys
    made of 10% of the recordings and pictures without a match
    audio a work was found in 0 of 19, so by chance in 0 of all items, at most 28 (95%); by the E-values in 0.04
    Registry
    digest (BLAKE3) efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef
    generation 4
    works 460
    assets 512
    Program
    name clearance
    version 0.1.0
    fingerprint parameters audio&#x2f;1, image&#x2f;1, text&#x2f;1
    Files by the BLAKE3 of their Parquet footer
    train-00000.parquet cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd
    ");
}

#[test]
fn the_page_is_well_formed() {
    let page = small_page();
    assert_eq!(unbalanced(&page), Vec::<String>::new());
    let ids = attributes(&page, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len());
    for target in attributes(&page, "aria-labelledby") {
        assert!(unique.contains(target), "{target}");
    }
    for link in attributes(&page, "href") {
        assert!(unique.contains(link.strip_prefix('#').unwrap()), "{link}");
    }
    assert_eq!(page.matches("<img").count(), attributes(&page, "alt").len());
}

#[test]
fn the_page_needs_no_network_and_no_scripts() {
    let page = small_page();
    for forbidden in [
        "<script",
        "<link",
        "<iframe",
        "http:",
        "https:",
        "url(",
        "@import",
        "@font-face",
    ] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(page.contains("default-src 'none'"));
    assert_eq!(attributes(&page, "src").len(), 2);
    assert!(
        attributes(&page, "src")
            .iter()
            .all(|source| source.starts_with("data:image/jpeg;base64,"))
    );
}

#[test]
fn the_same_results_are_the_same_bytes() {
    assert_eq!(small_page(), small_page());
}

#[test]
fn hostile_strings_stay_text() {
    const HOSTILE: &str = "</title></style><script>alert(1)</script>\"><img src=x onerror='alert(2)'>\u{202e}\x1b[2J\0{{ 7 * 7 }}";
    let hostile = || HOSTILE.to_owned();
    let findings: Vec<Finding> = [
        sample::picture(0),
        sample::recording(1),
        sample::quotation(2),
    ]
    .into_iter()
    .map(|finding| Finding {
        finding_id: format!("{} {HOSTILE}", finding.finding_id),
        file: hostile(),
        column_name: hostile(),
        work_id: format!("{} {HOSTILE}", finding.work_id),
        asset_id: hostile(),
        reservation_id: Some(hostile()),
        license_id: Some(hostile()),
        reason: hostile(),
        ..finding
    })
    .collect();
    let exhibits: Vec<Exhibit> = findings
        .iter()
        .map(|finding| Exhibit {
            finding_id: finding.finding_id.clone(),
            excerpt: Some(hostile()),
            thumbnail: Some(hostile()),
            work_thumbnail: Some(hostile()),
        })
        .collect();
    let mut summary = sample::summary(&findings);
    for work in &mut summary.works {
        work.title = Some(hostile());
        work.creators = vec![hostile()];
        work.rightsholder = Some(format!("{} {HOSTILE}", work.work_id));
    }
    for file in &mut summary.totals.files {
        file.file = hostile();
        file.footer_blake3 = hostile();
        file.damage = Some(hostile());
    }
    summary.totals.reasons = [(format!("{HOSTILE}: {HOSTILE}"), 3)].into();
    summary.registry.digest = hostile();
    summary.policy.mode = hostile();
    summary.policy.use_ = hostile();
    summary.policy.as_of = hostile();
    summary.policy.licensee = Some(hostile());
    summary.policy.territory = Some(hostile());
    summary.settings.inputs = vec![hostile()];
    summary.settings.columns = [(hostile(), hostile())].into();
    summary.settings.limits = [(hostile(), 1.5)].into();
    summary.tool.name = hostile();
    summary.tool.version = hostile();
    summary.tool.params = vec![hostile()];

    let page = page_of(&summary, &findings, &exhibits);
    for forbidden in ["<script", "<img", "onerror='", "\u{202e}", "\x1b", "\0"] {
        assert!(!page.contains(forbidden), "{forbidden:?}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)"));
    assert!(page.contains("‹U+202E›␛[2J␀{{ 7 * 7 }}"));
    assert_eq!(page.matches("</style>").count(), 1);
    assert_eq!(page.matches("</title>").count(), 1);
    assert_eq!(unbalanced(&page), Vec::<String>::new());
}

#[test]
fn hostile_names_beside_pictures_stay_text() {
    let finding = Finding {
        column_name: "\"><script>alert(1)</script>".to_owned(),
        ..sample::cutting(0)
    };
    let exhibits = [sample::exhibit(&finding)];
    let mut summary = sample::summary(std::slice::from_ref(&finding));
    summary.works[0].title = Some("\"><script>alert(2)</script>".to_owned());
    let page = page_of(&summary, &[finding], &exhibits);
    assert!(!page.contains("<script"));
    assert_eq!(page.matches("&lt;script&gt;alert(1)").count(), 2);
    assert_eq!(unbalanced(&page), Vec::<String>::new());
}

#[test]
fn what_is_left_out_is_said() {
    let mut findings: Vec<Finding> = (0..25).map(sample::picture).collect();
    findings.extend((0..520).map(|number| Finding {
        work_id: format!("X-{number:03}"),
        ..sample::quotation(100 + number)
    }));
    let text = visible_text(&page_of(&sample::summary(&findings), &findings, &[]));
    assert!(text.contains(
        "This page shows 500 works. 21 more works with their findings are in findings.parquet."
    ));
    assert!(text.contains("21 more works of this rightsholder in findings.parquet."));
    assert!(
        text.contains("The strongest are shown; 5 more findings of this work in findings.parquet.")
    );
    assert!(text.contains("17 more findings\n"));
    assert_eq!(text.matches(" column image item 0\n").count(), 20);
}

#[test]
fn many_files_are_shown_with_the_troubled_ones_first() {
    let findings = [sample::picture(0)];
    let mut summary = sample::summary(&findings);
    let whole = RowCounts {
        rows: 20,
        clear: 20,
        ..RowCounts::default()
    };
    let template = summary.totals.files[0].clone();
    summary.totals.files = (0..300)
        .map(|number| clearance_scan::FileTotals {
            file: format!("shard-{number:03}.parquet"),
            rows: whole,
            damage: (number == 299).then(|| "corrupt: no footer".to_owned()),
            ..template.clone()
        })
        .collect();
    let text = visible_text(&page_of(&summary, &findings, &[]));
    assert!(text.contains("100 more files are in summary.json."));
    assert!(text.contains("200 files"));
    assert!(text.contains("shard-299.parquet Not read: corrupt: no footer"));
    assert!(!text.contains("shard-250.parquet"));
}

#[test]
fn an_empty_scan_says_so() {
    let mut summary = sample::summary(&[]);
    summary.totals = clearance_scan::Totals::default();
    summary.coverage = Coverage {
        examined_share: 1.0,
        complete: true,
    };
    let page = page_of(&summary, &[], &[]);
    let text = visible_text(&page);
    assert!(
        text.starts_with("Clearance report\nScanned Findings Settings\nNo rows were scanned.\n"),
        "{text}"
    );
    assert!(text.contains("Nothing over policy"));
    assert!(text.contains("No registered work was found in the items that were examined."));
    assert_eq!(unbalanced(&page), Vec::<String>::new());
    assert!(!page.contains("<table"));
}

#[test]
fn an_incomplete_scan_never_looks_clean() {
    let text = visible_text(&page_of(&sample::summary(&[]), &[], &[]));
    assert!(
        text.contains(
            "Nothing over policy in what was examined\nIncomplete 85.0% of the rows were examined"
        ),
        "{text}"
    );
    let mut lenient = sample::summary(&[]);
    lenient.settings.min_coverage = Some(0.8);
    let text = visible_text(&page_of(&lenient, &[], &[]));
    assert!(
        text.contains("Coverage as asked 85.0% of the rows were examined, 80% asked for"),
        "{text}"
    );
}

#[test]
fn a_decision_is_said_once_when_all_findings_share_it() {
    let shared: Vec<Finding> = (0..4).map(sample::picture).collect();
    let text = visible_text(&page_of(&sample::summary(&shared), &shared, &[]));
    assert_eq!(text.matches("Reservation R-1 reserves").count(), 1);

    let other = Finding {
        verdict: Verdict::Review,
        reason: "It is unclear.".to_owned(),
        ..sample::picture(4)
    };
    let differing: Vec<Finding> = shared.into_iter().chain([other]).collect();
    let text = visible_text(&page_of(&sample::summary(&differing), &differing, &[]));
    assert_eq!(text.matches("Reservation R-1 reserves").count(), 4);
    assert_eq!(text.matches("It is unclear.").count(), 1);
}

#[test]
fn works_without_a_rightsholder_come_last_under_their_own_heading() {
    let findings = [
        sample::picture(0),
        sample::picture(1),
        sample::recording(2),
        sample::quotation(3),
    ];
    let mut summary = sample::summary(&findings);
    summary.works[0].rightsholder = Some("  ".to_owned());
    summary.works[1] = WorkSummary {
        title: None,
        rightsholder: None,
        ..summary.works[1].clone()
    };
    let text = visible_text(&page_of(&summary, &findings, &[]));
    let sections: Vec<&str> = text.split("Medium All ").nth(1).unwrap().lines().collect();
    let place = |wanted: &str| sections.iter().position(|line| *line == wanted).unwrap();
    assert!(place("Northlight Records") < place("Rightsholder not stated"));
    assert!(place("Rightsholder not stated") < place("Title not stated"));
}

#[test]
fn results_without_exhibits_still_make_a_page() {
    let out = TempDir::new().unwrap();
    let findings = [sample::picture(0), sample::quotation(1)];
    sample::write(out.path(), &sample::summary(&findings), &findings, &[]);
    fs::remove_file(out.path().join("exhibits.jsonl")).unwrap();
    render_html(out.path()).unwrap();
    let text = visible_text(&fs::read_to_string(out.path().join(REPORT)).unwrap());
    assert!(text.contains("No pictures are kept for this finding."));
    assert!(text.contains("No passage is kept for this finding."));
}
