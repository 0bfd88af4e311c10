use proptest::prelude::*;

use super::*;
use crate::{ANYONE, Rightsholder, Share, Territory, UseSet, parse_date};

fn date(text: &str) -> NaiveDate {
    parse_date(text).unwrap()
}

fn policy(mode: Mode) -> Policy {
    Policy {
        licensee: Some("Acme".to_owned()),
        territory: Some("DE".parse().unwrap()),
        ..Policy::new(mode, Use::TrainGenerative, date("2025-07-01"))
    }
}

fn reservation(id: &str) -> Reservation {
    Reservation {
        since: Some(date("2024-01-01")),
        source: Some("catalog".to_owned()),
        ..Reservation::new(id, "W-1", UseSet::ALL)
    }
}

fn license(id: &str, licensee: &str) -> License {
    License {
        licensee: Some(licensee.to_owned()),
        ..License::new(id, "W-1", UseSet::ALL)
    }
}

fn reason(mode: Mode, reservations: &[Reservation], licenses: &[License]) -> String {
    policy(mode)
        .decide(&Work::new("W-1"), reservations, licenses)
        .reason
}

#[test]
fn a_reserved_reason_names_the_record_and_the_near_misses() {
    let ended = License {
        until: Some(date("2025-06-30")),
        ..license("L-3", "Acme")
    };
    let licenses = [license("L-2", "Beta"), ended];
    assert_eq!(
        reason(Mode::OptOut, &[reservation("R-1")], &licenses),
        "Reservation R-1 (source: catalog; in force since 2024-01-01) reserves train-generative on \
         2025-07-01 (license L-2 is for Beta, not Acme; license L-3 ended on 2025-06-30)."
    );
    assert_eq!(
        reason(Mode::OptIn, &[reservation("R-1")], &[]),
        "Reservation R-1 (source: catalog; in force since 2024-01-01) reserves train-generative on \
         2025-07-01, and no license covers it."
    );
}

#[test]
fn an_unreserved_reason_says_what_came_near() {
    assert_eq!(
        reason(Mode::OptOut, &[], &[]),
        "No reservation of work W-1 covers train-generative on 2025-07-01."
    );
    let later = Reservation {
        since: Some(date("2026-01-01")),
        ..reservation("R-1")
    };
    let elsewhere = Reservation {
        territory: "FR|CH".parse().unwrap(),
        ..reservation("R-2")
    };
    let other_use = Reservation {
        uses: Use::Search.into(),
        ..reservation("R-3")
    };
    assert_eq!(
        reason(Mode::OptIn, &[later, elsewhere, other_use], &[]),
        "No license and no reservation of work W-1 covers train-generative on 2025-07-01 \
         (reservation R-2 applies in CH|FR, not in DE; reservation R-3 reserves search, not \
         train-generative; reservation R-1 starts on 2026-01-01)."
    );
}

#[test]
fn a_licensed_reason_names_what_the_license_overrides() {
    let license = License {
        from: Some(date("2025-01-01")),
        until: Some(date("2025-12-31")),
        ..license("L-1", ANYONE)
    };
    assert_eq!(
        reason(Mode::OptIn, &[reservation("R-1")], &[license]),
        "License L-1 to anyone (valid from 2025-01-01 until 2025-12-31) covers train-generative on \
         2025-07-01 and overrides reservation R-1 (source: catalog; in force since 2024-01-01)."
    );
}

#[test]
fn an_unclear_reason_says_what_is_unclear() {
    let nameless = License {
        licensee: None,
        ..license("L-1", "")
    };
    assert_eq!(
        reason(Mode::OptIn, &[reservation("R-1")], &[nameless]),
        "It is unclear whether license L-1 (no dates stated) covers train-generative on 2025-07-01: \
         it names no licensee, and reservation R-1 (source: catalog; in force since 2024-01-01) \
         otherwise applies, and no other license covers it."
    );
    let inverted = Reservation {
        until: Some(date("2023-01-01")),
        source: None,
        ..reservation("R-1")
    };
    assert_eq!(
        reason(Mode::OptOut, &[inverted], &[]),
        "It is unclear whether reservation R-1 (source not stated; in force since 2024-01-01 until \
         2023-01-01) reserves train-generative on 2025-07-01: it starts on 2024-01-01, after it \
         ends on 2023-01-01."
    );
}

