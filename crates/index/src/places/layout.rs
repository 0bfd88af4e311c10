//! Which file is about what, by its name and its folders: `DATE/HOST/robots.txt`.

use std::path::Path;

use chrono::NaiveDate;
use clearance_rights::parse_date;
use clearance_rights::places::Address;

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The user's table of patterns.
    Table,
    /// Answers that a crawler was given.
    Warc { is_packed: bool },
    /// A snapshot of one file of a site.
    Site(Site),
}

/// A snapshot of one file of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Site {
    pub(super) date: NaiveDate,
    pub(super) host: String,
    /// The path on that host, with a slash at its beginning.
    pub(super) path: String,
    pub(super) file: SiteFile,
}

/// Files of sites that say something about use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SiteFile {
    Robots,
    Tdmrep,
    AiTxt,
    Rsl,
}

impl Site {
    /// Where it was found.
    pub(super) fn address(&self) -> String {
        format!("https://{}{}", self.host, self.path)
    }

    /// The same with its day, as the folders say it.
    pub(super) fn place(&self) -> String {
        format!("{}/{}{}", self.date, self.host, self.path)
    }
}

/// The file of a site that a path on it names.
pub(super) fn site_file(path: &str) -> Option<SiteFile> {
    let path = path.split('?').next().unwrap_or_default();
    Some(match path {
        "/robots.txt" => SiteFile::Robots,
        "/.well-known/tdmrep.json" => SiteFile::Tdmrep,
        "/ai.txt" | "/.well-known/ai.txt" => SiteFile::AiTxt,
        _ => return None,
    })
}

/// What a file holds; the error says why that cannot be told.
pub(super) fn kind(path: &Path) -> Result<Kind, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_lowercase();
    let ends = |ending: &str| name.ends_with(ending);
    if ends(".csv") || ends(".tsv") {
        return Ok(Kind::Table);
    }
    if ends(".warc") || ends(".warc.gz") {
        return Ok(Kind::Warc {
            is_packed: ends(".gz"),
        });
    }
    let is_known = matches!(name.as_str(), "robots.txt" | "tdmrep.json" | "ai.txt");
    if !is_known && !ends(".xml") {
        return Err(
            "none of a table (.csv, .tsv), a WARC file, robots.txt, tdmrep.json, ai.txt or RSL terms (.xml)"
                .to_owned(),
        );
    }
    site(path).map(Kind::Site)
}

/// The day, the host and the path that the folders of a file name.
fn site(path: &Path) -> Result<Site, String> {
    let parts: Vec<String> = path
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    let dated = (0..parts.len()).rev().find_map(|place| {
        let date = day(&parts[place])?;
        let host = parts.get(place + 1)?;
        // The file itself is no host.
        (place + 2 < parts.len()).then_some((place, date, host))
    });
    let Some((place, date, host)) = dated else {
        return Err(
            "its folders do not say of which day and site it is: put it into DATE/HOST/, as in 2026-01-31/example.com/robots.txt"
                .to_owned(),
        );
    };
    let address = format!("https://{host}/");
    let known = Address::parse(&address).filter(|it| it.path == "/");
    let Some(known) = known else {
        return Err(format!("the folder {host} behind the day names no host"));
    };
    let mut path = format!("/{}", parts[place + 2..].join("/"));
    // Some keep it without the folder that begins with a dot.
    if path == "/tdmrep.json" {
        "/.well-known/tdmrep.json".clone_into(&mut path);
    }
    let is_terms = path.to_lowercase().ends_with(".xml");
    let file = site_file(&path).or(is_terms.then_some(SiteFile::Rsl));
    let Some(file) = file else {
        return Err(format!("{path} is not where sites keep such a file"));
    };
    Ok(Site {
        date,
        host: known.host.into_owned(),
        path,
        file,
    })
}

/// `2026-01-31`, or `20260131`.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let written = format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]);
        return parse_date(&written).ok();
    }
    (text.len() == 10).then(|| parse_date(text).ok()).flatten()
}
