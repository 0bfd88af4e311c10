//! `clearance disclose`.

use clearance_report::DisclosureOptions;

use crate::args::acting::Disclose;
use crate::config::now;
use crate::exit::Exit;
use crate::ui::Ui;

pub(crate) fn run(args: &Disclose, ui: &Ui) -> anyhow::Result<Exit> {
    let options = DisclosureOptions {
        dataset: args.dataset.clone(),
        name: args.name.clone(),
        at: now()?,
    };
    for path in clearance_report::disclose(&args.out, &options, &args.to)? {
        ui.say(&format!("Wrote {}", path.display()));
    }
    ui.say("Items marked open have to be answered by the people behind the dataset.");
    Ok(Exit::Clean)
}
