//! `clearance gate`, and how a scan ends.

use std::path::Path;

use clearance_report::{Gate, Summary};

use crate::args::acting::GateArgs;
use crate::config;
use crate::exit::Exit;
use crate::ui::Ui;

pub(crate) fn run(args: &GateArgs, ui: &Ui) -> anyhow::Result<Exit> {
    let mut summary = Summary::read(&args.out)?;
    let (gate, min_coverage) = match &args.config {
        Some(path) => config::gate(path)?,
        None => (summary.settings.gate.clone(), None),
    };
    if min_coverage.is_some() {
        summary.settings.min_coverage = min_coverage;
    }
    let exit = judge(&args.out, &summary, gate.as_ref(), ui)?;
    let word = match exit {
        Exit::Clean => "open: nothing over the limits, everything examined that had to be",
        Exit::Incomplete => "closed: not everything was examined",
        _ => "closed: findings over the limits",
    };
    ui.say(&format!("The gate is {word}"));
    Ok(exit)
}

/// How a scan with this summary ends: whether what it found is let through, and then whether it
/// examined enough.
pub(crate) fn judge(
    out: &Path,
    summary: &Summary,
    gate: Option<&Gate>,
    ui: &Ui,
) -> anyhow::Result<Exit> {
    let over = match gate {
        Some(gate) => {
            let exceeded = gate.exceeded(out, summary)?;
            for limit in &exceeded {
                ui.warn(&format!("gate: {limit}"));
            }
            !exceeded.is_empty()
        }
        None => summary.over_policy > 0,
    };
    Ok(if over {
        Exit::Findings
    } else if summary.is_covered() {
        Exit::Clean
    } else {
        Exit::Incomplete
    })
}
