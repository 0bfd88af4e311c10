//! Works, rights and assets of a segment, to and from its Parquet tables.

use std::collections::BTreeMap;
use std::path::Path;

use clearance_decode::Media;
use clearance_rights::signals::{Declaration, Embedded};
use clearance_rights::{
    Identifier, IdentifierKind, License, Reservation, Rightsholder, Territory, UseSet, Work,
};

use super::tables::{TableReader, TableWriter};
use crate::asset::Asset;
use crate::error::{Error, Result};

#[cfg(test)]
mod tests;

/// A work as the registry knows it: its description and its rights records.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkRecord {
    /// The work.
    pub work: Work,
    /// Its reservations, in catalog order.
    pub reservations: Vec<Reservation>,
    /// Its licenses, in catalog order.
    pub licenses: Vec<License>,
    /// The catalogs that name it, ` + ` between two.
    pub source: String,
    /// Taken out of the registry: it is no longer found.
    pub withdrawn: bool,
}

impl WorkRecord {
    /// The catalogs that name the work, in the order in which they did first.
    pub(crate) fn catalogs(&self) -> impl Iterator<Item = &str> {
        self.source.split(JOINT)
    }

    /// The catalog that names the work, if only one does.
    fn sole_catalog(&self) -> Option<String> {
        (!self.source.contains(JOINT)).then(|| self.source.clone())
    }
}

/// Stands between the names of catalogs that one record was joined from.
pub(crate) const JOINT: &str = " + ";
/// What the column `state` says of a withdrawn work.
const WITHDRAWN: &str = "withdrawn";
/// What the column `derivatives` says of a license that states it.
const YES: &str = "yes";
const NO: &str = "no";

pub(crate) fn write_works(path: &Path, records: &[WorkRecord]) -> Result<()> {
    let works = || records.iter().map(|record| &record.work);
    TableWriter::default()
        .text("work_id", works().map(|work| Some(work.work_id.as_str())))
        .text("title", works().map(|work| work.title.as_deref()))
        .owned_text("creators", works().map(|work| json(&work.creators)))
        .owned_text("rightsholder", works().map(Work::rightsholder))
        .owned_text(
            "rightsholders",
            works().map(|work| json(&work.rightsholders)),
        )
        .owned_text("identifiers", works().map(|work| json(&work.identifiers)))
        .owned_text("extra", works().map(|work| json(&work.extra)))
        .text(
            "source",
            records.iter().map(|record| Some(record.source.as_str())),
        )
        .text(
            "state",
            records
                .iter()
                .map(|record| record.withdrawn.then_some(WITHDRAWN)),
        )
        .write(path)
}

/// Reservations and licenses share a table; `kind` tells them apart.
pub(crate) fn write_rights(path: &Path, records: &[WorkRecord]) -> Result<()> {
    let mut lines: Vec<RightsLine> = Vec::new();
    for record in records {
        lines.extend(record.reservations.iter().map(RightsLine::reservation));
        lines.extend(record.licenses.iter().map(RightsLine::license));
    }
    TableWriter::default()
        .text("kind", lines.iter().map(|line| Some(line.kind)))
        .text("id", lines.iter().map(|line| Some(line.id)))
        .text("work_id", lines.iter().map(|line| Some(line.work_id)))
        .text("party", lines.iter().map(|line| line.party))
        .owned_text("uses", lines.iter().map(|line| Some(line.uses.to_string())))
        .date("from", lines.iter().map(|line| line.from))
        .date("until", lines.iter().map(|line| line.until))
        .owned_text(
            "territory",
            lines.iter().map(|line| Some(line.territory.to_string())),
        )
        .text("source", lines.iter().map(|line| line.source))
        .owned_text(
            "licensors",
            lines.iter().map(|line| line.licensors.and_then(json)),
        )
        .text("derivatives", lines.iter().map(|line| line.derivatives))
        .text("price_class", lines.iter().map(|line| line.price_class))
        .text("reference", lines.iter().map(|line| line.reference))
        .text("evidence", lines.iter().map(|line| line.evidence))
        .text("catalog", lines.iter().map(|line| line.catalog))
        .write(path)
}

