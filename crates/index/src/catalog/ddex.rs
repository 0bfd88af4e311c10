//! DDEX ERN catalogs: the `NewReleaseMessage` that a record company delivers, versions 3.8 and 4.
//!
//! Read after the published schemas of ERN 3.8.2, 4.1 and 4.3 (`release-notification.xsd`) and
//! published samples of 4.2. Other versions of 3.8 and 4 are read by the same elements; what a
//! later version moved elsewhere is missing from the work then. Every `SoundRecording`, `Video`,
//! `Image` and `Text` of the `ResourceList` becomes a work; releases, parties and deals are
//! gathered in a first pass.
//!
//! Whoever controls the rights in the resource is its rightsholder, several are co-owners; where
//! nobody is named, the label is. Rights in the composition are not the recording's.
//!
//! Deals say what a service may offer to consumers. They are kept as words beside the work and
//! are never read as a license to train: ERN up to 4.3 has no use type for that, nor a place where
//! training is reserved.

mod controllers;
mod files;
mod message;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clearance_decode::Media;
use clearance_rights::{Identifier, IdentifierKind, Rightsholder, Work};

use super::row::{RowContext, check_id};
use super::xml::{Element, Fault, XmlReader};
use super::{AssetSource, CatalogRow, Reject, Rows};
use crate::error::{Error, Result};
use message::Message;

/// The resources that a file of a work can stand behind, and the medium they declare. What a
/// video holds that can be compared is left to its file.
const RESOURCES: [(&str, Option<Media>); 4] = [
    ("SoundRecording", Some(Media::Audio)),
    ("Video", None),
    ("Image", Some(Media::Image)),
    ("Text", Some(Media::Text)),
];
/// Elements that hold a resource's identifiers: one for each kind in ERN 3, the last in ERN 4.
const IDS: [&str; 5] = [
    "SoundRecordingId",
    "VideoId",
    "ImageId",
    "TextId",
    "ResourceId",
];
/// Elements that hold the identifiers of the composition, ERN 3 and ERN 4.
const WORK_IDS: [&str; 3] = ["IndirectSoundRecordingId", "IndirectVideoId", "WorkId"];
/// Names of people beyond this are not kept.
const MOST_CREATORS: usize = 200;

pub(super) fn open(path: &Path, reader: XmlReader, root: &Element) -> Result<Rows> {
    let namespace = root.namespace().unwrap_or_default();
    let version = namespace.rsplit('/').next().unwrap_or_default();
    if !namespace.contains("ddex.net/xml/ern/") || !version.starts_with(['4', '3']) {
        return Err(Error::catalog(
            path,
            format!("a NewReleaseMessage of {namespace:?}; ERN 3.8 and 4 are read"),
        ));
    }
    if version.starts_with('3') && !version.starts_with("38") {
        return Err(Error::catalog(
            path,
            format!("DDEX ERN {version} is too old; 3.8 and 4 are read"),
        ));
    }
    let context = RowContext::new(path);
    let mut message = Message::gather(path, reader, &context)?;
    Ok(Box::new(Resources {
        faults: std::mem::take(&mut message.faults).into_iter(),
        path: path.to_owned(),
        context,
        message,
        reader: None,
        opened: false,
    }))
}

/// The resources of a message as catalog rows.
struct Resources {
    /// Trouble found in the first pass.
    faults: std::vec::IntoIter<Reject>,
    path: PathBuf,
    context: RowContext,
    message: Message,
    /// Opened for the first row and closed after the last: a delivery has a message for each
    /// release, more than a process may hold open.
    reader: Option<XmlReader>,
    opened: bool,
}

