//! Submissions, and one of them with its rounds.

use super::layout::{Look, data, embedded, shown};
use crate::report::notices;
use crate::report::words as report_words;
use crate::serve::app::App;
use crate::serve::clock;
use crate::serve::fault::Outcome;
use crate::serve::store::Wanted;
use crate::serve::store::record::{Role, Round, RoundState, Scope, Submission, Tenant};
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use serde_json::json;
use std::collections::BTreeMap;

/// Submissions shown.
const SHOWN: i64 = 500;
/// Stages offered; any other can be handed in by program.
const STAGES: [&str; 4] = ["construction-drawings", "preliminary", "scheme", "completion"];

/// All submissions that are theirs to see.
pub(super) async fn submissions(State(app): State<App>, look: Look) -> Response {
    shown(&look, list(&app, &look).await)
}

async fn list(app: &App, look: &Look) -> Outcome<Response> {
    let who = look.known()?;
    let wanted = Wanted { limit: SHOWN, ..Wanted::default() };
    let submissions = app.store.submissions(&who.view(), &wanted).await?;
    let rounds = app.store.latest_rounds(&who.view()).await?;
    let latest: BTreeMap<&str, &Round> = rounds.iter().map(|r| (r.submission.as_str(), r)).collect();
    let tenants = app.store.tenants().await?;
    let body = html! {
        main {
            h1 { (look.say("nav.submissions")) }
            @if look.can(Scope::Write) { (new(look, &tenants)) }
            @if submissions.is_empty() {
                p.empty { (look.say("submissions.none")) }
            } @else {
                input #find type="search" placeholder=(look.say("submissions.search")) aria-label=(look.say("submissions.search"));
                (table(look, &submissions, &latest, &tenants))
            }
        }
        (data(&embedded(&json!({ "words": {} }))))
    };
    Ok(look.page(look.say("nav.submissions"), &[], body))
}

/// A stage in words; as it is where there are none for it.
pub(super) fn stage(look: &Look, stage: &str) -> String {
    let known = STAGES.contains(&stage);
    if known { look.say(&format!("stage.{stage}")).to_owned() } else { stage.to_owned() }
}

fn new(look: &Look, tenants: &[Tenant]) -> Markup {
    let for_others = look.who.as_ref().is_some_and(|w| w.user.role == Role::Administrator);
    html! {
        details.new {
            summary { (look.say("submissions.new")) }
            form #new-submission method="post" {
                @if for_others {
                    label { (look.say("submission.tenant"))
                        select name="tenant" required {
                            @for tenant in tenants { option value=(tenant.id) { (tenant.name) } }
                        }
                    }
                }
                label { (look.say("submission.project-code")) input name="project_code" required maxlength="64"; }
                label { (look.say("submission.building-code")) input name="building_code" required maxlength="64"; }
                label { (look.say("submission.stage"))
                    select name="stage" { @for s in STAGES { option value=(s) { (stage(look, s)) } } }
                }
                label { (look.say("submission.title"))
                    input name="title" maxlength="200" placeholder=(look.say("submission.title-hint")); }
                button.main type="submit" { (look.say("submissions.begin")) }
                p.wrong role="alert" hidden {}
            }
        }
    }
}

fn table(
    look: &Look,
    submissions: &[Submission],
    latest: &BTreeMap<&str, &Round>,
    tenants: &[Tenant],
) -> Markup {
    let firm = |s: &Submission| tenants.iter().find(|t| t.id == s.tenant).map_or("", |t| t.name.as_str());
    let own = look.who.as_ref().is_some_and(|w| w.user.role == Role::Firm);
    html! {
        div.scroll { table.list #submissions {
            thead { tr {
                th { (look.say("submission.project-code")) }
                th { (look.say("submission.building-code")) }
                th { (look.say("submission.stage")) }
                th { (look.say("submission.title")) }
                @if !own { th { (look.say("submission.tenant")) } }
                th { (look.say("round.result")) }
                th.n { (look.say("round.score")) }
                th { (look.say("submission.changed")) }
            } }
            tbody {
                @for s in submissions {
                    @let round = latest.get(s.id.as_str()).copied();
                    tr {
                        td { a href=(format!("/submissions/{}", s.id)) { (s.project_code) } }
                        td { (s.building_code) }
                        td { (stage(look, &s.stage)) }
                        td { (s.title) }
                        @if !own { td { (firm(s)) } }
                        td { @match round {
                            Some(r) => { a href=(format!("/rounds/{}", r.id)) { (result(look, r)) } }
                            None => { span.soft { (look.say("submission.no-round")) } }
                        } }
                        td.n { (score(round)) }
                        td.soft { (time(s.changed)) }
                    }
                }
            }
        } }
    }
}

/// A time, to the minute.
pub(super) fn time(at: i64) -> Markup {
    let text = clock::text(at);
    let short = text.get(..16).unwrap_or_default().replace('T', " ");
    html! { time datetime=(text) data-at=(at) { (short) " UTC" } }
}

