//! The structures of a Parquet file's footer and page headers: fields by their numbers.

use super::Kind::{self, Byte, Bytes, Double, Fields, List, Number, Truth};

type Structure = &'static [(i16, Kind)];

/// `FileMetaData`; what concerns encryption is skipped by the library as this program builds it.
pub(super) const FILE: Structure = &[
    (1, Number),
    (2, List(&Fields(SCHEMA_ELEMENT))),
    (3, Number),
    (4, List(&Fields(ROW_GROUP))),
    (5, List(&Fields(KEY_VALUE))),
    (6, Bytes),
    (7, List(&Fields(COLUMN_ORDER))),
];

/// `PageHeader`.
pub(super) const PAGE: Structure = &[
    (1, Number),
    (2, Number),
    (3, Number),
    (4, Number),
    (5, Fields(DATA_PAGE)),
    (6, Fields(&[])),
    (7, Fields(&[(1, Number), (2, Number), (3, Truth)])),
    (8, Fields(DATA_PAGE_2)),
];

const DATA_PAGE: Structure = &[
    (1, Number),
    (2, Number),
    (3, Number),
    (4, Number),
    (5, Fields(STATISTICS)),
];

const DATA_PAGE_2: Structure = &[
    (1, Number),
    (2, Number),
    (3, Number),
    (4, Number),
    (5, Number),
    (6, Number),
    (7, Truth),
    (8, Fields(STATISTICS)),
];

const SCHEMA_ELEMENT: Structure = &[
    (1, Number),
    (2, Number),
    (3, Number),
    (4, Bytes),
    (5, Number),
    (6, Number),
    (7, Number),
    (8, Number),
    (9, Number),
    (10, Fields(LOGICAL_TYPE)),
];

/// A union; most members have no fields.
const LOGICAL_TYPE: Structure = &[
    (1, Fields(&[])),
    (2, Fields(&[])),
    (3, Fields(&[])),
    (4, Fields(&[])),
    (5, Fields(&[(1, Number), (2, Number)])),
    (6, Fields(&[])),
    (7, Fields(TIME)),
    (8, Fields(TIME)),
    (10, Fields(&[(1, Byte), (2, Truth)])),
    (11, Fields(&[])),
    (12, Fields(&[])),
    (13, Fields(&[])),
    (14, Fields(&[])),
    (15, Fields(&[])),
    (16, Fields(&[(1, Byte)])),
    (17, Fields(&[(1, Bytes)])),
    (18, Fields(&[(1, Bytes), (2, Number)])),
];

const TIME: Structure = &[
    (1, Truth),
    (
        2,
        Fields(&[(1, Fields(&[])), (2, Fields(&[])), (3, Fields(&[]))]),
    ),
];

const ROW_GROUP: Structure = &[
    (1, List(&Fields(COLUMN_CHUNK))),
    (2, Number),
    (3, Number),
    (4, List(&Fields(&[(1, Number), (2, Truth), (3, Truth)]))),
    (5, Number),
    (6, Number),
    (7, Number),
];

const COLUMN_CHUNK: Structure = &[
    (1, Bytes),
    (2, Number),
    (3, Fields(COLUMN)),
    (4, Number),
    (5, Number),
    (6, Number),
    (7, Number),
];

/// `ColumnMetaData`.
const COLUMN: Structure = &[
    (1, Number),
    (2, List(&Number)),
    (3, List(&Bytes)),
    (4, Number),
    (5, Number),
    (6, Number),
    (7, Number),
    (8, List(&Fields(KEY_VALUE))),
    (9, Number),
    (10, Number),
    (11, Number),
    (12, Fields(STATISTICS)),
    (13, List(&Fields(&[(1, Number), (2, Number), (3, Number)]))),
    (14, Number),
    (15, Number),
    (
        16,
        Fields(&[(1, Number), (2, List(&Number)), (3, List(&Number))]),
    ),
    (17, Fields(&[(1, Fields(BOUNDING_BOX)), (2, List(&Number))])),
];

const STATISTICS: Structure = &[
    (1, Bytes),
    (2, Bytes),
    (3, Number),
    (4, Number),
    (5, Bytes),
    (6, Bytes),
    (7, Truth),
    (8, Truth),
    (9, Number),
];

const BOUNDING_BOX: Structure = &[
    (1, Double),
    (2, Double),
    (3, Double),
    (4, Double),
    (5, Double),
    (6, Double),
    (7, Double),
    (8, Double),
];

const KEY_VALUE: Structure = &[(1, Bytes), (2, Bytes)];

const COLUMN_ORDER: Structure = &[(1, Fields(&[])), (2, Fields(&[]))];
