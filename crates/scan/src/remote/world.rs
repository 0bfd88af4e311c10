//! Everything remote that this process knows: one runtime, the stores, the files, what failed.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, mpsc};

use bytes::BytesMut;
use futures_util::StreamExt;
use object_store::ObjectStore;
use object_store::path::Path as Key;
use tokio::runtime::{Builder, Handle};

use super::address::{Address, HubAddress, public};
use super::blocks::{BLOCK_BYTES, Blocks};
use super::object::{Failure, Object, in_words};
use super::reader::Reader;
use super::stores::{Place, Stores};
use super::{Beside, Listed, RemoteIdentity, error, settings};
use crate::error::Result;

/// Requests that wait for answers at the same time.
const MOST_REQUESTS: usize = 24;
/// Files below one input.
const MOST_LISTED: usize = 1_000_000;

/// Made by the first remote input.
static WORLD: LazyLock<std::result::Result<World, String>> = LazyLock::new(World::new);

pub(super) struct World {
    runtime: Handle,
    stores: Stores,
    blocks: Arc<Blocks>,
    /// Files by address, each as it was when it was looked at for the plan.
    objects: Mutex<BTreeMap<String, Arc<Object>>>,
    /// Addresses that were listed since, of which another plan may see another version.
    listed: Mutex<BTreeSet<String>>,
    /// Why files can be read no further.
    failures: Mutex<BTreeMap<String, String>>,
    has_failed: AtomicBool,
    retries: u32,
}

impl World {
    fn new() -> std::result::Result<Self, String> {
        let runtime = Builder::new_current_thread()
            .enable_time()
            .max_blocking_threads(MOST_REQUESTS)
            .thread_name("clearance-remote")
            .build()
            .map_err(|error| error.to_string())?;
        let handle = runtime.handle().clone();
        let drive = move || runtime.block_on(std::future::pending::<()>());
        std::thread::Builder::new()
            .name("clearance-remote".to_owned())
            .spawn(drive)
            .map_err(|error| error.to_string())?;
        let settings = settings();
        Ok(Self {
            blocks: Arc::new(Blocks::new(handle.clone())),
            runtime: handle,
            retries: settings.retries,
            stores: Stores::new(settings),
            objects: Mutex::default(),
            listed: Mutex::default(),
            failures: Mutex::default(),
            has_failed: AtomicBool::new(false),
        })
    }

    fn get(address: &str) -> Result<&'static Self> {
        let world = WORLD.as_ref();
        world.map_err(|detail| error(address, format!("starting a thread: {detail}")))
    }

    /// Waits for something asynchronous.
    fn wait<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> std::result::Result<T, Failure> {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.runtime.spawn(async move {
            // Whoever waited is gone only when the process ends.
            sender.send(future.await).ok();
        });
        let gone = |_| Failure::Other("the thread that makes requests ended early".to_owned());
        receiver.recv().map_err(gone)
    }

    pub(super) fn failure(&self, address: &str) -> Option<String> {
        if !self.has_failed.load(Ordering::Acquire) {
            return None;
        }
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.get(address).cloned()
    }

    pub(super) fn fail(&self, address: &str, detail: &str) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures
            .entry(address.to_owned())
            .or_insert_with(|| detail.to_owned());
        self.has_failed.store(true, Ordering::Release);
    }

    /// Forgets what failed below the folder of an input: it is tried again.
    fn forgive(&self, input: &str) {
        let fixed = input.split(['*', '[']).next().unwrap_or(input);
        let folder = fixed.rsplit_once('/').map_or(fixed, |(folder, _)| folder);
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.retain(|address, _| !address.starts_with(folder));
        self.has_failed
            .store(!failures.is_empty(), Ordering::Release);
    }

    fn known(&self, address: &str) -> Option<Arc<Object>> {
        let objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        objects.get(address).cloned()
    }

    /// Looks at a file as it is now. `None` when there is none.
    fn find(&self, shown: &str, place: Place) -> Result<Option<Object>> {
        let (address, retries) = (shown.to_owned(), self.retries);
        let found = self.wait(async move { Object::find(address, place, retries).await });
        match found.and_then(|found| found) {
            Ok(object) => Ok(Some(object)),
            Err(Failure::Missing) => Ok(None),
            Err(Failure::Other(detail)) => Err(error(shown, detail)),
        }
    }

    fn place(&self, shown: &str, address: &Address) -> Result<Place> {
        let place = self.stores.place(address);
        place.map_err(|trouble| error(shown, trouble.to_string()))
    }

    /// Looks at a file and remembers it, to be read as it is now.
    fn find_anew(&self, shown: &str, address: &Address) -> Result<Option<Arc<Object>>> {
        let place = self.place(shown, address)?;
        let Some(mut object) = self.find(shown, place)? else {
            return Ok(None);
        };
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        let identity = object.identity();
        let known = objects.get(shown).filter(|it| it.identity() == identity);
        // The same version keeps its blocks, under whatever signature it is read now.
        if let Some(known) = known.filter(|_| identity.version.is_some()) {
            object.number = known.number;
        }
        let object = Arc::new(object);
        objects.insert(shown.to_owned(), Arc::clone(&object));
        Ok(Some(object))
    }

    fn object(&self, shown: &str) -> Result<Option<Arc<Object>>> {
        let mut listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        let is_anew = listed.remove(shown);
        drop(listed);
        match self.known(shown).filter(|_| !is_anew) {
            Some(object) => Ok(Some(object)),
            None => self.find_anew(shown, &Address::parse(shown)?),
        }
    }

    /// The keys below a prefix of a bucket.
    fn keys(&self, shown: &str, root: &str, prefix: &str) -> Result<Vec<String>> {
        let bucket = Address::Bucket {
            root: root.to_owned(),
            key: prefix.to_owned(),
        };
        let place = self.place(shown, &bucket)?;
        let listed = self.wait(async move {
            let prefix = Some(&place.path).filter(|path| !path.is_root());
            let mut keys = Vec::new();
            let mut found = place.store.list(prefix);
            while let Some(meta) = found.next().await {
                match meta {
                    Ok(meta) => keys.push(Key::to_string(&meta.location)),
                    Err(error) => return Err(Failure::Other(in_words(&error, &place))),
                }
                if keys.len() > MOST_LISTED {
                    let detail = format!("more than {MOST_LISTED} files; name a narrower place");
                    return Err(Failure::Other(detail));
                }
            }
            Ok(keys)
        });
        match listed.and_then(|listed| listed) {
            Ok(keys) => Ok(keys),
            Err(Failure::Missing) => Ok(Vec::new()),
            Err(Failure::Other(detail)) => Err(error(shown, detail)),
        }
    }
}

fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    public(&text).unwrap_or_else(|| text.into_owned())
}

/// Opens a file as it was when it was looked at for the plan.
pub(crate) fn open(path: &Path) -> io::Result<Reader> {
    let shown = shown(path);
    let world = World::get(&shown).map_err(io::Error::other)?;
    let found = world.object(&shown).map_err(|error| {
        world.fail(&shown, &without_address(&error));
        io::Error::other(error)
    })?;
    let object = found.ok_or(io::ErrorKind::NotFound)?;
    Ok(Reader::new(world, &world.blocks, object))
}

fn without_address(error: &crate::error::Error) -> String {
    match error {
        crate::error::Error::Remote { detail, .. } => detail.clone(),
        error => error.to_string(),
    }
}

/// What its server calls the version of a file that is read.
pub(crate) fn planned_version(path: &Path) -> Result<Option<String>> {
    let shown = shown(path);
    let found = World::get(&shown)?.object(&shown)?;
    let object = found.ok_or_else(|| missing(&shown))?;
    Ok(object.identity().version)
}

/// What a file is now, whatever it was when it was planned.
pub(crate) fn identity_now(path: &Path) -> Result<RemoteIdentity> {
    let shown = shown(path);
    let world = World::get(&shown)?;
    // A signed address is not in the path.
    let place = match world.known(&shown) {
        Some(object) => object.place().clone(),
        None => world.place(&shown, &Address::parse(&shown)?)?,
    };
    let found = world.find(&shown, place)?;
    let found = found.ok_or_else(|| error(&shown, "is gone"))?;
    Ok(found.identity())
}

/// A file beside a dataset, whole, if it has no more than `most` bytes. One that cannot be read is an
/// error of everything that is read beside it.
pub(crate) fn read_beside(path: &Path, most: u64) -> Result<Beside> {
    let shown = shown(path);
    let world = World::get(&shown)?;
    let read = || {
        let address = Address::parse(&shown)?;
        let Some(object) = world.find(&shown, world.place(&shown, &address)?)? else {
            return Ok(Beside::Missing);
        };
        if object.bytes > most {
            return Ok(Beside::TooLong(object.bytes));
        }
        let whole = async move {
            let mut bytes = BytesMut::new();
            while (bytes.len() as u64) < object.bytes {
                let start = bytes.len() as u64;
                let end = object.bytes.min(start + BLOCK_BYTES);
                bytes.extend_from_slice(&object.fetch(start..end).await?);
            }
            Ok(bytes.freeze())
        };
        match world.wait(whole).and_then(|read| read) {
            Ok(bytes) => Ok(Beside::There(bytes)),
            Err(Failure::Missing) => Ok(Beside::Missing),
            Err(Failure::Other(detail)) => Err(error(&shown, detail)),
        }
    };
    read().inspect_err(|error| world.fail(&shown, &without_address(error)))
}

/// Whether any remote file could not be read.
pub(crate) fn has_failed() -> bool {
    // Nothing is made only to ask it.
    LazyLock::get(&WORLD).is_some_and(|world| {
        world
            .as_ref()
            .is_ok_and(|world| world.has_failed.load(Ordering::Acquire))
    })
}

