//! Findings derived again from the rows that they cite and from the registry.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clearance_index::{Snapshot, read_places};
use clearance_rights::Policy;
use clearance_rights::places::PlaceRules;
use clearance_scan::{
    FileTotals, Finding, Places, Plan, PlannedFile, ScanOptions, Totals, TrustedSigners,
    examine_again,
};
use serde_json::Value;

use super::figures::drawn_rows;
use super::settings::options as scan_options;
use super::{CheckOutcome, VerifyOptions};
use crate::error::Result;
use crate::lines::each_line;
use crate::summary::{PlaceSettings, RegistrySummary, Summary};
use crate::write::FINDINGS;

/// Why items that were fetched are not derived again.
const FETCHED: &str = "items were fetched from addresses in the dataset, whose servers may answer otherwise now: fetched.parquet has the digest of each";

/// Derives findings and rows that the seed chooses again. Says so where the dataset or the registry
/// is not at hand.
pub(super) fn derive(
    out: &Path,
    summary: &Summary,
    options: &VerifyOptions,
) -> Result<CheckOutcome> {
    let Some(registry) = options
        .registry
        .as_deref()
        .filter(|_| !options.dataset.is_empty())
    else {
        let why = "the dataset and the registry have to be at hand (--dataset, --registry)";
        return Ok(CheckOutcome::Open(why.to_owned()));
    };
    if summary.settings.fetch.is_some() {
        return Ok(CheckOutcome::Open(FETCHED.to_owned()));
    }
    let mut settings = match scan_options(summary) {
        Ok(settings) => settings,
        Err(problem) => {
            let problem = format!("summary.json: settings: {problem}");
            return Ok(CheckOutcome::Fails(vec![problem]));
        }
    };
    if let Some(said) = &summary.settings.places {
        match places(&options.places, said, &settings.policy) {
            Ok(places) => settings.places = Some(Arc::new(places)),
            Err(why) => return Ok(CheckOutcome::Open(why)),
        }
    }
    if let Some(digest) = &summary.settings.signers {
        match signers(options.signers.as_deref(), digest) {
            Ok(signers) => settings.signers = Some(Arc::new(signers)),
            Err(why) => return Ok(CheckOutcome::Open(why)),
        }
    }
    let snapshot = match snapshot(registry, &summary.registry) {
        Ok(snapshot) => snapshot,
        Err(why) => return Ok(CheckOutcome::Open(why)),
    };
    let plan = if settings.places.is_some() {
        Plan::with_places(&options.dataset, &settings.overrides)
    } else {
        Plan::new(&options.dataset, &settings.overrides)
    };
    let plan = match plan {
        Ok(plan) => plan,
        Err(error) => return Ok(CheckOutcome::Open(format!("the dataset: {error}"))),
    };
    let chosen = chosen_rows(out, summary, options)?;
    let mut again = Again {
        summary,
        options: &settings,
        snapshot: &snapshot,
        problems: Vec::new(),
        absent: Vec::new(),
        withheld: Vec::new(),
        compared: 0,
    };
    let listed = listed_findings(out, summary, &chosen)?;
    for (place, rows) in &chosen {
        let file = &summary.totals.files[*place];
        again.file(&plan, file, rows, &listed);
    }
    let rows: usize = chosen.values().map(BTreeSet::len).sum();
    Ok(again.outcome(rows))
}

/// The rules about places that the scan looked addresses up in. The error says why they are not those.
fn places(
    paths: &[PathBuf],
    said: &PlaceSettings,
    policy: &Policy,
) -> std::result::Result<Places, String> {
    if paths.is_empty() {
        return Err("the files about places have to be at hand (--places)".to_owned());
    }
    let sources = read_places(paths).map_err(|error| format!("the files about places: {error}"))?;
    if sources.digest() != said.digest {
        return Err("the files about places at hand are not those of the scan".to_owned());
    }
    Ok(Places {
        rules: PlaceRules::new(&sources.documents, policy.use_, policy.as_of),
        digest: sources.digest(),
    })
}

