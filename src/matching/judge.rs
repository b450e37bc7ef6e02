//! Marks, over the whole run: against the model's own marks, the schedule, the size that the mark says, and what the
//! same mark stands for elsewhere.

use super::mark::{coded, mark_key};
use super::{Delta, Matches};
use crate::drawing::plans::Plans;
use crate::ifc::model::{Element, Kind, Model};
use crate::ifc::section::{OpeningCut, StoreyPlan};
use std::collections::{BTreeMap, BTreeSet};

/// A mark rounds to decimetres, downwards or to the nearest; frames come on top (metres).
const CODED_M: f64 = 0.065;
/// A hole may be this much larger than the mark says.
const HOLE_M: f64 = 0.125;
/// A schedule gives the size itself; it may be the hole's or the frame's (metres).
const SCHEDULED_M: f64 = 0.012;
/// A witness that contradicts more than this share of marks is not of this drawing's kind.
const MOST: f64 = 0.3;

/// From so many marks on, such a share of which the model has at the same opening, the model's words are the drawing's.
const ENOUGH_MARKS: usize = 3;
const SAME_WORDS: f64 = 0.6;
/// Tags are short, and numbers of so many digits are a database's.
const LONGEST: usize = 10;
const DATABASE_DIGITS: usize = 5;

/// One marked opening that has a modelled twin.
struct Case {
    plan: usize,
    pair: usize,
    /// As drawn.
    text: String,
    key: String,
    /// Class and size of the modelled twin, rounded to 5 mm: its type.
    size: (bool, i64, i64),
    own: BTreeSet<String>,
    /// The likeliest of the model's marks.
    first: Option<String>,
    door: bool,
    widths: Vec<f64>,
    height: Option<f64>,
    /// The model states the overall width.
    overall: bool,
}

/// What a witness says of a case: agrees, contradicts (with what it expects), or is silent.
type Said = Option<(bool, String)>;

pub(super) fn marks(models: &[Model], storeys: &[StoreyPlan], plans: &Plans, matches: &mut Matches) {
    let cases = cases(models, storeys, plans, matches);
    let sizes = scheduled(plans);
    let by_model = by_model(&cases);
    let by_schedule = say_all(&cases, |c| by_schedule(c, &sizes, &cases));
    let by_code = say_all(&cases, by_code);
    let by_custom = by_custom(&cases);
    // a witness that is wrong about most marks speaks another language
    let own = usable(&by_model, 0.6);
    let schedule = usable(&by_schedule, MOST);
    let code = usable(&by_code, MOST);
    for (k, case) in cases.iter().enumerate() {
        let mut said: Vec<&(bool, String)> = Vec::new();
        if own {
            said.extend(by_model[k].as_ref());
        }
        if said.is_empty() && schedule {
            said.extend(by_schedule[k].as_ref());
        }
        if said.is_empty() && code {
            said.extend(by_code[k].as_ref());
        }
        if said.is_empty() {
            said.extend(by_custom[k].as_ref());
        }
        let Some((same, expected)) = said.first() else { continue };
        let delta = Delta::text("mark", &case.text, expected, *same);
        if let Some(pair) = matches.plans.get_mut(case.plan).and_then(|p| p.openings.pairs.get_mut(case.pair))
        {
            pair.deltas.push(delta);
        }
    }
}

fn say_all(cases: &[Case], say: impl Fn(&Case) -> Said) -> Vec<Said> {
    cases.iter().map(say).collect()
}

fn usable(said: &[Said], most: f64) -> bool {
    let all = said.iter().flatten().count();
    let wrong = said.iter().flatten().filter(|s| !s.0).count();
    all > 0 && (wrong as f64) <= most * all as f64 + 1.0
}

fn cases(models: &[Model], storeys: &[StoreyPlan], plans: &Plans, matches: &Matches) -> Vec<Case> {
    let mut out = Vec::new();
    for (p, m) in matches.plans.iter().enumerate() {
        let (Some(plan), Some(storey)) = (plans.plans.get(m.plan), storeys.get(m.storey)) else { continue };
        for (k, pair) in m.openings.pairs.iter().enumerate() {
            let drawn = pair.drawn.first().and_then(|&d| plan.openings.get(d)).and_then(|o| o.mark.as_ref());
            let (Some(mark), Some(o)) = (drawn, storey.openings.get(pair.modelled)) else { continue };
            if !matches!(o.kind, Kind::Door | Kind::Window) || mark_key(&mark.text).is_empty() {
                continue;
            }
            out.push(case(models, p, k, &mark.text, o));
        }
    }
    out
}

