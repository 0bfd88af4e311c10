//! The little XML of an EPUB's own files: elements in a row, and their attributes.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::text::encoding;

/// An element's name without its prefix, and its attributes without theirs.
pub(super) struct Element<'a> {
    start: BytesStart<'a>,
}

impl Element<'_> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.start.local_name().as_ref() == name
    }

    /// An attribute's value, its predefined and numeric references replaced. A reference to any
    /// other entity makes it `None`: nothing that a document declares is expanded.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let mut attributes = self.start.attributes();
        let found = attributes
            // Without it every attribute is compared with all before it.
            .with_checks(false)
            .flatten()
            .find(|it| it.key.local_name().as_ref() == name)?;
        let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
        Some(value.into_owned())
    }
}

/// Hands every opening tag of a document to `see`, up to the first place that is not XML.
pub(super) fn each_element(bytes: &[u8], mut see: impl FnMut(&Element<'_>)) {
    let Some(encoding) = encoding::detect_or(bytes, false, || None) else {
        return;
    };
    let text = encoding::decode(bytes, encoding, false);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start) | Event::Empty(start)) => see(&Element { start }),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}
