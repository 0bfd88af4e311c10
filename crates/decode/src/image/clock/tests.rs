use super::*;

fn clock(decode_time_ms: u64) -> Clock {
    Clock::start(&Limits {
        decode_time_ms,
        ..Limits::default()
    })
}

#[test]
fn bytes_come_while_there_is_time() {
    let bytes: Vec<u8> = (0..200_000_u32).map(|it| it as u8).collect();
    let clock = clock(3_600_000);
    let mut all = Vec::new();
    clock.reader(&bytes).read_to_end(&mut all).unwrap();
    assert_eq!(all, bytes);
    let mut reader = clock.reader(&bytes);
    assert_eq!(reader.fill_buf().unwrap().len(), PIECE_BYTES);
    reader.consume(10);
    assert_eq!(reader.stream_position().unwrap(), 10);
    assert_eq!(clock.settle(Ok(7)), Ok(7));
}

#[test]
fn a_reader_that_was_refused_is_a_timeout_whatever_came_of_it() {
    let clock = clock(0);
    let refused = clock.reader(&[1, 2, 3]).fill_buf().unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::TimedOut);
    assert_eq!(clock.settle(Ok(7)).unwrap_err().reason, Reason::Timeout);
    assert_eq!(clock.check().unwrap_err().reason, Reason::Timeout);
}
