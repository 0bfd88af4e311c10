use proptest::prelude::*;

use super::*;

#[test]
fn prose_is_kept_and_the_rest_is_not() {
    let page = "<!DOCTYPE html><html><head><title>Title</title><style>p { x: 1 }</style>\
        <script>if (a < b) { document.write('<p>no</p>') }</script></head>\
        <body><!-- hidden --><h1>Moby&#8209;Dick</h1><p>Call me <b>Ish</b>mael.</p>\
        <noscript>Please enable</noscript><p>Some years ago&hellip;</p></body></html>";
    assert_eq!(
        html_to_text(page),
        "Moby\u{2011}Dick\nCall me Ishmael.\nSome years ago\u{2026}"
    );
}

#[test]
fn white_space_collapses_as_on_screen() {
    assert_eq!(html_to_text("  a \n\t b&nbsp;&nbsp;c  "), "a b c");
    assert_eq!(
        html_to_text("<p>a</p>\n\n<p>b</p><div></div><div>c</div>"),
        "a\nb\nc"
    );
    assert_eq!(html_to_text("a<br><br/>b"), "a\nb");
    assert_eq!(html_to_text("<pre>a\n  b\n\nc</pre> d"), "a\nb\nc\nd");
    assert_eq!(
        html_to_text("<table><tr><td>a<td>b<tr><td>c</table>"),
        "a b\nc"
    );
    assert_eq!(html_to_text(""), "");
}

#[test]
fn broken_markup_reads_on() {
    assert_eq!(
        html_to_text("<p>one<p>two</div></section>three"),
        "one\ntwo\nthree"
    );
    assert_eq!(html_to_text("1 < 2 && 3 > 2"), "1 < 2 && 3 > 2");
    assert_eq!(
        html_to_text("a<template>x<template>y</template>z</template>b"),
        "ab"
    );
    assert_eq!(html_to_text("a</template></script>b"), "ab");
    assert_eq!(html_to_text("unclosed <a href='x"), "unclosed");
    assert_eq!(
        html_to_text("&notanentity; &amp;amp;"),
        "\u{ac}anentity; &amp;"
    );
}

proptest! {
    #[test]
    fn any_markup_is_read_without_panic_or_growth(html in "(<[/!]?[a-z]{0,8}|[ -~]|&[a-z]{1,6};?){0,80}") {
        let text = html_to_text(&html);
        prop_assert!(text.len() <= html.len() * 2);
        prop_assert_eq!(text.trim(), &text[..]);
    }
}