struct RightsLine<'a> {
    kind: &'static str,
    id: &'a str,
    work_id: &'a str,
    party: Option<&'a str>,
    uses: UseSet,
    from: Option<chrono::NaiveDate>,
    until: Option<chrono::NaiveDate>,
    territory: &'a Territory,
    source: Option<&'a str>,
    licensors: Option<&'a Vec<String>>,
    derivatives: Option<&'static str>,
    price_class: Option<&'a str>,
    reference: Option<&'a str>,
    evidence: Option<&'a str>,
    catalog: Option<&'a str>,
}

impl<'a> RightsLine<'a> {
    fn reservation(record: &'a Reservation) -> Self {
        Self {
            kind: "reservation",
            id: &record.reservation_id,
            work_id: &record.work_id,
            party: None,
            uses: record.uses,
            from: record.since,
            until: record.until,
            territory: &record.territory,
            source: record.source.as_deref(),
            licensors: None,
            derivatives: None,
            price_class: None,
            reference: None,
            evidence: record.evidence.as_deref(),
            catalog: record.catalog.as_deref(),
        }
    }

    fn license(record: &'a License) -> Self {
        Self {
            kind: "license",
            id: &record.license_id,
            work_id: &record.work_id,
            party: record.licensee.as_deref(),
            uses: record.uses,
            from: record.from,
            until: record.until,
            territory: &record.territory,
            source: record.source.as_deref(),
            licensors: Some(&record.licensors).filter(|names| !names.is_empty()),
            derivatives: record.derivatives.map(|yes| if yes { YES } else { NO }),
            price_class: record.price_class.as_deref(),
            reference: record.reference.as_deref(),
            evidence: None,
            catalog: record.catalog.as_deref(),
        }
    }
}

/// Reads both tables back into records, in the order they were written.
pub(crate) fn read_works(works_path: &Path, rights_path: &Path) -> Result<Vec<WorkRecord>> {
    let table = TableReader::open(works_path)?;
    let ids = table.text("work_id")?;
    let mut titles = table.text("title")?.into_iter();
    let mut creators = table.text("creators")?.into_iter();
    let mut holders = table.text("rightsholder")?.into_iter();
    let mut shares = table.text_if_there("rightsholders")?.into_iter();
    let mut identifiers = table.text("identifiers")?.into_iter();
    let mut extras = table.text("extra")?.into_iter();
    let mut sources = table.text("source")?.into_iter();
    let mut states = table.text("state")?.into_iter();
    let mut records = Vec::with_capacity(ids.len());
    let mut places = BTreeMap::new();
    for work_id in ids.into_iter().flatten() {
        places.insert(work_id.clone(), records.len());
        let source = sources.next().flatten().unwrap_or_default();
        let holder = holders.next().flatten();
        let rightsholders = match shares.next().flatten() {
            Some(text) => from_json(works_path, Some(text))?,
            None => holder.map(|name| sole(name, &source)).into_iter().collect(),
        };
        records.push(WorkRecord {
            work: Work {
                title: titles.next().flatten(),
                creators: from_json(works_path, creators.next().flatten())?,
                rightsholders,
                identifiers: from_json::<Vec<Identifier>>(
                    works_path,
                    identifiers.next().flatten(),
                )?,
                extra: from_json(works_path, extras.next().flatten())?,
                ..Work::new(work_id)
            },
            reservations: Vec::new(),
            licenses: Vec::new(),
            source,
            withdrawn: states.next().flatten().as_deref() == Some(WITHDRAWN),
        });
    }
    read_rights(rights_path, &mut records, &places)?;
    Ok(records)
}

/// The rightsholder in a registry from before there were co-owners: the text as it stands, from the
/// first of the catalogs that the record was joined from.
fn sole(name: String, source: &str) -> Rightsholder {
    Rightsholder {
        source: source.split(JOINT).next().map(str::to_owned),
        ..Rightsholder::new(name)
    }
}

