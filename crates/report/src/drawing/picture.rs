//! Pictures: where in the item the work lies, and which part of the work is seen.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use clearance_scan::{Exhibit, Finding};

use super::{Drawing, Ink, Shape, Side, unit};
use crate::card::Region;

/// Longer side of a drawing.
const SIDE: f64 = 320.0;
/// How far from the first corner its dot is.
const INWARDS: f64 = 12.0;
/// Base64 of the start of a JPEG that its size is looked for in; thumbnails carry no metadata.
const HEAD: usize = 4096;

/// The item and the registered picture, each where there is one.
pub(crate) struct Views {
    pub(crate) item: Option<Drawing>,
    pub(crate) work: Option<Drawing>,
}

/// Draws what the exhibit has pictures of; `None` when that is nothing.
pub(crate) fn views(finding: &Finding, exhibit: &Exhibit) -> Option<Views> {
    let size = |jpeg: &Option<String>| jpeg.as_deref().and_then(size_px);
    let (item, work) = (size(&exhibit.thumbnail), size(&exhibit.work_thumbnail));
    if item.is_none() && work.is_none() {
        return None;
    }
    let frame = item.and_then(|size| frame(finding, size, work.unwrap_or((1, 1))));
    let view = |side, size: Option<(u32, u32)>, path: Option<String>, words: String| {
        let (width, height) = scaled(size?);
        let mut shapes = vec![Shape::Picture(side)];
        shapes.extend(path.map(|path| Shape::Path(Ink::Frame, path)));
        Some(Drawing {
            width: width.round() as u32,
            height: height.round() as u32,
            stretched: false,
            label: words.clone(),
            caption: words,
            shapes,
        })
    };
    let part = |corners: Option<[f32; 4]>| corners.and_then(Region::part);
    let item_words = match (part(finding.query_box), &frame) {
        (Some(_), Some(_)) => {
            "The item, with the work's edge; the dot is the work's top left corner"
        }
        (Some(_), None) => "The item, with what matches outlined",
        (None, Some(_)) => "The item, all of which matches; the dot is the work's top left corner",
        (None, None) => "The item",
    };
    let work_words = match part(finding.work_box) {
        Some(_) => "The registered picture, with the part that is seen outlined",
        None => "The registered picture, all of which is seen",
    };
    let outline = |corners: Option<[f32; 4]>, size: Option<(u32, u32)>| {
        part(corners)?;
        let (width, height) = scaled(size?);
        let [left, top, right, bottom] = corners?.map(|share| f64::from(share.clamp(0.0, 1.0)));
        let (x, y) = (unit(left * width), unit(top * height));
        Some(format!(
            "M{x} {y}H{}V{}H{x}Z",
            unit(right * width),
            unit(bottom * height)
        ))
    };
    let item_path = frame.or_else(|| outline(finding.query_box, item));
    let work_path = outline(finding.work_box, work);
    Some(Views {
        item: view(Side::Item, item, item_path, item_words.to_owned()),
        work: view(Side::Work, work, work_path, work_words.to_owned()),
    })
}

/// The work's edge in the item, from its top left corner on, with a dot there. Measured corners
/// where the finding has them; else those that its box, turn and mirroring imply.
fn frame(finding: &Finding, item: (u32, u32), work: (u32, u32)) -> Option<String> {
    let transform = finding.transform?;
    let (width, height) = scaled(item);
    let corners = match transform.corners {
        Some(corners) => corners.map(|[x, y]| (f64::from(x) * width, f64::from(y) * height)),
        None if transform.flip || transform.rotation_deg != 0.0 => {
            implied(finding, (width, height), work)?
        }
        None => return None,
    };
    let mut path = String::new();
    for (place, (x, y)) in corners.into_iter().enumerate() {
        let letter = if place == 0 { 'M' } else { 'L' };
        path.extend([format!("{letter}{} {}", unit(x), unit(y))]);
    }
    path.push('Z');
    let (x, y) = inside(&corners, (width, height));
    path.extend([format!(
        "M{} {}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
        unit(x - 4.0),
        unit(y)
    )]);
    Some(path)
}

