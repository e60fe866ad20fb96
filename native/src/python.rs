//! The binding: converts arguments, releases the GIL, maps errors to `ValueError`.

use pyo3::prelude::*;

#[pymodule]
fn stack_native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    Ok(())
}
