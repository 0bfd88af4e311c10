use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::*;

/// What a server saw.
#[derive(Default)]
struct Seen {
    paths: Vec<String>,
    /// When each of them was asked for.
    times: Vec<Instant>,
    now: usize,
    most: usize,
}

/// A server on loopback that takes a little time for each answer.
fn server(
    answer: impl Fn(&str, usize) -> String + Send + Sync + 'static,
) -> (SocketAddr, Arc<Mutex<Seen>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::new(Mutex::new(Seen::default()));
    let (kept, answer) = (Arc::clone(&seen), Arc::new(answer));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (seen, answer) = (Arc::clone(&kept), Arc::clone(&answer));
            std::thread::spawn(move || serve(&stream, &seen, &*answer));
        }
    });
    (address, seen)
}

fn serve(stream: &TcpStream, seen: &Mutex<Seen>, answer: &dyn Fn(&str, usize) -> String) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    while reader.read_line(&mut line).unwrap_or(0) > 2 {}
    let before = {
        let mut seen = seen.lock().unwrap();
        let before = seen.paths.iter().filter(|it| **it == path).count();
        seen.paths.push(path.clone());
        seen.times.push(Instant::now());
        seen.now += 1;
        seen.most = seen.most.max(seen.now);
        before
    };
    std::thread::sleep(Duration::from_millis(20));
    let answer = answer(&path, before);
    seen.lock().unwrap().now -= 1;
    let mut stream = stream;
    stream.write_all(answer.as_bytes()).ok();
}

fn ok(body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")
}

fn status(status: u16, more: &str) -> String {
    format!("HTTP/1.1 {status} So\r\nConnection: close\r\nContent-Length: 0\r\n{more}\r\n")
}

fn options(private: &[SocketAddr]) -> FetchOptions {
    let mut options = FetchOptions::new("https://lab.example/crawler", 1_000_000).unwrap();
    options.delay = Duration::ZERO;
    options.timeout = Duration::from_secs(5);
    options.private = private.to_vec();
    options
}

/// What came of addresses, in their order: outcomes and bodies, and the records.
fn fetch(options: &FetchOptions, urls: &[String]) -> Vec<(String, Option<Bytes>, FetchRecord)> {
    let budget = Budget::new(64 << 20);
    let stage = Stage::new(options, 1000, &budget);
    let came = Mutex::new(Vec::new());
    let take = |number: usize, mut fetched: Fetched| {
        let record = *fetched.record.take().unwrap();
        let outcome = record.outcome.clone();
        came.lock()
            .unwrap()
            .push((number, (outcome, fetched.body.ok(), record)));
    };
    std::thread::scope(|threads| {
        for _ in 0..stage.threads() {
            threads.spawn(|| {
                stage.work(&|| false, &|number, fetched, _held| take(number, fetched));
            });
        }
        for (number, url) in urls.iter().enumerate() {
            if let Some((number, fetched)) = stage.give(number, url.clone()) {
                take(number, fetched);
            }
        }
        stage.close();
    });
    assert!(stage.has_ended());
    let mut came = came.into_inner().unwrap();
    came.sort_by_key(|(number, _)| *number);
    assert_eq!(came.len(), urls.len());
    came.into_iter().map(|(_, came)| came).collect()
}

#[test]
fn few_are_at_one_host_at_a_time_and_each_address_is_asked_for_once() {
    let (address, seen) = server(|path, _| match path {
        "/robots.txt" => ok("User-agent: *\nDisallow: /private/\n"),
        path => ok(path),
    });
    let mut urls: Vec<String> = (0..12).map(|it| format!("http://{address}/{it}")).collect();
    urls.extend((0..12).map(|it| format!("HTTP://{address}/{it}#again")));
    urls.push(format!("http://{address}/private/x"));
    let came = fetch(&options(&[address]), &urls);
    for (number, (outcome, body, record)) in came.iter().enumerate().take(24) {
        assert_eq!(outcome, FETCHED, "{record:?}");
        let path = format!("/{}", number % 12);
        assert_eq!(body.as_deref(), Some(path.as_bytes()));
        assert_eq!(record.url, urls[number]);
        assert_eq!(record.robots, "no line about it");
        assert!(record.fetched_at_ms.unwrap() >= 1_000_000);
        assert_eq!(
            record.item_digest,
            Some(blake3::hash(path.as_bytes()).to_hex().to_string())
        );
    }
    let requests: u32 = came.iter().map(|(_, _, record)| record.requests).sum();
    assert_eq!(requests, 12);
    let (outcome, _, record) = &came[24];
    assert_eq!(
        (outcome.as_str(), record.robots.as_str()),
        ("robots disallows", "line 2: Disallow: /private/")
    );
    let seen = seen.lock().unwrap();
    assert_eq!(seen.paths.len(), 13, "{:?}", seen.paths);
    assert_eq!(seen.paths[0], "/robots.txt");
    assert!(seen.most <= 2, "{} at a time", seen.most);
}

