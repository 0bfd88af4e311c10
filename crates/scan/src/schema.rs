//! Which columns of a dataset hold items, and of what kind.
//!
//! In this order: what the user says, what the Hugging Face metadata says, what
//! the column's shape allows, and what its first values look like. Recognized
//! columns and the reason for each are shown by `clearance inspect`.

mod features;
mod sample;

use std::collections::BTreeMap;

use arrow_schema::{DataType, Field, Schema};
use clearance_decode::Media;

use features::features;
pub(crate) use sample::{SAMPLE_ROWS, Sample, named_media};

use crate::error::{Error, Result};

/// What a column's cells hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    /// The bytes of a file, or a struct of bytes and path.
    File,
    /// A path to a file, relative to the dataset.
    Path,
    /// The address of a file.
    Url,
    /// Text to be examined itself.
    Text,
    /// The address that the row came from. It is no item, and looked up in rules about places only.
    Origin,
}

/// A column that holds items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaColumn {
    /// Its name.
    pub name: String,
    /// Its position among the file's top-level columns.
    pub index: usize,
    /// What the cells hold.
    pub holds: Holds,
    /// The medium, when the column says so; otherwise each item's contents decide.
    pub media: Option<Media>,
    /// Whether a cell is a list of items.
    pub list: bool,
    /// Why it was taken for that, in words.
    pub because: String,
}

/// A user's word on a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnOverride {
    /// It holds items of this medium.
    Media(Media),
    /// It is not to be examined.
    Ignore,
}

/// Overrides by column name.
pub type Overrides = BTreeMap<String, ColumnOverride>;

/// The shape of a column, lists taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A struct with a `bytes` and perhaps a `path` field.
    File,
    Binary,
    Text,
    Other,
}

pub(crate) fn shape(data_type: &DataType) -> (Shape, bool) {
    match data_type {
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            (plain_shape(item.data_type()), true)
        }
        other => (plain_shape(other), false),
    }
}

fn plain_shape(data_type: &DataType) -> Shape {
    match data_type {
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => Shape::Binary,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Shape::Text,
        DataType::Struct(fields) => {
            let has = |name: &str, shape: Shape| {
                let field = fields.iter().find(|field| field.name() == name);
                field.is_some_and(|field| plain_shape(field.data_type()) == shape)
            };
            let file = has("bytes", Shape::Binary) || has("path", Shape::Text);
            if file { Shape::File } else { Shape::Other }
        }
        _ => Shape::Other,
    }
}

/// What is known of columns beside their types, and from where.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declared {
    pub(crate) media: BTreeMap<String, Media>,
    pub(crate) because: &'static str,
}

impl Declared {
    /// What the metadata of the `datasets` library declares.
    pub(crate) fn huggingface(metadata: Option<&str>) -> Self {
        Self {
            media: features(metadata),
            because: "Hugging Face metadata",
        }
    }
}

/// Finds the columns that hold items, and those with the addresses that rows came from. `sample` looks at the first values of a
/// column; it is asked only where the schema does not decide.
pub(crate) fn detect(
    schema: &Schema,
    declared: &Declared,
    overrides: &Overrides,
    sample: &dyn Fn(usize) -> Sample,
) -> Result<Vec<MediaColumn>> {
    let mut columns = Vec::new();
    for (index, field) in schema.fields().iter().enumerate() {
        let found = match overrides.get(field.name()) {
            Some(ColumnOverride::Ignore) => None,
            Some(ColumnOverride::Media(media)) => {
                Some(overridden(index, field, *media, &sample(index))?)
            }
            None => by_contents(index, field, declared, sample),
        };
        columns.extend(found);
    }
    Ok(without_provenance(&columns, schema, overrides))
}

