//! `clearance sign` and `clearance verify`.

use std::io::Write;

use clearance_report::{CheckOutcome, Verification, VerifyOptions};

use super::keys::{public_key, signing_key};
use crate::args::proof::{Sign, Verify};
use crate::config::now;
use crate::exit::Exit;
use crate::ui::{Ui, one_line, stdout};

/// Findings derived again when everything for it is given.
const USUAL_NUMBER: usize = 10;

pub(crate) fn sign(args: &Sign, ui: &Ui) -> anyhow::Result<Exit> {
    let key = signing_key(&args.key, ui)?;
    sign_outputs(&args.out, &key, ui)?;
    Ok(Exit::Clean)
}

/// Signs an output folder and says with which key.
pub(crate) fn sign_outputs(
    out: &std::path::Path,
    key: &clearance_report::SigningKey,
    ui: &Ui,
) -> anyhow::Result<()> {
    clearance_report::sign(out, key, now()?)?;
    let id = key.public().id().map_err(anyhow::Error::msg)?;
    ui.say(&format!(
        "Signed in {} with key {id}",
        out.join("attestation.json").display()
    ));
    Ok(())
}

pub(crate) fn verify(args: &Verify, ui: &Ui) -> anyhow::Result<Exit> {
    let at_hand = !args.dataset.is_empty() && args.registry.is_some();
    let usual = if at_hand { USUAL_NUMBER } else { 0 };
    let options = VerifyOptions {
        trusted: args.key.as_deref().map(public_key).transpose()?,
        dataset: args.dataset.clone(),
        registry: args.registry.clone(),
        places: args.places.clone(),
        signers: args.c2pa_trust.clone(),
        rederive: args.rederive.unwrap_or(usual),
        seed: args.seed,
    };
    let verification = clearance_report::verify(&args.out, &options)?;
    if args.json {
        writeln!(stdout(), "{}", serde_json::to_string(&verification)?)?;
    } else {
        print(&verification)?;
    }
    Ok(if verification.fails() {
        Exit::Findings
    } else if verification.is_open() {
        ui.say_more("Nothing is wrong, but not everything could be checked.");
        Exit::Incomplete
    } else {
        Exit::Clean
    })
}

fn print(verification: &Verification) -> anyhow::Result<()> {
    let mut out = stdout();
    for check in &verification.checks {
        match &check.outcome {
            CheckOutcome::Holds(detail) => {
                writeln!(out, "holds    {}: {}", check.name, one_line(detail))?;
            }
            CheckOutcome::Open(why) => {
                writeln!(out, "open     {}: {}", check.name, one_line(why))?;
            }
            CheckOutcome::Fails(problems) => {
                for problem in problems {
                    writeln!(out, "FAILS    {}: {}", check.name, one_line(problem))?;
                }
            }
        }
    }
    Ok(())
}
