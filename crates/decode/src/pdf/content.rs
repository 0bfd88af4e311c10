//! Runs the operators that show text (ISO 32000-2, section 9.4), and leaves out all others.

use std::collections::BTreeMap;
use std::rc::Rc;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_syntax::page::{Page, Resources};

use super::font::Font;
use super::layout::Layout;
use super::state::{Matrix, Run, State};
use super::streams;
use crate::Unreadable;
use crate::image::clock::Clock;

/// Forms inside forms that are followed. Deeper ones, and those that hold themselves, show nothing.
const FORMS_DEEP_MAX: u32 = 12;
/// Operators between two looks at the clock.
const OPERATORS_PER_LOOK: u32 = 4096;

/// What was read of all pages so far.
pub(super) struct Pages<'a, 'c> {
    layout: Layout,
    clock: &'c Clock,
    fonts: BTreeMap<(u32, i32), Rc<Font>>,
    bytes_left: u64,
    text_most: u64,
    operators: u32,
    known: u64,
    unknown: u64,
    lost: u64,
    has_picture: bool,
    without_text: usize,
    document: std::marker::PhantomData<&'a ()>,
}

/// The result of reading pages.
pub(super) struct Read {
    pub(super) text: String,
    /// Characters whose letters are known.
    pub(super) known: u64,
    /// Characters whose letters are not.
    pub(super) unknown: u64,
    /// Streams that could not be unpacked.
    pub(super) lost: u64,
    /// Pages with pictures and without any character.
    pub(super) picture_pages: usize,
}

impl<'a, 'c> Pages<'a, 'c> {
    /// Reads at most `bytes_most` bytes of content, and keeps as much text.
    pub(super) fn new(bytes_most: u64, clock: &'c Clock) -> Self {
        Self {
            layout: Layout::default(),
            clock,
            fonts: BTreeMap::new(),
            bytes_left: bytes_most,
            text_most: bytes_most,
            operators: 0,
            known: 0,
            unknown: 0,
            lost: 0,
            has_picture: false,
            without_text: 0,
            document: std::marker::PhantomData,
        }
    }

    /// Whether a limit was hit.
    pub(super) fn is_full(&self) -> bool {
        self.bytes_left == 0 || self.layout.text.len() as u64 >= self.text_most
    }

    /// Adds one page.
    pub(super) fn add(&mut self, page: &Page<'a>) -> Result<(), Unreadable> {
        let shown = self.known + self.unknown;
        self.has_picture = false;
        let content = self.content_of(page.raw());
        self.run(&content, page.resources(), State::default(), 0)?;
        if self.has_picture && shown == self.known + self.unknown {
            self.without_text += 1;
        }
        self.layout.end_line();
        Ok(())
    }

    pub(super) fn finish(self) -> Read {
        let mut text = self.layout.text;
        text.truncate(text.trim_end().len());
        Read {
            text,
            known: self.known,
            unknown: self.unknown,
            lost: self.lost,
            picture_pages: self.without_text,
        }
    }

    /// The content of a page, which may be cut into streams anywhere between two words.
    fn content_of(&mut self, page: &Dict<'a>) -> Vec<u8> {
        let streams: Vec<Stream<'a>> = match page.get::<Object<'a>>("Contents") {
            Some(Object::Stream(stream)) => vec![stream],
            Some(Object::Array(array)) => array.iter::<Stream<'a>>().collect(),
            _ => Vec::new(),
        };
        let mut content = Vec::new();
        for stream in streams {
            if self.bytes_left == 0 {
                break;
            }
            match streams::unpacked(&stream, &mut self.bytes_left) {
                Some(bytes) => content.extend(bytes),
                None => self.lost += 1,
            }
            content.push(b'\n');
        }
        content
    }

