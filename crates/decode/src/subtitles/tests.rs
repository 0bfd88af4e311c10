use proptest::prelude::*;

use super::*;

const SUB_RIP: &str = "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Call me</i> Ishmael.\r\n\r\n\
    2\r\n00:00:03,000 --> 00:00:05,000 X1:10 X2:20 Y1:1 Y2:2\r\n{\\an8}Some years ago,\r\n1851\r\n\r\n";

#[test]
fn sub_rip_keeps_what_is_said() {
    assert!(is_sub_rip(SUB_RIP));
    assert_eq!(cue_text(SUB_RIP), "Call me Ishmael.\nSome years ago,\n1851");
    let on_old_machines = SUB_RIP.replace("\r\n", "\r");
    assert_eq!(cue_text(&on_old_machines), cue_text(SUB_RIP));
}

#[test]
fn web_vtt_leaves_out_notes_styles_names_and_settings() {
    let file = "WEBVTT - a title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\n\
        REGION\nid:fred\n\nNOTE made\nby hand\n\nintro\n00:01.000 --> 00:02.000 align:start\n\
        <v Ahab>Have <c.loud>ye</c> seen &amp; heard\n<00:01.500>him?\n\n\
        00:00:02.000 --> 00:00:03.000\n1 < 2 <3\nNOTE this is said\n";
    assert!(is_web_vtt(file));
    assert_eq!(
        cue_text(file),
        "Have ye seen & heard\nhim?\n1 < 2 <3\nNOTE this is said"
    );
}

#[test]
fn other_text_is_not_taken_for_subtitles_and_not_lost() {
    for text in ["WEBVTTX", "1\nline", "a --> b", "", "12:30 lunch"] {
        assert!(!is_web_vtt(text) && !is_sub_rip(text), "{text}");
    }
    let prose = "Chapter\n1\nCall me --> Ishmael {sic} <";
    assert_eq!(cue_text(prose), prose);
}

#[test]
fn a_file_cut_anywhere_keeps_what_came_before() {
    let whole = cue_text(SUB_RIP);
    for end in 0..SUB_RIP.len() {
        let part = cue_text(&SUB_RIP[..end]);
        // A number or times that the cut leaves without their end are kept as they stand.
        let known = part.lines().filter(|line| whole.contains(line)).count();
        assert!(part.lines().count() - known <= 2, "{end}: {part}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_growth(text in "(\\PC|\n|-->|00:01.000|<|&lt;|NOTE ){0,60}", vtt: bool) {
        let text = if vtt { format!("WEBVTT\n\n{text}") } else { text };
        prop_assert!(cue_text(&text).len() <= text.len());
    }
}