impl Iterator for Resources {
    type Item = std::result::Result<CatalogRow, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(fault) = self.faults.next() {
            return Some(Err(fault));
        }
        if !self.opened {
            self.opened = true;
            match XmlReader::open(&self.path) {
                Ok((reader, _)) => self.reader = Some(reader),
                Err(error) => return Some(Err(self.context.reject(0, error.to_string()))),
            }
        }
        let is_resource = |path: &[String], name: &str| {
            matches!(path, [_, list] if list == "ResourceList")
                && RESOURCES.iter().any(|(known, _)| *known == name)
        };
        let Some(found) = self.reader.as_mut()?.next(is_resource, |_| false) else {
            self.reader = None;
            return None;
        };
        Some(match found {
            Ok(resource) => row(&self.context, &self.message, &resource),
            Err(fault) => Err(rejected(&self.context, &fault)),
        })
    }
}

fn rejected(context: &RowContext, fault: &Fault) -> Reject {
    let rest = if fault.is_last {
        "; nothing after it was read"
    } else {
        ""
    };
    context.reject(fault.line, format!("{}{rest}", fault.reason))
}

fn row(
    context: &RowContext,
    message: &Message,
    resource: &Element,
) -> std::result::Result<CatalogRow, Reject> {
    let reject = |work_id: Option<&str>, reason: String| Reject {
        work_id: work_id.map(str::to_owned),
        ..context.reject(resource.line, reason)
    };
    if message.is_test {
        return Err(reject(
            None,
            "the message is a test (MessageControlType)".to_owned(),
        ));
    }
    let parts = parts(resource);
    let mut work = Work::default();
    identify(&mut work, message, resource, &parts)
        .and_then(|()| check_id(&work.work_id))
        .map_err(|reason| reject(None, reason))?;
    let id = work.work_id.clone();
    describe(&mut work, message, resource, &parts);
    let files = files::of(&parts, context.folder()).map_err(|reason| reject(Some(&id), reason))?;
    let media = RESOURCES.iter().find(|(name, _)| *name == resource.name);
    Ok(CatalogRow {
        line: resource.line,
        work,
        asset: if files.is_empty() {
            AssetSource::None
        } else {
            AssetSource::Files(files)
        },
        media: media.and_then(|(_, media)| *media),
        role: "master".to_owned(),
        reservation: None,
        license: None,
    })
}

/// A resource and the elements that carry parts of its description: details by territory in
/// ERN 3, the first of which is the default; editions in ERN 4.3.
fn parts(resource: &Element) -> Vec<&Element> {
    let inner = resource.children.iter().filter(|child| {
        child.name.ends_with("DetailsByTerritory") || child.name.ends_with("Edition")
    });
    std::iter::once(resource).chain(inner).collect()
}

/// Gives the work its id: the ISRC, then the owner's own, then the place in the message.
fn identify(
    work: &mut Work,
    message: &Message,
    resource: &Element,
    parts: &[&Element],
) -> std::result::Result<(), String> {
    let mut own = None;
    for ids in parts.iter().flat_map(|part| &part.children) {
        if !IDS.contains(&ids.name.as_str()) && !WORK_IDS.contains(&ids.name.as_str()) {
            continue;
        }
        for id in &ids.children {
            let Some(text) = id.text() else { continue };
            let kind = match id.name.as_str() {
                "ISRC" => IdentifierKind::Isrc,
                "ISWC" => IdentifierKind::Iswc,
                "ISBN" => IdentifierKind::Isbn,
                "EIDR" => IdentifierKind::Eidr,
                "ProprietaryId" if IDS.contains(&ids.name.as_str()) => {
                    own.get_or_insert_with(|| match id.attribute("Namespace") {
                        Some(namespace) => format!("{namespace}:{text}"),
                        None => text.to_owned(),
                    });
                    continue;
                }
                other => {
                    let name = other.to_lowercase();
                    work.extra.entry(name).or_insert_with(|| text.to_owned());
                    continue;
                }
            };
            match Identifier::parse(kind, text) {
                Ok(identifier) if !work.identifiers.contains(&identifier) => {
                    work.identifiers.push(identifier);
                }
                Ok(_) => {}
                // Wrongly spelt, but the file is still the work.
                Err(_) => {
                    let name = format!("unchecked_{kind}");
                    work.extra.entry(name).or_insert_with(|| text.to_owned());
                }
            }
        }
    }
    let isrc = work
        .identifiers
        .iter()
        .find(|identifier| identifier.kind() == IdentifierKind::Isrc);
    work.work_id = match (isrc, &own, resource.at(&["ResourceReference"])) {
        (Some(isrc), ..) => isrc.value().to_owned(),
        (None, Some(own), _) => own.clone(),
        // Every message has an A1.
        (None, None, Some(reference)) if !message.id.is_empty() => {
            format!("{}/{reference}", message.id)
        }
        _ => return Err("no ISRC, no ProprietaryId, and no MessageId and reference".to_owned()),
    };
    if let Some(own) = own.filter(|own| *own != work.work_id) {
        work.extra.insert("proprietary_id".to_owned(), own);
    }
    Ok(())
}

