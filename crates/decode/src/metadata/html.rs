//! `meta` elements of HTML pages.

use html5gum::Tokenizer;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};

use super::bytes::{find, slice};
use super::{Carrier, Collector};
use crate::text::encoding;

/// How far into a page its head may reach.
const HEAD_BYTES: usize = 1 << 20;
/// Names that are read, besides those that begin with `tdm-`.
const NAMES: [&str; 9] = [
    "copyright",
    "license",
    "dc.rights",
    "dcterms.rights",
    "dcterms.license",
    "dc.identifier",
    "dcterms.identifier",
    "citation_isbn",
    "citation_doi",
];

pub(super) fn read(bytes: &[u8], collector: &mut Collector) {
    let head = slice(bytes, 0, HEAD_BYTES);
    // Pages in UTF-16 hide their words behind zeros.
    let is_wide = head.iter().take(64).any(|&byte| byte == 0);
    let folded = head.to_ascii_lowercase();
    let words: [&[u8]; 3] = [b"tdm-", b".identifier", b"citation_"];
    let is_wanted = |word: &&[u8]| find(&folded, word).is_some();
    if !is_wide && !collector.wants_everything() && !words.iter().any(is_wanted) {
        return;
    }
    let declared = || encoding::declared_in_html(head);
    let Some(encoding) = encoding::detect_or(head, head.len() < bytes.len(), declared) else {
        return;
    };
    let page = encoding::decode(head, encoding, head.len() < bytes.len());
    collector.next_packet();
    let mut meta = Meta::default();
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: html5gum::Span<()>| {
        meta.take(&event, collector);
        None::<std::convert::Infallible>
    });
    // Otherwise the inside of a script would be read as tags.
    emitter.naively_switch_states(true);
    let Ok(()) = Tokenizer::new_with_emitter(page.as_ref(), emitter).finish();
}

/// The element that is being read.
#[derive(Default)]
struct Meta {
    is_open: bool,
    attribute: Vec<u8>,
    name: String,
    content: Option<String>,
}

impl Meta {
    fn take(&mut self, event: &CallbackEvent<'_>, collector: &mut Collector) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                *self = Self {
                    is_open: *name == b"meta",
                    ..Self::default()
                };
            }
            CallbackEvent::AttributeName { name } if self.is_open => {
                self.attribute = name.to_ascii_lowercase();
            }
            CallbackEvent::AttributeValue { value } if self.is_open => {
                let value = String::from_utf8_lossy(value);
                match self.attribute.as_slice() {
                    b"name" | b"property" if self.name.is_empty() => {
                        self.name = value.trim().to_ascii_lowercase();
                    }
                    b"content" if self.content.is_none() => {
                        self.content = Some(value.into_owned());
                    }
                    _ => {}
                }
            }
            CallbackEvent::CloseStartTag { .. } if self.is_open => self.close(collector),
            _ => {}
        }
    }

    fn close(&mut self, collector: &mut Collector) {
        self.is_open = false;
        // EPUB's pages may use the property's name.
        let name = self.name.replace("tdm:", "tdm-");
        if name.starts_with("tdm-") || NAMES.contains(&name.as_str()) {
            let content = self.content.take().unwrap_or_default();
            collector.sign(Carrier::Html, name, &content, "HTML meta");
        }
    }
}
