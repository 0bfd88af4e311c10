//! `clearance`: find registered works in training datasets.
//!
//! The only crate that knows arguments, the terminal, the environment, today's
//! date and exit codes. [`args`] says what was typed, [`config`] joins it with
//! `clearance.toml`, and each module of [`commands`] runs one command.

mod args;
mod commands;
mod config;
mod exit;
mod ui;

use clap::Parser;

use args::{Args, Command};
use exit::Exit;

fn main() -> std::process::ExitCode {
    let args = Args::parse();
    let ui = ui::Ui::new(&args.global);
    if matches!(args.command, Command::Decode) {
        // Neither threads nor a handler for interrupts, which the scan that called it has.
        return commands::decode::run().into();
    }
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
        Command::Decode => Ok(Exit::Clean),
    });
    let exit = outcome.unwrap_or_else(|error| {
        ui.error(&error);
        Exit::CannotRun
    });
    exit.into()
}
