//! `clearance report`.

use clearance_report::Format;

use crate::args::Report;
use crate::exit::Exit;
use crate::ui::Ui;

pub(crate) fn run(args: &Report, ui: &Ui) -> anyhow::Result<Exit> {
    let to = args.to.as_ref().unwrap_or(&args.out);
    for format in &args.formats {
        let folder = if *format == Format::Html {
            &args.out
        } else {
            to
        };
        let path = clearance_report::export(&args.out, *format, folder)?;
        ui.say(&format!("Rendered {}", path.display()));
    }
    Ok(Exit::Clean)
}
