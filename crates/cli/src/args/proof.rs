//! Arguments of the commands that sign and verify.

use std::path::PathBuf;

/// Make a key to sign results with (Ed25519).
///
/// Writes the private key to FILE, readable for its owner alone, and the public key
/// to FILE.pub; both are PEM files as OpenSSL has them. A file that is there already
/// is never replaced.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Keygen {
    /// The private key's file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// Sign the output folder of a scan.
///
/// Writes attestation.json: a statement about every file in the folder, the digests
/// of all inputs, the registry, the settings and the counts, signed with a key of
/// `clearance keygen`. Results that contradict one another are not signed.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Sign {
    /// The output folder of a scan
    #[arg(value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// The private key
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
}

/// Verify the output folder of a scan.
///
/// Checks the signature, the digests of all files, that counts, lines and tables
/// agree, and, where dataset and registry are at hand, that findings come out again.
/// Needs no network.
///
/// Exit codes: 0 everything holds; 1 something does not, and is named; 3 nothing is
/// wrong, but not everything could be checked: nothing is signed, no key was given to
/// expect, or the data are not at hand; 2 could not run.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Verify {
    /// The output folder of a scan
    #[arg(value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// The public key that the results are to be signed with
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// The dataset, for deriving findings again: files, folders or patterns (repeatable)
    #[arg(long, value_name = "INPUT")]
    pub(crate) dataset: Vec<PathBuf>,
    /// The registry, for deriving findings again
    #[arg(long, value_name = "DIR")]
    pub(crate) registry: Option<PathBuf>,
    /// The files about places that addresses were looked up in, for deriving findings again
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub(crate) places: Vec<PathBuf>,
    /// The list of certificates whose signers were trusted, for deriving findings again
    #[arg(long, value_name = "FILE")]
    pub(crate) c2pa_trust: Option<PathBuf>,
    /// Derive so many findings again, and examine as many rows of the whole dataset again
    /// [default: 10 when dataset and registry are given, else 0]
    #[arg(long, value_name = "N")]
    pub(crate) rederive: Option<usize>,
    /// Chooses them; a number that the signer could not foresee
    #[arg(long, default_value_t = 0, value_name = "S")]
    pub(crate) seed: u64,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}
