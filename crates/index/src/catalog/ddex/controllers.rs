//! Who controls the rights in a resource, and how much of them.

use clearance_rights::{Rightsholder, Share};

use super::message::Message;
use crate::catalog::xml::Element;

/// The parties that control the rights: those of the first part of the description that names any,
/// which is the default.
///
/// Who only administers them, or collects for them, is none (allowed values of
/// `RightsControllerRole`).
pub(super) fn of(message: &Message, parts: &[&Element]) -> Vec<Rightsholder> {
    let named = parts.iter().map(|part| {
        let controllers = part.children.iter().filter(|child| is_controller(child));
        let mut holders: Vec<Rightsholder> = Vec::new();
        for controller in controllers {
            let Some(name) = name(message, controller) else {
                continue;
            };
            let share = share(controller);
            if let Some(known) = holders.iter_mut().find(|known| known.is_named(name)) {
                // Each is of something else, such as one way of use.
                known.share = known.share.filter(|known| share == Some(*known));
            } else if holders.len() <= Rightsholder::MOST {
                // One too many says that there are too many.
                holders.push(Rightsholder {
                    share,
                    ..Rightsholder::new(name)
                });
            }
        }
        holders
    });
    let mut named = named.filter(|holders| !holders.is_empty());
    named.next().unwrap_or_default()
}

/// `RightsController` in ERN 3, `ResourceRightsController` in ERN 4.
fn is_controller(element: &Element) -> bool {
    if !matches!(
        element.name.as_str(),
        "RightsController" | "ResourceRightsController"
    ) {
        return false;
    }
    let mut roles = element
        .children
        .iter()
        .filter(|child| {
            matches!(
                child.name.as_str(),
                "RightsControllerRole" | "RightsControlType"
            )
        })
        .filter_map(Element::text)
        .peekable();
    let only_serves = |role: &str| {
        matches!(
            role,
            "AdministratingRecordCompany" | "RightsAdministrator" | "RoyaltyAdministrator"
        )
    };
    roles.peek().is_none() || !roles.all(only_serves)
}

fn name<'a>(message: &'a Message, controller: &'a Element) -> Option<&'a str> {
    match controller.at(&["RightsControllerPartyReference"]) {
        Some(reference) => message.party(reference),
        None => controller.at(&["PartyName", "FullName"]),
    }
}

/// The share, where the message states one of the whole: not one of the rights in a territory or
/// for a period. ERN 4.1 assumes 100 % where none is stated; of several controllers that would be
/// more than there is, so it is left open.
fn share(controller: &Element) -> Option<Share> {
    let mut is_limited = ["StartDate", "EndDate"]
        .iter()
        .any(|name| controller.child(name).is_some());
    for rights in controller.all("DelegatedUsageRights") {
        let mut territories = rights.all("TerritoryOfRightsDelegation");
        is_limited |= rights.child("PeriodOfRightsDelegation").is_some()
            || territories.any(|territory| territory.text() != Some("Worldwide"));
    }
    let percentage = controller.child("RightSharePercentage")?;
    let number: f64 = percentage.text()?.parse().ok()?;
    let is_part_of_one = matches!(percentage.attribute("HasMaxValueOfOne"), Some("true" | "1"));
    let percent = if is_part_of_one {
        number * 100.0
    } else {
        number
    };
    Share::from_percent(percent).filter(|_| !is_limited)
}
