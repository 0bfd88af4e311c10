use clearance_testkit::forms::{self, FormRow};

use super::*;

fn rows() -> Vec<FormRow> {
    let row = |number: usize| FormRow {
        name: format!("row-{number}"),
        file: Some(("png".to_owned(), vec![number as u8; 100])),
        text: (number % 3 != 1).then(|| format!("The text of row number {number} of all.")),
        url: None,
    };
    (0..10).map(row).collect()
}

fn forms() -> [Vec<u8>; 2] {
    [
        forms::arrow_stream(&rows(), 4).unwrap(),
        forms::feather(&rows(), 4).unwrap(),
    ]
}

#[test]
fn batches_are_read_in_any_order_from_files_and_streams() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.arrow");
    for bytes in forms() {
        std::fs::write(&path, bytes).unwrap();
        let (surveyed, form, _) = survey(&path).unwrap();
        assert_eq!(surveyed.rows, [4, 4, 2]);
        assert!(surveyed.damage.is_none());
        assert_eq!(surveyed.samples[1].texts.len(), 3);
        let mut source = ArrowSource::open(&path, &form).unwrap();
        for number in [2, 0, 1, 1] {
            let batch = source.batch(number).unwrap();
            assert_eq!(batch.num_rows() as u64, surveyed.rows[number]);
        }
        assert!(source.batch(3).is_err());
    }
}

#[test]
fn what_is_cut_off_or_changed_is_named_or_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.arrow");
    for whole in forms() {
        for end in (0..whole.len()).step_by(29) {
            std::fs::write(&path, &whole[..end]).unwrap();
            match survey(&path) {
                Ok((surveyed, ..)) if surveyed.rows.iter().sum::<u64>() < 10 => {
                    let at_border = surveyed.damage.is_none();
                    assert!(!at_border || !whole.starts_with(FILE_MAGIC), "{end}");
                }
                Ok(_) | Err(_) => {}
            }
        }
        for at in (0..whole.len()).step_by(7) {
            let mut changed = whole.clone();
            changed[at] ^= 0xff;
            std::fs::write(&path, &changed).unwrap();
            if let Ok((surveyed, form, _)) = survey(&path)
                && let Ok(mut source) = ArrowSource::open(&path, &form)
            {
                for number in 0..surveyed.rows.len() {
                    guard(|| source.batch(number)).ok();
                }
            }
        }
    }
}

#[test]
fn buffers_that_claim_to_unpack_to_more_than_there_is_memory_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.arrow");
    let mut bytes = forms::feather(&rows(), 10).unwrap();
    std::fs::write(&path, &bytes).unwrap();
    let (_, form, _) = survey(&path).unwrap();
    let frame = form.batches[0].frame;
    // The first word of the body is a length before compression, or -1 for none.
    let length = u32::from_le_bytes(bytes[frame.offset as usize..][..4].try_into().unwrap());
    let body = frame.offset as usize + 4 + length as usize;
    bytes[body..body + 8].copy_from_slice(&(1i64 << 50).to_le_bytes());
    std::fs::write(&path, &bytes).unwrap();
    let (surveyed, ..) = survey(&path).unwrap();
    let damage = surveyed.damage.unwrap().to_string();
    assert!(
        damage.starts_with("limit: arrow: a batch that unpacks"),
        "{damage}"
    );
}
