//! Printed items to the table's columns.

use std::sync::{Arc, LazyLock};

use arrow_array::builder::{
    BinaryBuilder, FixedSizeBinaryBuilder, Float32Builder, Float64Builder, Int32Builder,
    Int64Builder, ListBuilder, PrimitiveBuilder, StringBuilder, UInt8Builder, UInt32Builder,
};
use arrow_array::types::{ArrowPrimitiveType, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use clearance_decode::Media;
use clearance_fingerprint::audio::AudioFingerprint;
use clearance_fingerprint::image::ImageFingerprint;
use clearance_index::Print;

use super::{media_of, name, status};
use crate::pipeline::Placed;
use crate::reading::{ItemBytes, PrintedItem, Reading, Trouble};
use crate::schema::MediaColumn;
use crate::stated::{HASHES_BYTES, StatedPicture, StatedRecording, StatedSaid};

/// The table's columns.
pub(super) static SCHEMA: LazyLock<Arc<Schema>> = LazyLock::new(|| {
    let list = |of: DataType| DataType::List(Arc::new(Field::new_list_field(of, true)));
    let known = |name, kind| Field::new(name, kind, false);
    let maybe = |name, kind| Field::new(name, kind, true);
    Arc::new(Schema::new(vec![
        known(name::FILE, DataType::Utf8),
        known(name::ROW, DataType::Int64),
        known(name::COLUMN, DataType::Utf8),
        known(name::ITEM, DataType::Int32),
        known(name::FRAME, DataType::Int32),
        known(name::STATUS, DataType::Utf8),
        maybe(name::REASON, DataType::Utf8),
        maybe(name::MEDIA, DataType::Utf8),
        maybe(name::DIGEST, DataType::Utf8),
        maybe(name::BYTES, DataType::Int64),
        maybe(name::EXTENT, DataType::Float64),
        maybe(name::TEXT, DataType::Utf8),
        maybe(name::DECLARATIONS, DataType::Utf8),
        maybe(name::SAMPLES, DataType::UInt64),
        maybe(name::PEAK_TIME, list(DataType::UInt32)),
        maybe(name::PEAK_BIN, list(DataType::UInt16)),
        maybe(name::PEAK_RANK, list(DataType::UInt8)),
        maybe(name::WIDTH, DataType::UInt32),
        maybe(name::HEIGHT, DataType::UInt32),
        maybe(name::HASHES, DataType::FixedSizeBinary(HASHES_BYTES as i32)),
        maybe(name::QUALITY, DataType::UInt8),
        maybe(name::FIRM_BITS, DataType::UInt8),
        maybe(name::FLATNESS, DataType::Float32),
        maybe(name::POINT_X, list(DataType::UInt16)),
        maybe(name::POINT_Y, list(DataType::UInt16)),
        maybe(name::POINT_SIZE, list(DataType::UInt8)),
        maybe(name::POINT_ANGLE, list(DataType::UInt8)),
        maybe(name::POINT_DESCRIPTOR, DataType::Binary),
        maybe(name::POINT_DOUBTS, DataType::Binary),
        maybe(name::REGIONS, DataType::Binary),
        maybe(name::TONES, DataType::Binary),
    ]))
});

type Lists<T> = ListBuilder<PrimitiveBuilder<T>>;

/// The columns in the making, in the order of the schema.
#[derive(Default)]
struct Columns {
    file: StringBuilder,
    row: Int64Builder,
    column: StringBuilder,
    item: Int32Builder,
    frame: Int32Builder,
    status: StringBuilder,
    reason: StringBuilder,
    media: StringBuilder,
    digest: StringBuilder,
    bytes: Int64Builder,
    extent: Float64Builder,
    text: StringBuilder,
    declarations: StringBuilder,
    samples: PrimitiveBuilder<UInt64Type>,
    peak_time: Lists<UInt32Type>,
    peak_bin: Lists<UInt16Type>,
    peak_rank: Lists<UInt8Type>,
    width: UInt32Builder,
    height: UInt32Builder,
    hashes: Hashes,
    quality: UInt8Builder,
    firm_bits: UInt8Builder,
    flatness: Float32Builder,
    point_x: Lists<UInt16Type>,
    point_y: Lists<UInt16Type>,
    point_size: Lists<UInt8Type>,
    point_angle: Lists<UInt8Type>,
    descriptors: BinaryBuilder,
    doubts: BinaryBuilder,
    regions: BinaryBuilder,
    tones: BinaryBuilder,
}

struct Hashes(FixedSizeBinaryBuilder);

impl Default for Hashes {
    fn default() -> Self {
        Self(FixedSizeBinaryBuilder::new(HASHES_BYTES as i32))
    }
}

/// A picture's frame with its size in pixels.
type Frame<'a> = (&'a ImageFingerprint, (u32, u32));

