//! From places where a plan fits to the storey it is laid on, or the reason why it is not.

use super::against::{Against, Case, Open};
use super::agreement::Agreement;
use super::labels::LabelFit;
use super::said::{Said, by_said};
use super::story::{titled, words};
use super::{Method, PlanRegistration};
use crate::geom::Affine2;
use crate::wording::Text;

/// Below this share of agreement a plan is not laid.
const QUALITY: f64 = 0.6;
/// A plan laid by labels that nearly all agree needs less: they are a witness of their own.
const QUALITY_LABELS: f64 = 0.4;
/// A plan whose grid labels are the model's, but stand elsewhere, shows this building only where nearly all agrees.
const QUALITY_AGAINST_LABELS: f64 = 0.85;
/// A storey that explains so much, and so much more than the one that the title names, contradicts the title.
const QUALITY_RIVAL: f64 = 0.9;
const RIVAL_AHEAD: f64 = 0.08;
/// Above this no storey can be so far ahead.
pub(super) const UNRIVALLED: f64 = 1.0 - RIVAL_AHEAD;
/// A plan whose storey only its shape names needs more (measured: whole plans of a storey reach 0.85 and more).
const QUALITY_SHAPE: f64 = 0.75;
/// Best over second-best place: below the first decided only where the fine agreement tells them apart, from the
/// second on decided without a witness
/// (measured on irregular plans 1.6–1.9, on regular bays 1.2–1.4, on half sheets of a column grid 1.00).
const RATIO_NEVER: f64 = 1.05;
const RATIO_ALONE: f64 = 1.25;
/// Fewer walls and columns than this place nothing.
const FEW: usize = 8;
/// What one storey must explain beyond another to be told from it, in metres of wall.
pub(super) const TELLING_M: f64 = 3.0;

/// A storey and a place on it.
#[derive(Clone, Debug)]
pub(super) struct Placing {
    /// Number of the storey plan.
    pub(super) storey: usize,
    /// Plan metres → world metres.
    pub(super) map: Affine2,
    /// What agrees.
    pub(super) agreement: Agreement,
    /// What agrees to a few millimetres.
    pub(super) fine: Agreement,
    /// The labels that laid it.
    pub(super) labels: Option<LabelFit>,
    /// Plan and storey share grid labels, and fewer than most of them agree here.
    pub(super) against_labels: bool,
    /// Residuals of what agrees, for shapes.
    pub(super) residuals: Vec<f64>,
    /// Score over that of the best other place on this storey.
    pub(super) ratio: Option<f64>,
    /// This place explains clearly more of the drawing, to a few millimetres, than the other one.
    pub(super) telling: bool,
    /// No other place on this storey that fits about as well is turned the same way.
    pub(super) alone_turned: bool,
    /// Left and right change places.
    pub(super) mirrored: bool,
    /// The plan is drawn with loose lines: many of them mean no wall.
    pub(super) loose: bool,
}

impl Placing {
    /// Share that agrees, 0 to 1; `None` where nothing is drawn or modelled that could.
    pub(super) fn quality(&self) -> Option<f64> {
        if self.loose { self.agreement.model_share() } else { self.agreement.quality() }
    }

    fn fits(&self) -> bool {
        let enough = match &self.labels {
            _ if self.against_labels => QUALITY_AGAINST_LABELS,
            Some(labels) if labels.is_strong() => QUALITY_LABELS,
            Some(_) => QUALITY,
            None => QUALITY,
        };
        match self.quality() {
            Some(q) => q >= enough,
            None => self.labels.as_ref().is_some_and(LabelFit::is_sound),
        }
    }
}

/// How a sheet is turned against the world: angle, and whether it is mirrored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Turn {
    pub(super) angle: f64,
    pub(super) mirrored: bool,
}

impl Turn {
    pub(super) fn of(map: &Affine2) -> Self {
        Self { angle: map.angle(), mirrored: map.is_mirrored() }
    }

    /// To 0.1°.
    pub(super) fn is_near(self, o: Self) -> bool {
        self.mirrored == o.mirrored && crate::geom::normalise_angle(self.angle - o.angle).abs() < 0.0018
    }
}

/// What is known of a plan beside its shape.
pub(super) struct Witness<'a> {
    /// Plan, such as `P1`.
    pub(super) plan: &'a str,
    /// Title as drawn.
    pub(super) title: Option<&'a str>,
    /// Names of all storeys.
    pub(super) names: &'a [String],
    /// Storeys that the title names.
    pub(super) by_title: Vec<usize>,
    /// All readings of a title that counts several storeys, the usual one first.
    pub(super) title_readings: Vec<Vec<usize>>,
    /// Storeys that the title would name if the whole set were read another way (the first floor above the ground).
    pub(super) by_title_otherwise: Vec<usize>,
    /// Storeys that level marks name.
    pub(super) by_level: Vec<usize>,
    /// What the user says, where it names storeys.
    pub(super) said: Option<&'a Said>,
    /// For each storey the number of the first storey with the same plan.
    pub(super) alike: &'a [usize],
    /// The texts of the plan are mirrored too.
    pub(super) mirrored_text: bool,
    /// Turn of the other sheets of the run (drawing units → world), where they agree on one.
    pub(super) turn: Option<Turn>,
    /// Drawing units → plan metres.
    pub(super) to_plan: Affine2,
    /// Walls and columns drawn, for the story.
    pub(super) drawn: (usize, usize),
}

