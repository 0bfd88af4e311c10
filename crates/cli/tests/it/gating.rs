//! The gate of `clearance.toml`, and the job of GATE.md.

use std::path::Path;
use std::process::Command;

use crate::workplace::{SCAN, Workplace};

fn scanned_with(toml: &str) -> (Workplace, i32, String) {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    place.write("data/clearance.toml", toml);
    let ended = place.run(&SCAN);
    (place, ended.code, ended.stderr)
}

#[test]
fn limits_decide_how_a_scan_ends() {
    for (toml, code) in [
        ("", 1),
        ("[gate.verdicts]\nreserved = 2\n", 0),
        ("[gate.verdicts]\nreserved = 1\n", 1),
        ("[gate.verdicts]\nreserved = 2\nunreserved = 0\n", 1),
        ("[gate]\nmax-e-value = 0.0\n", 0),
        ("[gate.verdicts]\nreserved = 2\n[gate.kinds]\ncopy = 0\n", 1),
        ("[gate.kinds]\ncopies = 0\n", 2),
    ] {
        let (_, ended, stderr) = scanned_with(toml);
        assert_eq!(ended, code, "{toml}: {stderr}");
    }
}

#[test]
fn finished_results_are_held_to_other_limits() {
    let (place, code, stderr) = scanned_with("[gate.verdicts]\nreserved = 1\n");
    assert_eq!(code, 1);
    assert!(
        stderr.contains("gate: 2 findings reserved, 1 allowed"),
        "{stderr}"
    );
    assert_eq!(place.run(&["gate", "out"]).code, 1);
    place.write("open.toml", "[gate.verdicts]\nreserved = 2\n");
    let ended = place.run(&["gate", "out", "--config", "open.toml"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("The gate is open"),
        "{}",
        ended.stderr
    );
}

/// The shell steps of the job, in order.
fn steps() -> Vec<String> {
    let text = include_str!("../../GATE.md");
    let job = text
        .split("```yaml")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let mut steps = Vec::new();
    let mut lines = job.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim() == "run: |" {
            let mut step = String::new();
            while let Some(line) = lines.next_if(|line| line.starts_with("          ")) {
                step = step + line.trim() + "\n";
            }
            steps.push(step);
        }
    }
    steps
}

#[cfg(unix)]
#[test]
fn the_job_of_the_documentation_works() {
    let program = assert_cmd::cargo::cargo_bin("clearance");
    let folder = program.parent().unwrap_or(Path::new(""));
    let run = |toml: &str| -> Vec<bool> {
        let place = Workplace::registered();
        place.write_dataset("data/train.parquet");
        place.write("data/clearance.toml", toml);
        place.run(&["keygen", "me.key"]);
        let key = String::from_utf8(place.read("me.key")).unwrap();
        std::fs::remove_file(place.path("me.key")).unwrap();
        let steps = steps();
        assert_eq!(steps.len(), 5);
        let ended = steps.iter().map(|step| {
            let path = std::env::join_paths([folder, Path::new("/usr/bin"), Path::new("/bin")]);
            let mut shell = Command::new("sh");
            shell
                .args(["-e", "-c", step])
                .current_dir(place.path("."))
                .env("PATH", path.unwrap())
                .env("CLEARANCE_KEY", &key);
            shell.output().unwrap().status.success()
        });
        let ended = ended.collect();
        assert!(place.path("sarif/findings.sarif").is_file());
        ended
    };
    assert_eq!(run(""), [true, true, true, true, false]);
    assert_eq!(run("[gate.verdicts]\nreserved = 2\n"), [true; 5]);
}
