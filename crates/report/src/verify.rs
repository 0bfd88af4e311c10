//! Whether the outputs of a scan are what was signed, whether they agree with one another, and
//! whether findings come out again.
//!
//! Nothing here needs the network or believes what it reads: an attestation of another key, files
//! that were changed, and findings edited to look clean are each named.

mod again;
mod consistency;
mod fetched;
mod figures;
mod settings;
mod tables;
mod tally;

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::attest::{self, PublicKey};
use crate::error::Result;
use crate::summary::Summary;

pub(crate) use again::{common_ending, same_file};
pub use settings::scan_options;
pub(crate) use settings::{overrides, policy};

/// What to verify, and with what.
#[derive(Clone, Debug, Default)]
pub struct VerifyOptions {
    /// The key that the outputs are to be signed with.
    pub trusted: Option<PublicKey>,
    /// The dataset, if it is at hand.
    pub dataset: Vec<PathBuf>,
    /// The registry, if it is at hand.
    pub registry: Option<PathBuf>,
    /// The files about places, if they are at hand.
    pub places: Vec<PathBuf>,
    /// The list of certificates whose signers were trusted, if it is at hand.
    pub signers: Option<PathBuf>,
    /// How many findings are derived again, and how many rows are examined again.
    pub rederive: usize,
    /// Chooses them.
    pub seed: u64,
}

/// What was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Each check, in the order in which it was made.
    pub checks: Vec<Check>,
}

/// A check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was checked.
    pub name: &'static str,
    /// How it came out.
    #[serde(flatten)]
    pub outcome: CheckOutcome,
}

/// How a check came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "outcome", content = "detail")]
pub enum CheckOutcome {
    /// It holds; what that means.
    Holds(String),
    /// It does not; everything that is wrong.
    Fails(Vec<String>),
    /// It could not be made; why.
    Open(String),
}

impl Verification {
    /// Whether some check failed.
    pub fn fails(&self) -> bool {
        let mut checks = self.checks.iter();
        checks.any(|check| matches!(check.outcome, CheckOutcome::Fails(_)))
    }

    /// The first thing that is wrong, in words.
    pub fn first_problem(&self) -> Option<&str> {
        self.checks.iter().find_map(|check| match &check.outcome {
            CheckOutcome::Fails(problems) => problems.first().map(String::as_str),
            _ => None,
        })
    }

    /// Whether some check could not be made.
    pub fn is_open(&self) -> bool {
        let mut checks = self.checks.iter();
        checks.any(|check| matches!(check.outcome, CheckOutcome::Open(_)))
    }

    fn add(&mut self, name: &'static str, outcome: CheckOutcome) {
        self.checks.push(Check { name, outcome });
    }
}

impl CheckOutcome {
    fn of(problems: Vec<String>, holds: impl FnOnce() -> String) -> Self {
        if problems.is_empty() {
            Self::Holds(holds())
        } else {
            Self::Fails(problems)
        }
    }
}

/// Verifies the output folder `out`.
pub fn verify(out: &Path, options: &VerifyOptions) -> Result<Verification> {
    let mut verification = Verification { checks: Vec::new() };
    let summary = Summary::read(out).map_err(|error| error.to_string());
    check_attestation(out, options, summary.as_ref().ok(), &mut verification)?;
    let consistency = match &summary {
        Ok(summary) => consistency::check(out, summary)?,
        Err(problem) => vec![problem.clone()],
    };
    let outcome = CheckOutcome::of(consistency, || {
        "rows, items, verdicts and works add up, and the tables say the same as the lines"
            .to_owned()
    });
    verification.add("consistency", outcome);
    if options.rederive > 0 {
        let outcome = match &summary {
            Ok(summary) => again::derive(out, summary, options)?,
            Err(problem) => CheckOutcome::Open(problem.clone()),
        };
        verification.add("derived again", outcome);
    }
    Ok(verification)
}

/// Contradictions between the outputs, if any.
pub(crate) fn contradictions(out: &Path) -> Result<Vec<String>> {
    consistency::check(out, &Summary::read(out)?)
}

fn check_attestation(
    out: &Path,
    options: &VerifyOptions,
    summary: Option<&Summary>,
    verification: &mut Verification,
) -> Result<()> {
    let opened = match attest::open(out, options.trusted.as_ref())? {
        None if options.trusted.is_some() => {
            let problem = "nothing is signed: there is no attestation.json".to_owned();
            verification.add("signature", CheckOutcome::Fails(vec![problem]));
            return Ok(());
        }
        None => {
            let why = "nothing is signed: there is no attestation.json".to_owned();
            verification.add("signature", CheckOutcome::Open(why));
            return Ok(());
        }
        Some(Err(problem)) => {
            let problem = format!("attestation.json: {problem}");
            verification.add("signature", CheckOutcome::Fails(vec![problem]));
            return Ok(());
        }
        Some(Ok(opened)) => opened,
    };
    let key = opened.named.id().unwrap_or_else(|error| error);
    let at = &opened.signed_at;
    let signature = if !opened.problems.is_empty() {
        let problems = opened.problems.iter();
        CheckOutcome::Fails(problems.map(|p| format!("attestation.json: {p}")).collect())
    } else if options.trusted.is_some() {
        CheckOutcome::Holds(format!("by key {key}, at {at}"))
    } else {
        CheckOutcome::Open(format!(
            "made with key {key} at {at}, which may be anybody's: give the key that you expect"
        ))
    };
    verification.add("signature", signature);
    let files = opened.changed_files(out)?;
    let files = CheckOutcome::of(files, || "every file is as it was signed".to_owned());
    verification.add("files", files);
    let mut said = opened.clock().err().into_iter().collect::<Vec<_>>();
    said.extend(
        summary
            .into_iter()
            .flat_map(|summary| opened.contradictions(summary)),
    );
    let said = CheckOutcome::of(said, || {
        "inputs, registry, settings and counts are those of summary.json".to_owned()
    });
    verification.add("statement", said);
    Ok(())
}