/// A share as whole per cent.
pub(super) fn percent(x: f64) -> Text {
    Text::same(format!("{:.0}", x * 100.0))
}

impl Witness<'_> {
    fn base(&self) -> Vec<(&'static str, Text)> {
        vec![("plan", Text::same(self.plan)), ("title", titled(self.title))]
    }

    pub(super) fn named(&self, storeys: &[usize]) -> Text {
        let list: Vec<&str> = storeys.iter().filter_map(|&s| self.names.get(s)).map(String::as_str).collect();
        Text::list(&list)
    }

    /// The title can be read as this storey, and no level mark speaks against it.
    fn may_mean(&self, storey: usize) -> bool {
        self.by_title_otherwise.contains(&storey)
            && (self.by_level.is_empty() || self.by_level.contains(&storey))
    }

    pub(super) fn refuse(
        &self,
        sentence: &str,
        more: &[(&'static str, Text)],
        mismatch: bool,
    ) -> PlanRegistration {
        let mut values = self.base();
        values.extend(more.iter().cloned());
        let storey_open =
            matches!(sentence, "ambiguous_storey" | "contradiction" | "contradiction_said" | "unsure_storey");
        PlanRegistration {
            story: words(sentence, &values),
            mismatch,
            storey_open,
            ..PlanRegistration::none()
        }
    }
}

/// Chooses among the placings: at most one per storey, each the best of its storey.
pub(super) fn decide(mut placings: Vec<Placing>, witness: &Witness<'_>, case: &Case<'_>) -> PlanRegistration {
    let score =
        |p: &Placing| p.agreement.net() + p.fine.net() + p.labels.as_ref().map_or(0.0, |l| l.inliers as f64);
    placings.sort_by(|a, b| score(b).total_cmp(&score(a)).then(a.storey.cmp(&b.storey)));
    let fitting: Vec<&Placing> = placings.iter().filter(|p| p.fits()).collect();
    if fitting.is_empty() {
        return nowhere(&placings, witness, case);
    }
    let found = match witness.said {
        Some(said) => by_said(&fitting, said, witness),
        None => by_witness(&fitting, witness),
    };
    let (chosen, how) = match found {
        Ok(found) => found,
        Err(refusal) => return *refusal,
    };
    let Some(first) = chosen.first().copied() else { return PlanRegistration::none() };
    if let Some(refusal) = unsure_place(first, how, witness) {
        return refusal;
    }
    laid(&chosen, first, how, witness)
}

/// The plan fits nowhere: it shows another building where something speaks for that, and is undecided else.
fn nowhere(placings: &[Placing], witness: &Witness<'_>, case: &Case<'_>) -> PlanRegistration {
    let best = placings.first();
    let storeys: Vec<usize> = best.map(|p| p.storey).into_iter().collect();
    let mut values = vec![
        ("walls", Text::same(witness.drawn.0.to_string())),
        ("columns", Text::same(witness.drawn.1.to_string())),
        ("storey", witness.named(&storeys)),
        ("quality", percent(best.and_then(Placing::quality).unwrap_or(0.0))),
    ];
    let few = witness.drawn.0 + witness.drawn.1 < FEW;
    if best.is_none() && few {
        return witness.refuse("too_little", &values, false);
    }
    let metres = |m: f64| Text::same(format!("{m:.1}"));
    match case.against(placings) {
        Some(Against::Grid(grid)) => {
            values.extend([
                ("distances", Text::same(grid.distances.to_string())),
                ("other", Text::same(grid.other.to_string())),
                ("first", Text::same(grid.between.0)),
                ("second", Text::same(grid.between.1)),
                ("drawn", Text::same(format!("{:.0}", grid.drawn_m * 1000.0))),
                ("modelled", Text::same(format!("{:.0}", grid.modelled_m * 1000.0))),
            ]);
            witness.refuse("mismatch_grid", &values, true)
        }
        Some(Against::Size { drawn, modelled, storey }) => {
            values.extend([
                ("drawn_length", metres(drawn.0)),
                ("drawn_width", metres(drawn.1)),
                ("length", metres(modelled.0)),
                ("width", metres(modelled.1)),
                ("largest", witness.named(&[storey])),
            ]);
            witness.refuse("mismatch_size", &values, true)
        }
        Some(Against::Walls) => witness.refuse("mismatch_walls", &values, true),
        None => {
            let Open { sentence, values: more } = case.open(best);
            values.extend(more);
            let best = best.map_or_else(Text::default, |_| words("open_best", &values));
            values.push(("best", best));
            witness.refuse(sentence, &values, false)
        }
    }
}

/// Placings, and the sentence on what names their storey.
pub(super) type Chosen<'a> = (Vec<&'a Placing>, &'static str);

/// The storeys by title, else by level, else by shape.
pub(super) fn by_witness<'a>(
    fitting: &[&'a Placing],
    witness: &Witness<'_>,
) -> Result<Chosen<'a>, Box<PlanRegistration>> {
    let counted = counted(fitting, witness);
    let by_title = counted.unwrap_or(&witness.by_title);
    // whichever of several levels is stated wrong, a title that counts storeys means all of them
    let both: Vec<usize> =
        by_title.iter().copied().filter(|s| counted.is_none() && witness.by_level.contains(s)).collect();
    let evidence = [(&both, "how_title"), (by_title, "how_title"), (&witness.by_level, "how_level")];
    for (named, how) in evidence {
        if named.is_empty() {
            continue;
        }
        let chosen: Vec<&Placing> = fitting.iter().copied().filter(|p| named.contains(&p.storey)).collect();
        let Some(best) = chosen.first().copied() else {
            let (Some(other), Some(&storey)) = (fitting.first(), named.first()) else { continue };
            if witness.may_mean(other.storey) {
                return Ok((vec![*other], "how_title"));
            }
            let at = [("storey", witness.named(&[storey])), ("other", witness.named(&[other.storey]))];
            return Err(Box::new(witness.refuse("contradiction", &at, false)));
        };
        // one level mark may belong to several storeys only by mistake; a title may name several
        let rival = fitting
            .iter()
            .copied()
            .find(|p| !named.contains(&p.storey) && is_ahead(p, best) && contradicts(p, best));
        if let Some(other) = rival {
            if witness.may_mean(other.storey) {
                return Ok((vec![other], "how_title"));
            }
            let at = [("storey", witness.named(&[best.storey])), ("other", witness.named(&[other.storey]))];
            return Err(Box::new(witness.refuse("contradiction", &at, false)));
        }
        let chosen = if how == "how_level" { vec![best] } else { chosen };
        return Ok((chosen, how));
    }
    by_shape(fitting, witness)
}

