//! An explanation as a picture for documents that take no SVG.

use clearance_decode::{Reason, Unreadable, guard};
use resvg::{tiny_skia, usvg};

use super::Explanation;

/// Pixels for a unit of a drawing: sharp in print.
const SCALE: u32 = 2;

impl Explanation {
    /// The drawings of [`Explanation::svg`] as a PNG, two pixels a unit, and whether fonts were
    /// found on this machine for its words.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] when what is kept of the finding cannot be drawn.
    pub fn png(&self) -> Result<(Vec<u8>, bool), Unreadable> {
        guard(|| {
            let wrong = |detail: &str| Unreadable::new(Reason::Corrupt, detail);
            let mut options = usvg::Options::default();
            let fonts = options.fontdb_mut();
            fonts.load_system_fonts();
            let families = fonts.faces().filter_map(|face| face.families.first());
            // One that is there, should none of the usual ones be.
            let first = families.map(|(name, _)| name.clone()).next();
            let has_words = first.is_some();
            let usual = ["DejaVu Sans", "Liberation Sans", "Noto Sans", "Arial"];
            let known = |name: &&str| {
                let mut faces = fonts.faces();
                faces.any(|face| face.families.iter().any(|(family, _)| family == name))
            };
            let chosen = usual.into_iter().find(known).map(str::to_owned);
            if let Some(name) = chosen.or(first) {
                fonts.set_sans_serif_family(name.clone());
                options.font_family = name;
            }
            let tree = usvg::Tree::from_str(&self.svg(), &options)
                .map_err(|error| wrong(&error.to_string()))?;
            let size = tree.size().to_int_size();
            let (width, height) = (size.width() * SCALE, size.height() * SCALE);
            let mut pixels = tiny_skia::Pixmap::new(width, height)
                .ok_or_else(|| wrong("a drawing of no size"))?;
            let scale = tiny_skia::Transform::from_scale(SCALE as f32, SCALE as f32);
            resvg::render(&tree, scale, &mut pixels.as_mut());
            let png = pixels
                .encode_png()
                .map_err(|error| wrong(&error.to_string()))?;
            Ok((png, has_words))
        })
    }
}
