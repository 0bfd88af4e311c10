//! Evidence as simple drawings: computed once, shown by the page and by `explain`.
//!
//! A drawing is a list of paths and pictures in units of its own. The page's script turns it
//! into SVG elements, [`Drawing::to_svg`] into text. Words beside a drawing are the caller's:
//! letters inside would shrink with it on a phone.

mod canvas;
mod picture;
mod rights;
mod sound;

use serde::ser::SerializeTuple;
use serde::{Serialize, Serializer};

pub(crate) use canvas::Canvas;
pub(crate) use picture::{Views, views};
pub(crate) use rights::history;
pub(crate) use sound::{plot, sound, spans};

/// What a path shows; the page's style and [`Drawing::to_svg`] say how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// The extent of something, such as a time axis.
    Track,
    /// What matches.
    Span,
    /// A surface from one span to the other.
    Link,
    /// Peaks without a counterpart.
    Peak,
    /// Peaks that agree.
    Aligned,
    /// A line that things lie on, such as an alignment or a date.
    Rule,
    /// The edge of what matches, to be seen on any picture.
    Frame,
    /// A reservation.
    Reserved,
    /// A license.
    Licensed,
    /// How many of something.
    Bar,
    /// Those of them that matter most.
    Strong,
    /// How many of what chance brings.
    Decoy,
}

impl Ink {
    /// The class in the page, and in SVG.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Track => "track",
            Self::Span => "span",
            Self::Link => "link",
            Self::Peak => "peak",
            Self::Aligned => "aligned",
            Self::Rule => "rule",
            Self::Frame => "frame",
            Self::Reserved => "reserved",
            Self::Licensed => "licensed",
            Self::Bar => "bar",
            Self::Strong => "strong",
            Self::Decoy => "decoy",
        }
    }
}

/// Which of the two pictures of a finding is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The item in the dataset.
    Item,
    /// The registered work.
    Work,
}

impl Side {
    fn as_str(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Work => "work",
        }
    }
}

/// A part of a drawing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// An SVG path.
    Path(Ink, String),
    /// One of the finding's pictures over the whole drawing.
    Picture(Side),
    /// One of its spectrograms, as wide as the drawing: top and height.
    Strip(Side, u32, u32),
}

impl Serialize for Shape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (class, path) = match self {
            Self::Path(ink, path) => (ink.as_str(), path.clone()),
            Self::Picture(side) => (side.as_str(), String::new()),
            Self::Strip(side, top, height) => (side.as_str(), format!("{top} {height}")),
        };
        let mut pair = serializer.serialize_tuple(2)?;
        pair.serialize_element(class)?;
        pair.serialize_element(&path)?;
        pair.end()
    }
}

/// A drawing with the words that stand for it where it cannot be seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Drawing {
    /// Size in its own units.
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Drawn as wide as there is room and `height` pixels high, its sides apart.
    pub(crate) stretched: bool,
    /// What stands below it.
    pub(crate) caption: String,
    /// What it shows, for those who do not see it.
    pub(crate) label: String,
    pub(crate) shapes: Vec<Shape>,
}

/// Colors of the text form, on white.
const STYLE: &str = ".track{stroke:#bbb;stroke-width:2}.span{stroke:#1c5d78;stroke-width:9}\
    .link{fill:#dcebf1}.peak{stroke:#999;stroke-width:2}.aligned{stroke:#1c5d78;stroke-width:4.5}\
    .rule{stroke:#22262b;stroke-width:1;stroke-dasharray:5 4}.frame{stroke:#fff;stroke-width:2;\
    paint-order:stroke}.reserved{stroke:#8c2f1b;stroke-width:9}.licensed{stroke:#1b5c3a;\
    stroke-width:9}path{fill:none;stroke-linecap:round}";

impl Drawing {
    /// The drawing as an element of the page, whose style sheet says how it looks.
    pub(crate) fn to_inline(&self) -> String {
        let (width, height) = (self.width, self.height);
        let paths = self.shapes.iter().filter_map(|shape| match shape {
            Shape::Path(ink, path) => {
                Some(format!("<path class=\"{}\" d=\"{path}\"/>", ink.as_str()))
            }
            Shape::Picture(_) | Shape::Strip(..) => None,
        });
        format!(
            "<svg viewBox=\"0 0 {width} {height}\" height=\"{height}\" \
             preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">{}</svg>",
            escape(&self.label),
            paths.collect::<String>()
        )
    }

    /// The drawing as an SVG document of its own. `jpeg` gives base64 of the finding's pictures.
    pub(crate) fn to_svg(&self, jpeg: impl Fn(Side) -> Option<String>) -> String {
        let mut svg = String::new();
        let (width, height) = (self.width, self.height);
        let mut put = |text: std::fmt::Arguments<'_>| svg.push_str(&text.to_string());
        put(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{}\">",
            escape(&self.label)
        ));
        put(format_args!(
            "<title>{}</title><style>{STYLE}</style>",
            escape(&self.label)
        ));
        for shape in &self.shapes {
            match shape {
                // White with a dark edge is seen on any picture.
                Shape::Path(Ink::Frame, path) => put(format_args!(
                    "<path d=\"{path}\" stroke=\"#000\" stroke-width=\"4\"/>\
                     <path class=\"frame\" d=\"{path}\"/>"
                )),
                Shape::Path(ink, path) => {
                    put(format_args!(
                        "<path class=\"{}\" d=\"{path}\"/>",
                        ink.as_str()
                    ));
                }
                Shape::Strip(side, top, height) => {
                    if let Some(jpeg) = jpeg(*side) {
                        put(format_args!(
                            "<image y=\"{top}\" width=\"{width}\" height=\"{height}\" \
                             preserveAspectRatio=\"none\" opacity=\"0.6\" \
                             href=\"data:image/jpeg;base64,{jpeg}\"/>"
                        ));
                    }
                }
                Shape::Picture(side) => {
                    if let Some(jpeg) = jpeg(*side) {
                        put(format_args!(
                            "<image width=\"{width}\" height=\"{height}\" \
                             href=\"data:image/jpeg;base64,{jpeg}\"/>"
                        ));
                    }
                }
            }
        }
        put(format_args!("</svg>"));
        svg
    }
}

/// Text for the inside of an element or of a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut safe, character| {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
        safe
    })
}

/// A place on a drawing, to a tenth of a unit and within reason.
fn unit(place: f64) -> f64 {
    let place = if place.is_finite() { place } else { 0.0 };
    (place.clamp(-20_000.0, 20_000.0) * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests;