fn read_rights(
    path: &Path,
    records: &mut [WorkRecord],
    places: &BTreeMap<String, usize>,
) -> Result<()> {
    let table = TableReader::open(path)?;
    let (kinds, ids, work_ids) = (
        table.text("kind")?,
        table.text("id")?,
        table.text("work_id")?,
    );
    let (parties, uses) = (table.text("party")?, table.text("uses")?);
    let (froms, untils) = (table.date("from")?, table.date("until")?);
    let (territories, sources) = (table.text("territory")?, table.text("source")?);
    let terms = Terms::read(&table)?;
    for line in 0..kinds.len() {
        let text = |column: &[Option<String>]| column[line].clone().unwrap_or_default();
        let damaged = |what: &str| Error::corrupt(path, format!("line {line}: {what}"));
        let work_id = text(&work_ids);
        let record = places
            .get(&work_id)
            .map(|&place| &mut records[place])
            .ok_or_else(|| damaged("no such work"))?;
        let catalog = match &terms.catalogs {
            Some(catalogs) => catalogs[line].clone(),
            None => record.sole_catalog(),
        };
        // Stored sets are spelt out, so both kinds are read to the letter.
        let uses = UseSet::parse_license(&text(&uses)).map_err(|_| damaged("uses"))?;
        let territory = text(&territories)
            .parse()
            .map_err(|_| damaged("territory"))?;
        match text(&kinds).as_str() {
            "reservation" => record.reservations.push(Reservation {
                since: froms[line],
                until: untils[line],
                territory,
                source: sources[line].clone(),
                evidence: terms.evidence[line].clone(),
                catalog,
                ..Reservation::new(text(&ids), work_id, uses)
            }),
            "license" => record.licenses.push(License {
                licensee: parties[line].clone(),
                from: froms[line],
                until: untils[line],
                territory,
                source: sources[line].clone(),
                licensors: from_json(path, terms.licensors[line].clone())?,
                derivatives: match terms.derivatives[line].as_deref() {
                    None => None,
                    Some(YES) => Some(true),
                    Some(NO) => Some(false),
                    Some(_) => return Err(damaged("derivatives")),
                },
                price_class: terms.price_classes[line].clone(),
                reference: terms.references[line].clone(),
                catalog,
                ..License::new(text(&ids), work_id, uses)
            }),
            _ => return Err(damaged("kind")),
        }
    }
    Ok(())
}

/// Columns that a registry of an earlier version of this program may lack.
struct Terms {
    licensors: Vec<Option<String>>,
    derivatives: Vec<Option<String>>,
    price_classes: Vec<Option<String>>,
    references: Vec<Option<String>>,
    evidence: Vec<Option<String>>,
    catalogs: Option<Vec<Option<String>>>,
}

impl Terms {
    fn read<'a>(table: &'a TableReader<'a>) -> Result<Self> {
        Ok(Self {
            licensors: table.text_if_there("licensors")?,
            derivatives: table.text_if_there("derivatives")?,
            price_classes: table.text_if_there("price_class")?,
            references: table.text_if_there("reference")?,
            evidence: table.text_if_there("evidence")?,
            catalogs: if table.has_column("catalog") {
                Some(table.text("catalog")?)
            } else {
                None
            },
        })
    }
}

