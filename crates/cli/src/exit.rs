//! Exit codes, for the scripts and CI jobs that call us.

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

impl Exit {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::CannotRun => 2,
            Self::Incomplete => 3,
            Self::Interrupted => 130,
        }
    }
}
