"""Finds registered works in AI training datasets.

>>> import clearance
>>> registry = clearance.Registry.build("catalog.csv", "registry")    # doctest: +SKIP
>>> findings = registry.scan("dataset/", out="report", use="train")   # doctest: +SKIP

Settings have the names of the command line's flags, and errors its words. Rows that engines hand
around are scanned by a :class:`Scanner`; `clearance.ray`, `clearance.spark`, `clearance.hf`,
`clearance.daft`, `clearance.datatrove` and `clearance.polars` put it into those libraries, each of
which is imported only with its module.
"""

from ._batches import (
    ANNOTATION,
    COVERAGE,
    FINDINGS,
    Examined,
    Scanner,
    fingerprint_batch,
)
from ._errors import (
    DatasetError,
    Error,
    MachineError,
    RegistryError,
    ResultsError,
    UsageError,
)
from ._native import __version__
from ._registry import Registry, Results, fingerprint, merge, read_results

__all__ = [
    "ANNOTATION",
    "COVERAGE",
    "FINDINGS",
    "DatasetError",
    "Error",
    "Examined",
    "MachineError",
    "Registry",
    "RegistryError",
    "Results",
    "ResultsError",
    "Scanner",
    "UsageError",
    "__version__",
    "fingerprint",
    "fingerprint_batch",
    "merge",
    "read_results",
]
