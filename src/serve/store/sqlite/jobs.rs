//! Runs that wait for a worker.

use super::submissions::{put_step, round};
use super::{SqliteStore, Tx, changed, history};
use crate::serve::clock::{self, Millis};
use crate::serve::fault::{Fault, Outcome};
use crate::serve::queue::{DEATHS, INTERRUPTIONS, LEASE, Queue};
use crate::serve::store::record::{Artifact, Buried, Job, Note, Result, Round, RoundState};
use async_trait::async_trait;
use serde_json::json;

/// What is told of a job that lived through too many restarts.
const TOO_OFTEN: &str = "the service was restarted too often while this was being checked";

/// A round and the state of its latest job.
async fn round_of(tx: &mut Tx, id: &str) -> Outcome<Round> {
    round(&sqlx::query("SELECT * FROM rounds WHERE id = ?").bind(id).fetch_one(&mut **tx).await?)
}

/// The round is over: what came of it has been told, and stands.
async fn is_over(tx: &mut Tx, round: &str) -> Outcome<bool> {
    Ok(round_of(tx, round).await?.state == RoundState::Done)
}

/// Ends a job and its round, with its last step, and tells of it. A round that is over already is told only what could not
/// be written.
async fn end(tx: &mut Tx, job: &str, round: &str, job_state: &str, end: &End<'_>) -> Outcome<()> {
    sqlx::query("UPDATE jobs SET state = ?, owner = NULL, leased = NULL WHERE id = ?")
        .bind(job_state)
        .bind(job)
        .execute(&mut **tx)
        .await?;
    if is_over(tx, round).await? {
        if let Some(reason) = end.reason {
            put_step(tx, round, "unwritten", &json!({ "reason": reason })).await?;
        }
        return Ok(());
    }
    close(tx, round, end).await
}

/// Ends a round, with its last step, and tells of it.
async fn close(tx: &mut Tx, round: &str, end: &End<'_>) -> Outcome<()> {
    sqlx::query("UPDATE rounds SET state = ?, decision = ?, reason = ?, summary = ?, ended = ? WHERE id = ?")
        .bind(end.state.name())
        .bind(end.decision)
        .bind(end.reason)
        .bind(end.summary.map(ToString::to_string))
        .bind(clock::now())
        .bind(round)
        .execute(&mut **tx)
        .await?;
    let data = json!({ "decision": end.decision, "reason": end.reason, "summary": end.summary });
    put_step(tx, round, end.state.name(), &data).await?;
    let now = round_of(tx, round).await?;
    changed(tx, &format!("round.{}", end.state.name()), &now.submission, Some(round)).await
}

