//! Stores behind addresses.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::http::HttpBuilder;
use object_store::path::Path;
use object_store::{BackoffConfig, ObjectStore, RetryConfig};

use super::RemoteSettings;
use super::address::Address;
use super::hub::Hub;
use super::transport::{Connector, Transport};

/// The longest pause before a request is made again.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// No request is made again after this time.
const LONGEST_TRYING: Duration = Duration::from_mins(5);

/// Where a remote file is.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) path: Path,
    /// What must not be shown of its address: what follows the question mark.
    pub(super) secret: Option<String>,
    /// Whether the store tells of a file without giving a part of it.
    pub(super) has_heads: bool,
}

/// Stores that were opened.
#[derive(Debug)]
pub(super) struct Stores {
    settings: RemoteSettings,
    pub(super) transport: Transport,
    buckets: Mutex<BTreeMap<String, Arc<dyn ObjectStore>>>,
}

impl Stores {
    pub(super) fn new(settings: RemoteSettings) -> Self {
        Self {
            transport: Transport::new(&settings.user_agent),
            settings,
            buckets: Mutex::default(),
        }
    }

    pub(super) fn hub(&self) -> Hub {
        Hub::new(&self.transport, &self.settings)
    }

    pub(super) fn retry(&self) -> RetryConfig {
        RetryConfig {
            backoff: BackoffConfig {
                init_backoff: Duration::from_millis(200),
                max_backoff: LONGEST_PAUSE,
                base: 2.0,
            },
            max_retries: self.settings.retries as usize,
            retry_timeout: LONGEST_TRYING,
        }
    }

    pub(super) fn place(&self, address: &Address) -> Result<Place, object_store::Error> {
        match address {
            Address::Bucket { root, key } => Ok(Place {
                store: self.bucket(root)?,
                path: Path::parse(key)?,
                secret: None,
                has_heads: true,
            }),
            Address::Web { url } => self.web(url, &self.transport),
            Address::Hub(address) => {
                let hub = self.hub();
                self.web(&hub.file(address), hub.transport())
            }
        }
    }

    /// A store that is one file.
    fn web(&self, url: &str, transport: &Transport) -> Result<Place, object_store::Error> {
        let store = HttpBuilder::new()
            .with_url(url)
            .with_retry(self.retry())
            .with_http_connector(Connector(transport.clone()))
            .build()?;
        Ok(Place {
            store: Arc::new(store),
            path: Path::default(),
            secret: url.split_once('?').map(|(_, secret)| secret.to_owned()),
            // A signed address is signed for reading alone.
            has_heads: false,
        })
    }

    fn bucket(&self, root: &str) -> Result<Arc<dyn ObjectStore>, object_store::Error> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(store) = buckets.get(root) {
            return Ok(Arc::clone(store));
        }
        let connector = Connector(self.transport.clone());
        let scheme = root.split("://").next().unwrap_or_default();
        let store: Arc<dyn ObjectStore> = match scheme {
            "s3" | "s3a" => {
                let mut builder = AmazonS3Builder::new().with_url(root);
                for (key, value) in self.said::<AmazonS3ConfigKey>("AWS_") {
                    builder = builder.with_config(key, value);
                }
                let builder = builder.with_retry(self.retry());
                Arc::new(builder.with_http_connector(connector).build()?)
            }
            "gs" => {
                let mut builder = GoogleCloudStorageBuilder::new().with_url(root);
                for (key, value) in self.said::<GoogleConfigKey>("GOOGLE_") {
                    builder = builder.with_config(key, value);
                }
                let builder = builder.with_retry(self.retry());
                Arc::new(builder.with_http_connector(connector).build()?)
            }
            _ => {
                let mut builder = MicrosoftAzureBuilder::new().with_url(root);
                for (key, value) in self.said::<AzureConfigKey>("AZURE_") {
                    builder = builder.with_config(key, value);
                }
                let builder = builder.with_retry(self.retry());
                Arc::new(builder.with_http_connector(connector).build()?)
            }
        };
        buckets.insert(root.to_owned(), Arc::clone(&store));
        Ok(store)
    }

    /// What the environment says to a store, as far as the store knows the names.
    fn said<K: FromStr>(&self, prefix: &str) -> impl Iterator<Item = (K, &String)> {
        let named = self.settings.environment.iter();
        named.filter_map(move |(name, value)| {
            let is_meant = name.starts_with(prefix);
            let key = name.to_ascii_lowercase().parse().ok();
            Some((key.filter(|_| is_meant)?, value))
        })
    }
}
