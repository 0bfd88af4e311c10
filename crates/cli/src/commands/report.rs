//! `clearance report`.

use crate::args::Report;
use crate::exit::Exit;
use crate::ui::Ui;

pub(crate) fn run(args: &Report, ui: &Ui) -> anyhow::Result<Exit> {
    clearance_report::render_html(&args.out)?;
    ui.say(&format!(
        "Rendered {}",
        args.out.join("report.html").display()
    ));
    Ok(Exit::Clean)
}
