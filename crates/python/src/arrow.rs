//! Record batches over the Arrow `PyCapsule` interface
//! (<https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>).

use std::ffi::CStr;
use std::sync::Arc;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi, to_ffi};
use arrow_array::{Array, RecordBatch, RecordBatchOptions, StructArray};
use arrow_schema::{ArrowError, Schema};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

const ARRAY: &CStr = c"arrow_array";
const SCHEMA: &CStr = c"arrow_schema";

/// Rows, for whoever takes Arrow arrays: `pyarrow.record_batch(batch)`.
#[pyclass(frozen, module = "clearance._native")]
pub(crate) struct Batch(pub(crate) RecordBatch);

#[pymethods]
impl Batch {
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema =
            FFI_ArrowSchema::try_from(self.0.schema_ref().as_ref()).map_err(value_error)?;
        PyCapsule::new_with_value(py, schema, SCHEMA)
    }

    /// The rows as they are, whatever other types are asked for.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        drop(requested_schema);
        let rows = StructArray::from(self.0.clone());
        let (array, _) = to_ffi(&rows.to_data()).map_err(value_error)?;
        let array = PyCapsule::new_with_value(py, array, ARRAY)?;
        PyTuple::new(py, [self.__arrow_c_schema__(py)?, array])
    }

    fn __len__(&self) -> usize {
        self.0.num_rows()
    }
}

/// Takes a batch of any library that speaks the interface. Its memory is shared, not copied.
///
/// The interface cannot say how long buffers are, so a batch that contradicts itself can lead out of
/// them: callers have it checked by the library that made it (`RecordBatch.validate(full=True)`).
pub(crate) fn taken(batch: &Bound<'_, PyAny>) -> PyResult<RecordBatch> {
    let Ok(method) = batch.getattr("__arrow_c_array__") else {
        return Err(PyTypeError::new_err(
            "a batch of rows is needed, such as pyarrow.RecordBatch: an object with __arrow_c_array__",
        ));
    };
    let (schema, array): (Bound<'_, PyCapsule>, Bound<'_, PyCapsule>) =
        method.call0()?.extract()?;
    let (schema, array) = (schema_of(&schema)?, array_of(&array)?);
    batch_of(&schema, array).map_err(value_error)
}

fn schema_of(capsule: &Bound<'_, PyCapsule>) -> PyResult<FFI_ArrowSchema> {
    let pointer = capsule.pointer_checked(Some(SCHEMA))?.cast();
    #[expect(unsafe_code, reason = "the interface hands over C structs in capsules")]
    // SAFETY: a capsule of this name holds an ArrowSchema; it is moved out, and what is left behind
    // says that it was released.
    Ok(unsafe { FFI_ArrowSchema::from_raw(pointer.as_ptr()) })
}

fn array_of(capsule: &Bound<'_, PyCapsule>) -> PyResult<FFI_ArrowArray> {
    let pointer = capsule.pointer_checked(Some(ARRAY))?.cast();
    #[expect(unsafe_code, reason = "the interface hands over C structs in capsules")]
    // SAFETY: as above, of an ArrowArray.
    Ok(unsafe { FFI_ArrowArray::from_raw(pointer.as_ptr()) })
}

fn batch_of(schema: &FFI_ArrowSchema, array: FFI_ArrowArray) -> Result<RecordBatch, ArrowError> {
    let fields = Arc::new(Schema::try_from(schema)?);
    #[expect(unsafe_code, reason = "the interface's arrays are pointers")]
    // SAFETY: array and schema came from one call of `__arrow_c_array__`, which makes them describe
    // the same valid rows.
    let data = unsafe { from_ffi(array, schema) }?;
    let rows = StructArray::from(data);
    if rows.null_count() > 0 {
        let detail = "a batch of rows is needed, not a struct column with nulls";
        return Err(ArrowError::InvalidArgumentError(detail.to_owned()));
    }
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    let (_, columns, _) = rows.into_parts();
    RecordBatch::try_new_with_options(fields, columns, &options)
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` hands over")]
pub(crate) fn value_error(error: ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}