/// The rows of some items of one file. Texts are left out unless `texts`.
pub(super) fn batch(
    file: &str,
    columns: &[MediaColumn],
    items: &[Placed<Reading>],
    texts: bool,
) -> Result<RecordBatch, ArrowError> {
    let mut table = Columns::default();
    for item in items {
        let column = columns.get(item.column).map_or("", |column| &column.name);
        match &item.outcome.item {
            Err(trouble) => {
                table.add_place(file, column, item, 0);
                table.add_trouble(trouble, &item.outcome);
                table.add_declarations(&item.outcome)?;
                table.add_prints(None, None, None)?;
            }
            Ok(printed) => table.add_item(file, column, item, printed, texts)?,
        }
    }
    table.finish()
}

impl Columns {
    fn add_item(
        &mut self,
        file: &str,
        column: &str,
        item: &Placed<Reading>,
        printed: &PrintedItem,
        texts: bool,
    ) -> Result<(), ArrowError> {
        let mut add = |frame: usize, audio, picture, text| {
            self.add_place(file, column, item, frame as i32);
            self.add_examined(printed, media_of(&item.outcome));
            // Said once, with the first frame.
            if frame == 0 {
                self.add_declarations(&item.outcome)?;
            } else {
                self.declarations.append_null();
            }
            self.add_prints(audio, picture, text)
        };
        match &printed.print {
            Print::Audio(print) => add(0, Some(print), None, None),
            Print::Text { text } => add(0, None, None, texts.then_some(text.as_str())),
            Print::Image {
                print,
                further,
                size_px,
                ..
            } => {
                let mut frames = std::iter::once(print).chain(further).enumerate();
                frames.try_for_each(|(number, frame)| {
                    add(number, None, Some((frame, *size_px)), None)
                })
            }
        }
    }

    fn add_place(&mut self, file: &str, column: &str, item: &Placed<Reading>, frame: i32) {
        self.file.append_value(file);
        self.row.append_value(item.row as i64);
        self.column.append_value(column);
        self.item.append_value(item.index);
        self.frame.append_value(frame);
    }

    /// What an item could not be read for; its medium and digest are kept where it declares
    /// something all the same.
    fn add_trouble(&mut self, trouble: &Trouble, reading: &Reading) {
        let (status, reason) = match trouble {
            Trouble::Unreadable(reason) => (status::UNREADABLE, reason),
            Trouble::Skipped(reason) => (status::SKIPPED, reason),
        };
        self.status.append_value(status);
        self.reason.append_value(reason);
        self.media
            .append_option(media_of(reading).map(Media::as_str));
        let source = reading.said.as_ref().map(|said| said.source);
        self.add_source(source);
        self.extent.append_null();
    }

    fn add_source(&mut self, source: Option<ItemBytes>) {
        self.digest.append_option(source.map(|source| source.hex()));
        let length = source.and_then(|source| source.length);
        self.bytes
            .append_option(length.and_then(|length| i64::try_from(length).ok()));
    }

    fn add_declarations(&mut self, reading: &Reading) -> Result<(), ArrowError> {
        let said = reading.said.as_deref().map(StatedSaid::of).transpose();
        let said = said.map_err(|error| ArrowError::JsonError(error.to_string()))?;
        self.declarations
            .append_option(said.map(|said| said.declarations));
        Ok(())
    }

