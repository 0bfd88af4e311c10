//! Exit codes, for the scripts and CI jobs that call us.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Complete, and nothing over policy.
    Clean,
    /// Findings over policy; the summary says whether the scan was complete.
    Findings,
    /// Usage, configuration or registry: nothing was done.
    CannotRun,
    /// Nothing over policy, but not everything was examined or registered.
    Incomplete,
    /// Stopped by the user; the next run continues.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::CannotRun => 2,
            Exit::Incomplete => 3,
            Exit::Interrupted => 130,
        })
    }
}
