//! One round: files being sent, a check going on, or its report on the plan.

use super::layout::{Look, data, embedded, shown};
use super::lists::{result, stage};
use super::words;
use crate::report::notices;
use crate::report::words as report_words;
use crate::serve::app::App;
use crate::serve::clock;
use crate::serve::fault::{Fault, Outcome};
use crate::serve::formats;
use crate::serve::store::record::{File, Role, Round, RoundState, Scope, Submission};
use crate::serve::worker::STAGES;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Formats offered, with what to call them.
const OFFERED: [(&str, &str); 9] = [
    ("html", "HTML"),
    ("pdf", "PDF"),
    ("xlsx", "Excel"),
    ("bcf", "BCF 2.1"),
    ("bcf3", "BCF 3.0"),
    ("csv", "CSV"),
    ("json", "JSON"),
    ("sarif", "SARIF"),
    ("junit", "JUnit"),
];

/// The page of a round, by where it stands.
pub(super) async fn page(State(app): State<App>, look: Look, Path(id): Path<String>) -> Response {
    shown(&look, by_state(&app, &look, &id).await)
}

async fn by_state(app: &App, look: &Look, id: &str) -> Outcome<Response> {
    let (submission, round) = look.known()?.round(app, id).await?;
    match round.state {
        RoundState::Draft => draft(app, look, &submission, &round).await,
        RoundState::Queued | RoundState::Running => progress(app, look, &submission, &round).await,
        RoundState::Done => report(app, look, &submission, &round).await,
        RoundState::Inconclusive | RoundState::Cancelled => nothing(app, look, &submission, &round).await,
    }
}

fn named(look: &Look, round: &Round) -> String {
    words::filled("round.round", look.language, &[("n", round.number.to_string())])
}

fn title(look: &Look, submission: &Submission, round: &Round) -> String {
    format!("{} · {} · {}", submission.project_code, submission.building_code, named(look, round))
}

fn head(look: &Look, submission: &Submission, round: &Round) -> Markup {
    html! {
        p.eyebrow {
            a href="/" { (look.say("nav.submissions")) } " / "
            a href=(format!("/submissions/{}", submission.id)) { (submission.project_code) " · " (submission.building_code) }
            " · " (stage(look, &submission.stage))
        }
        h1 { (named(look, round))
            // a report says it larger
            @if round.state != RoundState::Done { " " small { (result(look, round)) } } }
    }
}

/// All words, for scripts: both languages, as the report's own scripts take them.
fn both() -> Map<String, Value> {
    let report = report_words::all().map(|(k, t)| (k.to_owned(), json!([t.en, t.zh])));
    let own = words::all().map(|(k, t)| (k.to_owned(), json!([t.en, t.zh])));
    report.chain(own).collect()
}

async fn draft(app: &App, look: &Look, submission: &Submission, round: &Round) -> Outcome<Response> {
    let files = app.store.files(&round.id).await?;
    let given = json!({
        "lang": look.tag(), "words": own_words(), "round": round.id, "files": files, "may": look.can(Scope::Write),
    });
    let body = html! {
        main {
            (head(look, submission, round))
            @if look.can(Scope::Write) {
                label #drop tabindex="0" {
                    b { (look.say("upload.drop")) }
                    span { (look.say("upload.choose")) }
                    input #choose type="file" multiple;
                    small { (look.say("upload.kinds")) }
                }
            }
            div.scroll { table.list #files {
                thead { tr {
                    th { (look.say("upload.file")) } th { (look.say("upload.kind")) } th { (look.say("upload.role")) }
                    th { (look.say("upload.discipline")) } th { (look.say("upload.storey")) } th.n { (look.say("upload.size")) } th {}
                } }
                tbody {}
            } }
            p #missing.wrong role="status" {}
            @if look.can(Scope::Write) { button.main #check type="button" disabled { (look.say("upload.check")) } }
            p.wrong #fault role="alert" hidden {}
        }
        (data(&embedded(&given)))
    };
    Ok(look.page(&title(look, submission, round), &["upload.js"], body))
}

/// The service's own words, for scripts.
fn own_words() -> Map<String, Value> {
    words::all().map(|(k, t)| (k.to_owned(), json!([t.en, t.zh]))).collect()
}

async fn progress(app: &App, look: &Look, submission: &Submission, round: &Round) -> Outcome<Response> {
    let steps = app.store.steps(&round.id, 0).await?;
    let given = json!({
        "lang": look.tag(), "words": own_words(), "round": round.id, "stages": STAGES, "steps": steps,
        "now": clock::now(),
    });
    let body = html! {
        main.narrow {
            (head(look, submission, round))
            p #state.soft role="status" {}
            ol #stages {
                @for stage in STAGES { li data-stage=(stage) { span { (look.say(&format!("progress.{stage}"))) } em {} } }
            }
            section #first hidden { h2 { (look.say("progress.first")) } ol {} }
            @if look.can(Scope::Write) { button #cancel type="button" { (look.say("upload.cancel")) } }
        }
        (data(&embedded(&given)))
    };
    Ok(look.page(&title(look, submission, round), &["progress.js"], body))
}

async fn nothing(app: &App, look: &Look, submission: &Submission, round: &Round) -> Outcome<Response> {
    let files = app.store.files(&round.id).await?;
    let body = html! {
        main.narrow {
            (head(look, submission, round))
            @if round.state == RoundState::Inconclusive { p { b { (look.say("round.inconclusive")) } } }
            @if let Some(reason) = &round.reason { p.reason { (notices::of_service(reason).get(look.language)) } }
            p.soft { (look.say("round.no-report")) }
            @if look.can(Scope::Write) && files.iter().all(|f| f.dropped.is_none()) {
                button.main #again type="button" data-round=(round.id) { (look.say("round.again")) }
                p.wrong role="alert" hidden {}
            }
            (file_list(look, round, &files))
        }
    };
    Ok(look.page(&title(look, submission, round), &[], body))
}

