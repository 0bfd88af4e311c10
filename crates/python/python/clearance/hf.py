"""Hugging Face datasets: a column of findings, and datasets without what is over policy."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from datasets import Dataset, Features

from ._batches import ANNOTATION
from ._registry import Registry


def annotate(
    dataset: Dataset, registry: Registry, *, batch_size: int = 256, num_proc: int | None = None, **settings: Any
) -> Dataset:
    """The same rows with a column ``clearance`` (:data:`clearance.ANNOTATION`). Media are read as they
    are stored, without decoding them twice."""
    scanner = registry.scanner(**settings)
    added = Features.from_arrow_schema(pa.schema([pa.field("clearance", ANNOTATION)]))
    annotated = dataset.with_format("arrow").map(
        scanner.annotate,
        batched=True,
        batch_size=batch_size,
        num_proc=num_proc,
        features=Features({**dataset.features, **added}),
    )
    return annotated.with_format(dataset.format["type"])


def keep(
    dataset: Dataset,
    registry: Registry,
    *,
    unexamined: str = "drop",
    batch_size: int = 256,
    num_proc: int | None = None,
    **settings: Any,
) -> Dataset:
    """The rows that nothing speaks against using: without a finding over policy, and, unless
    ``unexamined`` is ``"keep"``, with something in them that was examined."""
    scanner = registry.scanner(**settings)
    kept = dataset.with_format("arrow").filter(
        scanner.keep,
        batched=True,
        batch_size=batch_size,
        num_proc=num_proc,
        fn_kwargs={"unexamined": unexamined},
    )
    return kept.with_format(dataset.format["type"])
