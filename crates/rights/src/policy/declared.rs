//! The decision about an item that declares something about its own use.

use super::{Decision, Policy};
use crate::signals::{Answer, Combined, Embedded, Signature};
use crate::{License, Reservation, Verdict, Work};

/// The registered work that an item is known to be, with its records.
#[derive(Debug, Clone, Copy)]
pub struct LinkedWork<'r> {
    /// The work.
    pub work: &'r Work,
    /// Its reservations.
    pub reservations: &'r [Reservation],
    /// Its licenses.
    pub licenses: &'r [License],
}

impl Policy {
    /// What an item's own declarations say about the use, together with the records of the work
    /// that it is known to be, if it is.
    ///
    /// A denial makes it reserved; conditions, and what cannot be read, make it a case for review;
    /// a permission decides nothing, and never outweighs a record. Only a license of the work
    /// overrides. Where the declarations do not decide, the work's records do. `subject` begins the
    /// sentence, such as `the item`.
    pub fn decide_declared(
        &self,
        embedded: &Embedded,
        linked: Option<LinkedWork<'_>>,
        subject: &str,
    ) -> Decision {
        let registered = linked.map(|it| self.decide(it.work, it.reservations, it.licenses));
        let said = embedded.answer(self.use_);
        let own = match said.as_ref().map(|said| said.answer) {
            Some(Answer::Deny) => Some(Verdict::Reserved),
            Some(Answer::Conditional | Answer::Unknown) => Some(Verdict::Review),
            Some(Answer::Allow) | None => None,
        };
        let sentence = self.declared_sentence(embedded, said.as_ref(), subject);
        let Some(registered) = registered else {
            return Decision {
                verdict: own.unwrap_or(Verdict::Unreserved),
                reservation_id: None,
                license_id: None,
                reason: sentence,
            };
        };
        let verdict = match (registered.verdict, own) {
            (Verdict::Licensed, _) => Verdict::Licensed,
            (Verdict::Reserved, _) | (_, Some(Verdict::Reserved)) => Verdict::Reserved,
            (Verdict::Review, _) | (_, Some(Verdict::Review)) => Verdict::Review,
            (other, _) => other,
        };
        Decision {
            verdict,
            reason: format!("{sentence} {}", registered.reason),
            ..registered
        }
    }

    /// `The item reserves train: plus:DataMining in XMP (JPEG APP1) says DMI-PROHIBITED.`
    fn declared_sentence(
        &self,
        embedded: &Embedded,
        said: Option<&Combined<'_>>,
        subject: &str,
    ) -> String {
        let planned = self.use_;
        let Some(said) = said else {
            let others: Vec<String> = embedded
                .declarations
                .iter()
                .filter(|it| !it.answers.is_empty())
                .map(|it| {
                    let value = quoted(&it.value);
                    format!("{} in {}{value} says {}", it.scheme, it.place, it.answers)
                })
                .collect();
            let (first, more) = (others.first(), others.len().saturating_sub(1));
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            let first = first.map_or("it declares nothing", String::as_str);
            return format!("{subject} says nothing about {planned}: {first}{more}.");
        };
        let verb = match said.answer {
            Answer::Deny => "reserves",
            Answer::Allow => "allows",
            Answer::Conditional => "sets conditions for",
            Answer::Unknown => "may reserve",
        };
        let by = said.by;
        let place = format!("{} in {}{}", by.scheme, by.place, quoted(&by.value));
        let reason = by.reason.iter().map(|it| format!(", {it}"));
        let conditions = by.conditions.iter();
        // They may be another use's.
        let conditions = conditions.filter(|_| said.answer == Answer::Conditional);
        let conditions = conditions.map(|it| format!(", conditions: {it}"));
        let terms = by.policy_url.iter().map(|it| format!(", terms at {it}"));
        let is_signed = by.signature != Signature::None;
        let signature = is_signed.then(|| format!(", signature {}", by.signature));
        let against = said.contradicted_by.map(|other| {
            let value = quoted(&other.value);
            format!(
                "; contradicted by {} in {}{value}, which allows it",
                other.scheme, other.place
            )
        });
        let more = reason.chain(conditions).chain(terms);
        let more: String = more.chain(signature).chain(against).collect();
        format!("{subject} {verb} {planned}: {place}{more}.")
    }
}

fn quoted(value: &str) -> String {
    if value.is_empty() {
        String::new()
    } else {
        format!(" (`{value}`)")
    }
}