fn file_list(look: &Look, round: &Round, files: &[File]) -> Markup {
    html! {
        section.files {
            h2 { (look.say("round.files")) }
            div.scroll { table.list { tbody { @for file in files {
                tr {
                    td { @if file.dropped.is_some() { (file.name) " " small.soft { (look.say("round.dropped")) } }
                        @else { a href=(format!("/api/v1/rounds/{}/files/{}/content", round.id, file.id)) { (file.name) } } }
                    td { (file.kind.to_uppercase()) }
                    td { (look.say(&format!("role.{}", file.role))) }
                    td.n { (file.bytes) }
                    td { code { (file.sha256) } }
                }
            } } } }
        }
    }
}

async fn report(app: &App, look: &Look, submission: &Submission, round: &Round) -> Outcome<Response> {
    let made = app.store.artifact(&round.id, "page.json").await?;
    let all = app.store.artifacts(&round.id).await?;
    let made_names: BTreeSet<&str> = all.iter().map(|a| a.name.as_str()).collect();
    let bytes = app.blobs.whole(&submission.tenant, &made.sha256).await?;
    let report = String::from_utf8(bytes).map_err(|e| Fault::Internal(e.to_string()))?;
    let rounds = app.store.rounds(&submission.id).await?;
    let others: Vec<Value> = rounds
        .iter()
        .filter(|r| r.id != round.id && r.state == RoundState::Done)
        .map(|r| json!({ "id": r.id, "number": r.number }))
        .collect();
    let mut names = Map::new();
    for user in app.store.users().await? {
        names.insert(user.id, user.name.into());
    }
    let replies = app.store.replies(&submission.id).await?;
    let spoken: Map<String, Value> = replies
        .iter()
        .filter_map(|r| names.get_key_value(&r.user))
        .map(|(id, name)| (id.clone(), name.clone()))
        .collect();
    let firm = look.who.as_ref().is_some_and(|w| w.user.role == Role::Firm);
    let service = json!({
        "round": round.id, "submission": submission.id, "number": round.number, "others": others,
        "previous": round.previous, "replies": replies, "waivers": app.store.waivers(&submission.id).await?,
        "names": spoken, "now": clock::now(), "firm": firm,
        "may_answer": if firm { look.can(Scope::Write) } else { look.can(Scope::Review) },
        "may_waive": look.can(Scope::Review),
    });
    // the report's data stands as the worker wrote it, made for this place; ours goes before
    let ours = json!({ "lang": look.tag(), "words": both(), "service": service });
    let rest = report.strip_prefix('{').ok_or_else(|| Fault::Internal("page.json is no object".into()))?;
    let joined = format!("{},{rest}", open(&ours));
    let body = html! {
        main.work {
            div.headline {
                div { (head(look, submission, round)) }
                (downloads(look, round, app.queue.at_work(&round.id).await?, &made_names))
            }
            p #taken.soft role="status" hidden {}
            section #summary {}
            section #compare {}
            section #work {
                div #side { form #filters role="search" {} div #list tabindex="-1" {} }
                div #view {
                    div #tabs role="tablist" {}
                    div #stage {
                        canvas #lines {}
                        div #markers {} div #tools {} div #legend {} div #hover role="status" {}
                    }
                }
                aside #detail aria-live="polite" {}
            }
            section #tables {}
            section #print aria-hidden="true" {}
            (file_list(look, round, &app.store.files(&round.id).await?))
        }
        (data(&joined))
    };
    let scripts = ["base.js", "plan.js", "list.js", "tables.js", "work.js", "main.js"];
    Ok(look.page(&title(look, submission, round), &scripts, body))
}

/// An object as JSON, without the brace that ends it.
fn open(value: &Value) -> String {
    let text = embedded(value);
    text.strip_suffix('}').map(str::to_owned).unwrap_or(text)
}

/// Every format, as a link once it is there; scripts look for those that are still to come.
fn downloads(look: &Look, round: &Round, writing: bool, made: &BTreeSet<&str>) -> Markup {
    let at = |format: &str| format!("/api/v1/rounds/{}/report?format={format}&lang={}", round.id, look.tag());
    let offered = OFFERED.into_iter().chain([("spot-check", look.say("round.spot-check"))]);
    let offered = offered.filter_map(|(name, words)| Some((formats::named(name)?, words)));
    let handover = format!("/api/v1/rounds/{}/handover", round.id);
    let link = |there: bool, name: &str, at: &str, words: &str| {
        html! { a data-format=(name) href=[there.then_some(at)] data-at=(at) aria-disabled=[(!there).then_some("true")] { (words) } }
    };
    html! {
        details.downloads data-writing=(writing.to_string()) {
            summary { (look.say("round.download")) }
            div {
                @for (format, words) in offered {
                    (link(made.contains(format.file(look.language, 0).as_str()), format.name, &at(format.name), words))
                }
                (link(!writing, "handover", &handover, "CIM (ZIP)"))
                small.soft role="status" { @if writing { (look.say("round.writing")) } }
                @if look.who.as_ref().is_some_and(|w| w.user.role == Role::Firm && w.can(Scope::Write)) {
                    label.answered { (look.say("review.workbook"))
                        input #answered type="file" accept=".xlsx,.csv,.json"; }
                }
            }
        }
    }
}