/// Why `file`, or what its rows name beside it, could not be read: the address and the reason.
pub(crate) fn failure(file: &Path) -> Option<(String, String)> {
    let world = WORLD.as_ref().ok()?;
    let folder = shown(file);
    let folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
    let failures = world
        .failures
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let mut below = failures.iter().filter(|(address, _)| {
        let rest = address.strip_prefix(folder);
        rest.is_some_and(|rest| rest.starts_with('/'))
    });
    below
        .next()
        .map(|(address, detail)| (address.clone(), detail.clone()))
}

/// The files behind an input: the file itself, those below it, or those that a pattern means. All of
/// them in a folder that is no file.
pub(crate) fn list(input: &str) -> Result<Vec<Listed>> {
    let name = public(input).unwrap_or_default();
    let world = World::get(&name)?;
    let address = Address::parse(input)?;
    world.forgive(&name);
    let is_folder = name.ends_with('/');
    let itself = || Listed {
        address: name.clone(),
        below: None,
    };
    match &address {
        Address::Web { .. } if is_folder => Err(error(
            &name,
            "a server of the web gives no list of its files; name each file",
        )),
        Address::Web { .. } => {
            let found = world.find_anew(&name, &address)?;
            found.map(|_| vec![itself()]).ok_or_else(|| missing(&name))
        }
        Address::Bucket { root, key } => {
            if key.contains(['*', '?', '[']) {
                let (folder, pattern) = pattern(key).map_err(|detail| error(&name, detail))?;
                let keys = world.keys(&name, root, folder)?.into_iter();
                let keys = keys.filter(|key| pattern.matches_with(key, AS_IN_A_SHELL));
                return found(
                    world,
                    &name,
                    keys.map(|key| (format!("{root}/{key}"), None)),
                );
            }
            if !is_folder && !key.is_empty() && world.find_anew(&name, &address)?.is_some() {
                return Ok(vec![itself()]);
            }
            let folder = key.trim_end_matches('/');
            let keys = world.keys(&name, root, folder)?;
            found(world, &name, below(root, folder, keys))
        }
        Address::Hub(place) if place.path.contains(['*', '?', '[']) => {
            let (folder, pattern) = pattern(&place.path).map_err(|detail| error(&name, detail))?;
            let place_of_all = HubAddress {
                path: folder.to_owned(),
                ..place.clone()
            };
            let listed = world.stores.hub().files(&place_of_all);
            let listed = listed.map_err(|detail| error(&name, detail))?;
            let root = name.strip_suffix(&place.path).unwrap_or(&name);
            let files = listed.unwrap_or_default().into_iter();
            let files = files.filter(|file| pattern.matches_with(file, AS_IN_A_SHELL));
            found(
                world,
                &name,
                files.map(|file| (format!("{root}{file}"), None)),
            )
        }
        Address::Hub(place) => {
            let is_root = place.path.is_empty();
            if !is_folder && !is_root && world.find_anew(&name, &address)?.is_some() {
                return Ok(vec![itself()]);
            }
            let listed = world.stores.hub().files(place);
            let listed = listed.map_err(|detail| error(&name, detail))?;
            let start = name.trim_end_matches('/');
            let root = start.strip_suffix(&place.path).unwrap_or(start);
            let files = listed.unwrap_or_default();
            found(
                world,
                &name,
                below(root.trim_end_matches('/'), &place.path, files),
            )
        }
    }
}

const AS_IN_A_SHELL: glob::MatchOptions = glob::MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// A pattern, and the folder that all it means are in.
fn pattern(text: &str) -> std::result::Result<(&str, glob::Pattern), String> {
    let at = text.find(['*', '?', '[']).unwrap_or(text.len());
    let folder = text.get(..at).and_then(|fixed| fixed.rsplit_once('/'));
    let pattern = glob::Pattern::new(text).map_err(|error| error.to_string())?;
    Ok((folder.map_or("", |(folder, _)| folder), pattern))
}

fn missing(name: &str) -> crate::error::Error {
    error(name, "there is nothing at this address")
}

/// Addresses of the files below a folder, with what stands below it.
fn below<'a>(
    root: &'a str,
    folder: &'a str,
    keys: Vec<String>,
) -> impl Iterator<Item = (String, Option<String>)> + 'a {
    keys.into_iter().filter_map(move |key| {
        let rest = key.strip_prefix(folder)?;
        let rest = rest
            .strip_prefix('/')
            .or(folder.is_empty().then_some(rest))?;
        Some((format!("{root}/{key}"), Some(rest.to_owned())))
    })
}

/// What was listed, to be looked at anew when it is opened.
fn found(
    world: &World,
    name: &str,
    files: impl Iterator<Item = (String, Option<String>)>,
) -> Result<Vec<Listed>> {
    let files = files.map(|(address, below)| Listed { address, below });
    let files: Vec<Listed> = files.collect();
    if files.is_empty() {
        return Err(missing(name));
    }
    let mut listed = world.listed.lock().unwrap_or_else(PoisonError::into_inner);
    listed.extend(files.iter().map(|file| file.address.clone()));
    drop(listed);
    Ok(files)
}
