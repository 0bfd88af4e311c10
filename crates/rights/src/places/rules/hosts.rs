//! The hosts that rules name, and every ending of one, in a table to be asked from the end.

use std::hash::{BuildHasher, Hasher, RandomState};

/// No host.
const EMPTY: u32 = u32::MAX;
/// Names within names; RFC 1035 allows 127.
const LABELS_MAX: usize = 128;

/// Hosts in order of their names.
#[derive(Debug)]
pub(super) struct HostTable {
    names: String,
    /// Where each name begins; one more at the end.
    starts: Vec<u32>,
    /// Places by hash: a part of the hash, and the host. At most half of them are taken.
    slots: Vec<(u32, u32)>,
    /// Strangers choose the names. With a key that they do not know, they cannot choose names
    /// whose hashes are alike; the order of the table is that of the names, whatever the key.
    hasher: RandomState,
}

impl HostTable {
    /// A table of some hosts and of all their endings.
    pub(super) fn new<'h>(hosts: impl Iterator<Item = &'h str>) -> Self {
        let mut all: Vec<&str> = Vec::new();
        let mut before = "";
        for host in hosts {
            if host == before {
                continue;
            }
            before = host;
            all.push(host);
            let dots = host.match_indices('.').map(|(at, _)| &host[at + 1..]);
            all.extend(dots.filter(|ending| !ending.is_empty()));
        }
        all.sort_unstable();
        all.dedup();
        let mut table = Self {
            names: String::new(),
            starts: Vec::with_capacity(all.len() + 1),
            slots: vec![(0, EMPTY); (all.len() * 2).next_power_of_two().max(2)],
            hasher: RandomState::new(),
        };
        for (number, name) in all.iter().enumerate() {
            table.starts.push(table.names.len() as u32);
            table.names.push_str(name);
            let (mut slot, tag) = table.slot(name);
            while table.slots[slot].1 != EMPTY {
                slot = (slot + 1) & (table.slots.len() - 1);
            }
            table.slots[slot] = (tag, number as u32);
        }
        table.starts.push(table.names.len() as u32);
        table
    }

    /// How many names there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The name of a host.
    pub(super) fn name(&self, host: u32) -> &str {
        let host = host as usize;
        &self.names[self.starts[host] as usize..self.starts[host + 1] as usize]
    }

    fn slot(&self, name: &str) -> (usize, u32) {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(name.as_bytes());
        let hash = hasher.finish();
        (hash as usize & (self.slots.len() - 1), (hash >> 32) as u32)
    }

    fn find(&self, name: &str) -> Option<u32> {
        let (mut slot, tag) = self.slot(name);
        loop {
            let (known, host) = self.slots[slot];
            if host == EMPTY {
                return None;
            }
            if known == tag && self.name(host) == name {
                return Some(host);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// Calls `visit` for each ending of a host that the table knows, the shortest first, and with
    /// whether it is the whole.
    pub(super) fn each_ending(&self, host: &str, mut visit: impl FnMut(u32, bool)) {
        let mut end = host.len();
        for _ in 0..LABELS_MAX {
            let start = host[..end].rfind('.').map_or(0, |dot| dot + 1);
            let Some(known) = self.find(&host[start..]) else {
                return;
            };
            visit(known, start == 0);
            if start == 0 {
                return;
            }
            end = start - 1;
        }
    }
}
