use super::super::stream::Codec;
use super::*;

fn read(text: &[u8], is_tab: bool) -> (Dialect, Vec<String>, Vec<Vec<String>>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    std::fs::write(&path, text).unwrap();
    let open = || Stream::open(&path, Codec::Plain).unwrap();
    let dialect = Dialect::detect(&mut open(), is_tab).unwrap();
    let mut records = Records::new(open(), dialect.splitting());
    let names = columns(&mut records, dialect).unwrap();
    let mut parser = Parser::new(dialect);
    let (mut buffer, mut rows) = (Vec::new(), Vec::new());
    while records.next(&mut buffer).unwrap().is_some() {
        let cells = parser.cells(without_end(&buffer));
        rows.push(
            cells
                .map(|cell| String::from_utf8_lossy(cell).into_owned())
                .collect(),
        );
    }
    (dialect, names, rows)
}

#[test]
fn separators_are_told_by_the_first_line() {
    for (text, delimiter) in [
        ("a,b\n1,2\n", b','),
        ("a;b\n1;2\n", b';'),
        ("a\tb\n1\t2\n", b'\t'),
        ("a\n1\n", b','),
    ] {
        assert_eq!(
            read(text.as_bytes(), false).0.delimiter,
            delimiter,
            "{text}"
        );
    }
}

#[test]
fn cells_are_those_of_the_csv_crate() {
    let (_, names, rows) = read(
        b"\xef\xbb\xbfa,b\r\n\"x \"\"y\"\", z\",\r\n\"1\r\n2\",3\r\n",
        false,
    );
    assert_eq!(names, ["a", "b"]);
    assert_eq!(rows, [["x \"y\", z", ""], ["1\r\n2", "3"]]);
}

#[test]
fn quotes_are_letters_where_rows_fit_better_so() {
    let (dialect, _, rows) = read(b"path\tsentence\na\t\"Go on\nb\tsaid he\"\nc\td\n", true);
    assert!(!dialect.has_quotes);
    assert_eq!(rows[0], ["a", "\"Go on"]);
    let (dialect, _, rows) = read(b"a\tb\n\"x\ty\"\tz\n\"1\n2\"\t3\n", true);
    assert!(dialect.has_quotes);
    assert_eq!(rows[0], ["x\ty", "z"]);
}

#[test]
fn a_first_line_of_values_is_a_row() {
    let text = b"a boat in the small old harbor\thttps://example.org/1.jpg\nanother\thttps://example.org/2.jpg\n";
    let (_, names, rows) = read(text, true);
    assert_eq!(names, ["column1", "column2"]);
    assert_eq!(rows.len(), 2);
    let (_, names, rows) = read(b"clips/1.mp3,tide\nclips/2.mp3,ferry\n", false);
    assert_eq!((names.len(), rows.len()), (2, 2));
    assert_eq!(names, ["column1", "column2"]);
}

#[test]
fn wrong_widths_and_other_encodings_are_told() {
    let dialect = Dialect {
        delimiter: b',',
        has_quotes: true,
    };
    let mut parser = Parser::new(dialect);
    let error = parser.row(b"a,b,c", 2).unwrap_err().to_string();
    assert_eq!(error, "corrupt: 3 values where the table has 2 columns");
    let wide = "x,".repeat(5000);
    assert_eq!(parser.row(wide.as_bytes(), 5001).unwrap().len(), 5001);
    assert_eq!(parser.row(b"a,b", 2).unwrap(), [b"a", b"b"]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    std::fs::write(&path, b"\xff\xfea\0,\0b\0").unwrap();
    let mut stream = Stream::open(&path, Codec::Plain).unwrap();
    let error = Dialect::detect(&mut stream, false).unwrap_err().to_string();
    assert!(error.starts_with("unsupported: UTF-16"), "{error}");
}
