//! How items behind addresses are fetched, where that is asked for.

use std::time::Duration;

use anyhow::{Context, bail};
use clearance_scan::{FetchOptions, HAS_REMOTE};

use super::now;
use crate::args::FetchArgs;

/// The longest time that can be asked for, in seconds.
const LONGEST_S: f64 = 3600.0;

pub(super) fn options(args: &FetchArgs) -> anyhow::Result<Option<FetchOptions>> {
    if !args.fetch {
        return Ok(None);
    }
    if !HAS_REMOTE {
        bail!(
            "--fetch: this program was built without a network: build it with the feature remote"
        );
    }
    let contact = args.fetch_contact.as_deref();
    let contact = contact.context(
        "--fetch needs --fetch-contact: whom the owners of servers can write to, as an address of the web or of mail",
    )?;
    let options = FetchOptions::new(contact, now()?.timestamp_millis());
    let mut options = options
        .map_err(anyhow::Error::msg)
        .context("--fetch-contact")?;
    if let Some(seconds) = args.fetch_delay {
        options.delay = duration(seconds, 0.0).context("--fetch-delay")?;
    }
    if let Some(seconds) = args.fetch_timeout {
        options.timeout = duration(seconds, 0.1).context("--fetch-timeout")?;
    }
    if let Some(connections) = args.fetch_connections {
        options.connections = connections.into();
    }
    if let Some(connections) = args.fetch_per_host {
        options.per_host = connections.into();
    }
    options.private.clone_from(&args.fetch_allow_private);
    Ok(Some(options))
}

fn duration(seconds: f64, least: f64) -> anyhow::Result<Duration> {
    if !(least..=LONGEST_S).contains(&seconds) {
        bail!("{seconds}: a number of seconds from {least} to {LONGEST_S}");
    }
    Ok(Duration::from_secs_f64(seconds))
}