    fn add_examined(&mut self, item: &PrintedItem, media: Option<Media>) {
        self.status.append_value(match &item.partial {
            Some(_) => status::PARTIAL,
            None => status::EXAMINED,
        });
        self.reason.append_option(item.partial.as_deref());
        self.media.append_option(media.map(Media::as_str));
        self.add_source(Some(item.source));
        self.extent.append_value(item.extent);
    }

    fn add_prints(
        &mut self,
        audio: Option<&AudioFingerprint>,
        picture: Option<Frame<'_>>,
        text: Option<&str>,
    ) -> Result<(), ArrowError> {
        self.text.append_option(text);
        self.samples.append_option(audio.map(|print| print.samples));
        let audio = audio.map(StatedRecording::of);
        let audio = audio.as_ref();
        append(&mut self.peak_time, audio.map(|print| &print.times));
        append(&mut self.peak_bin, audio.map(|print| &print.bins));
        append(&mut self.peak_rank, audio.map(|print| &print.ranks));
        let picture = picture.map(|(print, size_px)| StatedPicture::of(print, size_px));
        self.add_picture(picture.as_ref())
    }

    fn add_picture(&mut self, picture: Option<&StatedPicture>) -> Result<(), ArrowError> {
        self.width.append_option(picture.map(|it| it.size_px.0));
        self.height.append_option(picture.map(|it| it.size_px.1));
        match picture {
            Some(picture) => self.hashes.0.append_value(&picture.hashes)?,
            None => self.hashes.0.append_null(),
        }
        self.quality.append_option(picture.map(|it| it.quality));
        self.firm_bits.append_option(picture.map(|it| it.firm_bits));
        self.flatness.append_option(picture.map(|it| it.flatness));
        let points = picture.map(|it| &it.points);
        append(&mut self.point_x, points.map(|it| &it.x));
        append(&mut self.point_y, points.map(|it| &it.y));
        append(&mut self.point_size, points.map(|it| &it.size));
        append(&mut self.point_angle, points.map(|it| &it.angle));
        self.descriptors
            .append_option(points.map(|it| &it.descriptors));
        self.doubts.append_option(points.map(|it| &it.doubts));
        self.regions.append_option(picture.map(|it| &it.regions));
        self.tones.append_option(picture.map(|it| &it.tones));
        Ok(())
    }

    fn finish(mut self) -> Result<RecordBatch, ArrowError> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.file.finish()),
            Arc::new(self.row.finish()),
            Arc::new(self.column.finish()),
            Arc::new(self.item.finish()),
            Arc::new(self.frame.finish()),
            Arc::new(self.status.finish()),
            Arc::new(self.reason.finish()),
            Arc::new(self.media.finish()),
            Arc::new(self.digest.finish()),
            Arc::new(self.bytes.finish()),
            Arc::new(self.extent.finish()),
            Arc::new(self.text.finish()),
            Arc::new(self.declarations.finish()),
            Arc::new(self.samples.finish()),
            Arc::new(self.peak_time.finish()),
            Arc::new(self.peak_bin.finish()),
            Arc::new(self.peak_rank.finish()),
            Arc::new(self.width.finish()),
            Arc::new(self.height.finish()),
            Arc::new(self.hashes.0.finish()),
            Arc::new(self.quality.finish()),
            Arc::new(self.firm_bits.finish()),
            Arc::new(self.flatness.finish()),
            Arc::new(self.point_x.finish()),
            Arc::new(self.point_y.finish()),
            Arc::new(self.point_size.finish()),
            Arc::new(self.point_angle.finish()),
            Arc::new(self.descriptors.finish()),
            Arc::new(self.doubts.finish()),
            Arc::new(self.regions.finish()),
            Arc::new(self.tones.finish()),
        ];
        RecordBatch::try_new(Arc::clone(&SCHEMA), columns)
    }
}

/// A list of these values; null without them.
fn append<T: ArrowPrimitiveType>(lists: &mut Lists<T>, values: Option<&Vec<T::Native>>) {
    if let Some(values) = values {
        lists.values().append_slice(values);
    }
    lists.append(values.is_some());
}
