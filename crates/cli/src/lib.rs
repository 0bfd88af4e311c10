//! `clearance`: find registered works in training datasets.
//!
//! The only crate that knows arguments, the terminal, the environment, today's
//! date and exit codes. `args` says what was typed, `config` joins it with
//! `clearance.toml`, and each module of `commands` runs one command.
//!
//! [`program`] is the program as it runs on a terminal. [`call`] runs a command inside another
//! process, which gets exit codes and errors as values: that is how the Python package works, with
//! the settings, words and outputs of the command line and none of its own. What a crate of ours
//! does is better called there than here.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//!
//! let arguments = ["scan", "dataset", "--registry", "nowhere", "--out", "report"];
//! let failure = clearance::call(arguments, &AtomicBool::new(false)).unwrap_err();
//! assert!(failure.words.contains("not a registry"));
//! ```

mod args;
mod call;
mod commands;
mod config;
mod exit;
mod ui;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::sync::OnceLock;

use clap::Parser;

use args::{Args, Command};
pub use call::{
    BatchSettings, Failure, FailureKind, TableSettings, batch_settings, call, check_scan,
    open_registry, table_settings,
};
use exit::Exit;

/// Runs the program: the first of `arguments` is its name. Answers with the exit code. Takes over
/// Ctrl-C, the number of threads and the color of the terminal for the whole process.
pub fn program(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let code = match Args::try_parse_from(arguments) {
        Ok(args) => run(&args).code(),
        Err(error) => {
            // Nobody is left to tell when the terminal is closed.
            drop(error.print());
            u8::try_from(error.exit_code()).unwrap_or(2)
        }
    };
    drop(std::io::stdout().flush());
    code
}

/// The program that decodes items for scans of this process.
static DECODER: OnceLock<PathBuf> = OnceLock::new();

/// Says which program decodes items for scans of this process, as `PROGRAM decode`: the program
/// `clearance`, which is usually what asks. Until somebody says it, items are decoded in this process.
pub fn decode_with(program: PathBuf) {
    // The first word counts.
    DECODER.get_or_init(|| program);
}

fn run(args: &Args) -> Exit {
    if matches!(args.command, Command::Decode) {
        // Neither threads nor a handler for interrupts, which the scan that called it has.
        return commands::decode::run();
    }
    let ui = ui::Ui::new(&args.global);
    let outcome = commands::prepare(&args.global).and_then(|stop| match &args.command {
        Command::Register(register) => commands::register::run(register, &ui, &stop),
        Command::Scan(scan) => commands::scan::run(scan, &ui, &stop),
        Command::Merge(merge) => commands::merge::run(merge, &ui),
        Command::Judge(judge) => commands::judge::run(judge, &ui),
        Command::Fingerprint(table) => commands::fingerprint::run(table, &ui, &stop),
        Command::Registry(command) => commands::exchange::run(command, &ui),
        Command::Report(report) => commands::report::run(report, &ui),
        Command::Explain(explain) => commands::explain::run(explain, &ui),
        Command::Withdraw(withdraw) => commands::ledger::withdraw(withdraw, &ui),
        Command::License(license) => commands::ledger::license(license, &ui),
        Command::Inspect(inspect) => commands::inspect::run(inspect),
        Command::Disclose(disclose) => commands::disclose::run(disclose, &ui),
        Command::Filter(filter) => commands::filter::run(filter, &ui, &stop),
        Command::Gate(gate) => commands::gate::run(gate, &ui),
        Command::Keygen(keygen) => commands::keys::keygen(keygen, &ui),
        Command::Log(log) => commands::log::run(log, &ui),
        Command::Sign(sign) => commands::verify::sign(sign, &ui),
        Command::Stamp(stamp) => commands::stamp::run(stamp, &ui),
        Command::Answer(answer) => commands::owners::answer(answer, &ui),
        Command::Statements(statements) => commands::owners::statements(statements, &ui),
        Command::Verify(verify) => commands::verify::verify(verify, &ui),
        Command::Decode => Ok(commands::decode::run()),
    });
    outcome.unwrap_or_else(|error| {
        ui.error(&error);
        Exit::CannotRun
    })
}
