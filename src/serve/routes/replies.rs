//! What people say of findings. The last answer counts; every one is kept.

use super::{Body, read_report, words};
use crate::serve::answers;
use crate::serve::app::App;
use crate::serve::clock;
use crate::serve::fault::{Fault, Outcome, Problem};
use crate::serve::store::record::{Reply, Role, Scope};
use crate::serve::who::{Who, detailed};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Answers of a firm, as the workbook has them.
const FIRM: [&str; 5] = ["accepted", "done", "rejected", "unclear", "comment"];
/// Answers of a reviewer.
const REVIEWER: [&str; 3] = ["confirmed", "dismissed", "comment"];

/// An answer to a finding.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewReply {
    /// Firm: `accepted`, `done`, `rejected`, `unclear`. Reviewer: `confirmed`, `dismissed`. Either: `comment`.
    answer: String,
    /// In words; needed for `rejected`, `dismissed` and `comment`.
    #[serde(default)]
    remark: String,
}

/// What of a workbook was taken over.
#[derive(Serialize, ToSchema)]
pub(crate) struct Taken {
    /// Answers that are new, in the order of the workbook.
    added: Vec<Reply>,
    /// Answers that had been given already.
    same: usize,
    /// Fingerprints that no finding of the round has.
    unknown: Vec<String>,
    /// Fingerprints of findings that were rejected without a reason: these were not taken over.
    unreasoned: Vec<String>,
    /// Rows that could not be read, and why.
    told: Vec<String>,
}

/// All answers of the round's submission, in their order.
#[utoipa::path(get, path = "/api/v1/rounds/{round}/replies", tag = "review",
    params(("round" = String, Path, description = "The round")),
    responses((status = 200, body = Vec<Reply>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
) -> Outcome<Json<Vec<Reply>>> {
    let (submission, _) = who.round(&app, &id).await?;
    Ok(Json(app.store.replies(&submission.id).await?))
}

/// Answer a finding of a round.
#[utoipa::path(post, path = "/api/v1/rounds/{round}/findings/{finding}/replies", tag = "review", request_body = NewReply,
    params(("round" = String, Path, description = "The round"),
           ("finding" = String, Path, description = "Fingerprint of the finding")),
    responses((status = 201, body = Reply), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn reply(
    State(app): State<App>,
    who: Who,
    Path((id, finding)): Path<(String, String)>,
    Body(new): Body<NewReply>,
) -> Outcome<(StatusCode, Json<Reply>)> {
    let (submission, round) = who.round(&app, &id).await?;
    let known: &[&str] = match who.user.role {
        Role::Firm => {
            who.may(Scope::Write)?;
            &FIRM
        }
        Role::Reviewer | Role::Administrator => {
            who.may(Scope::Review)?;
            &REVIEWER
        }
    };
    if !known.contains(&new.answer.as_str()) {
        return Err(Fault::Bad(format!("the answer is one of {}", known.join(", "))));
    }
    let remark = words("the remark", &new.remark)?;
    if remark.is_empty() && ["rejected", "dismissed", "comment"].contains(&new.answer.as_str()) {
        return Err(Fault::Bad("say why".into()));
    }
    let report = read_report(&app, &submission, &round).await?;
    if !report.findings.iter().any(|f| f.id == finding) {
        return Err(Fault::NotFound);
    }
    let reply = Reply {
        seq: 0,
        submission: submission.id.clone(),
        round: round.id,
        finding,
        answer: new.answer,
        remark,
        user: who.user.id.clone(),
        at: clock::now(),
    };
    let note = who.note_on(&submission, "finding.reply", &reply.finding);
    let note = detailed(note, format!("{}: {}", reply.answer, reply.remark));
    Ok((StatusCode::CREATED, Json(app.store.add_reply(&reply, &note).await?)))
}

/// Answers, all at once: the workbook or the table of the report, filled in by the firm and sent as it is. Sent twice, it
/// changes nothing the second time.
#[utoipa::path(post, path = "/api/v1/rounds/{round}/replies", tag = "review",
    params(("round" = String, Path, description = "The round")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Taken), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 413, body = Problem)))]
pub(crate) async fn from_workbook(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
    body: axum::body::Body,
) -> Outcome<Json<Taken>> {
    let (submission, round) = who.round(&app, &id).await?;
    who.may(Scope::Write)?;
    if who.user.role != Role::Firm {
        return Err(Fault::Denied("the workbook is for the firm's answers"));
    }
    let report = read_report(&app, &submission, &round).await?;
    let answered = answers::read(&app, "answers", body).await?;
    let told = answered.told.clone();
    let findings: BTreeSet<&str> = report.findings.iter().map(|f| f.id.as_str()).collect();
    let sorted = answers::sorted(answered, &findings, &app.store.replies(&submission.id).await?);
    let mut added = Vec::new();
    for (finding, answer, remark) in sorted.new {
        let reply = Reply {
            seq: 0,
            submission: submission.id.clone(),
            round: round.id.clone(),
            finding,
            answer: answer.to_owned(),
            remark,
            user: who.user.id.clone(),
            at: clock::now(),
        };
        let note = who.note_on(&submission, "finding.reply", &reply.finding);
        let note = detailed(note, format!("{}: {} (from a workbook)", reply.answer, reply.remark));
        added.push(app.store.add_reply(&reply, &note).await?);
    }
    let (same, unknown, unreasoned) = (sorted.same, sorted.unknown, sorted.unreasoned);
    Ok(Json(Taken { added, same, unknown, unreasoned, told }))
}