/// A place near the first corner, towards the middle of the frame and within the picture.
fn inside(corners: &[(f64, f64); 4], (width, height): (f64, f64)) -> (f64, f64) {
    let middle = |of: fn(&(f64, f64)) -> f64| corners.iter().map(of).sum::<f64>() / 4.0;
    let (across, down) = (
        middle(|c| c.0) - corners[0].0,
        middle(|c| c.1) - corners[0].1,
    );
    let share = INWARDS / across.hypot(down).max(INWARDS);
    let within = |place: f64, side: f64| place.min(side - INWARDS).max(INWARDS.min(side / 2.0));
    (
        within(corners[0].0 + share * across, width),
        within(corners[0].1 + share * down, height),
    )
}

/// The largest rectangle of the seen part's shape, mirrored and turned as the finding says,
/// that fits its box in the item.
fn implied(finding: &Finding, item: (f64, f64), work: (u32, u32)) -> Option<[(f64, f64); 4]> {
    let transform = finding.transform?;
    let share = |corners: Option<[f32; 4]>| corners.unwrap_or([0.0, 0.0, 1.0, 1.0]).map(f64::from);
    let [left, top, right, bottom] = share(finding.query_box);
    let (box_width, box_height) = ((right - left) * item.0, (bottom - top) * item.1);
    let middle = (
        f64::midpoint(left, right) * item.0,
        f64::midpoint(top, bottom) * item.1,
    );
    let [left, top, right, bottom] = share(finding.work_box);
    let seen = (
        (right - left) * f64::from(work.0),
        (bottom - top) * f64::from(work.1),
    );
    let (sin, cos) = f64::from(transform.rotation_deg).to_radians().sin_cos();
    let around = (
        seen.0 * cos.abs() + seen.1 * sin.abs(),
        seen.0 * sin.abs() + seen.1 * cos.abs(),
    );
    if !(around.0 > 0.0 && around.1 > 0.0) {
        return None;
    }
    let scale = (box_width / around.0).min(box_height / around.1);
    let corner = |x: f64, y: f64| {
        // First mirrored, then turned clockwise; the vertical axis points down.
        let x = if transform.flip { -x } else { x };
        (
            middle.0 + scale * (x * cos - y * sin),
            middle.1 + scale * (x * sin + y * cos),
        )
    };
    let (x, y) = (seen.0 / 2.0, seen.1 / 2.0);
    Some([corner(-x, -y), corner(x, -y), corner(x, y), corner(-x, y)])
}

/// As large as a drawing is.
fn scaled((width, height): (u32, u32)) -> (f64, f64) {
    let (width, height) = (f64::from(width), f64::from(height));
    let scale = SIDE / width.max(height).max(1.0);
    ((width * scale).max(1.0), (height * scale).max(1.0))
}

/// Width and height from the frame header of a JPEG in base64 (ITU-T T.81, B.2.2); `None` for
/// anything else.
pub(crate) fn size_px(jpeg: &str) -> Option<(u32, u32)> {
    if !is_base64(jpeg) {
        return None;
    }
    let head = jpeg.get(..jpeg.len().min(HEAD))?;
    let bytes = BASE64.decode(head.get(..head.len() / 4 * 4)?).ok()?;
    let word = |at: usize| {
        Some(u32::from(u16::from_be_bytes([
            *bytes.get(at)?,
            *bytes.get(at + 1)?,
        ])))
    };
    if word(0)? != 0xffd8 {
        return None;
    }
    let mut at = 2;
    loop {
        let marker = word(at)?;
        if matches!(marker, 0xffc0..=0xffc3) {
            let (height, width) = (word(at + 5)?, word(at + 7)?);
            return (width > 0 && height > 0).then_some((width, height));
        }
        if marker & 0xff00 != 0xff00 {
            return None;
        }
        at += 2 + word(at + 2)?.max(2) as usize;
    }
}

fn is_base64(text: &str) -> bool {
    let expected = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    !text.is_empty() && text.bytes().all(expected)
}

#[cfg(test)]
mod tests;