/// Those whose signatures the scan trusted. The error says why they are not at hand.
fn signers(path: Option<&Path>, digest: &str) -> std::result::Result<TrustedSigners, String> {
    if digest.is_empty() {
        return TrustedSigners::nobody().ok_or_else(|| {
            "the scan checked signatures of C2PA manifests, which this program was built without"
                .to_owned()
        });
    }
    let Some(path) = path else {
        return Err("the list of trusted certificates has to be at hand (--c2pa-trust)".to_owned());
    };
    let said = |error: String| format!("{}: {error}", path.display());
    let pem = std::fs::read_to_string(path).map_err(|error| said(error.to_string()))?;
    let signers = TrustedSigners::trusting(&pem).map_err(said)?;
    if signers.digest != digest {
        return Err("the list of certificates at hand is not that of the scan".to_owned());
    }
    Ok(signers)
}

/// The registry as it stood when the scan was made. The error says why it is not that.
fn snapshot(folder: &Path, said: &RegistrySummary) -> std::result::Result<Snapshot, String> {
    let other = |snapshot: &Snapshot| snapshot.manifest().digest() != said.digest;
    let now = Snapshot::open(folder).map_err(|error| format!("the registry: {error}"))?;
    if !other(&now) {
        return Ok(now);
    }
    let history = &now.manifest().history;
    let change = history
        .iter()
        .find(|change| change.generation == said.generation);
    let earlier = change.and_then(|change| Snapshot::open_at(folder, change.at).ok());
    earlier
        .filter(|snapshot| !other(snapshot))
        .ok_or_else(|| "the registry at hand is not the one of the scan".to_owned())
}

/// Rows by place of their file in the summary: those of `rederive` findings, and as many of all
/// rows that were scanned, whether something was found in them or not.
fn chosen_rows(
    out: &Path,
    summary: &Summary,
    options: &VerifyOptions,
) -> Result<BTreeMap<usize, BTreeSet<u64>>> {
    let files = &summary.totals.files;
    let mut smallest: BTreeMap<[u8; 32], (String, i64)> = BTreeMap::new();
    each_line(&out.join(FINDINGS), |finding: Finding| {
        let draw = draw(options.seed, finding.finding_id.as_bytes());
        smallest.insert(draw, (finding.file, finding.row_index));
        if smallest.len() > options.rederive {
            smallest.pop_last();
        }
        Ok(())
    })?;
    let mut chosen: BTreeMap<usize, BTreeSet<u64>> = BTreeMap::new();
    for (name, row) in smallest.into_values() {
        let place = files.iter().position(|file| file.file == name);
        if let (Some(place), Ok(row)) = (place, u64::try_from(row)) {
            chosen.entry(place).or_default().insert(row);
        }
    }
    let drawn = drawn_rows(summary).unwrap_or_default();
    let rows = |place: usize| match &drawn {
        Some(drawn) => drawn[place].len() as u64,
        None => files[place].rows.rows,
    };
    let all = (0..files.len()).map(rows).fold(0, u64::saturating_add);
    let most = usize::try_from(all).unwrap_or(usize::MAX);
    for number in 0..options.rederive.min(most) {
        let [a, b, c, d, e, f, g, h, ..] = draw(options.seed, &(number as u64).to_le_bytes());
        let mut row = u64::from_le_bytes([a, b, c, d, e, f, g, h]) % all;
        for place in 0..files.len() {
            if row < rows(place) {
                let row = drawn
                    .as_ref()
                    .map_or(row, |drawn| drawn[place][row as usize]);
                chosen.entry(place).or_default().insert(row);
                break;
            }
            row -= rows(place);
        }
    }
    Ok(chosen)
}

/// The draw of a ticket in the lottery of this seed.
fn draw(seed: u64, ticket: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes()).update(ticket);
    *hasher.finalize().as_bytes()
}

/// What is listed of the chosen rows.
fn listed_findings(
    out: &Path,
    summary: &Summary,
    chosen: &BTreeMap<usize, BTreeSet<u64>>,
) -> Result<Vec<Finding>> {
    let mut rows: BTreeSet<(&str, i64)> = BTreeSet::new();
    for (place, of_file) in chosen {
        let name = summary.totals.files[*place].file.as_str();
        rows.extend(of_file.iter().map(|row| (name, *row as i64)));
    }
    let mut listed = Vec::new();
    each_line(&out.join(FINDINGS), |finding: Finding| {
        if rows.contains(&(finding.file.as_str(), finding.row_index)) {
            listed.push(finding);
        }
        Ok(())
    })?;
    Ok(listed)
}