fn case(models: &[Model], plan: usize, pair: usize, text: &str, o: &OpeningCut) -> Case {
    let mm5 = |x: f64| (x * 200.0).round() as i64;
    let element = models.get(o.element.model as usize).and_then(|m| m.element(o.element.index));
    let names = o.marks.iter().map(String::as_str).chain(element.into_iter().flat_map(|e| {
        [e.tag.as_deref(), e.name.as_deref(), e.object_type.as_deref(), e.type_name.as_deref()]
            .into_iter()
            .flatten()
    }));
    let width = o.overall_width_m.unwrap_or(o.width_m);
    Case {
        plan,
        pair,
        text: text.trim().to_owned(),
        key: mark_key(text),
        size: (o.kind == Kind::Door, mm5(width), mm5(o.height_m.unwrap_or(0.0))),
        first: own_mark(o, element),
        own: names.map(mark_key).filter(|m| !m.is_empty()).collect(),
        door: o.kind == Kind::Door,
        widths: [Some(o.width_m), o.overall_width_m].into_iter().flatten().collect(),
        height: o.height_m,
        overall: o.overall_width_m.is_some(),
    }
}

/// What the model calls the opening itself: a short tag, else the likeliest mark that is no part of its or its type's name.
fn own_mark(o: &OpeningCut, element: Option<&Element>) -> Option<String> {
    let digits = |t: &str| t.chars().any(|c| c.is_ascii_digit());
    let database = |t: &str| t.len() >= DATABASE_DIGITS && t.bytes().all(|b| b.is_ascii_digit());
    let tag = element.and_then(|e| e.tag.as_deref()).map(str::trim);
    if let Some(tag) = tag.filter(|t| digits(t) && t.chars().count() <= LONGEST && !database(t)) {
        return Some(tag.to_owned());
    }
    let names = element.map(|e| [e.name.as_deref(), e.object_type.as_deref(), e.type_name.as_deref()]);
    let names: Vec<&str> = names.into_iter().flatten().flatten().collect();
    let of_name = |m: &str| names.iter().any(|n| *n == m || n.split(':').any(|part| part == m));
    o.marks.iter().find(|m| digits(m) && !of_name(m) && !database(m)).cloned()
}

/// The model carries marks of the same kind: one of its names is the drawn mark, or codes a size as the mark does, or
/// the drawn mark is that of other openings while this one's own mark is written alike.
fn by_model(cases: &[Case]) -> Vec<Said> {
    let mut said: Vec<Said> = cases.iter().map(by_own_names).collect();
    let known: BTreeSet<&str> = cases
        .iter()
        .zip(&said)
        .filter(|(_, s)| s.as_ref().is_some_and(|s| s.0))
        .map(|(c, _)| c.key.as_str())
        .collect();
    let known: BTreeSet<String> = known.into_iter().map(str::to_owned).collect();
    // nearly every opening that the model has a mark for is called so: its marks are the drawing's
    let marked = || cases.iter().zip(&said).filter(|(c, _)| c.first.is_some());
    let agree = marked().filter(|(_, s)| matches!(s, Some((true, _)))).count();
    let same_words = agree >= ENOUGH_MARKS && agree as f64 >= SAME_WORDS * marked().count() as f64;
    let theirs: BTreeSet<String> = cases.iter().filter_map(|c| c.first.as_deref()).map(mark_key).collect();
    for (c, slot) in cases.iter().zip(&mut said).filter(|(_, s)| s.is_none()) {
        let used = known.contains(&c.key);
        let own = c.first.as_ref().filter(|first| same_words || used && known.contains(&mark_key(first)));
        let own = own.or_else(|| c.own.iter().find(|n| used && known.contains(n.as_str())));
        let own = own.or_else(|| c.own.iter().find(|n| used && form(n) == form(&c.key)));
        // an opening without a mark of its own that carries the mark of another one
        let others = c.first.is_none() && same_words && theirs.contains(&c.key);
        *slot = own.map(|n| (false, n.clone())).or_else(|| others.then(|| (false, size_text(c))));
    }
    said
}

/// How a mark is written: `D01` and `D12` alike, `139` and `A-2` not.
fn form(mark: &str) -> String {
    let kind = |c: char| match c {
        c if c.is_numeric() => '9',
        c if c.is_alphabetic() => 'A',
        c => c,
    };
    let mut form: Vec<char> = mark.chars().map(kind).collect();
    form.dedup();
    form.into_iter().collect()
}

fn by_own_names(c: &Case) -> Said {
    if c.own.contains(&c.key) {
        return Some((true, c.text.clone()));
    }
    // names such as `M0921:123456` hold the mark as a part
    if c.own.iter().any(|n| n.split([':', '-', '_', '/']).any(|part| part == c.key)) {
        return Some((true, c.text.clone()));
    }
    let like = c.own.iter().find(|n| coded(n).is_some() && coded(&c.key).is_some())?;
    Some((false, like.clone()))
}

fn size_text(c: &Case) -> String {
    let mm = |x: f64| format!("{:.0}", x * 1000.0);
    let width = c.widths.last().copied().unwrap_or_default();
    c.height.map_or_else(|| mm(width), |h| format!("{}×{}", mm(width), mm(h)))
}

