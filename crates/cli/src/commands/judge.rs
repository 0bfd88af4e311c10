//! `clearance judge`.

use clearance_report::{judge_findings, read_summary};

use super::scan::{exit, tool};
use crate::args::Judge;
use crate::config::{open_registry, policy_again};
use crate::exit::Exit;
use crate::ui::scan_summary;

pub(crate) fn run(args: &Judge) -> anyhow::Result<Exit> {
    let before = read_summary(&args.scanned)?;
    let policy = policy_again(&args.question, &before.policy)?;
    let snapshot = open_registry(&args.registry, args.registry_at.as_deref())?;
    let summary = judge_findings(&args.scanned, before, &snapshot, &policy, tool(), &args.out)?;
    let results = scan_summary::Results {
        out: &args.out,
        only_findings: false,
    };
    scan_summary::print(&summary, results)?;
    Ok(exit(&summary))
}
