//! `clearance.toml` and flags to the settings in force.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDate, Utc};
use clearance_decode::Limits;
use clearance_index::{ChangeNote, Snapshot, read_places};
use clearance_report::{Gate, PlaceSettings, PolicySummary};
use clearance_rights::places::PlaceRules;
use clearance_rights::{Country, Mode, Policy, Use, parse_date};
use clearance_scan::{
    ColumnOverride, Isolation, LEAST_DECODER_MEMORY, Overrides, Places, RemoteSettings,
    ScanOptions, TableOptions, TrustedSigners, USUAL_RETRIES,
};
use serde::Deserialize;

use crate::DECODER;
use crate::args::{Fingerprint, Global, IsolationArgs, LimitArgs, NoteArgs, QuestionArgs, Scan};

mod fetching;

const FILE_NAME: &str = "clearance.toml";

/// Share of the recordings and pictures that decoys are made of, unless told otherwise.
const DECOY_SHARE: f64 = 0.1;
/// Memory of a decoding process, unless told otherwise: twice what the largest picture takes as
/// it is decoded.
const DECODER_MEMORY: u64 = 4 << 30;

/// The settings file. Flags override it key by key.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct SettingsFile {
    mode: Option<Mode>,
    #[serde(rename = "use")]
    use_: Option<Use>,
    as_of: Option<String>,
    licensee: Option<String>,
    territory: Option<Country>,
    min_coverage: Option<f64>,
    decoys: Option<f64>,
    declarations: Option<bool>,
    mentions: Option<bool>,
    iscc: Option<bool>,
    c2pa_trust: Option<PathBuf>,
    isolate: Option<bool>,
    media_roots: Vec<PathBuf>,
    places: Vec<PathBuf>,
    columns: BTreeMap<String, String>,
    limits: LimitSettings,
    gate: Option<Gate>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct LimitSettings {
    item_bytes: Option<u64>,
    audio_seconds: Option<f64>,
    image_pixels: Option<u64>,
    text_bytes: Option<u64>,
    decode_seconds: Option<f64>,
    isolate_memory: Option<u64>,
}

/// The settings of a scan, after the file and the flags.
pub(crate) struct ScanSettings {
    pub(crate) options: ScanOptions,
    pub(crate) columns: BTreeMap<String, String>,
    pub(crate) min_coverage: Option<f64>,
    pub(crate) gate: Option<Gate>,
    pub(crate) places: Option<PlaceSettings>,
}

/// Joins the settings file with the flags.
pub(crate) fn scan_settings(args: &Scan) -> anyhow::Result<ScanSettings> {
    let file = read_file(args.config.as_deref(), &args.inputs)?;
    let (columns, overrides) = overrides(file.columns, &args.columns)?;
    let as_of = match args.question.as_of.as_ref().or(file.as_of.as_ref()) {
        Some(date) => parse_date(date).with_context(|| format!("as-of date {date:?}"))?,
        None if args.shard.is_some() => {
            bail!(
                "--shard needs --as-of: jobs that run past midnight would be judged on different days"
            )
        }
        None => today(),
    };
    let policy = Policy {
        licensee: args.question.licensee.clone().or(file.licensee),
        territory: args.question.territory.or(file.territory),
        ..Policy::new(
            args.question.mode.or(file.mode).unwrap_or(Mode::OptOut),
            args.question
                .use_
                .or(file.use_)
                .unwrap_or(Use::TrainGenerative),
            as_of,
        )
    };
    let min_coverage = args.min_coverage.or(file.min_coverage);
    if min_coverage.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
        bail!("min-coverage is a share between 0 and 1");
    }
    let decoy_share = args.decoys.or(file.decoys).unwrap_or(DECOY_SHARE);
    if !(0.0..=1.0).contains(&decoy_share) {
        bail!("decoys is a share between 0 and 1");
    }
    let mut media_roots = file.media_roots;
    media_roots.extend(args.media_roots.iter().cloned());
    let paths: Vec<PathBuf> = file.places.iter().chain(&args.places).cloned().collect();
    let declarations = !args.beside.no_declarations && file.declarations.unwrap_or(true);
    let trust = args.beside.c2pa_trust.as_deref();
    let trust = trust.or(file.c2pa_trust.as_deref());
    let (places, said_of_places) = places(&paths, &policy)?.unzip();
    Ok(ScanSettings {
        options: ScanOptions {
            limits: limits(&args.limits, &file.limits)?,
            policy,
            overrides,
            media_roots,
            decoy_share,
            declarations,
            signers: signers(trust.filter(|_| declarations))?.filter(|_| declarations),
            iscc: wants_iscc(args.beside.iscc || file.iscc.unwrap_or(false))?,
            mentions: args.beside.mentions || file.mentions.unwrap_or(false),
            places: places.map(Arc::new),
            fetch: fetching::options(&args.fetching)?,
            isolation: isolation(&args.isolation, file.isolate, &file.limits)?,
        },
        columns,
        min_coverage,
        gate: checked(file.gate)?,
        places: said_of_places,
    })
}

