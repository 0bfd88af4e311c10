//! The terminal. Results go to stdout, everything for people to stderr.

mod bar;
pub(crate) mod scan_summary;

use std::io::{IsTerminal, Write};

use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};
use clearance_report::Summary;

use crate::args::{ColorKind, Global, ProgressKind};
use bar::ProgressBar;

/// How to talk to the user.
pub(crate) struct Ui {
    /// Not even results are printed: there is no terminal.
    silent: bool,
    quiet: bool,
    verbose: bool,
    progress: ProgressKind,
}

pub(crate) const BOLD: Style = Style::new().bold();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

impl Ui {
    pub(crate) fn new(global: &Global) -> Self {
        match global.color {
            // anstream itself looks at the terminal, NO_COLOR and its relatives.
            ColorKind::Auto => ColorChoice::Auto,
            ColorKind::Always => ColorChoice::Always,
            ColorKind::Never => ColorChoice::Never,
        }
        .write_global();
        Self {
            silent: false,
            quiet: global.quiet,
            verbose: global.verbose,
            progress: global.progress,
        }
    }

    /// For a process with a terminal of its own affairs: says nothing, and results are in files.
    pub(crate) fn silent() -> Self {
        Self {
            silent: true,
            quiet: true,
            verbose: false,
            progress: ProgressKind::None,
        }
    }

    /// The summary of a scan, to stdout.
    pub(crate) fn results(
        &self,
        summary: &Summary,
        results: scan_summary::Results<'_>,
    ) -> anyhow::Result<()> {
        if self.silent {
            return Ok(());
        }
        scan_summary::print(summary, results)
    }

    /// A line for people.
    pub(crate) fn say(&self, line: &str) {
        if !self.quiet {
            print_line(line);
        }
    }

    /// A line for people who asked for more.
    pub(crate) fn say_more(&self, line: &str) {
        if self.verbose {
            self.say(line);
        }
    }

    pub(crate) fn warn(&self, line: &str) {
        self.say(&format!("{WARNING}warning{WARNING:#}: {line}"));
    }

    #[expect(clippy::unused_self, reason = "said through the same door as the rest")]
    pub(crate) fn error(&self, error: &anyhow::Error) {
        print_line(&format!("{ERROR}error{ERROR:#}: {}", in_words(error)));
        if let Some(hint) = hint(error) {
            print_line(&format!("{HINT}hint{HINT:#}: {hint}"));
        }
    }

    /// A bar on a terminal, plain lines elsewhere.
    pub(crate) fn progress(&self, verb: &'static str, unit: &'static str) -> ProgressBar {
        let shown = !self.quiet && self.progress != ProgressKind::None;
        let terminal = std::io::stderr().is_terminal() && self.progress == ProgressKind::Auto;
        ProgressBar::new(verb, unit, shown, terminal)
    }
}

/// An error and its causes, each said once: some repeat their cause themselves.
pub(crate) fn in_words(error: &anyhow::Error) -> String {
    let mut words = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if words.is_empty() {
            words = cause;
        } else if !words.contains(&cause) {
            words = format!("{words}: {cause}");
        }
    }
    words
}

/// Where results go.
pub(crate) fn stdout() -> impl Write {
    UntilClosed(anstream::stdout())
}

/// Writes until the reader has read enough (`clearance inspect … | head`): the command goes on to
/// its own exit code.
struct UntilClosed<W>(W);

impl<W: Write> Write for UntilClosed<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        unless_closed(self.0.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        unless_closed(self.0.flush(), ())
    }
}

fn unless_closed<T>(written: std::io::Result<T>, enough: T) -> std::io::Result<T> {
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(enough),
        other => other,
    }
}

/// What to do next about an error, where that is known.
pub(crate) fn hint(error: &anyhow::Error) -> Option<&'static str> {
    use clearance_index::Error as Index;
    for cause in error.chain() {
        if let Some(index) = cause.downcast_ref::<Index>() {
            return match index {
                Index::Params { .. } | Index::Version { .. } => Some(
                    "register the catalogs again into a new folder with this version of clearance",
                ),
                Index::Corrupt { .. } => Some(
                    "restore the registry from a copy, or register the catalogs again into a new folder",
                ),
                Index::NotARegistry { .. } => {
                    Some("create one with: clearance register CATALOG --registry DIR")
                }
                Index::Busy { .. } => Some("wait until it has ended, then run this again"),
                _ => None,
            };
        }
        let io = cause.downcast_ref::<std::io::Error>();
        if let Some(hint) = io.and_then(|io| io_hint(io.kind())) {
            return Some(hint);
        }
    }
    None
}

fn io_hint(kind: std::io::ErrorKind) -> Option<&'static str> {
    use std::io::ErrorKind;
    match kind {
        ErrorKind::NotFound => Some("check the path"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            Some("free some space and run the same command again: what is finished stays")
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            Some("choose a folder that may be written with --out or --registry")
        }
        _ => None,
    }
}

fn print_line(line: &str) {
    // Nobody is left to tell when stderr is closed.
    drop(writeln!(anstream::stderr(), "{line}"));
}

/// Foreign text on one line: what would break it, or move the cursor, is escaped.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}') {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

/// A number and its noun: `1 work`, `2,031 works`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// A number with its thousands set off.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_stays_on_its_line() {
        assert_eq!(one_line("a\nb\u{1b}[31m Ü"), "a\\nb\\u{1b}[31m Ü");
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(1, "work"), "1 work");
        assert_eq!(count(0, "row"), "0 rows");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(12_345_678), "12,345,678");
    }
}
