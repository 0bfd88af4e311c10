use clearance_decode::Limits;

use super::*;

fn settings() -> Settings {
    Settings {
        version: Settings::VERSION.to_owned(),
        limits: Limits::default(),
        declarations: true,
        signers: false,
        length: 0,
        memory_bytes: 1 << 30,
    }
}

/// A process that runs a script in place of the decoder.
fn shell(script: &str, patience: Duration) -> io::Result<Process> {
    let isolation = Isolation {
        program: "/bin/sh".into(),
        arguments: vec!["-c".into(), script.into()],
        memory_bytes: 1 << 30,
    };
    Process::start(&isolation, &settings(), &[], patience)
}

/// A process that reads the settings, says yes and then does what `script` says.
fn greeting(script: &str) -> Process {
    greeting_for(script, Duration::from_secs(20))
}

/// The same, waited for a given time.
fn greeting_for(script: &str, patience: Duration) -> Process {
    // One that ended before all was sent would be lost while it is started.
    let sent = 4 + serde_json::to_vec(&settings()).unwrap().len();
    let head = r#"{"is_there":true,"length":0}"#;
    // The length of the head in four bytes, the lowest first. It goes back through standard input,
    // which is the socket.
    let greet = format!(
        r"head -c {sent} >/dev/null; printf '\{:o}\0\0\0{head}' >&0; {script}",
        head.len()
    );
    shell(&greet, patience).unwrap()
}

fn question() -> What {
    What::Thumbnail { side_px: 8 }
}

#[test]
fn a_process_that_ends_is_named_with_its_signal() {
    let mut process = greeting("kill -SEGV $$");
    let lost = process.ask(question(), b"bytes").unwrap_err();
    assert_eq!(
        lost.to_string(),
        "the decoding process ended by signal 11 (memory fault, or out of stack)"
    );
    let mut process = greeting("exit 3");
    let lost = process.ask(question(), b"bytes").unwrap_err();
    assert_eq!(lost.to_string(), "the decoding process ended with code 3");
}

#[test]
fn a_process_that_only_hangs_up_is_stopped() {
    let mut process = greeting("exec sleep 100 <&- >/dev/null");
    let begun = Instant::now();
    let lost = process.ask(question(), b"bytes").unwrap_err();
    assert!(matches!(lost, Lost::Nonsense(_)), "{lost}");
    assert!(begun.elapsed() < Duration::from_secs(50));
    assert!(process.child.try_wait().unwrap().is_some());
}

#[test]
fn a_process_that_says_nothing_is_stopped() {
    let mut process = greeting_for("exec sleep 100", Duration::from_secs(3));
    let begun = Instant::now();
    let lost = process.ask(question(), b"bytes").unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(50));
    assert_eq!(
        lost.to_string(),
        "no answer of the decoding process within 3 s"
    );
    assert!(process.child.try_wait().unwrap().is_some());
}

#[test]
fn an_answer_that_is_none_is_not_believed() {
    // A head of four gigabytes, and one that is no JSON.
    for answer in [r"\377\377\377\377", r"\004\0\0\0what"] {
        let mut process = greeting(&format!("printf '{answer}' >&0; exec sleep 100"));
        let lost = process.ask(question(), b"bytes").unwrap_err();
        assert!(matches!(lost, Lost::Nonsense(_)), "{lost}");
        assert!(process.child.try_wait().unwrap().is_some());
    }
    // More bytes than the process can have had.
    let head = r#"{"is_there":true,"length":99999999999}"#;
    let mut process = greeting(&format!(
        r"printf '\{:o}\0\0\0{head}' >&0; exec sleep 100",
        head.len()
    ));
    let lost = process.ask(question(), b"bytes").unwrap_err();
    assert!(matches!(lost, Lost::Nonsense(_)), "{lost}");
}

#[test]
fn what_does_not_start_or_greet_is_an_error() {
    let isolation = Isolation {
        program: "/no/such/program".into(),
        arguments: Vec::new(),
        memory_bytes: 1 << 30,
    };
    let patience = Duration::from_secs(1);
    assert!(Process::start(&isolation, &settings(), &[], patience).is_err());
    assert!(shell("exit 2", patience).is_err());
}