pub(crate) fn write_assets(path: &Path, assets: &[Asset]) -> Result<()> {
    let rows = || assets.iter();
    TableWriter::default()
        .text(
            "asset_id",
            rows().map(|asset| Some(asset.asset_id.as_str())),
        )
        .text("work_id", rows().map(|asset| Some(asset.work_id.as_str())))
        .text("media", rows().map(|asset| Some(asset.media.as_str())))
        .text("role", rows().map(|asset| Some(asset.role.as_str())))
        .text("path", rows().map(|asset| Some(asset.path.as_str())))
        .digest("blake3", rows().map(|asset| asset.digest), path)?
        .integer("bytes", rows().map(|asset| asset.bytes as i64))
        .float("extent", rows().map(|asset| asset.extent))
        .text("partial", rows().map(|asset| asset.partial.as_deref()))
        .owned_text(
            "img_hash_gradient",
            rows().map(|asset| asset.codes.as_ref().map(|c| c.0.clone())),
        )
        .owned_text(
            "img_hash_dct",
            rows().map(|asset| asset.codes.as_ref().map(|c| c.1.clone())),
        )
        .owned_text(
            "declarations",
            rows().map(|asset| {
                let declarations = Some(&asset.declarations).filter(|it| !it.is_empty());
                declarations.and_then(json)
            }),
        )
        .text("iscc", rows().map(|asset| asset.iscc.as_deref()))
        .write(path)
}

pub(crate) fn read_assets(path: &Path) -> Result<Vec<Asset>> {
    let table = TableReader::open(path)?;
    let text = |name: &str| table.text(name).map(Vec::into_iter);
    let mut work_ids = text("work_id")?;
    let mut media = text("media")?;
    let (mut roles, mut paths) = (text("role")?, text("path")?);
    let mut digests = table.digest("blake3")?.into_iter();
    let mut bytes = table.integer("bytes")?.into_iter();
    let mut extents = table.float("extent")?.into_iter();
    let mut partials = text("partial")?;
    let (mut gradients, mut dcts) = (text("img_hash_gradient")?, text("img_hash_dct")?);
    let mut declarations = table.text_if_there("declarations")?.into_iter();
    let mut codes = table.text_if_there("iscc")?.into_iter();
    let short = || Error::corrupt(path, "columns of different length");
    text("asset_id")?
        .map(|asset_id| {
            let media = media.next().flatten().unwrap_or_default();
            Ok(Asset {
                asset_id: asset_id.ok_or_else(short)?,
                work_id: work_ids.next().flatten().ok_or_else(short)?,
                media: media
                    .parse::<Media>()
                    .map_err(|_| Error::corrupt(path, format!("unknown medium {media:?}")))?,
                role: roles.next().flatten().unwrap_or_default(),
                path: paths.next().flatten().unwrap_or_default(),
                digest: digests.next().ok_or_else(short)?,
                bytes: bytes.next().ok_or_else(short)? as u64,
                extent: extents.next().ok_or_else(short)?,
                partial: partials.next().flatten(),
                codes: gradients.next().flatten().zip(dcts.next().flatten()),
                declarations: sound_declarations(path, declarations.next().flatten())?,
                iscc: sound_code(path, codes.next().flatten())?,
            })
        })
        .collect()
}

/// The code of a file; registries may come from somebody else.
fn sound_code(path: &Path, code: Option<String>) -> Result<Option<String>> {
    let Some(code) = code else { return Ok(None) };
    match Identifier::parse(IdentifierKind::Iscc, &code) {
        Ok(_) => Ok(Some(code)),
        Err(_) => Err(Error::corrupt(path, "impossible ISCC")),
    }
}

/// What a file declared when it was registered; registries may come from somebody else.
fn sound_declarations(path: &Path, text: Option<String>) -> Result<Vec<Declaration>> {
    let embedded = Embedded {
        declarations: from_json(path, text)?,
        ..Embedded::default()
    };
    if !embedded.is_sound() {
        return Err(Error::corrupt(path, "impossible declarations"));
    }
    Ok(embedded.declarations)
}

fn json<T: serde::Serialize>(value: &T) -> Option<String> {
    serde_json::to_string(value).ok()
}

fn from_json<T: serde::de::DeserializeOwned + Default>(
    path: &Path,
    text: Option<String>,
) -> Result<T> {
    match text {
        None => Ok(T::default()),
        Some(text) => {
            serde_json::from_str(&text).map_err(|error| Error::corrupt(path, error.to_string()))
        }
    }
}