/// Adds files to what came of a round; one that is there stays.
async fn put_made(tx: &mut Tx, job: &str, round: &str, made: &[Artifact]) -> Outcome<()> {
    for made in made {
        sqlx::query(
            "INSERT OR IGNORE INTO artifacts (round, tenant, name, sha256, bytes)
             SELECT ?, tenant, ?, ?, ? FROM jobs WHERE id = ?",
        )
        .bind(round)
        .bind(&made.name)
        .bind(&made.sha256)
        .bind(made.bytes)
        .bind(job)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// How a round ended.
struct End<'a> {
    state: RoundState,
    decision: Option<&'a str>,
    reason: Option<&'a str>,
    summary: Option<&'a serde_json::Value>,
}

impl<'a> End<'a> {
    fn of(result: &'a Result) -> Self {
        Self {
            state: result.state,
            decision: Some(&result.decision),
            reason: result.reason.as_deref(),
            summary: Some(&result.summary),
        }
    }

    const fn inconclusive(reason: &'a str) -> Self {
        Self {
            state: RoundState::Inconclusive,
            decision: Some("inconclusive"),
            reason: Some(reason),
            summary: None,
        }
    }
}

/// The round and attempts of a job that is still its owner's.
async fn held(tx: &mut Tx, job: &str, owner: &str) -> Outcome<Option<(String, i64)>> {
    Ok(sqlx::query_as("SELECT round, attempts FROM jobs WHERE id = ? AND owner = ? AND state = 'running'")
        .bind(job)
        .bind(owner)
        .fetch_optional(&mut **tx)
        .await?)
}

/// Puts a job that runs back among those that wait.
async fn put_back(tx: &mut Tx, job: &str, round: &str) -> Outcome<()> {
    sqlx::query("UPDATE jobs SET state = 'queued', owner = NULL, leased = NULL WHERE id = ?")
        .bind(job)
        .execute(&mut **tx)
        .await?;
    sqlx::query("UPDATE rounds SET state = 'queued' WHERE id = ? AND state <> 'done'")
        .bind(round)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

#[async_trait]
impl Queue for SqliteStore {
    async fn enqueue(&self, id: &str, job: &str, note: &Note) -> Outcome<Round> {
        let mut tx = self.begin().await?;
        let round = round_of(&mut tx, id).await?;
        let refused = |why: &str| Err(Fault::Conflict(why.to_owned()));
        match round.state {
            RoundState::Draft | RoundState::Inconclusive | RoundState::Cancelled => {}
            RoundState::Queued | RoundState::Running => return refused("the round is being checked already"),
            RoundState::Done => return refused("the round has been checked; begin another one"),
        }
        let count = |table: &'static str| {
            sqlx::query_scalar::<_, i64>(match table {
                "files" => {
                    "SELECT count(*) FROM files WHERE round = ? AND role <> 'ignored' AND dropped IS NULL"
                }
                _ => "SELECT count(*) FROM uploads WHERE round = ? AND offset < length",
            })
            .bind(id.to_owned())
        };
        if count("files").fetch_one(&mut *tx).await? == 0 {
            return refused("the round holds no file to check");
        }
        if count("uploads").fetch_one(&mut *tx).await? > 0 {
            return refused("an upload to this round is not finished; finish or delete it");
        }
        let previous: Option<String> = sqlx::query_scalar(
            "SELECT id FROM rounds WHERE submission = ? AND number < ? AND state = 'done' ORDER BY number DESC LIMIT 1",
        )
        .bind(&round.submission)
        .bind(round.number)
        .fetch_optional(&mut *tx)
        .await?;
        let now = clock::now();
        sqlx::query(
            "UPDATE rounds SET state = 'queued', queued = ?, ended = NULL, decision = NULL, reason = NULL,
             summary = NULL, previous = ? WHERE id = ?",
        )
        .bind(now)
        .bind(previous)
        .bind(id)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "INSERT INTO jobs (id, round, tenant, state, attempts, interruptions, queued)
             SELECT ?, ?, tenant, 'queued', 0, 0, ? FROM submissions WHERE id = ?",
        )
        .bind(job)
        .bind(id)
        .bind(now)
        .bind(&round.submission)
        .execute(&mut *tx)
        .await?;
        put_step(&mut tx, id, "queued", &json!({})).await?;
        changed(&mut tx, "round.queued", &round.submission, Some(id)).await?;
        history::write(&mut tx, note).await?;
        let round = round_of(&mut tx, id).await?;
        tx.commit().await?;
        Ok(round)
    }

    async fn claim(&self, owner: &str, now: Millis) -> Outcome<Option<Job>> {
        // asked of a reader first: who waits for work does not keep the writer from its own
        let any: i64 = sqlx::query_scalar("SELECT count(*) FROM jobs WHERE state = 'queued'")
            .fetch_one(&self.reader)
            .await?;
        if any == 0 {
            return Ok(None);
        }
        let mut tx = self.begin().await?;
        let row: Option<(String, String, i64)> = sqlx::query_as(
            "UPDATE jobs SET state = 'running', owner = ?, leased = ?, attempts = attempts + 1
             WHERE id = (SELECT id FROM jobs WHERE state = 'queued' ORDER BY queued, id LIMIT 1)
             RETURNING id, round, attempts",
        )
        .bind(owner)
        .bind(now + LEASE)
        .fetch_optional(&mut *tx)
        .await?;
        let Some((id, round, attempts)) = row else { return Ok(None) };
        if !is_over(&mut tx, &round).await? {
            sqlx::query("UPDATE rounds SET state = 'running' WHERE id = ?")
                .bind(&round)
                .execute(&mut *tx)
                .await?;
            put_step(&mut tx, &round, "running", &json!({ "attempt": attempts })).await?;
        }
        tx.commit().await?;
        Ok(Some(Job { id, round, attempts }))
    }

    async fn beat(&self, job: &str, owner: &str, now: Millis) -> Outcome<bool> {
        let done = sqlx::query("UPDATE jobs SET leased = ? WHERE id = ? AND owner = ? AND state = 'running'")
            .bind(now + LEASE)
            .bind(job)
            .bind(owner)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    async fn publish(&self, job: &str, owner: &str, result: &Result, note: &Note) -> Outcome<bool> {
        let mut tx = self.begin().await?;
        let Some((round, _)) = held(&mut tx, job, owner).await? else { return Ok(false) };
        if !is_over(&mut tx, &round).await? {
            put_made(&mut tx, job, &round, &result.artifacts).await?;
            close(&mut tx, &round, &End::of(result)).await?;
            history::write(&mut tx, note).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    async fn add_made(&self, job: &str, owner: &str, made: &Artifact) -> Outcome<bool> {
        let mut tx = self.begin().await?;
        let Some((round, _)) = held(&mut tx, job, owner).await? else { return Ok(false) };
        if is_over(&mut tx, &round).await? {
            put_made(&mut tx, job, &round, std::slice::from_ref(made)).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    async fn at_work(&self, round: &str) -> Outcome<bool> {
        let jobs: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM jobs WHERE round = ? AND state IN ('queued', 'running')",
        )
        .bind(round)
        .fetch_one(&self.reader)
        .await?;
        Ok(jobs > 0)
    }

    async fn finish(&self, job: &str, owner: &str, result: &Result, note: &Note) -> Outcome<bool> {
        let mut tx = self.begin().await?;
        let Some((round, _)) = held(&mut tx, job, owner).await? else { return Ok(false) };
        if !is_over(&mut tx, &round).await? {
            history::write(&mut tx, note).await?;
        }
        put_made(&mut tx, job, &round, &result.artifacts).await?;
        end(&mut tx, job, &round, "done", &End::of(result)).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn bury(&self, job: &str, owner: &str, reason: &str, note: &Note) -> Outcome<Buried> {
        let mut tx = self.begin().await?;
        let Some((round, attempts)) = held(&mut tx, job, owner).await? else { return Ok(Buried::Lost) };
        let out = if attempts >= DEATHS {
            end(&mut tx, job, &round, "parked", &End::inconclusive(reason)).await?;
            Buried::Parked
        } else {
            put_back(&mut tx, job, &round).await?;
            if !is_over(&mut tx, &round).await? {
                put_step(&mut tx, &round, "again", &json!({ "reason": reason, "attempt": attempts })).await?;
            }
            Buried::Again
        };
        history::write(&mut tx, note).await?;
        tx.commit().await?;
        Ok(out)
    }

    async fn release(&self, job: &str, owner: &str) -> Outcome<()> {
        let mut tx = self.begin().await?;
        if let Some((round, _)) = held(&mut tx, job, owner).await? {
            sqlx::query("UPDATE jobs SET attempts = attempts - 1 WHERE id = ?")
                .bind(job)
                .execute(&mut *tx)
                .await?;
            put_back(&mut tx, job, &round).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn cancel(&self, id: &str, note: &Note) -> Outcome<Round> {
        let mut tx = self.begin().await?;
        let round = round_of(&mut tx, id).await?;
        if !matches!(round.state, RoundState::Queued | RoundState::Running) {
            return Err(Fault::Conflict("the round is not being checked".into()));
        }
        let job: Option<String> =
            sqlx::query_scalar("SELECT id FROM jobs WHERE round = ? AND state IN ('queued', 'running')")
                .bind(id)
                .fetch_optional(&mut *tx)
                .await?;
        let how = End { state: RoundState::Cancelled, decision: None, reason: None, summary: None };
        end(&mut tx, job.as_deref().unwrap_or_default(), id, "cancelled", &how).await?;
        history::write(&mut tx, note).await?;
        let round = round_of(&mut tx, id).await?;
        tx.commit().await?;
        Ok(round)
    }

    async fn recover(&self, owner: &str, now: Millis, all: bool) -> Outcome<u64> {
        let mut tx = self.begin().await?;
        let lost: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT id, round, interruptions FROM jobs WHERE state = 'running' AND owner <> ? AND (? OR leased < ?)",
        )
        .bind(owner)
        .bind(all)
        .bind(now)
        .fetch_all(&mut *tx)
        .await?;
        for (job, round, interruptions) in &lost {
            if *interruptions + 1 >= INTERRUPTIONS {
                end(&mut tx, job, round, "parked", &End::inconclusive(TOO_OFTEN)).await?;
                continue;
            }
            sqlx::query(
                "UPDATE jobs SET attempts = attempts - 1, interruptions = interruptions + 1 WHERE id = ?",
            )
            .bind(job)
            .execute(&mut *tx)
            .await?;
            put_back(&mut tx, job, round).await?;
            if !is_over(&mut tx, round).await? {
                let why = json!({ "reason": "the service was restarted" });
                put_step(&mut tx, round, "again", &why).await?;
            }
        }
        tx.commit().await?;
        Ok(lost.len() as u64)
    }

    async fn depth(&self) -> Outcome<(i64, i64)> {
        Ok(sqlx::query_as(
            "SELECT count(*) FILTER (WHERE state = 'queued'), count(*) FILTER (WHERE state = 'running') FROM jobs
             WHERE state IN ('queued', 'running')",
        )
        .fetch_one(&self.reader)
        .await?)
    }

    async fn queued_since(&self, tenant: &str, since: Millis) -> Outcome<i64> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM jobs WHERE tenant = ? AND queued >= ?")
            .bind(tenant)
            .bind(since)
            .fetch_one(&self.reader)
            .await?)
    }
}