/// Whose signatures are trusted: those of the list at `path`. Nothing where this program checks no
/// signatures.
pub(crate) fn signers(path: Option<&Path>) -> anyhow::Result<Option<Arc<TrustedSigners>>> {
    let Some(path) = path else {
        return Ok(TrustedSigners::nobody().map(Arc::new));
    };
    let place = || path.display().to_string();
    let pem = std::fs::read_to_string(path).with_context(place)?;
    let signers = TrustedSigners::trusting(&pem).map_err(anyhow::Error::msg);
    Ok(Some(Arc::new(signers.with_context(place)?)))
}

fn wants_iscc(is_asked_for: bool) -> anyhow::Result<bool> {
    if is_asked_for && !clearance_index::HAS_ISCC {
        bail!("this program was built without ISCC: build it with the feature iscc");
    }
    Ok(is_asked_for)
}

/// The rules about places in these files, and what a summary keeps of them; nothing without files.
fn places(paths: &[PathBuf], policy: &Policy) -> anyhow::Result<Option<(Places, PlaceSettings)>> {
    if paths.is_empty() {
        return Ok(None);
    }
    let sources = read_places(paths)?;
    let rules = PlaceRules::new(&sources.documents, policy.use_, policy.as_of);
    let places = Places {
        rules,
        digest: sources.digest(),
    };
    Ok(Some((places, PlaceSettings::new(&sources))))
}

/// The policy that a finished scan is judged again under: as it was, but for the flags and the date.
pub(crate) fn policy_again(args: &QuestionArgs, before: &PolicySummary) -> anyhow::Result<Policy> {
    let as_of = match &args.as_of {
        Some(date) => parse_date(date).with_context(|| format!("as-of date {date:?}"))?,
        None => today(),
    };
    let mode = args.mode.map_or_else(|| before.mode.parse(), Ok)?;
    let use_ = args.use_.map_or_else(|| before.use_.parse(), Ok)?;
    let territory = before.territory.as_ref().map(|code| code.parse());
    Ok(Policy {
        licensee: args.licensee.clone().or_else(|| before.licensee.clone()),
        territory: args.territory.or(territory.transpose()?),
        ..Policy::new(mode, use_, as_of)
    })
}

/// The limits of a settings file.
pub(crate) fn gate(config: &Path) -> anyhow::Result<(Option<Gate>, Option<f64>)> {
    let file = read_file(Some(config), &[])?;
    Ok((checked(file.gate)?, file.min_coverage))
}

fn checked(gate: Option<Gate>) -> anyhow::Result<Option<Gate>> {
    if let Some(gate) = &gate {
        gate.check().map_err(anyhow::Error::msg)?;
    }
    Ok(gate)
}

/// The settings of a fingerprint table.
pub(crate) fn table_settings(args: &Fingerprint) -> anyhow::Result<(TableOptions, Overrides)> {
    let file = read_file(args.config.as_deref(), &args.inputs)?;
    let (_, overrides) = overrides(file.columns, &args.columns)?;
    let mut media_roots = file.media_roots;
    media_roots.extend(args.media_roots.iter().cloned());
    let trust = args.c2pa_trust.clone().or(file.c2pa_trust);
    let options = TableOptions {
        limits: limits(&args.limits, &file.limits)?,
        media_roots,
        texts: args.keep_texts,
        signers: signers(trust.as_deref())?,
        isolation: isolation(&args.isolation, file.isolate, &file.limits)?,
    };
    Ok((options, overrides))
}

/// How items are decoded apart, if they are: by this very program.
fn isolation(
    args: &IsolationArgs,
    is_asked_for: Option<bool>,
    limits: &LimitSettings,
) -> anyhow::Result<Option<Isolation>> {
    if args.no_isolate || (!args.isolate && is_asked_for == Some(false)) {
        return Ok(None);
    }
    let is_demanded = args.isolate || args.isolate_memory.is_some() || is_asked_for == Some(true);
    let program = match DECODER.get() {
        Some(program) if is_demanded || cfg!(unix) => program.clone(),
        None if is_demanded => {
            bail!("isolate: the program clearance decodes apart, and other programs do not")
        }
        _ => return Ok(None),
    };
    let memory = args.isolate_memory.or(limits.isolate_memory);
    let memory_bytes = memory.unwrap_or(DECODER_MEMORY);
    if memory_bytes < LEAST_DECODER_MEMORY {
        bail!("isolate-memory: a decoding process needs {LEAST_DECODER_MEMORY} bytes at least");
    }
    Ok(Some(Isolation {
        program,
        arguments: vec!["decode".into()],
        memory_bytes,
    }))
}

