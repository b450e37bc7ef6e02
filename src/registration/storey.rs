//! Which storeys a plan may show, by its title and its level marks.

use super::shape::folded;
use crate::drawing::plans::{Plan, StoreyNames};
use crate::ifc::model::Model;
use crate::ifc::section::{StoreyPlan, Visibility};

/// A drawn level this close to a storey's elevation names it (metres; structural against finished floor).
const LEVEL_M: f64 = 0.1;
/// A storey this far below zero is a basement (metres; steps at the entrance are less).
const BASEMENT_M: f64 = -0.9;

/// What is known of the storeys by name and by order.
#[derive(Clone, Debug)]
pub(super) struct StoreyNamesRead {
    /// Names, one per storey plan.
    pub(super) names: Vec<String>,
    /// World z of the floors.
    elevations: Vec<f64>,
    /// Ordinal (ground = 0) as the name says it.
    by_name: Vec<Option<i32>>,
    /// Ordinal by order of elevation, among storeys that show anything.
    by_order: Vec<Option<i32>>,
    /// World z of the ground floor.
    ground_m: f64,
    /// The way to read titles that suits the whole set.
    reading: Reading,
}

/// A way to read titles against storeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reading {
    /// Ordinals as the names have them, not by order.
    names: bool,
    /// The other possible reading of the title (first floor above ground).
    alternative: bool,
}

const READINGS: [Reading; 4] = [
    Reading { names: true, alternative: false },
    Reading { names: false, alternative: false },
    Reading { names: true, alternative: true },
    Reading { names: false, alternative: true },
];

/// A number in Arabic or Chinese numerals at the start of the text: its value and the rest.
fn number(text: &str) -> Option<(i32, &str)> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 {
        return Some((text.get(..digits)?.parse().ok()?, text.get(digits..)?));
    }
    let value = |c: char| "零一二三四五六七八九".chars().position(|d| d == c).map(|v| v as i32);
    let (mut total, mut last, mut used): (i32, Option<i32>, usize) = (0, None, 0);
    for c in text.chars() {
        if c == '十' {
            total = total.checked_add(last.unwrap_or(1).checked_mul(10)?)?;
            last = None;
        } else if let Some(v) = value(c) {
            last = Some(v);
        } else {
            break;
        }
        used += c.len_utf8();
    }
    (used > 0).then_some((total + last.unwrap_or(0), text.get(used..)?))
}

/// What a storey's name says of its ordinal: (number, counted from one).
pub(crate) fn ordinal(name: &str) -> Option<(i32, bool)> {
    let text: String =
        name.to_uppercase().chars().filter(|c| !c.is_whitespace() && *c != '.' && *c != '_').collect();
    for (word, value) in [("首层", 1), ("底层", 1), ("地面层", 1)] {
        if text.starts_with(word) {
            return Some((value, true));
        }
    }
    for word in ["GROUND", "ERDGESCHOSS", "REZ-DE", "RDC", "PLANTABAJA", "PIANOTERRA"] {
        if text.starts_with(word) {
            return Some((0, false));
        }
    }
    if text == "EG" || text == "GF" || text == "0" {
        return Some((0, false));
    }
    for (i, word) in
        ["FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH", "EIGHTH"].iter().enumerate()
    {
        if text.starts_with(word) {
            return Some((i as i32 + 1, true));
        }
    }
    for word in ["地下室", "BASEMENT", "UNTERGESCHOSS", "KELLER", "UG", "KG"] {
        if text == word {
            return Some((-1, false));
        }
    }
    for below in ["地下", "负", "B", "-"] {
        if let Some((n, _)) = text.strip_prefix(below).and_then(number) {
            return Some((-n, false));
        }
    }
    for word in ["LEVEL", "STOREY", "STORY", "FLOOR", "GESCHOSS", "ETAGE", "NIVEAU", "楼层", "第", "L", "F"]
    {
        if let Some((n, _)) = text.strip_prefix(word).and_then(|r| number(r.trim_start_matches('-'))) {
            return Some((n, n != 0));
        }
    }
    let (n, rest) = number(&text)?;
    if rest.starts_with("OG") {
        return Some((n, false));
    }
    if rest.starts_with("UG") {
        return Some((-n, false));
    }
    let storey = ["层", "楼", "F", "ST", "ND", "RD", "TH", "/F"];
    (storey.iter().any(|w| rest.starts_with(w)) || rest.is_empty()).then_some((n, n != 0))
}

