//! Datasets that are published in a known form are read as what they are, without a word from the
//! user. `MANIFESTS.md` says what is read of each; it is held to what comes out here.
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot be written is a failed test"
)]

use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BinaryArray, RecordBatch, StringArray, StructArray, new_null_array,
};
use arrow_schema::{DataType, Field, Fields, Schema, TimeUnit};
use clearance_scan::{Holds, Overrides, Plan};
use clearance_testkit::forms::{self, FormRow};
use parquet::arrow::ArrowWriter;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

const PAGE: &str = include_str!("../MANIFESTS.md");
const CONTAINERS: &str = "## In other containers";
const ROWS: usize = 4;

/// A family of datasets: its name, its columns, and the values of some of them.
struct Family {
    name: &'static str,
    columns: Vec<Column>,
}

/// A column with its type; texts where they matter.
struct Column {
    name: &'static str,
    kind: DataType,
    values: Values,
}

enum Values {
    /// None: nothing depends on them.
    Null,
    /// A text for each row, in which `#` stands for its number.
    Text(&'static str),
    /// Bytes of a file and its name, in a struct; bytes may be left out.
    File {
        bytes: Option<&'static [u8]>,
        path: &'static str,
    },
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n....";
const WAV: &[u8] = b"RIFF$\x00\x00\x00WAVEfmt ";
const CAPTION: &str = "A small red boat number # in an old harbor";
const PROSE: &str =
    "It was a dark and stormy night number # in the harbor, and the lamp went out at last.";
const PICTURE: &str = "https://img#.example.org/pictures/#.jpg";
const PAGE_URL: &str = "https://www.example.org/news/#";

fn text(name: &'static str, values: &'static str) -> Column {
    Column {
        name,
        kind: DataType::Utf8,
        values: Values::Text(values),
    }
}

fn other(name: &'static str, kind: DataType) -> Column {
    Column {
        name,
        kind,
        values: Values::Null,
    }
}

fn file(name: &'static str, bytes: Option<&'static [u8]>, path: &'static str) -> Column {
    Column {
        name,
        kind: DataType::Struct(file_fields()),
        values: Values::File { bytes, path },
    }
}

fn file_fields() -> Fields {
    Fields::from(vec![
        Field::new("bytes", DataType::Binary, true),
        Field::new("path", DataType::Utf8, true),
    ])
}

fn list(item: DataType) -> DataType {
    DataType::List(Arc::new(Field::new("element", item, true)))
}

fn numbers(names: &[&'static str], kind: &DataType) -> Vec<Column> {
    names.iter().map(|name| other(name, kind.clone())).collect()
}

/// The families that `MANIFESTS.md` lists, with the columns of their published files.
#[expect(clippy::too_many_lines, reason = "a table, one entry a family")]
fn families() -> Vec<Family> {
    let family = |name, columns: Vec<Vec<Column>>| Family {
        name,
        columns: columns.into_iter().flatten().collect(),
    };
    let (int, long) = (DataType::Int32, DataType::Int64);
    let (float, double) = (DataType::Float32, DataType::Float64);
    vec![
        family(
            "LAION-5B, Re-LAION",
            vec![
                vec![text("URL", PICTURE), text("TEXT", CAPTION)],
                numbers(&["WIDTH", "HEIGHT"], &long),
                numbers(&["similarity"], &double),
                vec![other("hash", long.clone())],
                numbers(&["punsafe", "pwatermark"], &float),
                vec![text("LANGUAGE", "en")],
            ],
        ),
        family(
            "DataComp",
            vec![
                vec![
                    text("uid", "0f2e8a#c"),
                    text("url", PICTURE),
                    text("text", CAPTION),
                ],
                numbers(&["original_width", "original_height"], &long),
                numbers(
                    &["clip_b32_similarity_score", "clip_l14_similarity_score"],
                    &float,
                ),
                vec![other("face_bboxes", list(list(double.clone())))],
                vec![text(
                    "sha256",
                    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0#",
                )],
            ],
        ),
        family(
            "COYO-700M",
            vec![
                vec![
                    other("id", long.clone()),
                    text("url", PICTURE),
                    text("text", CAPTION),
                ],
                numbers(&["width", "height"], &long),
                vec![text("image_phash", "2a3f5e61d4c0b79#")],
                numbers(
                    &[
                        "text_length",
                        "word_count",
                        "num_tokens_bert",
                        "num_tokens_gpt",
                        "num_faces",
                    ],
                    &long,
                ),
                numbers(
                    &[
                        "clip_similarity_vitb32",
                        "clip_similarity_vitl14",
                        "nsfw_score_opennsfw2",
                        "nsfw_score_gantman",
                        "watermark_score",
                        "aesthetic_score_laion_v2",
                    ],
                    &float,
                ),
            ],
        ),
        family(
            "Conceptual Captions",
            vec![vec![
                text("image_url", "https://img#.example.org/view?id=#"),
                text("caption", CAPTION),
            ]],
        ),
        family(
            "img2dataset, metadata",
            vec![
                vec![
                    text("caption", CAPTION),
                    text("url", PICTURE),
                    text("key", "00000000#"),
                ],
                vec![text("status", "success"), text("error_message", "")],
                numbers(
                    &["width", "height", "original_width", "original_height"],
                    &int,
                ),
                vec![
                    text("exif", "{}"),
                    text(
                        "sha256",
                        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0#",
                    ),
                ],
            ],
        ),
        family(
            "img2dataset, pictures in Parquet",
            vec![
                vec![Column {
                    name: "jpg",
                    kind: DataType::Binary,
                    values: Values::Null,
                }],
                vec![
                    text("caption", CAPTION),
                    text("url", PICTURE),
                    text("key", "00000000#"),
                ],
                vec![text("status", "success"), text("error_message", "")],
                numbers(
                    &["width", "height", "original_width", "original_height"],
                    &int,
                ),
                vec![
                    text("exif", "{}"),
                    text(
                        "sha256",
                        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0#",
                    ),
                ],
            ],
        ),
        family(
            "WebDataset, as Parquet",
            vec![
                vec![
                    text("__key__", "00000/00000000#"),
                    text("__url__", "hf://datasets/a/b/0000#.tar"),
                ],
                vec![file("jpg", Some(PNG), "00000000#.jpg"), text("txt", PROSE)],
            ],
        ),
        family(
            "Hugging Face Image",
            vec![vec![
                file("image", Some(PNG), "#.png"),
                other("label", long.clone()),
            ]],
        ),
        family(
            "Hugging Face Audio",
            vec![vec![
                file("audio", Some(WAV), "#.wav"),
                text("text", PROSE),
                other("speaker_id", long.clone()),
            ]],
        ),
        family(
            "Hugging Face, paths alone",
            vec![vec![
                file("image", None, "images/#.png"),
                text("caption", CAPTION),
            ]],
        ),
        family(
            "Common Voice",
            vec![
                vec![
                    text("client_id", "ab12f#"),
                    text("path", "common_voice_en_#.mp3"),
                    text("sentence", PROSE),
                ],
                numbers(&["up_votes", "down_votes"], &long),
                vec![
                    text("age", "twenties"),
                    text("gender", "female"),
                    text("accent", "us"),
                    text("locale", "en"),
                    text("segment", ""),
                ],
            ],
        ),
        family(
            "LAION-DISCO-12M",
            vec![
                vec![
                    text("song_id", "dQw4w9WgXc#"),
                    text("title", "Night Ferry #"),
                ],
                vec![
                    other("artist_names", list(DataType::Utf8)),
                    other("artist_ids", list(DataType::Utf8)),
                ],
                vec![
                    text("album_name", "Low Tide"),
                    text("album_id", "MPREb_#"),
                    other("isExplicit", DataType::Boolean),
                ],
                vec![text("views", "#M plays"), other("duration", long.clone())],
            ],
        ),
        family(
            "FineWeb",
            vec![
                vec![
                    text("text", PROSE),
                    text("id", "<urn:uuid:0000#>"),
                    text("dump", "CC-MAIN-2024-10"),
                ],
                vec![
                    text("url", PAGE_URL),
                    text("date", "2024-02-2#T00:00:00Z"),
                    text("file_path", "s3://commoncrawl/crawl-data/#.warc.gz"),
                ],
                vec![
                    text("language", "en"),
                    other("language_score", double.clone()),
                    other("token_count", long.clone()),
                ],
            ],
        ),
        family(
            "C4, mC4",
            vec![vec![
                text("text", PROSE),
                other("timestamp", DataType::Timestamp(TimeUnit::Second, None)),
                text("url", PAGE_URL),
            ]],
        ),
        family(
            "Wikipedia",
            vec![vec![
                text("id", "12#"),
                text("url", PAGE_URL),
                text("title", "Harbor #"),
                text("text", PROSE),
            ]],
        ),
        family(
            "Dolma, as Parquet",
            vec![
                vec![
                    text("id", "a1b2#"),
                    text("text", PROSE),
                    text("source", "common-crawl"),
                    text("added", "2023-04-1#T08:57:03Z"),
                    text("created", "2020-01-1#T00:00:00Z"),
                ],
                vec![other(
                    "metadata",
                    DataType::Struct(Fields::from(vec![Field::new("url", DataType::Utf8, true)])),
                )],
            ],
        ),
        family(
            "Common Corpus",
            vec![
                vec![
                    text("identifier", "doc-#"),
                    text("collection", "US-PD-Books"),
                    text("open_type", "Open Culture"),
                    text("license", "Public Domain"),
                    text("date", "190#"),
                ],
                vec![
                    text("title", "The Lamp #"),
                    text("creator", "Ana Ruiz"),
                    text("language", "English"),
                    text("language_type", "Spoken"),
                ],
                numbers(&["word_count", "token_count"], &long),
                vec![text("text", PROSE)],
            ],
        ),
    ]
}

impl Column {
    fn array(&self) -> ArrayRef {
        let filled = |pattern: &str| -> Vec<String> {
            (0..ROWS)
                .map(|row| pattern.replace('#', &row.to_string()))
                .collect()
        };
        match self.values {
            Values::Null if self.name == "jpg" => Arc::new(BinaryArray::from(vec![PNG; ROWS])),
            Values::Null => new_null_array(&self.kind, ROWS),
            Values::Text(pattern) => Arc::new(StringArray::from(filled(pattern))),
            Values::File { bytes, path } => {
                let bytes: ArrayRef = Arc::new(BinaryArray::from(vec![bytes; ROWS]));
                let paths: ArrayRef = Arc::new(StringArray::from(filled(path)));
                Arc::new(StructArray::new(file_fields(), vec![bytes, paths], None))
            }
        }
    }
}

impl Family {
    fn write(&self, folder: &std::path::Path) -> PathBuf {
        let arrays: Vec<ArrayRef> = self.columns.iter().map(Column::array).collect();
        let fields = self.columns.iter().zip(&arrays);
        let fields: Vec<Field> = fields
            .map(|(column, array)| Field::new(column.name, array.data_type().clone(), true))
            .collect();
        let schema = Arc::new(Schema::new(fields));
        let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).unwrap();
        let path = folder.join("part-00000.parquet");
        let file = std::fs::File::create(&path).unwrap();
        let metadata = self.features().map(|features| {
            let pair = KeyValue::new("huggingface".to_owned(), features);
            vec![pair]
        });
        let properties = WriterProperties::builder().set_key_value_metadata(metadata);
        let properties = Some(properties.build());
        let mut writer = ArrowWriter::try_new(file, schema, properties).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        path
    }

    /// What the `datasets` library writes beside a schema with files in it.
    fn features(&self) -> Option<String> {
        let files = self.columns.iter().filter_map(|column| {
            let Values::File { path, .. } = column.values else {
                return None;
            };
            let kind = match path.rsplit_once('.') {
                Some((_, "wav")) => "Audio",
                _ => "Image",
            };
            Some(format!("\"{}\": {{\"_type\": \"{kind}\"}}", column.name))
        });
        let files: Vec<String> = files.collect();
        let files = files.join(", ");
        (!files.is_empty()).then(|| format!("{{\"info\": {{\"features\": {{{files}}}}}}}"))
    }

    /// The family's line of the page: what each column is read as.
    fn line(&self) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = self.write(folder.path());
        let names: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        format!(
            "| {} | `{}` | {} |",
            self.name,
            names.join("`, `"),
            read(path)
        )
    }
}

/// What each column of a dataset is read as.
fn read(path: PathBuf) -> String {
    let Ok(plan) = Plan::with_places(&[path], &Overrides::new()) else {
        return "nothing: it holds names and numbers, and the scan says so".to_owned();
    };
    let columns = plan.files[0].columns.iter().map(|column| {
        let media = column
            .media
            .map_or("file of any medium", clearance_decode::Media::as_str);
        let holds = match column.holds {
            Holds::File => media.to_owned(),
            Holds::Path => format!("{media}, by its path"),
            Holds::Url => format!("{media}, by its address: looked up, not fetched"),
            Holds::Text => "text".to_owned(),
            Holds::Origin => "address of the row: looked up".to_owned(),
        };
        format!("`{}` {holds}", column.name)
    });
    columns.collect::<Vec<_>>().join("; ")
}

/// Datasets in other containers than Parquet: a name, how the files are called, and their contents.
fn containers() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let filled = |pattern: &str| -> String {
        let lines = (0..ROWS).map(|row| pattern.replace('#', &row.to_string()));
        lines.collect()
    };
    let rows: Vec<FormRow> = (0..ROWS)
        .map(|row| FormRow {
            name: format!("00000000{row}"),
            file: Some(("jpg".to_owned(), PNG.to_vec())),
            text: Some(CAPTION.replace('#', &row.to_string())),
            url: Some(PICTURE.replace('#', &row.to_string())),
        })
        .collect();
    let dolma = r#"{"id": "a1b2#", "text": "PROSE", "source": "common-crawl", "added": "2023-04-1#T08:57:03Z", "created": "2020-01-1#T00:00:00Z", "metadata": {"url": "https://e.org"}}"#;
    let c4 = r#"{"text": "PROSE", "timestamp": "2019-04-2#T12:57:54Z", "url": "https://www.example.org/news/#"}"#;
    let pile = r#"{"text": "PROSE", "meta": {"pile_set_name": "Pile-CC"}}"#;
    let lines = |pattern: &str| filled(&(pattern.replace("PROSE", PROSE) + "\n")).into_bytes();
    let voice =
        "client_id\tpath\tsentence\tup_votes\tdown_votes\tage\tgender\taccent\tlocale\tsegment\n"
            .to_owned()
            + &filled(
                "8a#\tcommon_voice_en_#.mp3\tThe lamp \"went out at last.\t2\t0\t\t\t\ten\t\n",
            );
    let captions = filled(
        "a small red boat number # in an old harbor\thttps://img.example.org/pictures/#.jpg\n",
    );
    let table = filled(
        "{\"file_name\": \"#.png\", \"text\": \"A small red boat number # in an old harbor\"}\n",
    );
    vec![
        (
            "WebDataset, img2dataset",
            "00000.tar",
            forms::archive(&rows).unwrap(),
        ),
        (
            "Dolma",
            "books-0000.json.gz",
            forms::gzip(&lines(dolma)).unwrap(),
        ),
        (
            "C4, mC4",
            "c4-train.00000-of-01024.json.gz",
            forms::gzip(&lines(c4)).unwrap(),
        ),
        (
            "The Pile",
            "00.jsonl.zst",
            forms::zstd(&lines(pile)).unwrap(),
        ),
        ("Common Voice", "validated.tsv", voice.into_bytes()),
        (
            "Conceptual Captions, without a header",
            "Train_GCC-training.tsv",
            captions.into_bytes(),
        ),
        (
            "Hugging Face, folder of pictures with a table",
            "metadata.jsonl",
            table.into_bytes(),
        ),
        (
            "Hugging Face, cache of `datasets`",
            "data-00000-of-00001.arrow",
            forms::arrow_stream(&rows, 2).unwrap(),
        ),
    ]
}

