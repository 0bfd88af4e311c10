//! Who has to sign a license: the rightsholders of one work, and what contradicts itself there.

use std::collections::{BTreeMap, BTreeSet};

use super::reason::{listed, listed_and};
use crate::words::{excerpt, folded, stated};
use crate::{Rightsholder, Share};

/// What rounding may add to a total of 100 % for each share, in ten-thousandths of a percent: half
/// of 0.1 %. Six co-owners of 16.7 % each are fine.
const OVER_EACH: u64 = 500;
/// What rounding may take from it: half of 1 %. Three co-owners of 33 % each are fine.
const SHORT_EACH: u64 = 5_000;

/// A rightsholder, once, whatever number of records name it.
pub(super) struct Owner<'r> {
    folded: String,
    name: &'r str,
    share: Option<Share>,
}

impl Owner<'_> {
    /// `B (40 %)`.
    pub(super) fn in_words(&self) -> String {
        let name = excerpt(self.name);
        match self.share {
            Some(share) => format!("{name} ({share})"),
            None => name,
        }
    }
}

/// The rightsholders of one work, in order of their names.
pub(super) struct Owners<'r> {
    all: Vec<Owner<'r>>,
    /// Why it is unclear who they are; empty when it is clear.
    pub(super) conflicts: Vec<String>,
    /// Continues a sentence about a license that all of them granted: what it does not reach.
    pub(super) shortfall: Option<String>,
}

impl<'r> Owners<'r> {
    pub(super) fn of(rightsholders: &'r [Rightsholder]) -> Self {
        let named = |holder: &&Rightsholder| stated(Some(&holder.name)).is_some();
        let mut sorted: Vec<&Rightsholder> = rightsholders.iter().filter(named).collect();
        sorted.sort();
        let mut claims: BTreeMap<Option<&str>, Claim> = BTreeMap::new();
        for holder in &sorted {
            let claim = claims.entry(holder.source.as_deref()).or_default();
            claim.take(holder);
        }
        let mut all: BTreeMap<&str, (&'r str, Option<Share>)> = BTreeMap::new();
        for (folded, said) in claims.values().flat_map(|claim| &claim.owners) {
            let owner = all.entry(folded).or_insert((said.name, None));
            owner.1 = owner.1.or(said.shares.first().copied());
        }
        let all = all.into_iter().map(|(folded, (name, share))| Owner {
            folded: folded.to_owned(),
            name,
            share,
        });
        let all: Vec<Owner> = all.collect();
        Self {
            conflicts: conflicts(&claims, sorted.len()),
            shortfall: claims.values().find_map(Claim::shortfall),
            all,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.all.len()
    }

    /// The place of the rightsholder with a name.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        let folded = folded(name);
        self.all.iter().position(|owner| owner.folded == folded)
    }

    /// Those at some places, in words.
    pub(super) fn in_words(&self, places: &BTreeSet<usize>) -> String {
        let owners = places.iter().filter_map(|&place| self.all.get(place));
        listed_and(owners.map(Owner::in_words))
    }

    /// Their names, without shares.
    pub(super) fn names(&self) -> String {
        listed(self.all.iter().map(|owner| excerpt(owner.name)))
    }
}

/// What one catalog says about a rightsholder.
struct Said<'r> {
    name: &'r str,
    /// Every share that it states for this one; more than one contradict each other.
    shares: BTreeSet<Share>,
}

/// What one catalog says about who holds the rights, by folded name.
#[derive(Default)]
struct Claim<'r> {
    owners: BTreeMap<String, Said<'r>>,
}

impl<'r> Claim<'r> {
    fn take(&mut self, holder: &'r Rightsholder) {
        let said = self.owners.entry(folded(&holder.name));
        let said = said.or_insert_with(|| Said {
            name: &holder.name,
            shares: BTreeSet::new(),
        });
        said.shares.extend(holder.share);
    }

    /// All stated shares together, in ten-thousandths of a percent.
    fn total(&self) -> u64 {
        let shares = self.owners.values().flat_map(|said| &said.shares);
        shares.map(|share| u64::from(share.parts())).sum()
    }

    fn percent(&self) -> String {
        let (whole, rest) = (self.total() / 10_000, self.total() % 10_000);
        let rest = format!("{rest:04}");
        match rest.trim_end_matches('0') {
            "" => format!("{whole} %"),
            rest => format!("{whole}.{rest} %"),
        }
    }

    /// What contradicts itself among the shares.
    fn contradiction(&self) -> Option<String> {
        let twice = self.owners.values().find(|said| said.shares.len() > 1);
        if let Some(said) = twice {
            let shares = said.shares.iter().map(Share::to_string);
            let name = excerpt(said.name);
            return Some(format!("{name} is said to hold {}", listed_and(shares)));
        }
        let most = u64::from(Share::WHOLE.parts()) + OVER_EACH * self.owners.len() as u64;
        (self.total() > most).then(|| {
            let shares = self.owners.values().filter_map(|said| {
                let share = said.shares.first()?;
                Some(format!("{} ({share})", excerpt(said.name)))
            });
            format!(
                "the shares of {} come to {}",
                listed_and(shares),
                self.percent()
            )
        })
    }

    /// A total below 100 % although every share is stated: somebody is not recorded.
    fn shortfall(&self) -> Option<String> {
        let is_whole = self.owners.values().all(|said| said.shares.len() == 1);
        let least =
            u64::from(Share::WHOLE.parts()).saturating_sub(SHORT_EACH * self.owners.len() as u64);
        let is_short = is_whole && self.total() < least;
        is_short.then(|| {
            let percent = self.percent();
            format!("was granted by the holders of {percent} only, while nobody is recorded for the rest")
        })
    }
}

/// Why it is unclear who holds the rights, as clauses of a sentence.
fn conflicts(claims: &BTreeMap<Option<&str>, Claim>, recorded: usize) -> Vec<String> {
    if recorded > Rightsholder::MOST {
        let most = Rightsholder::MOST;
        return vec![format!("more than {most} rightsholders are recorded")];
    }
    let mut found: Vec<String> = claims.values().filter_map(Claim::contradiction).collect();
    let mut sets = claims
        .values()
        .map(|claim| claim.owners.keys().collect::<Vec<_>>());
    let first = sets.next();
    if sets.any(|names| Some(names) != first) {
        let said = claims.iter().map(|(source, claim)| {
            let source = source.map_or_else(|| "the registry".to_owned(), excerpt);
            let names = claim.owners.values().map(|said| excerpt(said.name));
            format!("{source} names {}", listed_and(names))
        });
        found.push(listed(said));
    }
    found
}
