//! Arguments of the commands on registries as a whole.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::Subcommand;

use super::NoteArgs;

/// Bounds of `--segment-memory`. Places in a section are numbers of 32 bits.
const SEGMENT_MEMORY: RangeInclusive<u64> = 64 << 20..=4 << 30;

/// Registries to be given away, and several owners' in one.
#[derive(Debug, Subcommand)]
pub(crate) enum RegistryCommand {
    /// Make a pack of a registry, to be given away
    Export(ExportArgs),
    /// Merge the packs of several owners into one registry
    Merge(MergeArgs),
    /// Write many small segments anew into few, without withdrawn works
    Compact(CompactArgs),
    /// Divide a registry that is too large for a machine into parts
    Split(SplitArgs),
}

/// Divide a registry into parts that several machines hold.
///
/// The folder then holds a directory of works, rights and assets, and parts that weigh
/// about the same. A part has a range of hashes of all works, which it looks up, and a
/// range of works, which it verifies against. Scans take the folder in the registry's
/// place (--registry) and find the same. On one machine all parts are opened; on many,
/// clearance.sharded of the Python package keeps each on a machine of its own. Parts that
/// are there are left as they are, so one that was lost is written again. When the
/// registry changes, it is divided again into another folder.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct SplitArgs {
    /// The registry's folder
    #[arg(value_name = "DIR")]
    pub(crate) registry: PathBuf,
    /// How many parts
    #[arg(long, value_name = "N")]
    pub(crate) parts: usize,
    /// The folder for the directory and the parts
    #[arg(long, value_name = "FOLDER")]
    pub(crate) to: PathBuf,
    /// Write this part alone, from 0, beside the directory
    #[arg(long, value_name = "NUMBER")]
    pub(crate) only: Option<usize>,
}

/// Write the segments of a registry anew into few large ones.
///
/// Each registration adds segments, and every lookup asks all of them. What is found
/// stays the same. Assets and records of withdrawn works are left out, and earlier
/// records of others: how the registry stood before (--registry-at) is gone, while
/// its history keeps what was done. Finished scans can still be judged again. Scans
/// that are under way go on.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct CompactArgs {
    /// The registry's folder
    #[arg(value_name = "DIR")]
    pub(crate) registry: PathBuf,
    /// Memory that a segment may take while it is written, in bytes, 64 MiB to 4 GiB: fewer and larger
    /// ones are asked sooner [default: 1 GiB]
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(SEGMENT_MEMORY))]
    pub(crate) segment_memory: Option<u64>,
    #[command(flatten)]
    pub(crate) note: NoteArgs,
}

/// Make a pack of a registry, to be given away.
///
/// A pack is a folder with the registry's works, their newest records and their
/// fingerprints; works that were withdrawn are in it by their ids alone, and earlier
/// records are not. With --fingerprints-only nothing in it shows the works: of texts
/// it holds hashes, and no previews, names of files or other columns of catalogs.
/// Reservations and licenses are in it with all that is stated of them. Statements
/// are kept under the owner's name.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct ExportArgs {
    /// The registry's folder
    #[arg(value_name = "DIR")]
    pub(crate) registry: PathBuf,
    /// The folder for the pack; it must not be there
    #[arg(long, value_name = "PACK")]
    pub(crate) to: PathBuf,
    /// Whose works these are. A later pack under this name replaces what an earlier one
    /// said where it was merged
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// Leave out everything that shows the works
    #[arg(long)]
    pub(crate) fingerprints_only: bool,
    /// Sign the pack with this private key (see clearance keygen)
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) note: NoteArgs,
}

/// Merge the packs of several owners into one registry.
///
/// Every file of a pack is checked against its signature. What several owners say of
/// one work stands side by side, as what several catalogs say; a newer pack replaces
/// what its owner's earlier one said, and nothing of others. A work that an owner
/// withdrew is withdrawn unless others name it, too. All packs become visible at once.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct MergeArgs {
    /// Folders of packs
    #[arg(required = true, value_name = "PACK")]
    pub(crate) packs: Vec<PathBuf>,
    /// The registry's folder; created when there is none
    #[arg(long, value_name = "DIR")]
    pub(crate) registry: PathBuf,
    /// A public key whose signature counts (repeatable)
    #[arg(long, value_name = "KEY", required_unless_present = "allow_unsigned")]
    pub(crate) trust: Vec<PathBuf>,
    /// Take packs that nobody signed; without --trust, packs under any key, too
    #[arg(long)]
    pub(crate) allow_unsigned: bool,
    #[command(flatten)]
    pub(crate) note: NoteArgs,
}
