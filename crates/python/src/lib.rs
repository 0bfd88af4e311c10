//! What is Rust of the Python package `clearance`.
//!
//! Rows come and go over the Arrow `PyCapsule` interface, so no version of any Arrow library is
//! shared with Python; work is done with the GIL released, and Ctrl-C stops it. Commands are those of
//! the command line (`clearance::call`), with its settings, words and outputs. What reads well in
//! Python is written in Python: `python/clearance` beside this folder, which is the package's face.
//!
//! | module | what it holds |
//! |---|---|
//! | `arrow` | record batches in and out |
//! | `batches` | a registry, a scanner and a printer of batches |
//! | `commands` | the command line, whole and as calls |
//! | `parts` | parts of a registry, and who brings questions to them |
//! | `work` | work with the GIL released, that Ctrl-C stops |
//!
//! Not for Rust programs: they use the crates below.

mod arrow;
mod batches;
mod commands;
mod parts;
mod work;

use pyo3::prelude::*;

/// The module `clearance._native`.
#[pymodule(name = "_native")]
fn native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<arrow::Batch>()?;
    module.add_class::<batches::Snapshot>()?;
    module.add_class::<batches::Scanner>()?;
    module.add_class::<batches::Printer>()?;
    module.add_function(wrap_pyfunction!(batches::finding_columns, module)?)?;
    module.add_function(wrap_pyfunction!(batches::coverage_columns, module)?)?;
    module.add_class::<parts::Part>()?;
    module.add_function(wrap_pyfunction!(parts::write_part, module)?)?;
    module.add_function(wrap_pyfunction!(parts::part_count, module)?)?;
    module.add_function(wrap_pyfunction!(parts::exchange_with, module)?)?;
    module.add_function(wrap_pyfunction!(commands::call, module)?)?;
    module.add_function(wrap_pyfunction!(commands::check_scan, module)?)?;
    module.add_function(wrap_pyfunction!(commands::program, module)?)
}