/// What came of a round, in words with its mark.
pub(super) fn result(look: &Look, round: &Round) -> Markup {
    let (class, text) = match (round.state, &round.decision) {
        (RoundState::Done, Some(decision)) => {
            (decision.as_str(), report_words::word(&format!("decision.{decision}"), look.language))
        }
        (state, _) => (state.name(), look.say(&format!("state.{}", state.name()))),
    };
    html! { span class=(format!("result {class}")) { (text) } }
}

fn number(round: &Round, key: &str) -> Option<f64> {
    round.summary.as_ref()?.get(key)?.as_f64()
}

fn score(round: Option<&Round>) -> String {
    round.and_then(|r| number(r, "score")).map_or_else(|| "–".into(), |s| format!("{s:.1}"))
}

/// One submission, with its rounds.
pub(super) async fn submission(State(app): State<App>, look: Look, Path(id): Path<String>) -> Response {
    shown(&look, rounds(&app, &look, &id).await)
}

async fn rounds(app: &App, look: &Look, id: &str) -> Outcome<Response> {
    let submission = look.known()?.submission(app, id).await?;
    let rounds = app.store.rounds(&submission.id).await?;
    let named = format!("{} · {}", submission.project_code, submission.building_code);
    let body = html! {
        main {
            p.eyebrow { a href="/" { (look.say("nav.submissions")) } }
            h1 { (named) " " small { (stage(look, &submission.stage)) @if !submission.title.is_empty() { " · " (submission.title) } } }
            @if look.can(Scope::Write) {
                button.main #new-round type="button" data-submission=(submission.id) { (look.say("submission.new-round")) }
                p.wrong role="alert" hidden {}
            }
            @if rounds.is_empty() { p.empty { (look.say("submission.no-round")) } }
            @else { (history(look, &rounds)) (round_table(look, &rounds)) }
        }
    };
    Ok(look.page(&named, &[], body))
}

fn round_table(look: &Look, rounds: &[Round]) -> Markup {
    html! {
        div.scroll { table.list {
            thead { tr {
                th { (look.say("submission.rounds")) } th { (look.say("round.result")) } th.n { (look.say("round.score")) }
                th.n { (report_words::word("page.kind.error", look.language)) }
                th.n { (report_words::word("page.kind.warning", look.language)) }
                th.n { (report_words::word("page.kind.undecided", look.language)) }
                th { (look.say("compare.with")) } th { (look.say("round.when")) }
            } }
            tbody { @for round in rounds {
                @let count = |key: &str| number(round, key).map_or_else(|| "–".to_owned(), |n| n.to_string());
                tr {
                    td { a href=(format!("/rounds/{}", round.id)) {
                        (super::words::filled("round.round", look.language, &[("n", round.number.to_string())])) } }
                    td { (result(look, round)) @if let Some(reason) = &round.reason { small.soft { (notices::of_service(reason).get(look.language)) } } }
                    td.n { (score(Some(round))) }
                    td.n { (count("errors")) } td.n { (count("warnings")) } td.n { (count("undecided")) }
                    td { (since(look, round)) }
                    td.soft { (time(round.ended.unwrap_or(round.created))) }
                }
            } }
        } }
    }
}

/// What changed since the round before, in one line.
fn since(look: &Look, round: &Round) -> String {
    let told = round.summary.as_ref().and_then(|s| s.get("since_previous"));
    let get = |key: &'static str| told.and_then(|t| t.get(key)).and_then(serde_json::Value::as_u64);
    match (get("fixed"), get("new"), get("open")) {
        (Some(fixed), Some(new), Some(open)) => {
            let values = [("fixed", fixed.to_string()), ("new", new.to_string()), ("open", open.to_string())];
            super::words::filled("round.since", look.language, &values)
        }
        _ => "–".into(),
    }
}

/// Findings over the rounds, as a small picture.
fn history(look: &Look, rounds: &[Round]) -> Markup {
    const HIGH: f64 = 64.0;
    const WIDE: f64 = 26.0;
    let checked: Vec<&Round> = rounds.iter().rev().filter(|r| number(r, "errors").is_some()).collect();
    let total = |r: &Round| ["errors", "warnings", "undecided"].map(|k| number(r, k).unwrap_or(0.0));
    let most = checked.iter().map(|r| total(r).iter().sum::<f64>()).fold(1.0, f64::max);
    if checked.len() < 2 {
        return html! {};
    }
    #[allow(clippy::cast_precision_loss)]
    let width = WIDE * checked.len() as f64;
    html! {
        figure.history {
            figcaption { (look.say("submission.history")) }
            svg viewBox=(format!("0 0 {width} {}", HIGH + 16.0)) width=(width) height=(HIGH + 16.0) role="img" {
                @for (i, round) in checked.iter().enumerate() {
                    @let x = f64::from(u32::try_from(i).unwrap_or(0)) * WIDE + 4.0;
                    @let parts = total(round);
                    @for (class, below, n) in [("error", 0.0, parts[0]), ("warning", parts[0], parts[1]), ("undecided", parts[0] + parts[1], parts[2])] {
                        rect class=(class) x=(x) width=(WIDE - 8.0) y=(HIGH - (below + n) / most * HIGH) height=(n / most * HIGH) {}
                    }
                    text x=(x + WIDE / 2.0 - 4.0) y=(HIGH + 13.0) { (round.number) }
                }
            }
        }
    }
}
