//! Checks of what is handed in: the form, the codes of project and building, names of files, title blocks, the set of
//! drawings and models.

pub(super) mod form;
pub(super) mod identity;
pub(super) mod set;
pub(super) mod title_block;

use super::Check;
use super::findings::Findings;
use crate::facts::Facts;
use crate::finding::Verdict;
use crate::rulebook::Rule;
use crate::wording::Text;

/// The rule asks this.
fn asks(rule: &Rule, what: &str) -> bool {
    rule.params.get("ask").and_then(|a| a.as_str()) == Some(what)
}

/// A pattern among the rule's parameters: the whole text must match. None where there is none, or one that is not run.
fn pattern(rule: &Rule, param: &str) -> Option<crate::rulebook::ids::Pattern> {
    let source = rule.params.get(param)?.as_str().filter(|s| !s.is_empty())?;
    crate::rulebook::ids::Pattern::new(source).ok()
}
