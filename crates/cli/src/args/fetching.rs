//! Arguments for items that are fetched.

use std::net::SocketAddr;

/// Nothing in a settings file says that something is fetched: such a file lies beside the dataset, and
/// may be a stranger's.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Items behind addresses")]
pub(crate) struct FetchArgs {
    /// Fetch items that the dataset names by their addresses (http, https), as far as
    /// robots.txt allows; fetched.parquet says what was asked and answered
    #[arg(long, requires = "fetch_contact", conflicts_with = "only_findings")]
    pub(crate) fetch: bool,
    /// Whom the owners of servers can write to: an address of the web or of mail
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) fetch_contact: Option<String>,
    /// Seconds from one request to a host to the next; robots.txt may ask for more
    /// [default: 0.5]
    #[arg(long, value_name = "SECONDS", requires = "fetch")]
    pub(crate) fetch_delay: Option<f64>,
    /// Connections at a time to one host [default: 2]
    #[arg(long, value_name = "N", requires = "fetch",
        value_parser = clap::value_parser!(u16).range(1..=16))]
    pub(crate) fetch_per_host: Option<u16>,
    /// Connections at a time, to all hosts together [default: 16]
    #[arg(long, value_name = "N", requires = "fetch",
        value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(crate) fetch_connections: Option<u16>,
    /// Longest time for a request and its answer, in seconds [default: 60]
    #[arg(long, value_name = "SECONDS", requires = "fetch")]
    pub(crate) fetch_timeout: Option<f64>,
    /// Let one address through that is not public, with its port: for servers of one's own
    #[arg(long, value_name = "ADDRESS:PORT", requires = "fetch", hide = true)]
    pub(crate) fetch_allow_private: Vec<SocketAddr>,
}
