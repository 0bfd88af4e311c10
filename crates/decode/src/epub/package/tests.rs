use super::*;

#[test]
fn references_lead_to_paths_in_the_container() {
    let cases = [
        (
            "OEBPS/book.opf",
            "text/one.xhtml#top",
            "OEBPS/text/one.xhtml",
        ),
        ("OEBPS/book.opf", "../one%20two.xhtml", "one two.xhtml"),
        ("book.opf", "./%C3%A4.xhtml?x", "ä.xhtml"),
        ("a/b.opf", "../../../../etc/passwd", "etc/passwd"),
        ("a/b.opf", "/c.xhtml", "c.xhtml"),
        ("a/b.opf", "100%.xhtml%4", "a/100%.xhtml%4"),
    ];
    for (base, href, path) in cases {
        assert_eq!(resolve(base, href), path);
    }
}

#[test]
fn chapters_come_in_the_order_of_the_spine_and_once() {
    let package = br#"<!DOCTYPE package [<!ENTITY x "y">]><opf:package xmlns:opf="x"><opf:manifest>
        <opf:item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>
        <opf:item id="b" href="b&amp;c.xhtml" media-type="application/xhtml+xml"/>
        <opf:item id="cover" href="cover.jpg" media-type="image/jpeg"/>
        <opf:item id="odd" href="&x;.xhtml" media-type="application/xhtml+xml"/>
        </opf:manifest><opf:spine><opf:itemref idref="cover"/><opf:itemref idref="b" linear="no"/>
        <opf:itemref idref="a"/><opf:itemref idref="b"/><opf:itemref idref="lost"/>
        </opf:spine></opf:package>"#;
    assert_eq!(
        chapter_paths(package, "x/book.opf"),
        ["x/b&c.xhtml", "x/a.xhtml", "lost"]
    );
}

#[test]
fn fonts_may_be_obfuscated() {
    let encryption = br#"<encryption xmlns:enc="e"><enc:EncryptedData>
        <enc:EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/>
        <enc:CipherData><enc:CipherReference URI="OEBPS/font.otf"/></enc:CipherData>
        </enc:EncryptedData><enc:EncryptedData>
        <enc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>
        <enc:CipherData><enc:CipherReference URI="OEBPS/one%20two.xhtml"/></enc:CipherData>
        </enc:EncryptedData></encryption>"#;
    assert_eq!(
        locked_paths(encryption),
        BTreeSet::from(["OEBPS/one two.xhtml".to_owned()])
    );
}