#[test]
fn a_host_is_left_alone_between_two_requests() {
    let (address, seen) = server(|_, _| ok("User-agent: *\nDisallow:\n"));
    let urls: Vec<String> = (0..4).map(|it| format!("http://{address}/{it}")).collect();
    let options = FetchOptions {
        delay: Duration::from_millis(60),
        ..options(&[address])
    };
    fetch(&options, &urls);
    let seen = seen.lock().unwrap();
    for pair in seen.times.windows(2) {
        // A little less than asked for may be on the clock of another thread.
        assert!(
            pair[1] - pair[0] >= Duration::from_millis(40),
            "{:?}",
            seen.times
        );
    }
}

#[test]
fn nothing_is_connected_to_that_is_not_public() {
    let (address, seen) = server(|path, _| match path {
        "/robots.txt" => status(404, ""),
        "/to-another-port" => status(302, "Location: http://127.0.0.1:1/x\r\n"),
        "/to-a-file" => status(302, "Location: file:///etc/passwd\r\n"),
        _ => ok("x"),
    });
    let (other, untouched) = server(|_, _| ok("secret"));
    let urls = [
        format!("http://{address}/to-another-port"),
        format!("http://{address}/to-a-file"),
        format!("http://{other}/"),
        format!("http://localhost:{}/", other.port()),
        format!("http://2130706433:{}/", other.port()),
        format!("http://[::ffff:127.0.0.1]:{}/", other.port()),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://user@example.com/".to_owned(),
        "ftp://example.com/".to_owned(),
    ];
    let came = fetch(&options(&[address]), &urls);
    let outcomes: Vec<&str> = came.iter().map(|(outcome, ..)| outcome.as_str()).collect();
    let private = "address is private";
    assert_eq!(
        outcomes,
        [
            private, NOT_USABLE, private, private, private, private, private, NOT_USABLE,
            NOT_USABLE
        ]
    );
    assert_eq!(came[0].2.status, Some(302));
    assert_eq!(came[0].2.final_url.as_deref(), Some("http://127.0.0.1:1/x"));
    assert_eq!(came[2].2.detail, "127.0.0.1 is this machine (RFC 1122)");
    assert_eq!(untouched.lock().unwrap().paths.len(), 0);
    assert_eq!(seen.lock().unwrap().paths.len(), 3);
}

#[test]
fn servers_that_are_busy_are_asked_again_when_they_want() {
    let (address, seen) = server(|path, before| match (path, before) {
        ("/robots.txt", _) => status(404, ""),
        ("/busy", 0) => status(429, "Retry-After: 1\r\n"),
        ("/busy", _) => ok("at last"),
        ("/later", _) => status(503, "Retry-After: 9999\r\n"),
        _ => status(418, ""),
    });
    let urls = ["/busy", "/tea"].map(|path| format!("http://{address}{path}"));
    let came = fetch(&options(&[address]), &urls);
    assert_eq!(came[0].1.as_deref(), Some(&b"at last"[..]));
    assert_eq!(came[0].2.requests, 2);
    assert_eq!(
        (came[1].0.as_str(), came[1].2.status),
        ("status 418", Some(418))
    );
    let seen = seen.lock().unwrap();
    let busy: Vec<Instant> = (0..seen.paths.len())
        .filter(|&number| seen.paths[number] == "/busy")
        .map(|number| seen.times[number])
        .collect();
    assert!(busy[1] - busy[0] >= Duration::from_millis(900));
    drop(seen);
    // Nobody waits as long as this one asks for, and nobody comes earlier.
    let came = fetch(&options(&[address]), &[format!("http://{address}/later")]);
    assert_eq!((came[0].0.as_str(), came[0].2.requests), ("status 503", 1));
    assert_eq!(came[0].2.detail, "it asked for a pause of 9999 s");
}

#[test]
fn a_robots_txt_that_nobody_can_read_denies_everything() {
    for (answer, outcome, robots) in [
        (
            status(500, ""),
            "robots.txt not reachable",
            "not known: status 500",
        ),
        (
            status(429, ""),
            "robots.txt not reachable",
            "not known: status 429",
        ),
        (status(403, ""), FETCHED, "no robots.txt: status 403"),
        (
            status(302, "Location: /robots.txt\r\n"),
            FETCHED,
            "no robots.txt: redirected too often",
        ),
        (ok("<html>not found</html>"), FETCHED, "no line about it"),
        (
            ok(&format!(
                "User-agent: *\nDisallow: /\n{}",
                "#".repeat(600_000)
            )),
            "robots disallows",
            "line 2: Disallow: /",
        ),
    ] {
        let (address, _) = server(move |path, _| match path {
            "/robots.txt" => answer.clone(),
            _ => ok("x"),
        });
        let came = fetch(&options(&[address]), &[format!("http://{address}/x")]);
        assert_eq!(
            (came[0].0.as_str(), came[0].2.robots.as_str()),
            (outcome, robots)
        );
    }
}