#[test]
fn only_the_nearest_misses_are_named() {
    let licenses: Vec<License> = (1..=5)
        .map(|number| license(&format!("L-{number}"), "Beta"))
        .collect();
    let near = License {
        until: Some(date("2025-06-30")),
        ..license("L-9", "Acme")
    };
    let far = License {
        uses: UseSet::NONE,
        ..license("L-0", "Beta")
    };
    let all = [licenses, vec![near, far]].concat();
    let text = reason(Mode::OptOut, &[reservation("R-1")], &all);
    assert!(
        text.ends_with(
            "(license L-1 is for Beta, not Acme; license L-2 is for Beta, not Acme; \
             license L-3 is for Beta, not Acme; and 4 more)."
        ),
        "{text}"
    );
}

#[test]
fn too_many_rightsholders_are_nobody_to_ask() {
    let names = (0..=Rightsholder::MOST).map(|number| format!("Heir {number}"));
    let work = Work {
        rightsholders: names.map(Rightsholder::new).collect(),
        ..Work::new("W-1")
    };
    let decision = policy(Mode::OptOut).decide(&work, &[], &[license("L-1", "Acme")]);
    assert_eq!(decision.verdict, Verdict::Review);
    assert_eq!(
        decision.reason,
        "It is unclear who holds the rights in work W-1: more than 500 rightsholders are recorded."
    );
    let work = Work {
        rightsholders: work.rightsholders[1..].to_vec(),
        ..work
    };
    let decision = policy(Mode::OptOut).decide(&work, &[], &[license("L-1", "Acme")]);
    assert!(
        decision.reason.contains("which of the 500 rightsholders"),
        "{}",
        decision.reason
    );
}

#[test]
fn long_lists_of_names_are_cut_short() {
    let names = ["A", "B", "C", "D", "E"];
    let work = Work {
        rightsholders: names.map(Rightsholder::new).to_vec(),
        ..Work::new("W-1")
    };
    let by_one = License {
        licensors: vec!["A".to_owned()],
        ..license("L-1", "Acme")
    };
    let decision = policy(Mode::OptOut).decide(&work, &[], &[by_one]);
    assert_eq!(
        decision.reason,
        "No reservation of work W-1 covers train-generative on 2025-07-01 (license L-1 by A does \
         not count without the signatures of B, C, D and 1 more)."
    );
}

#[test]
fn foreign_text_in_a_reason_stays_on_its_line() {
    let noisy = Reservation {
        source: Some("a\n\u{1b}[31mb".to_owned()),
        ..reservation(&"R".repeat(5000))
    };
    let text = reason(Mode::OptOut, &[noisy], &[]);
    assert!(text.contains("source: a\\n\\u{1b}[31mb"), "{text}");
    assert!(text.chars().count() < 500, "{text}");
}

#[test]
fn a_license_reports_the_reservation_it_overrides() {
    let decision = policy(Mode::OptOut).decide(
        &Work::new("W-1"),
        &[reservation("R-1")],
        &[license("L-1", "Acme")],
    );
    assert_eq!(decision.reservation_id.as_deref(), Some("R-1"));
    assert_eq!(decision.license_id.as_deref(), Some("L-1"));
}

#[test]
fn modes_round_trip_through_their_words() {
    for mode in Mode::ALL {
        assert_eq!(mode.to_string().parse(), Ok(mode));
    }
    for verdict in Verdict::ALL {
        assert_eq!(verdict.to_string().parse(), Ok(verdict));
    }
    assert_eq!(
        "optout".parse::<Mode>().unwrap_err().to_string(),
        "unknown mode `optout`, expected opt-out or opt-in"
    );
    assert_eq!(
        "".parse::<Verdict>().unwrap_err().to_string(),
        "no verdict given, expected reserved, licensed, unreserved or review"
    );
}

fn any_date() -> impl Strategy<Value = Option<NaiveDate>> {
    // A few days around the policy's, so that edges and contradictions are common.
    prop::option::of((0_u64..5).prop_map(|days| date("2025-06-29") + chrono::Days::new(days)))
}

