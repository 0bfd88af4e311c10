//! `clearance statements` and `clearance answer`.

use clearance_index::Snapshot;
use clearance_report::{write_answer, write_statements};

use crate::args::acting::{Answer, Statements};
use crate::exit::Exit;
use crate::ui::{Ui, count, one_line};

pub(crate) fn statements(args: &Statements, ui: &Ui) -> anyhow::Result<Exit> {
    let registry = args.registry.as_deref().map(Snapshot::open).transpose()?;
    let stated = write_statements(&args.out, registry.as_ref(), &args.to)?;
    ui.say(&format!(
        "{} of {} in {}",
        count(stated.works, "work"),
        count(stated.owners, "rightsholder"),
        args.to.display()
    ));
    Ok(Exit::Clean)
}

pub(crate) fn answer(args: &Answer, ui: &Ui) -> anyhow::Result<Exit> {
    let registry = args.registry.as_deref().map(Snapshot::open).transpose()?;
    let stated = write_answer(&args.out, &args.owner, registry.as_ref(), &args.to)?;
    let owner = one_line(&args.owner);
    if stated.works == 0 {
        ui.say(&format!(
            "No work of {owner} was found; nothing was written"
        ));
    } else {
        ui.say(&format!(
            "{} of {owner}, {}, in {}",
            count(stated.works, "work"),
            count(stated.findings, "finding"),
            args.to.display()
        ));
    }
    Ok(Exit::Clean)
}