/// The storeys of a title that counts several, in the reading in which the plan fits all of them: the usual one, unless
/// another is better by so much.
fn counted<'a>(fitting: &[&Placing], witness: &'a Witness<'_>) -> Option<&'a Vec<usize>> {
    const BETTER: f64 = 0.1;
    let worst = |storeys: &Vec<usize>| {
        let quality = |s: &usize| fitting.iter().find(|p| p.storey == *s).and_then(|p| p.quality());
        storeys.iter().map(|s| quality(s).unwrap_or(0.0)).fold(1.0, f64::min)
    };
    let (first, others) = witness.title_readings.split_first().filter(|(first, _)| first.len() > 1)?;
    let mut best = (first, worst(first));
    for other in others.iter().filter(|o| o.len() >= first.len()) {
        let fits = worst(other);
        if fits > best.1 + BETTER {
            best = (other, fits);
        }
    }
    Some(best.0)
}

/// Much of what is drawn is explained by `rival` alone, to a few millimetres.
pub(super) fn is_ahead(rival: &Placing, best: &Placing) -> bool {
    rival.fine.beyond(&best.fine) > 12.0 + 4.0 * best.fine.beyond(&rival.fine)
}

/// The storey of `best` is named by a witness; that of `rival` is drawn.
pub(super) fn contradicts(rival: &Placing, best: &Placing) -> bool {
    let (rival, best) = (rival.quality().unwrap_or(0.0), best.quality().unwrap_or(0.0));
    best < 0.8 || (rival >= QUALITY_RIVAL && rival - best >= RIVAL_AHEAD)
}