fn any_uses() -> impl Strategy<Value = UseSet> {
    prop::sample::subsequence(Use::ALL.to_vec(), 0..=5).prop_map(UseSet::from)
}

fn any_territory() -> impl Strategy<Value = Territory> {
    prop::sample::select(vec!["WORLD", "DE", "US", "EU", "US|EEA"])
        .prop_map(|text| text.parse().unwrap())
}

prop_compose! {
    fn any_reservation()(
        id in "R-[1-3]", work in "W-[12]", uses in any_uses(), since in any_date(),
        until in any_date(), territory in any_territory(), source in prop::option::of("[ab]"),
    ) -> Reservation {
        Reservation { reservation_id: id, work_id: work, uses, since, until, territory, source, evidence: None, catalog: None }
    }
}

prop_compose! {
    fn any_license()(
        id in "L-[1-3]", work in "W-[12]", licensee in prop::option::of("Acme|acme |Beta|\\*| "),
        uses in any_uses(), from in any_date(), until in any_date(), territory in any_territory(),
        licensors in prop::collection::vec("Ana|ANA |Ben|Chi|Mallory", 0..3),
    ) -> License {
        License { licensors, license_id: id, work_id: work, licensee, uses, from, until, territory, ..License::default() }
    }
}

prop_compose! {
    fn any_rightsholder()(
        name in "Ana|ana |Ben|Chi| ", percent in prop::option::of(1_u32..=100),
        source in prop::option::of("[ab].csv"),
    ) -> Rightsholder {
        let share = percent.and_then(|percent| Share::from_percent(f64::from(percent)));
        Rightsholder { name, share, source }
    }
}

/// A work that mostly has rightsholders who do not contradict each other.
fn any_work() -> impl Strategy<Value = Work> {
    let agreed = prop::sample::subsequence(vec!["Ana", "Ben", "Chi"], 0..=3)
        .prop_map(|names| names.into_iter().map(Rightsholder::new).collect());
    let any = prop::collection::vec(any_rightsholder(), 0..4);
    prop_oneof![2 => agreed, 1 => any].prop_map(|rightsholders| Work {
        rightsholders,
        ..Work::new("W-1")
    })
}

prop_compose! {
    fn any_policy()(
        mode in prop::sample::select(Mode::ALL.to_vec()),
        use_ in prop::sample::select(Use::ALL.to_vec()),
        licensee in prop::option::of("ACME|Beta|\\*| "),
        territory in prop::option::of(prop::sample::select(vec!["DE", "US", "CH"])),
    ) -> Policy {
        Policy {
            licensee,
            territory: territory.map(|code| code.parse().unwrap()),
            ..Policy::new(mode, use_, date("2025-07-01"))
        }
    }
}

fn any_records() -> impl Strategy<Value = (Vec<Reservation>, Vec<License>)> {
    (
        prop::collection::vec(any_reservation(), 0..5),
        prop::collection::vec(any_license(), 0..5),
    )
}

