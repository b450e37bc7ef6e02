//! The rulebook that the arguments ask for: a built-in profile by name, or one from a file.

use crate::rulebook::{Family, Rulebook};
use anyhow::{Context, Result, bail};

/// Reads the profile, and keeps only the families asked for.
pub(crate) fn rulebook(profile: &str, only: &[String]) -> Result<Rulebook> {
    let file = std::path::Path::new(profile);
    let mut book = if file.extension().is_some_and(|e| e == "toml") || profile.contains(['/', '\\']) {
        let text = std::fs::read_to_string(file).with_context(|| format!("{profile}: cannot be read"))?;
        Rulebook::from_profile(profile, &text)?
    } else {
        Rulebook::built_in(profile)?
    };
    if !only.is_empty() {
        let mut families = Vec::new();
        for name in only {
            match Family::ALL.iter().find(|f| f.name() == name) {
                Some(family) => families.push(*family),
                None => {
                    let known: Vec<&str> = Family::ALL.iter().map(|f| f.name()).collect();
                    bail!("--only {name}: there is no such family; there are {}", known.join(", "));
                }
            }
        }
        // the gates stay: without them nothing would say why something could not be decided
        book.rules.retain(|r| Family::of(&r.id).is_none_or(|f| f == Family::Intake || families.contains(&f)));
    }
    Ok(book)
}
