use tar::{Builder, EntryType, Header};

use super::super::stream::Codec;
use super::*;

/// Path, offset, kind and contents.
type Read = (String, u64, MemberKind, Vec<u8>);

fn all(archive: &[u8]) -> (Vec<Read>, Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    std::fs::write(&path, archive).unwrap();
    let mut members = Members::new(Stream::open(&path, Codec::Plain).unwrap());
    let mut found = Vec::new();
    loop {
        match members.next() {
            Ok(Some(member)) => {
                let mut bytes = Vec::new();
                let read = members.read(1 << 20, &mut bytes);
                found.push((member.path, member.offset, member.kind, bytes));
                if let Err(error) = read {
                    return (found, Some(error.to_string()));
                }
            }
            Ok(None) => return (found, None),
            Err(error) => return (found, Some(error.to_string())),
        }
    }
}

fn header(bytes: u64, kind: EntryType) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(bytes);
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header
}

/// Long names, attributes, links and a folder between two files.
fn archive() -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    let mut add = |name: &str, bytes: &[u8]| {
        let mut header = header(bytes.len() as u64, EntryType::Regular);
        builder.append_data(&mut header, name, bytes).unwrap();
    };
    add("a.txt", b"first");
    add(&format!("{}/b.txt", "long/".repeat(60)), b"second");
    let pax: [(&str, &[u8]); 2] = [("path", b"named in pax.txt"), ("comment", b"none")];
    builder.append_pax_extensions(pax).unwrap();
    let mut last = header(3, EntryType::Regular);
    builder
        .append_data(&mut last, "short.txt", &b"pax"[..])
        .unwrap();
    let mut link = header(0, EntryType::Symlink);
    builder
        .append_link(&mut link, "link.txt", "/etc/passwd")
        .unwrap();
    let mut folder = header(0, EntryType::Directory);
    builder
        .append_data(&mut folder, "folder/", &b""[..])
        .unwrap();
    builder.into_inner().unwrap()
}

#[test]
fn members_have_their_long_names_and_contents() {
    let (found, damage) = all(&archive());
    assert_eq!(damage, None);
    let names: Vec<(&str, &[u8], MemberKind)> = found
        .iter()
        .map(|(name, _, kind, bytes)| (name.as_str(), bytes.as_slice(), *kind))
        .collect();
    let long = format!("{}b.txt", "long/".repeat(60).replace("//", "/"));
    assert_eq!(names[0], ("a.txt", &b"first"[..], MemberKind::File));
    assert_eq!(names[1].0.replace("//", "/"), long);
    assert_eq!(names[1].1, b"second");
    assert_eq!(
        names[2],
        ("named in pax.txt", &b"pax"[..], MemberKind::File)
    );
    assert_eq!(
        names[3],
        ("link.txt", &b""[..], MemberKind::Other("a symbolic link"))
    );
    assert_eq!(names[4].2, MemberKind::Folder);
    // Archives behind one another are one.
    let twice = [archive(), archive()].concat();
    assert_eq!(all(&twice).0.len(), 2 * found.len());
}

#[test]
fn every_member_is_found_again_from_its_offset() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    std::fs::write(&path, archive()).unwrap();
    let mut members = Members::new(Stream::open(&path, Codec::Plain).unwrap());
    for (name, offset, _, contents) in all(&archive()).0.into_iter().rev() {
        members.go_to(offset).unwrap();
        let member = members.next().unwrap().unwrap();
        assert_eq!((&member.path, member.offset), (&name, offset));
        members.give_back(member);
        members.go_to(offset).unwrap();
        assert_eq!(members.next().unwrap().unwrap().path, name);
        let mut bytes = Vec::new();
        members.read(1 << 20, &mut bytes).unwrap();
        assert_eq!(bytes, contents);
    }
}

#[test]
fn archives_end_early_anywhere_without_harm() {
    let whole = archive();
    let (complete, _) = all(&whole);
    for end in (0..whole.len()).step_by(37) {
        let (found, damage) = all(&whole[..end]);
        assert!(found.len() <= complete.len());
        let at_border = end % 512 == 0;
        assert!(
            damage.is_some() || at_border || found.len() == complete.len(),
            "{end}"
        );
    }
}

#[test]
fn absurd_sizes_are_refused_before_memory_is_taken() {
    let with = |kind: EntryType, bytes: u64| {
        let mut header = header(bytes, kind);
        header.set_path("x").unwrap();
        header.set_cksum();
        header.as_bytes().to_vec()
    };
    for bytes in [u64::MAX >> 2, u64::MAX] {
        let (found, damage) = all(&with(EntryType::Regular, bytes));
        assert_eq!(found.len(), 1);
        assert!(damage.unwrap().contains("ends early"));
    }
    for kind in [EntryType::GNULongName, EntryType::XHeader] {
        let (_, damage) = all(&with(kind, 1 << 40));
        assert!(damage.unwrap().starts_with("limit: tar: "));
    }
    let mut wrong = with(EntryType::Regular, 0);
    wrong[0] ^= 1;
    assert_eq!(
        all(&wrong).1.unwrap(),
        "corrupt: tar: a header with a wrong checksum"
    );
}
