//! The rights records of a work along time.

use chrono::{Datelike, NaiveDate};
use clearance_rights::{License, Reservation};

use super::{Drawing, Ink, Shape, unit};
use crate::words::counted;

const WIDTH: f64 = 1000.0;
/// From one record to the next.
const ROW: f64 = 16.0;
/// Records drawn; further ones are told in words only.
const MOST_RECORDS: usize = 12;
/// Days shown beyond the first and the last date that is known.
const MARGIN_DAYS: i32 = 180;

/// When each record is in force, over the day that was asked about. `None` without records.
pub(crate) fn history(
    reservations: &[Reservation],
    licenses: &[License],
    as_of: Option<NaiveDate>,
) -> Option<Drawing> {
    let reserved = reservations
        .iter()
        .map(|record| (Ink::Reserved, record.since, record.until));
    let licensed = licenses
        .iter()
        .map(|record| (Ink::Licensed, record.from, record.until));
    let bars: Vec<_> = reserved.chain(licensed).take(MOST_RECORDS).collect();
    if bars.is_empty() {
        return None;
    }
    let dates = bars.iter().flat_map(|(_, from, until)| [*from, *until]);
    let days: Vec<i32> = dates.chain([as_of]).flatten().map(day).collect();
    let first = days.iter().min().copied().unwrap_or(0) - MARGIN_DAYS;
    let last = days.iter().max().copied().unwrap_or(0) + MARGIN_DAYS;
    let at = |day: i32| unit(f64::from(day - first) / f64::from((last - first).max(1)) * WIDTH);
    let height = ROW * bars.len() as f64 + 8.0;
    let mut paths = [
        (Ink::Reserved, String::new()),
        (Ink::Licensed, String::new()),
    ];
    let mut tracks = String::new();
    for (place, (ink, from, until)) in bars.iter().enumerate() {
        let y = 4.0 + ROW * (place as f64 + 0.5);
        tracks.extend([format!("M0 {y}H{WIDTH}")]);
        let left = from.map_or(0.0, |date| at(day(date)));
        let right = until.map_or(WIDTH, |date| at(day(date) + 1));
        let path = paths.iter_mut().find(|(of, _)| of == ink);
        if let Some((_, path)) = path.filter(|_| right >= left) {
            path.extend([format!("M{left} {y}H{right}")]);
        }
    }
    let mut shapes = vec![Shape::Path(Ink::Track, tracks)];
    shapes.extend(paths.map(|(ink, path)| Shape::Path(ink, path)));
    if let Some(as_of) = as_of {
        shapes.push(Shape::Path(
            Ink::Rule,
            format!("M{} 0V{height}", at(day(as_of))),
        ));
    }
    let label = format!(
        "{} and {} along time{}",
        counted(reservations.len() as u64, "reservation", "reservations"),
        counted(licenses.len() as u64, "license", "licenses"),
        as_of.map_or_else(String::new, |date| format!(", the line is at {date}")),
    );
    let from = NaiveDate::from_num_days_from_ce_opt(first);
    let until = NaiveDate::from_num_days_from_ce_opt(last);
    let year =
        |date: Option<NaiveDate>| date.map_or_else(String::new, |date| date.year().to_string());
    Some(Drawing {
        width: WIDTH as u32,
        height: height as u32,
        stretched: true,
        caption: format!(
            "{} to {}, in the order of the list below; the dashed line is the day of the decision.",
            year(from),
            year(until)
        ),
        label,
        shapes,
    })
}

fn day(date: NaiveDate) -> i32 {
    date.num_days_from_ce()
}

#[cfg(test)]
mod tests;