#[test]
fn every_container_is_read_as_the_page_says() {
    let lines = containers().into_iter().map(|(name, file, bytes)| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(file);
        std::fs::write(&path, bytes).unwrap();
        format!("| {name} | `{file}` | {} |", read(path))
    });
    let mut lines: Vec<String> = lines.collect();
    let folder = tempfile::tempdir().unwrap();
    let row = FormRow {
        name: "boat".to_owned(),
        file: Some(("png".to_owned(), PNG.to_vec())),
        text: Some(CAPTION.to_owned()),
        url: None,
    };
    forms::write_folder(&[row], folder.path()).unwrap();
    lines.push(format!(
        "| Pictures with captions beside them | `boat.png`, `boat.txt` | {} |",
        read(folder.path().to_owned())
    ));
    let (_, page) = PAGE.split_once(CONTAINERS).unwrap();
    let (page, _) = page.split_once("What is read of each form").unwrap();
    assert_table(page, &lines);
}

/// Holds the rows of the tables in a part of the page to `lines`.
fn assert_table(page: &str, lines: &[String]) {
    let page: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| family"))
        .collect();
    assert_eq!(
        page,
        lines,
        "MANIFESTS.md should hold:\n{}",
        lines.join("\n")
    );
}

#[test]
fn every_family_is_read_as_the_page_says() {
    let lines: Vec<String> = families().iter().map(Family::line).collect();
    let (page, _) = PAGE.split_once(CONTAINERS).unwrap();
    assert_table(page, &lines);
    assert!(lines.len() >= 16);
}