fn overridden(index: usize, field: &Field, media: Media, sample: &Sample) -> Result<MediaColumn> {
    let (shape, list) = shape(field.data_type());
    let holds = match (shape, media) {
        (Shape::File | Shape::Binary, _) => Holds::File,
        (Shape::Text, Media::Text) => Holds::Text,
        (Shape::Text, _) if sample.is_url() => Holds::Url,
        (Shape::Text, _) => Holds::Path,
        (Shape::Other, _) => {
            return Err(Error::Column {
                column: field.name().clone(),
                detail: format!("its type {} holds no media", field.data_type()),
            });
        }
    };
    Ok(MediaColumn {
        name: field.name().clone(),
        index,
        holds,
        media: Some(media),
        list,
        because: "named by --column".to_owned(),
    })
}

fn by_contents(
    index: usize,
    field: &Field,
    declared: &Declared,
    sample: &dyn Fn(usize) -> Sample,
) -> Option<MediaColumn> {
    let (media, because) = (declared.media.get(field.name()).copied(), declared.because);
    let (shape, list) = shape(field.data_type());
    let column = |holds, media, because: &str| MediaColumn {
        name: field.name().clone(),
        index,
        holds,
        media,
        list,
        because: because.to_owned(),
    };
    match (shape, media) {
        (Shape::File | Shape::Binary, Some(media)) => {
            Some(column(Holds::File, Some(media), because))
        }
        (Shape::File, None) => Some(column(Holds::File, None, "struct of bytes and path")),
        (Shape::Binary, None) if sample(index).is_media() => {
            Some(column(Holds::File, None, "binary values in media formats"))
        }
        (Shape::Binary, None) if sample::names_media(field.name()) => {
            Some(column(Holds::File, None, "binary column with a media name"))
        }
        (Shape::Text, Some(Media::Text)) => Some(column(Holds::Text, Some(Media::Text), because)),
        (Shape::Text, Some(media)) => Some(column(Holds::Path, Some(media), because)),
        (Shape::Text, _) => {
            let sample = sample(index);
            if sample.is_url() {
                Some(column(Holds::Url, sample.url_media(), "addresses"))
            } else if let Some(media) = sample.path_media() {
                Some(column(Holds::Path, Some(media), "names of media files"))
            } else if sample::names_text(field.name()) && !sample.is_identifier() {
                Some(column(
                    Holds::Text,
                    Some(Media::Text),
                    "text column by name",
                ))
            } else if sample.is_prose() {
                Some(column(Holds::Text, Some(Media::Text), "values are prose"))
            } else {
                None
            }
        }
        _ => None,
    }
}

/// Takes out columns that say where an item came from rather than hold one: the original name
/// beside the bytes. The address of a page beside its text is kept as such.
fn without_provenance(
    columns: &[MediaColumn],
    schema: &Schema,
    overrides: &Overrides,
) -> Vec<MediaColumn> {
    let embedded = columns.iter().any(|column| column.holds == Holds::File);
    let has_size = schema.fields().iter().any(|field| {
        matches!(
            field.name().to_lowercase().as_str(),
            "width" | "original_width"
        )
    });
    let keep = |column: &MediaColumn| match column.holds {
        _ if overrides.contains_key(&column.name) => true,
        Holds::File | Holds::Text | Holds::Origin => true,
        Holds::Path => !embedded && column.media != Some(Media::Text),
        Holds::Url => {
            let named = sample::names_media(&column.name);
            !embedded && (has_size || named || column.media.is_some_and(|m| m != Media::Text))
        }
    };
    let (mut kept, mut left): (Vec<MediaColumn>, Vec<MediaColumn>) =
        columns.iter().cloned().partition(keep);
    // Files are better examined than their addresses.
    if kept.iter().any(|column| column.holds == Holds::Path) {
        let is_kept = |column: &MediaColumn| {
            column.holds != Holds::Url || overrides.contains_key(&column.name)
        };
        let (items, addresses) = kept.into_iter().partition(is_kept);
        kept = items;
        left.extend(addresses);
    }
    let items = kept.iter().find_map(|column| column.media);
    let origins = left.into_iter().filter(|column| column.holds == Holds::Url);
    kept.extend(origins.map(|column| MediaColumn {
        holds: Holds::Origin,
        // A page is a text, whatever its name.
        media: items.or(Some(Media::Text)),
        because: "addresses that rows came from".to_owned(),
        ..column
    }));
    kept
}

#[cfg(test)]
mod tests;
