//! Who holds the rights, what is reserved and what is licensed, out of the cells of a line.

use clearance_rights::{License, Reservation, Rightsholder, Share, Territory, UseSet, parse_date};

use super::Cells;

#[cfg(test)]
mod tests;

/// Longest text about a license or a reservation, in bytes: an address, a number, a few sentences.
const LONGEST_TEXT: usize = 4096;

/// The rightsholders of a line: a list with shares in parentheses, or one with its share in the
/// column `share`.
pub(super) fn read_rightsholders(cells: &mut Cells) -> Result<Vec<Rightsholder>, String> {
    let names = cells.remove("rightsholder").unwrap_or_default();
    let mut holders =
        Rightsholder::parse_list(&names).map_err(|error| format!("rightsholder: {error}"))?;
    let Some(share) = text(cells, "share")? else {
        return Ok(holders);
    };
    let share: Share = share.parse().map_err(|error| format!("share: {error}"))?;
    match &mut holders[..] {
        [] => return Err("share without a rightsholder".to_owned()),
        [one] if one.share.is_none_or(|known| known == share) => one.share = Some(share),
        [one] => {
            return Err(format!(
                "share is {share}, and rightsholder says {}",
                one.share
                    .map_or_else(String::new, |known| known.to_string())
            ));
        }
        _ => {
            return Err(
                "share beside several rightsholders: write one a line, or `A (60 %); B (40 %)`"
                    .to_owned(),
            );
        }
    }
    Ok(holders)
}

/// What a line says of a license besides use, licensee, days and territory.
struct Terms {
    licensors: Vec<String>,
    derivatives: Option<bool>,
    price_class: Option<String>,
    reference: Option<String>,
}

impl Terms {
    fn read(cells: &mut Cells) -> Result<Self, String> {
        let licensors = cells.remove("licensor").unwrap_or_default();
        let licensors =
            Rightsholder::parse_list(&licensors).map_err(|error| format!("licensor: {error}"))?;
        Ok(Self {
            licensors: licensors
                .into_iter()
                .map(|licensor| licensor.name)
                .collect(),
            derivatives: text(cells, "license_derivatives")?
                .map(|word| yes_or_no(&word))
                .transpose()?,
            price_class: text(cells, "license_price_class")?,
            reference: text(cells, "license_reference")?,
        })
    }

    /// The first column that says something.
    fn first(&self) -> Option<&'static str> {
        let said = [
            ("licensor", !self.licensors.is_empty()),
            ("license_derivatives", self.derivatives.is_some()),
            ("license_price_class", self.price_class.is_some()),
            ("license_reference", self.reference.is_some()),
        ];
        said.into_iter()
            .find_map(|(name, is_said)| is_said.then_some(name))
    }
}

/// `true` and `false` are what JSON and Parquet have for them.
fn yes_or_no(word: &str) -> Result<bool, String> {
    match word.to_ascii_lowercase().as_str() {
        "yes" | "true" => Ok(true),
        "no" | "false" => Ok(false),
        _ => Err(format!("license_derivatives: {word:.40?} is not yes or no")),
    }
}

/// A cell that is kept in its own words.
fn text(cells: &mut Cells, name: &str) -> Result<Option<String>, String> {
    let Some(cell) = cells.remove(name) else {
        return Ok(None);
    };
    if cell.len() > LONGEST_TEXT {
        return Err(format!("{name} is longer than {LONGEST_TEXT} bytes"));
    }
    let cell = cell.trim();
    Ok((!cell.is_empty()).then(|| cell.to_owned()))
}

pub(super) fn read_reservation(
    work_id: &str,
    cells: &mut Cells,
    territory: &Territory,
) -> Result<Option<Reservation>, String> {
    let since = date(cells, "reserved_since")?;
    let until = date(cells, "reserved_until")?;
    let source = cells.remove("reservation_source");
    let evidence = text(cells, "reservation_evidence")?;
    let Some(words) = cells.remove("reservation") else {
        return match (since, evidence) {
            (Some(_), _) => Err("reserved_since without a reservation".to_owned()),
            (None, Some(_)) => Err("reservation_evidence without a reservation".to_owned()),
            (None, None) => Ok(None),
        };
    };
    let uses =
        UseSet::parse_reservation(&words).map_err(|error| format!("reservation: {error}"))?;
    let id = derived_id(
        "R",
        &[
            work_id,
            &uses.to_string(),
            &format!("{since:?} {until:?}"),
            &territory.to_string(),
        ],
    );
    Ok(Some(Reservation {
        since,
        until,
        territory: territory.clone(),
        source,
        evidence,
        ..Reservation::new(id, work_id, uses)
    }))
}

pub(super) fn read_license(
    work_id: &str,
    cells: &mut Cells,
    territory: Territory,
    rightsholders: &[Rightsholder],
) -> Result<Option<License>, String> {
    let (from, until) = (date(cells, "license_from")?, date(cells, "license_until")?);
    let licensee = cells.remove("licensee");
    let words = cells.remove("license_uses");
    let id = cells.remove("license_id");
    let terms = Terms::read(cells)?;
    if id.is_none() && licensee.is_none() && words.is_none() {
        return match (from.or(until), terms.first()) {
            (Some(_), _) => Err("license dates without a license".to_owned()),
            (None, Some(column)) => Err(format!("{column} without a license")),
            (None, None) => Ok(None),
        };
    }
    let words = words.ok_or("a license without license_uses grants nothing")?;
    let uses = UseSet::parse_license(&words).map_err(|error| format!("license_uses: {error}"))?;
    let id = id.unwrap_or_else(|| {
        let party = licensee.as_deref().unwrap_or_default();
        let uses = uses.to_string();
        let days = format!("{from:?} {until:?}");
        let mut parts = vec![work_id, party, &uses, &days];
        // Only where the column says so: ids of licenses that were read before stay as they are.
        parts.extend(terms.licensors.iter().map(String::as_str));
        derived_id("L", &parts)
    });
    let licensors = if terms.licensors.is_empty() {
        // Who else could have granted what the line of a rightsholder says?
        rightsholders.iter().map(|it| it.name.clone()).collect()
    } else {
        terms.licensors
    };
    Ok(Some(License {
        licensee,
        from,
        until,
        // A license may hold elsewhere than the reservation on the same line.
        territory: match cells.remove("license_territory") {
            Some(words) => words
                .parse()
                .map_err(|error| format!("license_territory: {error}"))?,
            None => territory,
        },
        licensors,
        derivatives: terms.derivatives,
        price_class: terms.price_class,
        reference: terms.reference,
        ..License::new(id, work_id, uses)
    }))
}

fn date(cells: &mut Cells, name: &str) -> Result<Option<chrono::NaiveDate>, String> {
    let cell = cells.remove(name);
    cell.map(|text| parse_date(&text).map_err(|error| format!("{name}: {error}")))
        .transpose()
}

/// An id that stays the same when the same record is read again.
pub(in crate::catalog) fn derived_id(kind: &str, parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part.as_bytes()).update(&[0]);
    }
    format!("{kind}-{}", &hasher.finalize().to_hex()[..12])
}
