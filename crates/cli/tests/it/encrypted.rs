//! Servers behind TLS: items that are fetched from them and datasets that lie there.

use std::sync::Arc;

use clearance_testkit::dataset::DatasetBuilder;
use clearance_testkit::{art, encode};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::server::Server;
use crate::workplace::{Ended, SCAN, Workplace};

/// Somebody who signs certificates.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    /// A server with a certificate for `name`, which ends on the first day of the year `until`.
    fn server(&self, name: &str, until: i32) -> Server {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let config = Arc::new(config);
        Server::listening("https", move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).ok()?;
            Some(StreamOwned::new(connection, stream))
        })
    }
}

/// A copy of the registered picture and another one.
fn pictures() -> [(&'static str, Vec<u8>); 2] {
    [("/copy.jpg", 1), ("/other.jpg", 2)].map(|(path, seed)| {
        let painted = art::paint(seed, 480, 360);
        (path, encode::jpeg(&painted, 60).unwrap())
    })
}

/// Registered works, the certificate that is trusted, and a dataset of the addresses of two pictures.
fn place(authority: &Authority, server: &Server) -> Workplace {
    let place = Workplace::registered();
    place.write("trusted.pem", &authority.pem);
    for (path, bytes) in pictures() {
        server.put(path, bytes);
    }
    std::fs::create_dir_all(place.path("data")).unwrap();
    DatasetBuilder::new()
        .text(
            "image_url",
            pictures()
                .iter()
                .map(|(path, _)| Some(server.address(path))),
        )
        .write(place.path("data/part.parquet"))
        .unwrap();
    place
}

fn run(place: &Workplace, args: &[&str]) -> Ended {
    let trusted = place.path("trusted.pem");
    let environment = [
        ("SSL_CERT_FILE", trusted.to_str().unwrap()),
        ("NO_PROXY", "*"),
    ];
    place.run_with(&environment, args)
}

fn fetch(place: &Workplace, server: &Server) -> Ended {
    let allowed = format!("127.0.0.1:{}", server.port);
    let fetching = [
        "--fetch",
        "--fetch-contact",
        "crawler@lab.example",
        "--fetch-delay",
        "0",
        "--fetch-timeout",
        "5",
        "--fetch-allow-private",
        &allowed,
    ];
    run(place, &[&SCAN[..], &fetching].concat())
}

#[test]
fn items_are_fetched_from_whom_an_authority_vouches_for() {
    let authority = Authority::new();
    let server = authority.server("127.0.0.1", 2100);
    let place = place(&authority, &server);
    let ended = fetch(&place, &server);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("fetched 2 of 2 items"),
        "{}",
        ended.stderr
    );
    let findings = place.findings("out");
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0]["work_id"], "picture");
    assert_eq!(findings[0]["row_index"], 0);
    assert_eq!(server.asked()[0].path, "/robots.txt");
}

#[test]
fn nothing_is_asked_of_a_server_that_nobody_vouches_for() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    for (who, server) in [
        ("a stranger signed", stranger.server("127.0.0.1", 2100)),
        ("another host", authority.server("elsewhere.example", 2100)),
        ("expired", authority.server("127.0.0.1", 2024)),
    ] {
        let place = place(&authority, &server);
        let ended = fetch(&place, &server);
        assert_eq!(ended.code, 3, "{who}: {}", ended.stderr);
        assert!(server.asked().is_empty(), "{who}");
        let summary = place.json("out/summary.json");
        assert_eq!(summary["skipped"], 2, "{who}");
        assert_eq!(
            summary["reasons"]["skipped: robots.txt not reachable"], 2,
            "{who}"
        );
    }
}

#[test]
fn a_dataset_on_the_web_is_read_over_tls() {
    let authority = Authority::new();
    let server = authority.server("127.0.0.1", 2100);
    let place = place(&authority, &server);
    place.write_dataset("local/part.parquet");
    let dataset = place.read("local/part.parquet");
    server.put("/part.parquet", dataset.clone());
    server.put("/bucket/part.parquet", dataset);
    let scan = |place: &Workplace, input: &str, out: &str| {
        let mut scan = SCAN;
        (scan[1], scan[5]) = (input, out);
        run(place, &scan)
    };
    let local = scan(&place, "local", "of-files");
    assert_eq!(local.code, 1, "{}", local.stderr);
    let address = server.address("/part.parquet");
    let web = scan(&place, &address, "of-the-web");
    assert_eq!(web.code, 1, "{}", web.stderr);
    let works = |out: &str| -> Vec<_> {
        let findings = place.findings(out).into_iter();
        findings
            .map(|it| (it["row_index"].clone(), it["work_id"].clone()))
            .collect()
    };
    assert_eq!(works("of-the-web"), works("of-files"));
    assert_eq!(works("of-files").len(), 3);

    let stranger = Authority::new().server("127.0.0.1", 2100);
    let address = stranger.address("/part.parquet");
    let refused = scan(&place, &address, "refused");
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("certificate"), "{}", refused.stderr);
    assert!(stranger.asked().is_empty());
}