fn by_shape<'a>(fitting: &[&'a Placing], witness: &Witness<'_>) -> Result<Chosen<'a>, Box<PlanRegistration>> {
    let Some(best) = fitting.first().copied() else { return Ok((Vec::new(), "how_shape")) };
    let alike = |p: &Placing| witness.alike.get(p.storey) == witness.alike.get(best.storey);
    for other in fitting.iter().copied().filter(|p| !alike(p)) {
        let (mine, theirs) = (best.fine.beyond(&other.fine), other.fine.beyond(&best.fine));
        if mine < TELLING_M + 2.0 * theirs {
            let at = [("storey", witness.named(&[best.storey])), ("other", witness.named(&[other.storey]))];
            return Err(Box::new(witness.refuse("ambiguous_storey", &at, false)));
        }
    }
    let how = if witness.names.len() == 1 { "how_only" } else { "how_shape" };
    // where nothing but the shape names the storey, it must do so well: part of a plan, or its background, does not
    if how == "how_shape" && best.labels.is_none() && best.quality().unwrap_or(0.0) < QUALITY_SHAPE {
        let at =
            [("storey", witness.named(&[best.storey])), ("quality", percent(best.quality().unwrap_or(0.0)))];
        return Err(Box::new(witness.refuse("unsure_storey", &at, false)));
    }
    Ok((fitting.iter().copied().filter(|p| alike(p)).collect(), how))
}

/// The place on the storey is not certain.
fn unsure_place(p: &Placing, how: &str, witness: &Witness<'_>) -> Option<PlanRegistration> {
    let storey = ("storey", witness.named(&[p.storey]));
    // labels that agree with a mirrored building do not make it this one: only mirrored writing says how it was meant
    let mirror_stated = witness.mirrored_text;
    if p.mirrored && !mirror_stated {
        let at = [storey, ("quality", percent(p.quality().unwrap_or(0.0)))];
        return Some(witness.refuse("mirror", &at, true));
    }
    if p.labels.is_some() {
        return None;
    }
    let ratio = p.ratio.unwrap_or(f64::INFINITY);
    let witnessed = how == "how_title"
        || how == "how_level"
        || how == "how_said"
        || p.agreement.rooms.iter().filter(|x| **x).count() >= 2;
    // sheets of one set are turned alike: of several places that fit, only one is turned as the others are
    let like_the_set =
        p.alone_turned && witness.turn.is_some_and(|t| t.is_near(Turn::of(&p.map.after(&witness.to_plan))));
    let sure = like_the_set || ratio >= RATIO_ALONE || p.telling || (ratio >= RATIO_NEVER && witnessed);
    if sure {
        return None;
    }
    Some(witness.refuse("ambiguous_place", &[storey, ("ratio", Text::same(format!("{ratio:.2}")))], false))
}

fn laid(chosen: &[&Placing], first: &Placing, how: &'static str, witness: &Witness<'_>) -> PlanRegistration {
    let mut storeys: Vec<usize> = chosen
        .iter()
        .filter(|p| {
            // one map for all storeys of a typical floor
            let far = [(0.0, 0.0), (50.0, 0.0), (0.0, 50.0)].iter().any(|&(x, y)| {
                let q = crate::geom::Point2::new(x, y);
                p.map.apply(q).distance(first.map.apply(q)) > 0.01
            });
            !far
        })
        .map(|p| p.storey)
        .collect();
    storeys.sort_unstable();
    let quality = first.quality();
    let residuals = first.labels.as_ref().map_or(&first.residuals, |l| &l.residuals);
    let (rms_m, p95_m) = (super::refine::rms(residuals), super::refine::p95(residuals));
    let mut values = witness.base();
    values.push(("storey", witness.named(&storeys)));
    values.push(("rms", Text::same(format!("{:.1}", rms_m * 1000.0))));
    values.push(("quality", percent(quality.unwrap_or(0.0))));
    values.push(("how", words(how, &[])));
    let (sentence, method, inliers, anchors, trust) = match &first.labels {
        Some(l) => {
            values.push(("inliers", Text::same(l.inliers.to_string())));
            values.push(("anchors", Text::same(l.anchors.to_string())));
            let share = l.inliers as f64 / l.anchors.max(1) as f64;
            let sentence = if quality.is_some() { "by_labels" } else { "by_labels_bare" };
            (
                sentence,
                Method::Labels,
                l.inliers,
                l.anchors,
                (0.4 + 0.3 * share + 0.3 * quality.unwrap_or(0.5)).min(1.0),
            )
        }
        None => {
            let ratio = first.ratio.map_or_else(|| "∞".to_owned(), |r| format!("{r:.2}"));
            values.push(("ratio", Text::same(ratio)));
            let n = first.residuals.len();
            let total = 2 * first.agreement.drawn_m.len() + 2 * first.agreement.posts.len();
            let margin = first.ratio.map_or(1.0, |r| ((r - 1.0) / 0.5).clamp(0.0, 1.0));
            (
                "by_shapes",
                Method::Shapes,
                n,
                total.max(n),
                (quality.unwrap_or(0.0) * (0.7 + 0.3 * margin)).min(1.0),
            )
        }
    };
    PlanRegistration {
        storeys,
        to_world: Some(first.map),
        method,
        rms_m,
        p95_m,
        inliers,
        anchors,
        peak_ratio: first.ratio,
        trust,
        story: words(sentence, &values),
        ..PlanRegistration::none()
    }
}