/// The planned file that a file of a summary is: of the same contents, under the most similar name.
pub(crate) fn same_file<'a>(plan: &'a Plan, said: &FileTotals) -> Option<&'a PlannedFile> {
    let same = |file: &&PlannedFile| {
        file.identity.bytes == said.bytes && file.identity.footer_blake3 == said.footer_blake3
    };
    plan.files
        .iter()
        .filter(same)
        .max_by_key(|file| common_ending(&file.name, &said.file))
}

/// Parts of two paths that agree, from the end.
pub(crate) fn common_ending(a: &str, b: &str) -> usize {
    let pairs = a.rsplit('/').zip(b.rsplit('/'));
    pairs.take_while(|(a, b)| a == b).count()
}

struct Again<'a> {
    summary: &'a Summary,
    options: &'a ScanOptions,
    snapshot: &'a Snapshot,
    problems: Vec<String>,
    absent: Vec<String>,
    /// What a network did not give.
    withheld: Vec<String>,
    compared: usize,
}

impl Again<'_> {
    fn file(&mut self, plan: &Plan, said: &FileTotals, rows: &BTreeSet<u64>, listed: &[Finding]) {
        let Some(planned) = same_file(plan, said) else {
            self.absent.push(said.file.clone());
            return;
        };
        let is_same = match said.blake3.as_ref().filter(|_| !planned.is_printed()) {
            Some(digest) => planned.blake3().map(|found| found == *digest),
            None => Ok(true),
        };
        if let Err(error @ clearance_scan::Error::Remote { .. }) = &is_same {
            self.withheld.push(error.to_string());
            return;
        }
        if !is_same.unwrap_or(false) {
            let problem = format!("{}: changed since it was scanned", said.file);
            self.problems.push(problem);
            return;
        }
        let mut planned = planned.clone();
        planned.name.clone_from(&said.file);
        let derived = examine_again(&planned, rows, self.snapshot, self.options);
        let mut derived = match derived {
            Ok(derived) => derived,
            Err(error) => return self.withheld.push(error.to_string()),
        };
        scale(&mut derived, &self.summary.totals);
        let listed = listed.iter().filter(|finding| finding.file == said.file);
        let listed: BTreeMap<&str, &Finding> = listed
            .map(|finding| (finding.finding_id.as_str(), finding))
            .collect();
        for finding in &derived {
            if !listed.contains_key(finding.finding_id.as_str()) {
                self.problems.push(format!(
                    "row {} of {}: {} of work {} is left out",
                    finding.row_index, said.file, finding.finding_id, finding.work_id
                ));
            }
        }
        for (id, finding) in listed {
            self.compared += 1;
            match derived.iter().find(|other| other.finding_id == id) {
                None => self.problems.push(format!(
                    "{id}: does not come out of row {} of {}",
                    finding.row_index, said.file
                )),
                Some(other) => self.problems.extend(difference(finding, other)),
            }
        }
    }

    fn outcome(self, rows: usize) -> CheckOutcome {
        if !self.problems.is_empty() {
            return CheckOutcome::Fails(self.problems);
        }
        if let [first, ..] = &self.withheld[..] {
            return CheckOutcome::Open(first.clone());
        }
        if let [first, ..] = &self.absent[..] {
            let number = self.absent.len();
            let why =
                format!("{number} files of the scan are not in the dataset given, as {first}");
            return CheckOutcome::Open(why);
        }
        CheckOutcome::Holds(format!(
            "{} findings in {rows} rows came out the same, and no other",
            self.compared
        ))
    }
}

/// E-values of one item to those of the scan, as they are collected.
fn scale(findings: &mut [Finding], totals: &Totals) {
    for finding in findings {
        let examined = totals.media.of(Some(finding.media)).examined().max(1);
        finding.e_value *= examined as f64;
    }
}

/// The first field in which two findings differ, in words.
fn difference(said: &Finding, derived: &Finding) -> Option<String> {
    if said == derived {
        return None;
    }
    let fields = |finding| serde_json::to_value(finding).unwrap_or(Value::Null);
    let (said_fields, derived_fields) = (fields(said), fields(derived));
    let name = said_fields.as_object()?.keys().find(|key| {
        let key = key.as_str();
        said_fields[key] != derived_fields[key]
    });
    let name = name.map_or("something", String::as_str);
    Some(format!(
        "{}: {name} comes out as {}, not as {}",
        said.finding_id, derived_fields[name], said_fields[name]
    ))
}
