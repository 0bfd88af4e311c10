use super::*;
use crate::asset::AssetRef;
use crate::found::{Evidence, MatchKind, Transform};

fn peak(time: u32, bin: u16, rank: u8) -> Peak {
    Peak { time, bin, rank }
}

fn found(transform: Option<Transform>, query: Span, work: Span) -> Match {
    Match {
        asset: AssetRef::default(),
        kind: MatchKind::Excerpt,
        score: 0.5,
        e_value_per_item: 1e-10,
        query_span: Some(query),
        work_span: Some(work),
        query_box: None,
        work_box: None,
        transform,
        evidence: Evidence::default(),
    }
}

#[test]
fn each_agreeing_peak_has_the_nearest_as_its_partner() {
    let line = Line {
        slope: 1.0,
        offset: 1000.0,
        shift: 48.0,
    };
    let query = [peak(100, 500, 0), peak(200, 700, 1), peak(300, 900, 2)];
    let recorded = [
        peak(1090, 452, 3),
        peak(1101, 452, 0),
        peak(1200, 100, 1),
        peak(1310, 853, 2),
    ];
    let pairs = pairs(&query, &recorded, line);
    assert_eq!(
        pairs,
        [(query[0], recorded[1]), (query[2], recorded[3])],
        "{pairs:?}"
    );
}

#[test]
fn the_line_follows_the_transform() {
    let span = |start, end| Span { start, end };
    let tape = Transform {
        speed: Some(1.25),
        ..Transform::default()
    };
    let [from_start, from_end] = lines(
        &found(Some(tape), span(2.0, 10.0), span(5.0, 15.0)),
        span(2.0, 10.0),
        span(5.0, 15.0),
    );
    let (start, _) = steps(span(2.0, 10.0));
    assert!((from_start.at(start) - steps(span(5.0, 15.0)).0).abs() < 1e-6);
    assert!((from_start.offset - from_end.offset).abs() < 1e-6);
    assert!((from_start.shift - 12.0 * 1.25f64.log2() * 48.0).abs() < 1e-9);
    let [plain, _] = lines(
        &found(None, span(0.0, 1.0), span(3.0, 4.0)),
        span(0.0, 1.0),
        span(3.0, 4.0),
    );
    assert_eq!((plain.slope, plain.shift), (1.0, 0.0));
}

#[test]
fn the_strongest_are_kept_in_order_of_time() {
    let all = vec![peak(30, 1, 2), peak(10, 1, 9), peak(20, 1, 0)];
    let kept = strongest(all, 2, |peak| *peak);
    assert_eq!(kept, [peak(20, 1, 0), peak(30, 1, 2)]);
}