fn describe(work: &mut Work, message: &Message, resource: &Element, parts: &[&Element]) {
    work.title = title(resource, parts);
    work.creators = creators(message, parts);
    let release = resource
        .at(&["ResourceReference"])
        .map(|reference| message.release_of(reference))
        .unwrap_or_default();
    let label = first(parts, &["LabelName"])
        .map(str::to_owned)
        .or(release.label);
    work.rightsholders = controllers::of(message, parts);
    if work.rightsholders.is_empty() {
        let company = || first(parts, &["PLine", "PLineCompany"]);
        let name = label.as_deref().or_else(company);
        work.rightsholders.extend(name.map(Rightsholder::new));
    }
    let kept = [
        ("label", label),
        (
            "p_line",
            first(parts, &["PLine", "PLineText"]).map(str::to_owned),
        ),
        (
            "c_line",
            first(parts, &["CLine", "CLineText"]).map(str::to_owned),
        ),
        ("release_gtin", release.gtin),
        ("message_id", Some(message.id.clone())),
    ];
    let named: BTreeMap<String, String> = kept
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect();
    work.extra.extend(named);
    for (number, deal) in release.deals.into_iter().enumerate() {
        work.extra.insert(format!("deal_{}", number + 1), deal);
    }
}

/// The first text at a path below any of the parts.
fn first<'a>(parts: &[&'a Element], path: &[&str]) -> Option<&'a str> {
    parts.iter().find_map(|part| part.at(path))
}

/// ERN 4 has titles with a default; ERN 3 has one for reference, and none but others for pictures.
fn title(resource: &Element, parts: &[&Element]) -> Option<String> {
    let default = resource
        .all("DisplayTitleText")
        .find(|title| title.attribute("IsDefault") == Some("true"))
        .or_else(|| resource.child("DisplayTitleText"));
    if let Some(title) = default.and_then(Element::text) {
        return Some(title.to_owned());
    }
    let title = ["ReferenceTitle", "Title", "DisplayTitle"]
        .iter()
        .find_map(|name| parts.iter().find_map(|part| part.child(name)))?;
    let text = title.at(&["TitleText"])?;
    Some(match title.at(&["SubTitle"]) {
        Some(subtitle) => format!("{text} ({subtitle})"),
        None => text.to_owned(),
    })
}

/// Display artists first, then contributors; the artists' common name where nobody is listed.
fn creators(message: &Message, parts: &[&Element]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let groups: [&[(&str, Option<&str>)]; 2] = [
        &[("DisplayArtist", Some("ArtistPartyReference"))],
        &[
            ("ResourceContributor", None),
            ("Contributor", Some("ContributorPartyReference")),
            ("EditionContributor", Some("ContributorPartyReference")),
            ("IndirectResourceContributor", None),
        ],
    ];
    for (element, reference) in groups.into_iter().flatten() {
        for person in parts.iter().flat_map(|part| part.all(element)) {
            let name = match reference.and_then(|reference| person.at(&[reference])) {
                Some(reference) => message.party(reference),
                None => person.at(&["PartyName", "FullName"]),
            };
            let Some(name) = name else { continue };
            if names.len() < MOST_CREATORS && !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    if names.is_empty() {
        let common = first(parts, &["DisplayArtistName"]);
        names.extend(common.map(str::to_owned));
    }
    names
}

#[cfg(test)]
mod tests;