impl StoreyNamesRead {
    /// Reads the names of the run's storeys, and settles how the titles of all its plans are to be read.
    pub(super) fn new(models: &[Model], storeys: &[StoreyPlan], plans: &[Plan]) -> Self {
        let names: Vec<String> = storeys
            .iter()
            .map(|s| {
                s.storeys
                    .first()
                    .and_then(|r| models.get(r.model as usize)?.storeys.get(r.index as usize))
                    .map(|s| {
                        if s.name.is_empty() {
                            s.long_name.clone().unwrap_or_default()
                        } else {
                            s.name.clone()
                        }
                    })
                    .unwrap_or_default()
            })
            .collect();
        let elevations: Vec<f64> = storeys.iter().map(|s| s.elevation_m).collect();
        let read: Vec<Option<(i32, bool)>> = names.iter().map(|n| ordinal(n)).collect();
        let zero_named = read.iter().flatten().any(|(n, _)| *n == 0);
        let by_name = read
            .iter()
            .map(|r| r.map(|(n, from_one)| if from_one && n > 0 && !zero_named { n - 1 } else { n }))
            .collect();
        let shows = |s: &StoreyPlan| {
            s.walls.iter().any(|w| w.visibility == Visibility::MustShow)
                || !s.rooms.is_empty()
                || s.columns.len() > 3
        };
        let mut order: Vec<usize> = (0..storeys.len()).filter(|&i| shows(&storeys[i])).collect();
        order.sort_by(|&a, &b| elevations[a].total_cmp(&elevations[b]));
        let ground = order.iter().position(|&i| elevations[i] > BASEMENT_M).unwrap_or(0);
        let mut by_order = vec![None; storeys.len()];
        for (rank, &i) in order.iter().enumerate() {
            by_order[i] = Some(rank as i32 - ground as i32);
        }
        let ground_m = order.get(ground).map_or(0.0, |&i| elevations[i]);
        let mut out = Self { names, elevations, by_name, by_order, ground_m, reading: READINGS[0] };
        let mut best = (i32::MIN, READINGS[0]);
        for reading in READINGS {
            out.reading = reading;
            // two titles that come out as one storey are read wrongly (GROUND FLOOR beside the British FIRST FLOOR)
            let mut titles: Vec<(&StoreyNames, Vec<usize>)> =
                plans.iter().map(|p| (&p.storeys, out.by_ordinals(&p.storeys))).collect();
            titles.dedup_by(|a, b| a.0.labels == b.0.labels);
            let clashes = titles
                .iter()
                .enumerate()
                .flat_map(|(k, a)| titles[k + 1..].iter().map(move |b| (a, b)))
                .filter(|(a, b)| a.0.labels != b.0.labels && !a.1.is_empty() && a.1 == b.1)
                .count();
            let fit = plans.iter().map(|p| out.suits(p)).sum::<i32>()
                - 2 * i32::try_from(clashes).unwrap_or(i32::MAX / 4);
            if fit > best.0 {
                best = (fit, reading);
            }
        }
        out.reading = best.1;
        out
    }

    /// How well the present reading suits a plan: one for each storey found, more where a level mark agrees.
    fn suits(&self, plan: &Plan) -> i32 {
        let found = self.by_ordinals(&plan.storeys);
        let levels = self.by_levels(plan);
        2 * i32::from(!found.is_empty()) + 3 * i32::from(found.iter().any(|s| levels.contains(s)))
    }

    fn by_ordinals(&self, title: &StoreyNames) -> Vec<usize> {
        let wanted = if self.reading.alternative && !title.alternative.is_empty() {
            &title.alternative
        } else {
            &title.ordinals
        };
        let have = if self.reading.names { &self.by_name } else { &self.by_order };
        (0..have.len()).filter(|&i| have[i].is_some_and(|n| wanted.contains(&n))).collect()
    }

