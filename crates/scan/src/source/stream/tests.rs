use std::io::Write;

use super::*;

fn packed(codec: Codec, bytes: &[u8]) -> Vec<u8> {
    match codec {
        Codec::Plain => bytes.to_vec(),
        Codec::Gzip => {
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
        Codec::Zstd => zstd::encode_all(bytes, 1).unwrap(),
    }
}

#[test]
fn offsets_are_of_unpacked_bytes_forward_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let bytes: Vec<u8> = (0..100_000u32).flat_map(u32::to_le_bytes).collect();
    for codec in [Codec::Plain, Codec::Gzip, Codec::Zstd] {
        let path = folder.path().join("a");
        // Two members or frames behind one another are one file.
        let (first, second) = bytes.split_at(150_000);
        let both = [packed(codec, first), packed(codec, second)].concat();
        std::fs::write(&path, both).unwrap();
        let mut stream = Stream::open(&path, codec).unwrap();
        for offset in [0u64, 399_996, 4, 150_000, 150_000] {
            stream.go_to(offset).unwrap();
            let mut word = [0; 4];
            stream.read_exact(&mut word).unwrap();
            assert_eq!(u64::from(u32::from_le_bytes(word)) * 4, offset, "{codec:?}");
            assert_eq!(stream.position(), offset + 4);
        }
        stream.go_to(0).unwrap();
        assert!(stream.skip(400_001).is_err());
    }
}

#[test]
fn what_is_cut_off_is_told_after_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let bytes: Vec<u8> = (0..200_000u32)
        .flat_map(|it| (it * 7919).to_le_bytes())
        .collect();
    for (codec, name) in [(Codec::Gzip, "gzip"), (Codec::Zstd, "zstd")] {
        let path = folder.path().join("a");
        let whole = packed(codec, &bytes);
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        let mut stream = Stream::open(&path, codec).unwrap();
        let mut read = Vec::new();
        let error = stream.read_to_end(&mut read).unwrap_err();
        assert!(!read.is_empty() && bytes.starts_with(&read), "{name}");
        let told = stream.damage(&error).to_string();
        assert!(
            told.starts_with(&format!("corrupt: the {name} ends early")),
            "{told}"
        );
    }
}

/// Zeros without end, out of next to nothing.
#[test]
fn a_bomb_is_stopped() {
    let mut bounded = Bounded {
        unpacked: Box::new(io::repeat(0)),
        packed: Arc::new(AtomicU64::new(10)),
        bytes: 0,
    };
    let mut buffer = vec![0; 1 << 20];
    let error = loop {
        if let Err(error) = bounded.read(&mut buffer) {
            break error;
        }
    };
    assert_eq!(bounded.bytes, FREE_BYTES + (1 << 20));
    let stream = Stream {
        path: PathBuf::new(),
        codec: Codec::Gzip,
        input: Box::new(io::empty()),
        position: 0,
    };
    let told = stream.damage(&error).to_string();
    assert!(
        told.starts_with("limit: unpacks to more than 400 times"),
        "{told}"
    );
}