fn scheduled(plans: &Plans) -> BTreeMap<String, (Option<f64>, Option<f64>)> {
    let mut out = BTreeMap::new();
    for row in plans.schedules.iter().flat_map(|s| &s.rows) {
        if row.width_m.is_some() {
            out.entry(mark_key(&row.mark)).or_insert((row.width_m, row.height_m));
        }
    }
    out
}

fn by_schedule(c: &Case, sizes: &BTreeMap<String, (Option<f64>, Option<f64>)>, cases: &[Case]) -> Said {
    let over = if c.overall { 0.0 } else { HOLE_M };
    let fits = |(w, h): &(Option<f64>, Option<f64>)| {
        w.is_none_or(|w| c.widths.iter().any(|own| (-SCHEDULED_M..=SCHEDULED_M + over).contains(&(own - w))))
            && match (h, c.height) {
                (Some(h), Some(own)) => (-0.03..=0.03 + HOLE_M).contains(&(own - h)),
                _ => true,
            }
    };
    let row = sizes.get(&c.key)?;
    if fits(row) {
        return Some((true, c.text.clone()));
    }
    // what the schedule calls an opening of this size: of the same class, as the plans use the mark
    let same_class = |key: &str| cases.iter().any(|o| o.key == key && o.door == c.door);
    let expected =
        sizes.iter().find(|(k, s)| fits(s) && same_class(k)).or_else(|| sizes.iter().find(|(_, s)| fits(s)));
    Some((false, expected.map_or_else(|| size_text(c), |(k, _)| k.clone())))
}

fn by_code(c: &Case) -> Said {
    let code = coded(&c.key)?;
    // without an overall size there is only the hole, which may be splayed and holds the frame
    let over = if c.overall { CODED_M } else { HOLE_M };
    let fits = |size: f64, coded: f64| (-CODED_M..=over).contains(&(size - coded));
    // heights are stated with or without sill and threshold
    let height = c.height.is_none_or(|h| (-CODED_M..=HOLE_M).contains(&(h - code.height_m)));
    let class = code.door.is_none_or(|d| d == c.door);
    let same = c.widths.iter().any(|w| fits(*w, code.width_m)) && height && class;
    Some((same, if same { c.text.clone() } else { size_text(c) }))
}

/// The same mark stands for one size everywhere else, and this size is called otherwise everywhere else.
fn by_custom(cases: &[Case]) -> Vec<Said> {
    let mut of_key: BTreeMap<&str, BTreeMap<(bool, i64, i64), usize>> = BTreeMap::new();
    let mut of_size: BTreeMap<(bool, i64, i64), BTreeMap<&str, usize>> = BTreeMap::new();
    for c in cases {
        *of_key.entry(&c.key).or_default().entry(c.size).or_default() += 1;
        *of_size.entry(c.size).or_default().entry(&c.key).or_default() += 1;
    }
    cases
        .iter()
        .map(|c| {
            let sizes = of_key.get(c.key.as_str())?;
            let keys = of_size.get(&c.size)?;
            let most = sizes.iter().max_by_key(|(_, n)| **n)?;
            let usual = keys.iter().max_by_key(|(_, n)| **n)?;
            if *most.0 == c.size {
                return Some((true, c.text.clone()));
            }
            let clear = *most.1 >= 2 && *most.1 > 2 * sizes.get(&c.size).copied().unwrap_or(0);
            let other = *usual.0 != c.key
                && *usual.1 >= 2
                && *usual.1 > 2 * keys.get(c.key.as_str()).copied().unwrap_or(0);
            (clear && other).then(|| (false, (*usual.0).to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(mark: &str, own: &[&str]) -> Case {
        Case {
            plan: 0,
            pair: 0,
            text: mark.into(),
            key: mark_key(mark),
            size: (true, 180, 420),
            own: own.iter().map(|m| mark_key(m)).collect(),
            first: own.first().map(|m| (*m).to_owned()),
            door: true,
            widths: vec![0.9],
            height: Some(2.1),
            overall: true,
        }
    }

    #[test]
    fn a_mark_of_another_opening_is_wrong_where_this_one_has_its_own() {
        let cases = [
            drawn("D01", &["D01", "Door 900x2100"]),
            drawn("D02", &["D02", "Door 1000x2100"]),
            drawn("D02", &["D03", "Door 1200x2100"]),
            drawn("X-7", &["D01", "Door 900x2100"]),
        ];
        let said: Vec<Option<(bool, String)>> = by_model(&cases);
        assert_eq!(said[1], Some((true, "D02".into())));
        assert_eq!(said[2], Some((false, "D03".into())));
        // a mark that no modelled opening has may be of another system
        assert_eq!(said[3], None);
    }
}