    /// Storeys that the title counts and the models do not have, as written. None for titles of special storeys, which
    /// are not counted.
    pub(super) fn unknown(&self, title: &StoreyNames) -> Vec<String> {
        let have = if self.reading.names { &self.by_name } else { &self.by_order };
        let wanted = if self.reading.alternative && !title.alternative.is_empty() {
            &title.alternative
        } else {
            &title.ordinals
        };
        if title.special.is_some() {
            return Vec::new();
        }
        // another way to read the title that names a storey of the models
        let either = |n: &i32| {
            self.by_name.contains(&Some(*n)) || self.by_order.contains(&Some(*n)) || have.contains(&Some(*n))
        };
        let known = |k: usize, n: &i32| either(n) || title.alternative.get(k).is_some_and(either);
        wanted
            .iter()
            .enumerate()
            .filter(|(k, n)| !known(*k, n))
            .map(|(k, n)| title.labels.get(k).cloned().unwrap_or_else(|| n.to_string()))
            .collect()
    }

    /// All readings of a title that counts several storeys, the present one first; none for other titles.
    pub(super) fn counted(&self, title: &StoreyNames) -> Vec<Vec<usize>> {
        if title.ordinals.len() < 2 {
            return Vec::new();
        }
        let mut out = vec![self.by_ordinals(title)];
        for reading in READINGS {
            let other = Self { reading, ..self.clone() }.by_ordinals(title);
            if !out.contains(&other) {
                out.push(other);
            }
        }
        out
    }

    /// Storeys that the title would name in any other reading.
    pub(super) fn by_title_otherwise(&self, title: &StoreyNames) -> Vec<usize> {
        let mut out: Vec<usize> = READINGS
            .iter()
            .filter(|r| **r != self.reading)
            .flat_map(|&reading| Self { reading, ..self.clone() }.by_ordinals(title))
            .collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Storeys that the plan's title names.
    pub(super) fn by_title(&self, title: &StoreyNames) -> Vec<usize> {
        let found = self.by_ordinals(title);
        if !found.is_empty() {
            return found;
        }
        let labels: Vec<String> = title.labels.iter().map(|l| folded(l)).filter(|l| !l.is_empty()).collect();
        let by_label: Vec<usize> =
            (0..self.names.len()).filter(|&i| labels.contains(&folded(&self.names[i]))).collect();
        if !by_label.is_empty() {
            return by_label;
        }
        if title.special.as_deref() == Some("roof") {
            let roof = |n: &str| {
                let n = n.to_lowercase();
                ["roof", "dach", "屋顶", "屋面", "天面", "toit"].iter().any(|w| n.contains(w))
            };
            let found: Vec<usize> = (0..self.names.len()).filter(|&i| roof(&self.names[i])).collect();
            if !found.is_empty() {
                return found;
            }
        }
        (0..self.names.len()).filter(|&i| self.is_at(i, &title.elevations_m)).collect()
    }

    /// Storeys whose level one of the plan's level marks names.
    pub(super) fn by_levels(&self, plan: &Plan) -> Vec<usize> {
        let levels: Vec<f64> = plan.levels.iter().flat_map(|l| l.levels_m.iter().copied()).collect();
        (0..self.names.len()).filter(|&i| self.is_at(i, &levels)).collect()
    }

    fn is_at(&self, storey: usize, levels: &[f64]) -> bool {
        let z = self.elevations[storey];
        levels.iter().any(|l| (l - z).abs() <= LEVEL_M || (l - (z - self.ground_m)).abs() <= LEVEL_M)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storey_names_are_read() {
        for (name, want) in [
            ("Level 1", Some((1, true))),
            ("1F", Some((1, true))),
            ("3层", Some((3, true))),
            ("二十一层", Some((21, true))),
            ("首层", Some((1, true))),
            ("B2", Some((-2, false))),
            ("地下一层", Some((-1, false))),
            ("-1F", Some((-1, false))),
            ("Erdgeschoss", Some((0, false))),
            ("2. OG", Some((2, false))),
            ("Second Floor", Some((2, true))),
            ("Roof", None),
            ("T/FDN", None),
        ] {
            assert_eq!(ordinal(name), want, "{name}");
        }
    }
}