#[test]
fn redirects_are_followed_a_few_times_and_obey_each_hosts_rules() {
    let (second, asked) = server(|path, _| match path {
        "/robots.txt" => ok("User-agent: clearance\nDisallow: /closed\n"),
        _ => ok("there"),
    });
    let (first, _) = server(move |path, _| match path {
        "/robots.txt" => status(404, ""),
        "/open" => status(
            301,
            &format!("Location: http://{second}/here?signature=1\r\n"),
        ),
        "/closed" => status(307, &format!("Location: http://{second}/closed\r\n")),
        _ => status(302, "Location: /loop\r\n"),
    });
    let urls = ["/open", "/closed", "/loop"].map(|path| format!("http://{first}{path}"));
    let came = fetch(&options(&[first, second]), &urls);
    let (outcome, body, record) = &came[0];
    assert_eq!(
        (outcome.as_str(), body.as_deref()),
        (FETCHED, Some(&b"there"[..]))
    );
    assert_eq!(record.redirects, [urls[0].clone()]);
    assert_eq!(record.final_url, Some(format!("http://{second}/here")));
    assert_eq!(record.requests, 2);
    assert_eq!(came[1].0, "robots disallows");
    assert_eq!(
        (came[2].0.as_str(), came[2].2.requests),
        ("redirected too often", 6)
    );
    let asked = asked.lock().unwrap();
    assert_eq!(asked.paths, ["/robots.txt", "/here?signature=1"]);
}

#[test]
fn answers_that_are_too_long_cut_or_packed_are_named() {
    let long = "x".repeat(1001);
    let (address, _) = server(move |path, _| match path {
        "/robots.txt" => status(404, ""),
        "/long" => ok(&long),
        "/endless" => format!(
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}",
            "y".repeat(5000)
        ),
        "/cut" => "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nhalf".to_owned(),
        "/packed" => {
            "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx".to_owned()
        }
        "/garbled" => "what is this\r\n\r\n".to_owned(),
        _ => String::new(),
    });
    let paths = [
        "/long", "/endless", "/cut", "/packed", "/garbled", "/silent",
    ];
    let urls = paths.map(|path| format!("http://{address}{path}"));
    let options = FetchOptions {
        per_host: 8,
        ..options(&[address])
    };
    let came = fetch(&options, &urls);
    let outcomes: Vec<&str> = came.iter().map(|(outcome, ..)| outcome.as_str()).collect();
    assert_eq!(
        outcomes[..5],
        [
            "too large",
            "too large",
            "answer incomplete",
            "encoding not known",
            "answer not understood"
        ],
        "{came:?}"
    );
    assert!(
        ["no connection", "answer not understood"].contains(&outcomes[5]),
        "{came:?}"
    );
    assert_eq!(came[2].2.requests, 3);
}

#[test]
fn slow_answers_end_in_time_and_waiting_ends_when_all_is_to_stop() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut line = String::new();
                BufReader::new(&stream).read_line(&mut line).unwrap();
                let mut stream = &stream;
                if line.contains("robots") {
                    stream.write_all(status(404, "").as_bytes()).unwrap();
                    return;
                }
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
                    .unwrap();
                while stream.write_all(b"z").is_ok() {
                    std::thread::sleep(Duration::from_millis(30));
                }
            });
        }
    });
    let slow = FetchOptions {
        timeout: Duration::from_millis(300),
        ..options(&[address])
    };
    let began = Instant::now();
    let came = fetch(&slow, &[format!("http://{address}/drip")]);
    assert_eq!(came[0].0, "timed out");
    // Three attempts, and pauses of one and two seconds.
    assert!(began.elapsed() < Duration::from_secs(10));

    let patient = FetchOptions {
        timeout: Duration::from_mins(1),
        ..options(&[address])
    };
    let budget = Budget::new(1 << 20);
    let stage: Stage<'_, ()> = Stage::new(&patient, 1000, &budget);
    let stop = AtomicBool::new(false);
    let began = Instant::now();
    std::thread::scope(|threads| {
        for _ in 0..stage.threads() {
            threads.spawn(|| stage.work(&|| stop.load(Ordering::SeqCst), &|(), _, _| {}));
        }
        assert!(stage.give((), format!("http://{address}/drip")).is_none());
        std::thread::sleep(Duration::from_millis(200));
        stop.store(true, Ordering::SeqCst);
    });
    assert!(began.elapsed() < Duration::from_secs(20));
}
