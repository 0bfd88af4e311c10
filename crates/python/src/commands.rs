//! The command line, whole and as calls.

use std::ffi::OsString;

use pyo3::prelude::*;

use crate::work::{raised, released};

/// Runs a command that leaves its results in files, and answers with its exit code.
#[pyfunction]
pub(crate) fn call(py: Python<'_>, arguments: Vec<OsString>) -> PyResult<u8> {
    released(py, |stop| clearance::call(arguments, stop))?.map_err(|failure| raised(py, failure))
}

/// Says of the arguments of a scan, without scanning, when they do not fit.
#[pyfunction]
pub(crate) fn check_scan(py: Python<'_>, arguments: Vec<OsString>) -> PyResult<()> {
    let checked = py.detach(|| clearance::check_scan(arguments));
    checked.map_err(|failure| raised(py, failure))
}

/// Runs the program: `arguments` begin with its name. For a process that does nothing else.
#[pyfunction]
pub(crate) fn program(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| clearance::program(arguments))
}
