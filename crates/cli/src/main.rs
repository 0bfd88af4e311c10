//! The program `clearance`; all of it is in the library beside this file.

fn main() -> std::process::ExitCode {
    clearance::program(std::env::args_os()).into()
}
