//! The program `clearance`; all of it is in the library beside this file.

fn main() -> std::process::ExitCode {
    // The program itself decodes items for its scans.
    if let Ok(program) = std::env::current_exe() {
        clearance::decode_with(program);
    }
    clearance::program(std::env::args_os()).into()
}