/// What the settings file and the flags say of columns, as it was written and as it is meant.
fn overrides(
    mut columns: BTreeMap<String, String>,
    flags: &[String],
) -> anyhow::Result<(BTreeMap<String, String>, Overrides)> {
    for flag in flags {
        let (name, holds) = flag
            .rsplit_once('=')
            .with_context(|| format!("--column {flag}: write NAME=audio, image, text or ignore"))?;
        columns.insert(name.to_owned(), holds.to_owned());
    }
    let overrides = columns
        .iter()
        .map(|(name, holds)| Ok((name.clone(), column_override(name, holds)?)))
        .collect::<anyhow::Result<Overrides>>()?;
    Ok((columns, overrides))
}

fn read_file(config: Option<&Path>, inputs: &[PathBuf]) -> anyhow::Result<SettingsFile> {
    let path = match config {
        Some(path) => Some(path.to_owned()),
        None => inputs.first().and_then(|input| beside(input)),
    };
    let Some(path) = path else {
        return Ok(SettingsFile::default());
    };
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    toml::from_str(&text).with_context(|| path.display().to_string())
}

/// How remote inputs are reached: as the environment says.
pub(crate) fn remote_settings(global: &Global) -> RemoteSettings {
    let is_meant = |name: &str| {
        let prefixes = ["AWS_", "AZURE_", "GOOGLE_", "HF_"];
        prefixes.iter().any(|prefix| name.starts_with(prefix))
    };
    let said = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    RemoteSettings {
        environment: said.filter(|(name, _)| is_meant(name)).collect(),
        retries: global.remote_retries.unwrap_or(USUAL_RETRIES),
        ..RemoteSettings::default()
    }
}

/// The settings file in or beside an input.
fn beside(input: &Path) -> Option<PathBuf> {
    let folder = if input.is_dir() {
        input
    } else {
        input.parent()?
    };
    Some(folder.join(FILE_NAME)).filter(|path| path.is_file())
}

fn column_override(name: &str, holds: &str) -> anyhow::Result<ColumnOverride> {
    match holds {
        "ignore" => Ok(ColumnOverride::Ignore),
        media => match media.parse() {
            Ok(media) => Ok(ColumnOverride::Media(media)),
            Err(_) => bail!("column {name}: {media:?} is not audio, image, text or ignore"),
        },
    }
}

/// Today, where this machine stands.
pub(crate) fn today() -> NaiveDate {
    chrono::Local::now().date_naive()
}

/// What is kept in a registry's history of a change that is made now.
pub(crate) fn change_note(args: &NoteArgs) -> anyhow::Result<ChangeNote> {
    Ok(ChangeNote {
        by: args.by.clone(),
        reason: args.reason.clone(),
        ..ChangeNote::at(now()?)
    })
}

/// This moment. The environment variable `SOURCE_DATE_EPOCH` (seconds since 1970) sets it, for
/// registries and attestations that are made again to the byte.
#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the environment is read"
)]
pub(crate) fn now() -> anyhow::Result<DateTime<Utc>> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => seconds
            .parse()
            .ok()
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
            .with_context(|| format!("SOURCE_DATE_EPOCH {seconds:?}: seconds since 1970")),
        Err(_) => Ok(Utc::now()),
    }
}

/// Opens a registry as it is, or as it stood at the end of a day or at a moment (UTC).
pub(crate) fn open_registry(folder: &Path, at: Option<&str>) -> anyhow::Result<Snapshot> {
    let Some(text) = at else {
        return Ok(Snapshot::open(folder)?);
    };
    let moment = match parse_date(text) {
        Ok(day) => day.and_hms_opt(23, 59, 59).map(|moment| moment.and_utc()),
        Err(_) => DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|moment| moment.with_timezone(&Utc)),
    };
    let moment = moment.with_context(|| {
        format!("--registry-at {text:?}: write YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ")
    })?;
    Ok(Snapshot::open_at(folder, moment)?)
}

/// Limits for a registration, which has no settings file.
pub(crate) fn register_limits(args: &LimitArgs) -> anyhow::Result<Limits> {
    limits(args, &LimitSettings::default())
}

fn limits(args: &LimitArgs, file: &LimitSettings) -> anyhow::Result<Limits> {
    let default = Limits::default();
    let seconds = args.max_decode_seconds.or(file.decode_seconds);
    let audio_duration_s = args.max_audio_seconds.or(file.audio_seconds);
    if [seconds, audio_duration_s]
        .iter()
        .flatten()
        .any(|s| !s.is_finite() || *s <= 0.0)
    {
        bail!("limits in seconds must be above 0");
    }
    Ok(Limits {
        item_bytes: args
            .max_item_bytes
            .or(file.item_bytes)
            .unwrap_or(default.item_bytes),
        audio_duration_s: audio_duration_s.unwrap_or(default.audio_duration_s),
        image_pixels: args
            .max_image_pixels
            .or(file.image_pixels)
            .unwrap_or(default.image_pixels),
        image_frames: default.image_frames,
        text_bytes: args
            .max_text_bytes
            .or(file.text_bytes)
            .unwrap_or(default.text_bytes),
        decode_time_ms: seconds.map_or(default.decode_time_ms, |s| (s * 1000.0).ceil() as u64),
    })
}
