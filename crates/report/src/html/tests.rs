use std::collections::BTreeSet;
use std::fs;
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use clearance_scan::{Exhibit, Finding, RowCounts};
use flate2::read::ZlibDecoder;
use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::sample;
use crate::summary::{Coverage, Summary};

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
    const INLINE: [&str; 16] = [
        "a", "b", "bdi", "br", "code", "dd", "dt", "i", "input", "label", "option", "small",
        "span", "td", "th", "select",
    ];
    let body = page.split_once("</style>").unwrap().1;
    let body = body.split_once("</footer>").unwrap().0;
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
    const VOID: [&str; 6] = ["br", "meta", "input", "path", "rect", "!doctype"];
    let mut open = Vec::new();
    let mut wrong = Vec::new();
    // The script's own text has angles of another kind.
    let page = page.split_once("<script>").unwrap().0.to_owned() + "</body></html>";
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
    let part = part(&text, "Clearance report", "\nOverview\n");
    insta::assert_snapshot!(part, @"
    Clearance report
    Scanned Overview Findings Settings
    3 rows contain registered works, 1 finding is over policy.
    20 rows in 1 file were scanned against 460 registered works. 3 findings of 3 works.
    May this dataset be used to train a generative model by Acme in DE on 2026-01-31?
    Over policy 1 finding
    Incomplete 85.0% of the rows were examined
    Opt-out: a finding is over policy when a reservation of the work covers this use and no license does, or when its records are unclear.
    What was scanned
    20 rows = 14 clear + 3 matched + 2 unreadable + 1 skipped
    clear 14 70.0% every item was examined, and nothing was found
    matched 3 15.0% at least one item contains a registered work, or declares something about its use
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

/// A block of the page's data.
fn block(page: &str, id: &str) -> serde_json::Value {
    let start = format!("<script type=\"application/octet-stream\" id=\"{id}\">");
    let packed = page.split_once(&start).expect(id).1;
    let packed = packed.split_once("</script>").unwrap().0;
    let mut text = String::new();
    ZlibDecoder::new(BASE64.decode(packed).unwrap().as_slice())
        .read_to_string(&mut text)
        .unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_overview_reads_without_a_script() {
    let text = visible_text(&small_page());
    let part = part(&text, "\nOverview\n", "\nSettings\n").trim_start();
    insta::assert_snapshot!(part, @"
    Overview
    By verdict
    reserved 1 a reservation covers the use, and no license does
    licensed 1 a license covers the use
    unreserved 1 neither a reservation nor a license covers the use
    By medium
    Audio 1
    Images 1
    Text 1
    Where in the dataset
    Each file from its first row to its last. Bars show findings on a logarithmic scale, their dark parts those over policy.
    train-00000.parquet 3 findings
    How strong
    Findings by score, from 0 to 1, on a logarithmic scale. Decoys are items with their notes shuffled, and negatives of pictures: what is found in them, chance has made. Weak scores of decoys are shown although they are not reported.
    Audio 1 finding; no decoys were searched for.
    score 0 0.5 1
    As a table
    Score Findings
    0.90 to 0.95 1
    Images 1 finding; no decoys were searched for.
    score 0 0.5 1
    As a table
    Score Findings
    0.75 to 0.80 1
    Text 1 finding; no decoys were searched for.
    score 0 0.5 1
    As a table
    Score Findings
    0.60 to 0.65 1
    By rightsholder and work
    1 rightsholder
    Rightsholder Works Findings Over policy
    Northlight Records 3 3 1
    3 works
    Work Rightsholder Findings Over policy
    Title of W-1 W-1 Ada, Ben Northlight Records 1 1
    Title of W-2 W-2 Ada, Ben Northlight Records 1 0
    Title of W-3 W-3 Ada, Ben Northlight Records 1 0
    How far to trust this
    False findings, audio: a work was found in 0 of 19 decoys, which puts the items that hold a work by chance at 0, and at no more than 28 with 95% confidence; the limit on E-values allows 0.04.
    Recall, audio: 100.0% of the copies hidden among unrelated items were found, 189 of 189 (at 95% by Wilson 98.0% to 100.0%). They had been altered: re-encoded, cut to 5 to 30 s, louder or quieter, put into another recording. The figure is not of this dataset; over 58 harder kinds of alteration (noise, speech and music on top, pitch, tempo, speed, reverb, excerpts of 1 s and more) 0.90 to 0.93 of the copies are reported.
    Recall, image: 99.4% of the copies hidden among unrelated items were found, 341 of 343 (at 95% by Wilson 97.9% to 99.8%). They had been altered: re-encoded, resized, mirrored, gray, brighter. The figure is not of this dataset; over 61 harder kinds of alteration (turns, crops, frames, overlays, screenshots, collages, chains of them) 0.91 to 0.93 of the copies are reported.
    Recall, text: 100.0% of the copies hidden among unrelated items were found, 192 of 192 (at 95% by Wilson 98.0% to 100.0%). They had been altered: whole texts and quotations of 50 to 300 words, unchanged or with other line breaks and cases. The figure is not of this dataset; of quotations of 20 words 0.72 are reported where every fifth word is replaced, and 0.84 where sentences change places; passages of fewer than about twelve words are not looked for.
    Findings
    The list of findings needs JavaScript, which is off here. 3 findings of this scan stand, with places, evidence and verdicts, in findings.parquet and findings.jsonl ; clearance explain shows any of them.
    Search Medium all Verdict all Kind all Evidence all Rightsholder all Review all not reviewed confirmed rejected contested unsure Order strongest first weakest first as in the dataset by work by rightsholder
    Show all
    Print these with their evidence
    Arrow keys move, Enter reads the finding; c confirms, r rejects, u is unsure.
    Review
    Decisions stay in this browser until they are saved to a file. clearance report OUT --decisions FILE merges the files of all reviewers into this page and into summary.json .
    Your name
    Save decisions
    Read decisions from a file
    Evidence is very strong when fewer than 10⁻³⁰ findings like it are expected by chance in this whole scan, strong below 10⁻¹⁰, moderate below 1, weak otherwise. Rows are counted from 0 in their file.
    ");
}

#[test]
fn the_data_hold_every_finding() {
    let page = small_page();
    let index = block(&page, "data-index");
    assert_eq!(
        index["id"],
        json!([
            "F-0000000000000003",
            "F-0000000000000007",
            "F-000000000000000b"
        ])
    );
    assert_eq!(
        (&index["row"], &index["media"], &index["verdict"]),
        (&json!([3, 7, 11]), &json!("iat"), &json!("dlu"))
    );
    assert_eq!(index["strength"], "svm");
    assert_eq!(index["digits"], json!([29.6, 88.0, 8.5]));
    assert_eq!(
        index["works"][1],
        json!(["W-2", "Title of W-2", "Ada, Ben", 0])
    );
    assert_eq!(index["holders"], json!(["Northlight Records"]));
    let cards = block(&page, "data-cards-0");
    assert_eq!(
        cards[1]["facts"],
        json!(["1,412 of 1,530 peaks aligned", "88 landmarks agree"])
    );
    assert_eq!(cards[0]["reservation"], "R-1");
    assert_eq!(index["exhibit"], json!([0, 0, 0]));
    let exhibits = block(&page, "data-exhibits-0");
    assert_eq!(exhibits["0"]["item_jpeg"], sample::JPEG);
    assert_eq!(
        exhibits["2"]["passages"]["item"][1],
        json!([false, "quiet "])
    );
    assert_eq!(exhibits["1"]["sound"]["shapes"][3][0], "aligned");
}

#[test]
fn the_policy_allows_this_script_and_this_style_alone() {
    let page = small_page();
    let policy = attributes(&page, "content")[0];
    let style = page
        .split_once("<style>")
        .unwrap()
        .1
        .split_once("</style>")
        .unwrap()
        .0;
    let script = page
        .split_once("<script>")
        .unwrap()
        .1
        .split_once("</script>")
        .unwrap()
        .0;
    assert!(
        policy.starts_with("default-src 'none'; img-src data:; media-src blob:; "),
        "{policy}"
    );
    assert!(
        policy.contains(&format!("style-src {}; ", hash_source(style))),
        "{policy}"
    );
    assert!(
        policy.contains(&format!("script-src {}; ", hash_source(script))),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"));
    assert_eq!(page.matches("<script>").count(), 1);
}

#[test]
fn the_script_makes_no_markup_out_of_data() {
    for forbidden in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "DOMParser",
        "fetch(",
        "XMLHttpRequest",
        "import(",
    ] {
        assert!(!SCRIPT.contains(forbidden), "{forbidden}");
    }
    assert!(!SCRIPT.contains("</script"));
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
    declarations in items read
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
fn the_page_needs_no_network() {
    let page = small_page();
    let page = page.replace("http://www.w3.org/2000/svg", "");
    for forbidden in [
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
    assert_eq!(attributes(&page, "src"), Vec::<&str>::new());
}

#[test]
fn the_same_results_are_the_same_bytes() {
    assert_eq!(small_page(), small_page());
}

const HOSTILE: &str = "</title></style><script>alert(1)</script>\"><img src=x onerror='alert(2)'>\u{202e}\x1b[2J\0{{ 7 * 7 }}";

fn hostile() -> String {
    HOSTILE.to_owned()
}

/// A summary in which strangers' strings are hostile wherever they can be.
fn hostile_summary(findings: &[Finding]) -> Summary {
    let mut summary = sample::summary(findings);
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
    summary
}

#[test]
fn hostile_strings_stay_text() {
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
            work_excerpt: Some(hostile()),
            sound: None,
        })
        .collect();
    let summary = hostile_summary(&findings);
    let page = page_of(&summary, &findings, &exhibits);
    for forbidden in [
        "<script>alert",
        "<img",
        "onerror='",
        "\u{202e}",
        "\x1b",
        "\0",
    ] {
        assert!(!page.contains(forbidden), "{forbidden:?}");
    }
    assert_eq!(
        page.matches("<script").count(),
        page.matches("<script type").count() + 1
    );
    // The same strings in the data are data.
    let index = block(&page, "data-index");
    let title = index["works"][0][1].as_str().unwrap();
    assert!(
        title.contains("</script>") && title.contains("‹U+202E›␛[2J␀"),
        "{title}"
    );
    assert!(page.contains("&lt;script&gt;alert(1)"));
    assert!(page.contains("‹U+202E›␛[2J␀{{ 7 * 7 }}"));
    assert_eq!(page.matches("</style>").count(), 1);
    assert_eq!(page.matches("</title>").count(), 1);
    assert_eq!(unbalanced(&page), Vec::<String>::new());
}

#[test]
fn results_that_do_not_belong_together_are_refused() {
    let out = TempDir::new().unwrap();
    let findings = [sample::picture(0), sample::recording(1)];
    sample::write(
        out.path(),
        &sample::summary(&findings[..1]),
        &findings[..1],
        &[],
    );
    let refused = |findings: &[Finding]| {
        sample::write(
            out.path(),
            &sample::summary(&[sample::picture(0)]),
            findings,
            &[],
        );
        render_html(out.path()).unwrap_err().to_string()
    };
    assert!(refused(&findings).contains("work W-2 is not in summary.json"));
    assert!(refused(&[]).contains("0 findings, summary.json has 1"));
}

#[test]
fn decisions_are_on_the_page_and_in_the_summary() {
    let out = TempDir::new().unwrap();
    let findings = [sample::picture(0), sample::recording(1)];
    sample::write(out.path(), &sample::summary(&findings), &findings, &[]);
    let file = out.path().join("ada.json");
    let text = r#"{"format":"clearance-decisions","version":1,"reviewer":"Ada","decisions":[
        {"finding_id":"F-0000000000000001","decision":"rejected","comment":"<b>no</b>","date":"2026-02-03"}]}"#;
    fs::write(&file, text).unwrap();
    crate::review(out.path(), &[file]).unwrap();
    let page = fs::read_to_string(out.path().join(REPORT)).unwrap();
    let decision = &block(&page, "data-index")["decisions"][0];
    assert_eq!(decision[0], 1);
    assert_eq!(
        decision[1],
        json!({"reviewer": "Ada", "decision": "rejected", "comment": "<b>no</b>", "date": "2026-02-03"})
    );
    assert!(
        visible_text(&page)
            .contains("1 finding was reviewed: 0 confirmed, 1 rejected, 0 contested, 0 unsure.")
    );
    let summary = Summary::read(out.path()).unwrap();
    assert_eq!(summary.review.unwrap().confirmed_rate.of, 1);
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
        text.starts_with(
            "Clearance report\nScanned Overview Findings Settings\nNo rows were scanned.\n"
        ),
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
fn results_without_exhibits_still_make_a_page() {
    let out = TempDir::new().unwrap();
    let findings = [sample::picture(0), sample::quotation(1)];
    sample::write(out.path(), &sample::summary(&findings), &findings, &[]);
    fs::remove_file(out.path().join("exhibits.jsonl")).unwrap();
    render_html(out.path()).unwrap();
    let page = fs::read_to_string(out.path().join(REPORT)).unwrap();
    assert_eq!(block(&page, "data-index")["exhibit"], json!([-1, -1]));
}

#[test]
fn what_items_declare_stands_apart_from_what_was_recognized() {
    let findings = [sample::declared(1), sample::picture(3), sample::stripped(3)];
    let mut summary = sample::summary(&findings);
    summary
        .declarations
        .schemes
        .insert("plus:DataMining".to_owned(), 2);
    let exhibits = [sample::exhibit(&findings[1]), sample::exhibit(&findings[2])];
    let page = page_of(&summary, &findings, &exhibits);
    assert_eq!(unbalanced(&page), Vec::<String>::new());
    let text = visible_text(&page);
    for words in [
        "3 rows contain registered works or declare something about their use, 3 findings are over policy.",
        "2 findings of 1 work.",
        "1 finding rests on what an item declares about its own use. 1 copy has lost what its original declared. By scheme: plus:DataMining 2.",
    ] {
        assert!(text.contains(words), "{words}\n\n{text}");
    }
    let index = block(&page, "data-index");
    let kinds = index["kinds"].to_string();
    for kind in [
        "Declared by the item itself",
        "Copy without the declaration of its original",
    ] {
        assert!(kinds.contains(kind), "{kinds}");
    }
    assert_eq!(index["works"][1][1], "Items that are no registered work");
    let cards = block(&page, "data-cards-0");
    let declared = cards.as_array().unwrap().iter();
    let mut declared = declared.filter(|card| card["asset"] == "");
    let card = declared.next().unwrap();
    assert_eq!(
        card["facts"].to_string(),
        r#"["plus:DataMining in XMP (JPEG APP1)","says DMI-PROHIBITED","planned use: deny"]"#
    );
    // Nothing was compared, so there is no strength in it.
    assert!(card["read"].as_str().unwrap().contains("read in the item"));
}

#[test]
fn declarations_alone_make_a_page() {
    let findings = [sample::declared(1), sample::declared(2)];
    let summary = sample::summary(&findings);
    assert!(summary.works.is_empty());
    let page = page_of(&summary, &findings, &[]);
    let text = visible_text(&page);
    let answer = "3 rows declare something about their own use, 2 findings are over policy.";
    assert!(text.contains(answer), "{text}");
    assert!(!text.contains("No registered work was found"), "{text}");
    assert!(
        text.contains("scanned against 460 registered works.\n"),
        "{text}"
    );
    let index = block(&page, "data-index");
    assert_eq!(index["works"][0][1], "Items that are no registered work");
    assert_eq!(index["work"].to_string(), "[0,0]");
}

#[test]
fn what_a_stranger_declares_is_escaped() {
    let mut finding = sample::declared(1);
    let declaration = finding.declaration.as_mut().unwrap();
    declaration.value = "<script>alert(1)</script>".to_owned();
    declaration.policy_url = Some("javascript:alert(1)".to_owned());
    finding.reason = "<img src=x>".to_owned();
    let findings = [finding];
    let page = page_of(&sample::summary(&findings), &findings, &[]);
    assert!(!page.contains("<script>alert") && !page.contains("<img src=x>"));
    assert!(!page.contains("href=\"javascript"));
}
