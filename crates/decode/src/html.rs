//! Markup to prose.

use html5gum::Tokenizer;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};

/// The readable text of an HTML page or fragment.
///
/// Scripts, styles, titles, templates and fallback content are left out; block elements start
/// a new line, table cells a new word; entities are decoded; white space collapses as it does
/// on screen, except inside `pre`. There are no blank lines, and none at either end.
/// Tokenizing follows the WHATWG HTML standard, section 13.2.5, so broken markup reads as it
/// would in a browser.
pub fn html_to_text(html: &str) -> String {
    let mut page = Page::default();
    let mut emitter =
        CallbackEmitter::new(|event: CallbackEvent<'_>, _span: html5gum::Span<()>| {
            page.take(&event);
            None::<std::convert::Infallible>
        });
    // Otherwise the inside of a script would be read as tags.
    emitter.naively_switch_states(true);
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
    page.text.truncate(page.text.trim_end().len());
    page.text
}

/// The text written so far, and where in the page we are.
#[derive(Default)]
struct Page {
    text: String,
    /// White space owed before the next word.
    gap: Gap,
    /// Name and depth of the element being left out.
    hidden: Option<(Vec<u8>, usize)>,
    pre_depth: usize,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
}

impl Page {
    fn take(&mut self, event: &CallbackEvent<'_>) {
        match event {
            CallbackEvent::OpenStartTag { name } => self.open(name),
            CallbackEvent::EndTag { name } => self.close(name),
            CallbackEvent::String { value } if self.hidden.is_none() => {
                self.write(&String::from_utf8_lossy(value));
            }
            _ => {}
        }
    }

    fn open(&mut self, name: &[u8]) {
        if let Some((hidden, depth)) = &mut self.hidden {
            *depth += usize::from(hidden == name);
            return;
        }
        if is_hidden(name) {
            self.hidden = Some((name.to_vec(), 1));
        }
        self.pre_depth += usize::from(name == b"pre");
        self.gap = self.gap.max(gap_at(name));
    }

    fn close(&mut self, name: &[u8]) {
        if let Some((hidden, depth)) = &mut self.hidden {
            *depth -= usize::from(hidden == name);
            if *depth == 0 {
                self.hidden = None;
            }
            return;
        }
        if name == b"pre" {
            self.pre_depth = self.pre_depth.saturating_sub(1);
        }
        self.gap = self.gap.max(gap_at(name));
    }

    fn write(&mut self, words: &str) {
        for letter in words.chars() {
            if letter.is_whitespace() {
                let is_line = self.pre_depth > 0 && letter == '\n';
                self.gap = self.gap.max(if is_line { Gap::Line } else { Gap::Space });
            } else {
                match self.gap {
                    _ if self.text.is_empty() => {}
                    Gap::None => {}
                    Gap::Space => self.text.push(' '),
                    Gap::Line => self.text.push('\n'),
                }
                self.gap = Gap::None;
                self.text.push(letter);
            }
        }
    }
}

/// Elements whose content is not prose, or is shown only where something else failed.
fn is_hidden(name: &[u8]) -> bool {
    matches!(
        name,
        b"script"
            | b"style"
            | b"title"
            | b"template"
            | b"noscript"
            | b"iframe"
            | b"noembed"
            | b"noframes"
    )
}

/// The white space an element's tags stand for, from the WHATWG HTML rendering section 15.3.
fn gap_at(name: &[u8]) -> Gap {
    match name {
        b"address" | b"article" | b"aside" | b"blockquote" | b"body" | b"br" | b"caption"
        | b"center" | b"dd" | b"details" | b"dialog" | b"div" | b"dl" | b"dt" | b"fieldset"
        | b"figcaption" | b"figure" | b"footer" | b"form" | b"h1" | b"h2" | b"h3" | b"h4"
        | b"h5" | b"h6" | b"header" | b"hgroup" | b"hr" | b"html" | b"legend" | b"li" | b"main"
        | b"menu" | b"nav" | b"ol" | b"option" | b"p" | b"pre" | b"section" | b"select"
        | b"summary" | b"table" | b"tbody" | b"textarea" | b"tfoot" | b"thead" | b"tr" | b"ul" => {
            Gap::Line
        }
        b"td" | b"th" | b"img" | b"button" | b"input" | b"object" | b"video" | b"audio" => {
            Gap::Space
        }
        _ => Gap::None,
    }
}

#[cfg(test)]
mod tests;
