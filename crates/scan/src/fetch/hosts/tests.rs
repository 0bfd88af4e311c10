use clearance_rights::places::CrawlerRules;

use super::*;

impl Waiting for (&'static str, u32) {
    fn origin(&self) -> &str {
        self.0
    }
}

type Line = Hosts<(&'static str, u32)>;

const A: &str = "https://a.example";
const B: &str = "https://b.example";

fn line(per_host: usize, delay_ms: u64) -> Line {
    Hosts::new(Pace {
        per_host,
        delay: Duration::from_millis(delay_ms),
    })
}

fn go(hosts: &mut Line, now: Instant) -> Option<Turn<(&'static str, u32)>> {
    match hosts.next(now) {
        Next::Go(turn) => Some(turn),
        _ => None,
    }
}

fn allowing() -> Robots {
    Robots::Rules(CrawlerRules::default())
}

/// A line in which the robots.txt of both origins is known.
fn known(
    per_host: usize,
    delay_ms: u64,
    jobs: &[(&'static str, &'static str, u32)],
    now: Instant,
) -> Line {
    let mut hosts = line(per_host, delay_ms);
    for (host, origin, number) in jobs {
        hosts.add(host, (*origin, *number), now);
    }
    for (host, origin) in [("a", A), ("b", B)] {
        hosts.set_robots(host, origin, allowing());
    }
    hosts
}

#[test]
fn one_host_is_asked_by_few_and_not_too_often_and_keeps_nobody_else_waiting() {
    let now = Instant::now();
    let jobs = [
        ("a", A, 1),
        ("a", A, 2),
        ("a", A, 3),
        ("b", B, 4),
        ("a", A, 5),
    ];
    let mut hosts = known(2, 100, &jobs, now);
    let first = go(&mut hosts, now).unwrap();
    assert_eq!(first.job.1, 1);
    // The next of the same host has to wait; another host's does not.
    assert_eq!(go(&mut hosts, now).unwrap().job.1, 4);
    assert!(
        matches!(hosts.next(now), Next::Wait(until) if until == now + Duration::from_millis(100))
    );
    let later = now + Duration::from_millis(100);
    let second = go(&mut hosts, later).unwrap();
    assert_eq!(second.job.1, 2);
    // Two are there: a third waits for one of them, however long it takes.
    let much_later = now + Duration::from_secs(100);
    assert!(matches!(hosts.next(much_later), Next::Nobody));
    let ended = first.ended(Came::Well);
    hosts.back("a", ended, Duration::ZERO, much_later);
    assert_eq!(go(&mut hosts, much_later).unwrap().job.1, 3);
    assert!(!hosts.is_empty());
}

#[test]
fn robots_txt_is_read_by_one_before_anybody_else_goes() {
    let now = Instant::now();
    let mut hosts = line(4, 0);
    for number in 0..3 {
        hosts.add("a", (A, number), now);
    }
    let reader = go(&mut hosts, now).unwrap();
    assert!(reader.robots.is_none());
    assert!(
        go(&mut hosts, now).is_none(),
        "nobody knows yet what is allowed"
    );
    let ended = reader.ended(Came::Well);
    let rules = CrawlerRules::read(b"User-agent: *\nCrawl-delay: 3\n", "clearance");
    hosts.set_robots("a", A, Robots::Rules(rules));
    hosts.add_first("a", reader.job, now);
    hosts.back("a", ended, Duration::ZERO, now);
    let first = go(&mut hosts, now).unwrap();
    assert_eq!((first.job.1, first.robots.is_some()), (0, true));
    // robots.txt asks for more time than the settings.
    assert!(matches!(hosts.next(now), Next::Wait(until) if until == now + Duration::from_secs(3)));
    // Another origin of the same host has rules of its own.
    hosts.add_first("a", ("http://a.example:8080", 9), now);
    let other = now + Duration::from_secs(3);
    assert!(go(&mut hosts, other).is_none(), "somebody is there");
    hosts.back("a", first.ended(Came::Well), Duration::ZERO, other);
    let turn = go(&mut hosts, other).unwrap();
    assert_eq!((turn.job.1, turn.robots.is_none()), (9, true));
}

#[test]
fn a_delay_that_is_asked_for_has_a_bound() {
    let now = Instant::now();
    let mut hosts = line(1, 10);
    hosts.add("a", (A, 0), now);
    let rules = CrawlerRules::read(b"User-agent: *\nCrawl-delay: 86400\n", "clearance");
    hosts.set_robots("a", A, Robots::Rules(rules));
    hosts.add("a", (A, 1), now);
    let turn = go(&mut hosts, now).unwrap();
    hosts.back("a", turn.ended(Came::Well), Duration::ZERO, now);
    assert!(matches!(hosts.next(now), Next::Wait(until) if until == now + LONGEST_DELAY));
}

#[test]
fn what_asks_nothing_costs_no_time() {
    let now = Instant::now();
    let mut hosts = known(1, 1000, &[("a", A, 1), ("a", A, 2), ("b", B, 3)], now);
    let turn = go(&mut hosts, now).unwrap();
    hosts.back("a", turn.ended(Came::Unasked), Duration::ZERO, now);
    assert_eq!(go(&mut hosts, now).unwrap().job.1, 2);
}

#[test]
fn a_host_that_asks_for_a_pause_gets_it() {
    let now = Instant::now();
    let mut hosts = known(2, 10, &[("a", A, 1), ("a", A, 2), ("b", B, 3)], now);
    let turn = go(&mut hosts, now).unwrap();
    let ended = turn.ended(Came::Badly);
    hosts.add_first("a", turn.job, now);
    hosts.back("a", ended, Duration::from_secs(7), now);
    assert_eq!(go(&mut hosts, now).unwrap().job.1, 3);
    assert!(matches!(hosts.next(now), Next::Wait(until) if until == now + Duration::from_secs(7)));
    let later = now + Duration::from_secs(7);
    assert_eq!(
        go(&mut hosts, later).unwrap().job.1,
        1,
        "the one who was there goes first"
    );
}

#[test]
fn a_host_that_fails_too_often_in_a_row_is_given_up() {
    let now = Instant::now();
    let jobs: Vec<_> = (0..60).map(|number| ("a", A, number)).collect();
    let mut hosts = known(1, 1, &jobs, now);
    let mut at = now;
    let mut turn_of = |hosts: &mut Line, came: Came| {
        at += Duration::from_secs(60);
        let turn = go(hosts, at).unwrap();
        hosts.back("a", turn.ended(came), Duration::ZERO, at);
        turn.is_given_up
    };
    for _ in 0..FAILURES_MAX - 1 {
        assert!(!turn_of(&mut hosts, Came::Badly));
    }
    // One answer, and it counts from the beginning.
    assert!(!turn_of(&mut hosts, Came::Well));
    for _ in 0..FAILURES_MAX {
        assert!(!turn_of(&mut hosts, Came::Badly));
    }
    // All others go through at once, without a pause between them.
    let mut left = 0;
    while let Some(turn) = go(&mut hosts, at) {
        assert!(turn.is_given_up);
        hosts.back("a", turn.ended(Came::Unasked), Duration::ZERO, at);
        left += 1;
    }
    assert_eq!(left, 60 - 2 * FAILURES_MAX as usize);
    assert!(hosts.is_empty());
}

#[test]
fn hosts_that_nobody_needs_are_forgotten() {
    let now = Instant::now();
    let mut hosts = line(1, 0);
    hosts.most = (10, 1 << 20);
    for number in 0..25 {
        let name = format!("{number}");
        hosts.add(&name, (A, number), now);
        hosts.set_robots(&name, A, allowing());
        let turn = go(&mut hosts, now).unwrap();
        hosts.back(&name, turn.ended(Came::Well), Duration::ZERO, now);
        hosts.most.0 = 10;
    }
    assert!(hosts.hosts.len() <= 11, "{}", hosts.hosts.len());
    assert!(hosts.ready.is_empty());
}
