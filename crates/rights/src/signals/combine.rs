//! Several declarations to one answer.

use super::{Answer, Declaration, Scheme, Signature};
use crate::Use;

/// What several declarations say together about one use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Combined<'d> {
    /// The most restrictive answer.
    pub answer: Answer,
    /// The first declaration that gives it.
    pub by: &'d Declaration,
    /// The first declaration that allows what others do not.
    pub contradicted_by: Option<&'d Declaration>,
}

/// What `declarations` say together about `wanted`; `None` where none of them speaks of it.
///
/// The most restrictive answer wins. In TDMRep the declaration that stands nearest to the content
/// replaces those farther away (W3C Community Group report, section on precedence). A permission
/// whose signature does not hold is no permission; a denial needs no signature.
pub fn combined(declarations: &[Declaration], wanted: Use) -> Option<Combined<'_>> {
    let nearest = declarations
        .iter()
        .filter(|it| it.scheme == Scheme::Tdmrep)
        .map(|it| it.nearness)
        .max();
    let counted = |it: &&Declaration| it.scheme != Scheme::Tdmrep || Some(it.nearness) == nearest;
    let answers = declarations
        .iter()
        .filter(counted)
        .filter_map(|it| Some((answer(it, wanted)?, it)));
    let mut strongest: Option<(Answer, &Declaration)> = None;
    let mut allowing = None;
    for (answer, by) in answers {
        if answer == Answer::Allow && allowing.is_none() {
            allowing = Some(by);
        }
        if strongest.is_none_or(|(known, _)| answer > known) {
            strongest = Some((answer, by));
        }
    }
    let (answer, by) = strongest?;
    Some(Combined {
        answer,
        by,
        contradicted_by: allowing.filter(|_| answer != Answer::Allow),
    })
}

fn answer(declaration: &Declaration, wanted: Use) -> Option<Answer> {
    let said = declaration.answers.get(wanted)?;
    let is_forged = declaration.signature == Signature::Invalid;
    Some(match said {
        Answer::Allow if is_forged => Answer::Unknown,
        other => other,
    })
}
