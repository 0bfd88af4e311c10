//! One record of an XML catalog as a tree.

/// What an element takes in memory besides its own text.
const ELEMENT_BYTES: usize = 160;

/// An element, its attributes and what it holds. Comments are gone, and so are the prefixes of
/// names: a catalog's standard is known by its root.
#[derive(Debug, Default)]
pub(in crate::catalog) struct Element {
    /// Line of the start tag, from 1.
    pub(in crate::catalog) line: u64,
    /// The local name.
    pub(in crate::catalog) name: String,
    /// The prefix that the name had.
    pub(in crate::catalog) prefix: Option<String>,
    pub(in crate::catalog) attributes: Vec<(String, String)>,
    /// The element's own text, in one piece.
    pub(in crate::catalog) text: String,
    pub(in crate::catalog) children: Vec<Self>,
}

impl Element {
    /// The text without the white space around it; nothing when that is all there is.
    pub(in crate::catalog) fn text(&self) -> Option<&str> {
        let text = self.text.trim();
        (!text.is_empty()).then_some(text)
    }

    pub(in crate::catalog) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.trim())
    }

    /// The namespace of this element's own prefix, where the element itself declares it.
    pub(in crate::catalog) fn namespace(&self) -> Option<&str> {
        match &self.prefix {
            Some(prefix) => self.attribute(&format!("xmlns:{prefix}")),
            None => self.attribute("xmlns"),
        }
    }

    /// The children with a name, in order.
    pub(in crate::catalog) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first child with a name.
    pub(in crate::catalog) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text at the end of a path of first children.
    pub(in crate::catalog) fn at(&self, path: &[&str]) -> Option<&str> {
        let mut element = self;
        for name in path {
            element = element.child(name)?;
        }
        element.text()
    }

    /// Whether a child says `true`.
    pub(in crate::catalog) fn is_true(&self, name: &str) -> bool {
        matches!(self.at(&[name]), Some("true" | "1"))
    }

    /// Whether a child says `false`.
    pub(in crate::catalog) fn is_false(&self, name: &str) -> bool {
        matches!(self.at(&[name]), Some("false" | "0"))
    }

    /// Calls `visit` for every element below this one.
    pub(in crate::catalog) fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        for child in &self.children {
            visit(child);
            child.walk(visit);
        }
    }

    /// About what the element takes in memory, without its children.
    pub(in crate::catalog) fn bytes(&self) -> usize {
        let attributes: usize = self
            .attributes
            .iter()
            .map(|(name, value)| name.len() + value.len() + 48)
            .sum();
        ELEMENT_BYTES + self.name.len() + attributes + self.text.len()
    }
}
