//! Parts of a registry that is too large for a machine, and the way to them through an engine.

use std::path::PathBuf;
use std::sync::Arc;

use clearance::Failure;
use clearance_index::{Division, Exchange, HeldPart, set_exchange};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::work::{Pool, raised};

/// One part of a registry, open.
#[pyclass(frozen, module = "clearance._native")]
pub(crate) struct Part(HeldPart);

#[pymethods]
impl Part {
    /// Opens part `number`, from 0, of the registry that was divided in `folder`.
    #[new]
    fn new(py: Python<'_>, folder: PathBuf, number: usize) -> PyResult<Self> {
        static OPENING: Pool = Pool::new(None);
        let pool = OPENING.get()?;
        let opened = py.detach(move || pool.install(|| HeldPart::open(&folder, number)));
        opened
            .map(Self)
            .map_err(|error| raised(py, Failure::from(error)))
    }

    /// Answers the questions of a search.
    fn answer<'py>(&self, py: Python<'py>, message: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        let answered = py.detach(|| self.0.answer(message));
        match answered {
            Ok(bytes) => Ok(PyBytes::new(py, &bytes)),
            Err(detail) => Err(PyValueError::new_err(detail)),
        }
    }
}

/// How many parts the registry in `folder` was divided into; none where it was not.
#[pyfunction]
pub(crate) fn part_count(py: Python<'_>, folder: PathBuf) -> PyResult<usize> {
    let division = py.detach(move || Division::read(&folder));
    let division = division.map_err(|error| raised(py, Failure::from(error)))?;
    Ok(division.parts)
}

/// Writes part `number` again from the registry that was divided, unless it is there.
#[pyfunction]
pub(crate) fn write_part(
    py: Python<'_>,
    registry: PathBuf,
    folder: PathBuf,
    number: usize,
) -> PyResult<()> {
    let written = py.detach(move || clearance_index::write_part(&registry, &folder, number));
    written.map_err(|error| raised(py, Failure::from(error)))?;
    Ok(())
}

/// Asks parts through a function of Python: from `[(part, question)]` to the answers in that order.
struct Asking(Py<PyAny>);

impl Exchange for Asking {
    fn exchange(&self, questions: Vec<(usize, Vec<u8>)>) -> Result<Vec<Vec<u8>>, String> {
        Python::attach(|py| {
            let questions: Vec<(usize, Bound<'_, PyBytes>)> = questions
                .iter()
                .map(|(part, message)| (*part, PyBytes::new(py, message)))
                .collect();
            let answers = self.0.call1(py, (questions,))?;
            answers.extract::<Vec<Vec<u8>>>(py)
        })
        .map_err(|error| error.to_string())
    }
}

/// Sets who is asked by registries in parts that are opened from now on; `None`: the parts in their
/// folders.
#[pyfunction]
#[pyo3(signature = (ask=None))]
pub(crate) fn exchange_with(ask: Option<Py<PyAny>>) {
    set_exchange(ask.map(|ask| Arc::new(Asking(ask)) as Arc<dyn Exchange>));
}
