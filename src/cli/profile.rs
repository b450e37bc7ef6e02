//! The rulebook that the arguments ask for: a built-in profile by name, or one from a file.

use crate::rulebook::{Family, Rulebook};
use anyhow::{Context, Result, bail};

/// Reads the profile, and keeps only the families and rules asked for.
pub(crate) fn rulebook(profile: &str, only: &[String]) -> Result<Rulebook> {
    let file = std::path::Path::new(profile);
    let mut book = if file.extension().is_some_and(|e| e == "toml") || profile.contains(['/', '\\']) {
        let text = std::fs::read_to_string(file).with_context(|| format!("{profile}: cannot be read"))?;
        Rulebook::from_profile(profile, &text)?
    } else {
        Rulebook::built_in(profile)?
    };
    if only.is_empty() {
        return Ok(book);
    }
    let (mut families, mut ids) = (Vec::new(), Vec::new());
    for name in only {
        match Family::ALL.iter().find(|f| f.name() == name) {
            Some(family) => families.push(*family),
            None if book.rule(name).is_some() => ids.push(name),
            None => {
                let known: Vec<&str> = Family::ALL.iter().map(|f| f.name()).collect();
                let known = known.join(", ");
                bail!(
                    "--only {name}: no such family, nor a rule that {} asks; families are {known}",
                    book.profile
                );
            }
        }
    }
    // the gates stay: without them nothing would say why something could not be decided
    let gate = |id: &str| Family::of(id).is_none_or(|f| f == Family::Intake || families.contains(&f));
    book.rules.retain(|r| gate(&r.id) || ids.contains(&&r.id));
    Ok(book)
}