proptest! {
    #[test]
    fn the_order_of_records_never_matters(
        policy in any_policy(),
        (work, shuffled_holders) in any_work().prop_flat_map(|work| {
            let shuffled = Just(work.rightsholders.clone()).prop_shuffle();
            (Just(work), shuffled)
        }),
        ((reservations, licenses), (shuffled_reservations, shuffled_licenses)) in any_records()
            .prop_flat_map(|records| {
                let shuffled = (Just(records.0.clone()).prop_shuffle(), Just(records.1.clone()).prop_shuffle());
                (Just(records), shuffled)
            }),
    ) {
        let shuffled = Work { rightsholders: shuffled_holders, ..work.clone() };
        prop_assert_eq!(
            policy.decide(&work, &reservations, &licenses),
            policy.decide(&shuffled, &shuffled_reservations, &shuffled_licenses)
        );
    }

    #[test]
    fn the_mode_changes_what_is_flagged_and_never_the_verdict(
        policy in any_policy(), work in any_work(), (reservations, licenses) in any_records(),
    ) {
        let [opt_out, opt_in] = Mode::ALL.map(|mode| Policy { mode, ..policy.clone() });
        let verdict = opt_out.decide(&work, &reservations, &licenses).verdict;
        prop_assert_eq!(opt_in.decide(&work, &reservations, &licenses).verdict, verdict);
        prop_assert!(!opt_out.flags(verdict) || opt_in.flags(verdict));
    }

    #[test]
    fn one_more_reservation_never_makes_a_verdict_milder(
        policy in any_policy(), work in any_work(),
        (mut reservations, licenses) in any_records(), more in any_reservation(),
    ) {
        let before = policy.decide(&work, &reservations, &licenses).verdict;
        reservations.push(more);
        let after = policy.decide(&work, &reservations, &licenses).verdict;
        prop_assert_eq!(after == Verdict::Licensed, before == Verdict::Licensed);
        prop_assert!(!policy.flags(before) || policy.flags(after));
    }

    #[test]
    fn one_more_license_never_undoes_a_license(
        policy in any_policy(), work in any_work(),
        (reservations, mut licenses) in any_records(), more in any_license(),
    ) {
        let before = policy.decide(&work, &reservations, &licenses).verdict;
        licenses.push(more);
        let after = policy.decide(&work, &reservations, &licenses).verdict;
        prop_assert!(before != Verdict::Licensed || after == Verdict::Licensed);
    }

    #[test]
    fn nobody_is_licensed_without_every_signature(
        policy in any_policy(), work in any_work(), (reservations, licenses) in any_records(),
    ) {
        let owners: std::collections::BTreeSet<String> = work.rightsholders.iter()
            .map(|holder| holder.name.trim().to_lowercase()).filter(|name| !name.is_empty()).collect();
        prop_assume!(owners.len() > 1);
        if policy.decide(&work, &reservations, &licenses).verdict == Verdict::Licensed {
            let in_force = licenses.iter().filter(|license| license.is_in_force(policy.as_of));
            let signed: std::collections::BTreeSet<String> = in_force.flat_map(|license| &license.licensors)
                .map(|name| name.trim().to_lowercase()).collect();
            prop_assert!(owners.is_subset(&signed));
        }
    }

    #[test]
    fn a_verdict_follows_the_days_of_the_record(first in any_date(), last in any_date()) {
        prop_assume!(first.zip(last).is_none_or(|(first, last)| first <= last));
        let policy = policy(Mode::OptOut);
        let work = Work::new("W-1");

        let license = License { from: first, until: last, ..license("L-1", ANYONE) };
        let verdict = policy.decide(&work, &[], std::slice::from_ref(&license)).verdict;
        prop_assert_eq!(verdict == Verdict::Licensed, license.is_in_force(policy.as_of));

        let reservation = Reservation { since: first, until: last, ..reservation("R-1") };
        let verdict = policy.decide(&work, std::slice::from_ref(&reservation), &[]).verdict;
        prop_assert_eq!(verdict == Verdict::Reserved, reservation.is_in_force(policy.as_of));
    }

    #[test]
    fn the_records_named_are_of_the_work_and_fit_the_verdict(
        policy in any_policy(), (reservations, licenses) in any_records(),
    ) {
        let decision = policy.decide(&Work::new("W-1"), &reservations, &licenses);
        if let Some(id) = &decision.license_id {
            prop_assert!(licenses.iter().any(|each| each.license_id == *id && each.work_id == "W-1"));
        }
        if let Some(id) = &decision.reservation_id {
            prop_assert!(reservations.iter().any(|each| each.reservation_id == *id && each.work_id == "W-1"));
        }
        match decision.verdict {
            Verdict::Licensed => prop_assert!(decision.license_id.is_some()),
            Verdict::Reserved => prop_assert!(decision.reservation_id.is_some() && decision.license_id.is_none()),
            Verdict::Review => prop_assert!(decision.reservation_id.is_some() || decision.license_id.is_some()),
            Verdict::Unreserved => prop_assert!(decision.reservation_id.is_none() && decision.license_id.is_none()),
        }
        prop_assert!(decision.reason.ends_with('.'));
        prop_assert!(!decision.reason.contains('\n'));
    }
}