    fn run(
        &mut self,
        content: &[u8],
        resources: &Resources<'a>,
        state: State,
        depth: u32,
    ) -> Result<(), Unreadable> {
        let mut run = Run::new(state);
        let mut operators = TypedIter::new(content);
        while let Some(operator) = operators.next() {
            self.operators = self.operators.wrapping_add(1);
            if self.operators.is_multiple_of(OPERATORS_PER_LOOK) {
                self.clock.check()?;
            }
            if self.layout.text.len() as u64 >= self.text_most {
                break;
            }
            match operator {
                Op::TextFont(font) => {
                    run.state.font = self.font(resources, font.0);
                    run.state.size = font.1.as_f64();
                }
                Op::ShowText(it) => self.show(&mut run, it.0),
                Op::NextLineAndShowText(it) => {
                    run.next_line(0.0, -run.state.leading);
                    self.show(&mut run, it.0);
                }
                Op::ShowTextWithParameters(it) => {
                    run.state.word_gap = it.0.as_f64();
                    run.state.letter_gap = it.1.as_f64();
                    run.next_line(0.0, -run.state.leading);
                    self.show(&mut run, it.2);
                }
                Op::ShowTexts(it) => self.show_all(&mut run, it.0),
                Op::InlineImage(_) => self.has_picture = true,
                Op::XObject(it) => self.object(resources, it.0, &run.state, depth)?,
                other => run.set(&other),
            }
        }
        Ok(())
    }

    fn font(&mut self, resources: &Resources<'a>, name: &Name<'_>) -> Option<Rc<Font>> {
        let key = resources
            .fonts
            .get_ref(name)
            .map(|it| (it.obj_number, it.gen_number));
        if let Some(font) = key.and_then(|key| self.fonts.get(&key)) {
            return Some(Rc::clone(font));
        }
        let dict = resources.get_font(name)?;
        let font = Rc::new(Font::read(&dict, &mut self.bytes_left));
        if let Some(key) = key {
            self.fonts.insert(key, Rc::clone(&font));
        }
        Some(font)
    }

    /// A picture, or a form: content of its own (section 8.10).
    fn object(
        &mut self,
        resources: &Resources<'a>,
        name: &Name<'_>,
        state: &State,
        depth: u32,
    ) -> Result<(), Unreadable> {
        let Some(stream) = resources.get_x_object(name) else {
            return Ok(());
        };
        let dict = stream.dict();
        let kind = dict.get::<Name<'_>>("Subtype");
        if kind.is_some_and(|it| it.as_ref() == b"Image") {
            self.has_picture = true;
            return Ok(());
        }
        self.clock.check()?;
        if depth >= FORMS_DEEP_MAX || self.bytes_left == 0 {
            return Ok(());
        }
        let Some(content) = streams::unpacked(&stream, &mut self.bytes_left) else {
            self.lost += 1;
            return Ok(());
        };
        // An empty form unpacks to nothing; a page of them must come to an end too.
        self.bytes_left = self.bytes_left.saturating_sub(1);
        let mut state = state.clone();
        if let Some(matrix) = dict.get::<[f64; 6]>("Matrix") {
            state.page = Matrix(matrix).then(state.page);
        }
        match dict.get::<Dict<'a>>("Resources") {
            Some(own) => self.run(&content, &Resources::new(own), state, depth + 1),
            None => self.run(&content, resources, state, depth + 1),
        }
    }

    fn show_all(&mut self, run: &mut Run, array: &Array<'_>) {
        for entry in array.iter::<Object<'_>>() {
            match entry {
                Object::String(string) => self.show(run, &string),
                Object::Number(number) => {
                    let shift = -number.as_f64() / 1000.0 * run.state.size;
                    run.advance(shift);
                }
                _ => {}
            }
        }
    }

    fn show(&mut self, run: &mut Run, string: &[u8]) {
        let Some(font) = run.state.font.clone() else {
            self.unknown += string.len() as u64;
            return;
        };
        font.each(string, |shown| {
            let state = &run.state;
            let gap = state.letter_gap
                + if shown.is_space_code {
                    state.word_gap
                } else {
                    0.0
                };
            let (start, height) = run.place();
            // The gap belongs to no letter: it may part words.
            let length = if font.is_vertical { 1.0 } else { shown.width };
            let length = length * state.size;
            run.advance(length);
            let (end, _) = run.place();
            run.advance(gap);
            match shown.letters {
                Some(letters) => {
                    self.known += 1;
                    if (self.layout.text.len() as u64) < self.text_most {
                        self.layout.place(&letters, start, end, height);
                    }
                }
                None => self.unknown += 1,
            }
        });
    }
}
