//! What holds of a catalog file, whatever is in it.

use std::fs;
use std::path::Path;

use bytes::Bytes;
use clearance_decode::{Reason, Unreadable, guard};
use clearance_index::catalog::{self, AssetSource, CatalogRow, Reject};
use clearance_rights::{Identifier, Territory, UseSet, Work};
use parquet::file::metadata::ParquetMetaDataReader;

type Row = Result<CatalogRow, Reject>;

/// Rows that are read here. Files of text have fewer lines; a small Parquet file may hold millions.
const MOST_ROWS: usize = 40_000;
/// Longest reason of a reject, in bytes: it is printed on one line.
const LONGEST_REASON: usize = 2048;
/// What the rows of a file may take in memory, as a multiple of the file's length. A cell of one
/// letter comes with the name of its column.
const MOST_HELD: usize = 512;
/// The same for small files, in bytes.
const LEAST_HELD: usize = 1 << 20;

/// Reads `bytes` as a catalog of this file name, twice, and checks what was read.
pub(crate) fn check(name: &str, bytes: &[u8]) {
    thread_local! {
        static FOLDER: tempfile::TempDir = tempfile::tempdir().unwrap();
    }
    FOLDER.with(|folder| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        match (read(&path), read(&path)) {
            (Ok(first), Ok(second)) => {
                assert!(
                    alike(&first, &second, folder.path()),
                    "{first:?}\n{second:?}"
                );
                check_rows(&first, &Bounds::of(name, bytes), bytes.len());
            }
            (Err(first), Err(second)) => {
                assert_eq!(first, second);
                check_reason(first.strip_prefix(path.to_str().unwrap()).unwrap());
            }
            (first, second) => panic!("{first:?}\n{second:?}"),
        }
    });
}

/// How many rows and rejects there may be, and which lines they may name.
struct Bounds {
    rows: u64,
    lines: u64,
    /// Whether every record stands on a line of its own.
    is_by_line: bool,
}

impl Bounds {
    fn of(name: &str, bytes: &[u8]) -> Self {
        let count = |wanted: u8| bytes.split(|&byte| byte == wanted).skip(1).count() as u64;
        let lines = count(b'\n') + 1;
        let (rows, lines, is_by_line) = match name.rsplit('.').next() {
            // A message is read twice, and either time may have something to say of an element.
            Some("xml") => (2 * count(b'<') + 1, lines, false),
            Some("parquet") => return Self::of_table(bytes),
            _ => (lines, lines, true),
        };
        Self {
            rows,
            lines,
            is_by_line,
        }
    }

    /// A table says itself how many rows it has, and in how many groups: each may end with a
    /// reject.
    fn of_table(bytes: &[u8]) -> Self {
        let claimed = guard(|| {
            let bytes = Bytes::copy_from_slice(bytes);
            ParquetMetaDataReader::new()
                .parse_and_finish(&bytes)
                .map_err(|error| Unreadable::new(Reason::Corrupt, error.to_string()))
        });
        let claimed = claimed.map_or(0, |metadata| {
            let groups = metadata.row_groups().iter();
            let rows = groups.map(|group| group.num_rows().max(0) as u64 + 1);
            rows.fold(0, u64::saturating_add)
        });
        Self {
            rows: claimed,
            lines: claimed,
            is_by_line: false,
        }
    }
}

fn read(path: &Path) -> Result<Vec<Row>, String> {
    let rows = catalog::open(path).map_err(|error| error.to_string())?;
    Ok(rows.take(MOST_ROWS).collect())
}

fn alike(first: &[Row], second: &[Row], folder: &Path) -> bool {
    first.len() == second.len()
        && first.iter().zip(second).all(|(first, second)| {
            first == second || is_elsewhere(first, folder) || is_elsewhere(second, folder)
        })
}

/// Whether a row depends on files outside the catalog's folder, which others may change.
fn is_elsewhere(row: &Row, folder: &Path) -> bool {
    match row {
        Ok(row) => matches!(&row.asset, AssetSource::Files(files) if files.iter().any(|file| {
            !file.starts_with(folder) || file.components().any(|part| part.as_os_str() == "..")
        })),
        Err(reject) => reject.reason.contains(".."),
    }
}

fn check_rows(rows: &[Row], bounds: &Bounds, file_bytes: usize) {
    assert!(rows.len() as u64 <= bounds.rows, "{} rows", rows.len());
    let mut last = 0;
    let mut held = 0;
    for row in rows {
        let line = row
            .as_ref()
            .map_or_else(|reject| reject.line, |row| row.line);
        assert!((1..=bounds.lines).contains(&line), "line {line}");
        assert!(
            !bounds.is_by_line || line > last,
            "line {line} after {last}"
        );
        last = line;
        match row {
            Ok(row) => {
                check_row(row);
                held += size(row);
            }
            Err(reject) => {
                check_reason(&reject.reason);
                let id = reject.work_id.as_deref().unwrap_or_default();
                assert!(id.len() <= 1024, "an id of {} bytes", id.len());
                held += reject.reason.len() + id.len();
            }
        }
    }
    assert!(
        held <= MOST_HELD * file_bytes + LEAST_HELD,
        "{held} bytes of rows"
    );
}

/// A reason fits on one line of a terminal and cannot move its cursor.
fn check_reason(reason: &str) {
    assert!(!reason.is_empty());
    assert!(reason.len() <= LONGEST_REASON, "{} bytes", reason.len());
    assert!(!reason.contains(char::is_control), "{reason:?}");
}

fn check_row(row: &CatalogRow) {
    check_work(&row.work);
    assert!(!row.role.is_empty());
    if let AssetSource::Files(files) = &row.asset {
        assert!(!files.is_empty());
    }
    if let Some(reservation) = &row.reservation {
        assert_eq!(reservation.work_id, row.work.work_id);
        assert!(reservation.reservation_id.starts_with("R-"));
        check_terms(reservation.uses, &reservation.territory);
    }
    if let Some(license) = &row.license {
        assert_eq!(license.work_id, row.work.work_id);
        assert!(!license.license_id.is_empty());
        check_terms(license.uses, &license.territory);
    }
}

fn check_work(work: &Work) {
    let id = &work.work_id;
    assert!(
        (1..=1024).contains(&id.len()) && !id.contains(char::is_control),
        "{id:?}"
    );
    assert_ne!(id.trim(), "");
    for identifier in &work.identifiers {
        let again = Identifier::parse(identifier.kind(), identifier.value());
        assert_eq!(again.as_ref(), Ok(identifier));
    }
    for creator in &work.creators {
        assert_ne!(creator.trim(), "");
    }
}

/// Records store these as text and read them again.
fn check_terms(uses: UseSet, territory: &Territory) {
    assert_eq!(uses.to_string().parse(), Ok(uses));
    assert_eq!(UseSet::parse_license(&uses.to_string()), Ok(uses));
    assert_eq!(territory.to_string().parse().as_ref(), Ok(territory));
}

/// About what a row's texts take in memory.
fn size(row: &CatalogRow) -> usize {
    let work = &row.work;
    let extra: usize = work
        .extra
        .iter()
        .map(|(name, text)| name.len() + text.len())
        .sum();
    let creators: usize = work.creators.iter().map(String::len).sum();
    let asset = match &row.asset {
        AssetSource::Inline(text) => text.len(),
        AssetSource::Files(files) => files.iter().map(|file| file.as_os_str().len()).sum(),
        AssetSource::None => 0,
    };
    let texts = [work.title.clone(), work.rightsholder()]
        .into_iter()
        .flatten();
    work.work_id.len() + texts.map(|text| text.len()).sum::<usize>() + extra + creators + asset
}
