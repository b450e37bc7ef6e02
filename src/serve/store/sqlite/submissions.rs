//! Submissions, rounds, files, and what came out of a round.

use super::{SqliteStore, Tx, all, changed, get, history, json, narrow, one, word};
use crate::serve::clock;
use crate::serve::fault::{Fault, Outcome};
use crate::serve::store::record::{Artifact, File, Note, Round, RoundState, Step, Submission};
use crate::serve::store::{Room, Submissions, View, Wanted};
use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;

fn submission(row: &SqliteRow) -> Outcome<Submission> {
    Ok(Submission {
        id: get(row, "id")?,
        tenant: get(row, "tenant")?,
        area: get(row, "area")?,
        project_code: get(row, "project_code")?,
        building_code: get(row, "building_code")?,
        stage: get(row, "stage")?,
        title: get(row, "title")?,
        created: get(row, "created")?,
        changed: get(row, "changed")?,
    })
}

pub(super) fn round(row: &SqliteRow) -> Outcome<Round> {
    Ok(Round {
        id: get(row, "id")?,
        submission: get(row, "submission")?,
        number: get(row, "number")?,
        state: word(row, "state", RoundState::read)?,
        profile: get(row, "profile")?,
        decision: get(row, "decision")?,
        reason: get(row, "reason")?,
        summary: json(row, "summary")?,
        previous: get(row, "previous")?,
        created: get(row, "created")?,
        queued: get(row, "queued")?,
        ended: get(row, "ended")?,
    })
}

fn file(row: &SqliteRow) -> Outcome<File> {
    Ok(File {
        id: get(row, "id")?,
        round: get(row, "round")?,
        name: get(row, "name")?,
        kind: get(row, "kind")?,
        role: get(row, "role")?,
        discipline: get(row, "discipline")?,
        discipline_given: get(row, "discipline_given")?,
        storey: get(row, "storey")?,
        storey_given: get(row, "storey_given")?,
        sha256: get(row, "sha256")?,
        bytes: get(row, "bytes")?,
        created: get(row, "created")?,
        dropped: get(row, "dropped")?,
    })
}

fn artifact(row: &SqliteRow) -> Outcome<Artifact> {
    Ok(Artifact {
        round: get(row, "round")?,
        name: get(row, "name")?,
        sha256: get(row, "sha256")?,
        bytes: get(row, "bytes")?,
    })
}

fn step(row: &SqliteRow) -> Outcome<Step> {
    Ok(Step {
        seq: get(row, "seq")?,
        at: get(row, "at")?,
        kind: get(row, "kind")?,
        data: json(row, "data")?.unwrap_or_default(),
    })
}

/// The round, if it still takes files.
pub(super) async fn draft(tx: &mut Tx, id: &str) -> Outcome<Round> {
    let row = sqlx::query("SELECT * FROM rounds WHERE id = ?").bind(id).fetch_one(&mut **tx).await?;
    let round = round(&row)?;
    if round.state == RoundState::Draft {
        return Ok(round);
    }
    Err(Fault::Conflict("the round has been handed in; begin another one for other files".into()))
}

/// Adds a file to a draft. One of the same name takes the place of the earlier one: the later upload is what is meant.
pub(super) async fn put_file(tx: &mut Tx, file: &File, most: Room) -> Outcome<()> {
    let round = draft(tx, &file.round).await?;
    sqlx::query("DELETE FROM files WHERE round = ? AND name = ?")
        .bind(&file.round)
        .bind(&file.name)
        .execute(&mut **tx)
        .await?;
    let (files, bytes): (i64, i64) =
        sqlx::query_as("SELECT count(*), coalesce(sum(bytes), 0) FROM files WHERE round = ?")
            .bind(&file.round)
            .fetch_one(&mut **tx)
            .await?;
    if files >= most.files {
        return Err(Fault::TooLarge(format!("a round holds at most {} files", most.files)));
    }
    if bytes + file.bytes > most.bytes {
        return Err(Fault::TooLarge(format!("a round holds at most {} bytes", most.bytes)));
    }
    sqlx::query(
        "INSERT INTO files (id, round, tenant, name, kind, role, discipline, storey, sha256, bytes, created,
                            discipline_given, storey_given)
         SELECT ?, ?, tenant, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM submissions WHERE id = ?",
    )
    .bind(&file.id)
    .bind(&file.round)
    .bind(&file.name)
    .bind(&file.kind)
    .bind(&file.role)
    .bind(&file.discipline)
    .bind(&file.storey)
    .bind(&file.sha256)
    .bind(file.bytes)
    .bind(file.created)
    .bind(file.discipline_given)
    .bind(file.storey_given)
    .bind(&round.submission)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Adds a step to a round, inside a change.
pub(super) async fn put_step(
    tx: &mut Tx,
    round: &str,
    kind: &str,
    data: &serde_json::Value,
) -> Outcome<Step> {
    let last: i64 = sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM steps WHERE round = ?")
        .bind(round)
        .fetch_one(&mut **tx)
        .await?;
    let step = Step { seq: last + 1, at: clock::now(), kind: kind.to_owned(), data: data.clone() };
    sqlx::query("INSERT INTO steps (round, seq, at, kind, data) VALUES (?, ?, ?, ?, ?)")
        .bind(round)
        .bind(step.seq)
        .bind(step.at)
        .bind(kind)
        .bind(data.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(step)
}

#[async_trait]
impl Submissions for SqliteStore {
    async fn open_submission(&self, new: &Submission, note: &Note) -> Outcome<(Submission, bool)> {
        let mut tx = self.begin().await?;
        let there = sqlx::query(
            "SELECT * FROM submissions WHERE tenant = ? AND project_code = ? AND building_code = ? AND stage = ?",
        )
        .bind(&new.tenant)
        .bind(&new.project_code)
        .bind(&new.building_code)
        .bind(&new.stage)
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(row) = there {
            return Ok((submission(&row)?, false));
        }
        sqlx::query(
            "INSERT INTO submissions (id, tenant, area, project_code, building_code, stage, title, created, changed)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&new.id)
        .bind(&new.tenant)
        .bind(&new.area)
        .bind(&new.project_code)
        .bind(&new.building_code)
        .bind(&new.stage)
        .bind(&new.title)
        .bind(new.created)
        .bind(new.changed)
        .execute(&mut *tx)
        .await?;
        changed(&mut tx, "submission.created", &new.id, None).await?;
        history::write(&mut tx, note).await?;
        tx.commit().await?;
        Ok((self.submission(&new.id).await?, true))
    }

    async fn submission(&self, id: &str) -> Outcome<Submission> {
        let row =
            sqlx::query("SELECT * FROM submissions WHERE id = ?").bind(id).fetch_one(&self.reader).await?;
        submission(&row)
    }

    async fn submissions(&self, view: &View, wanted: &Wanted) -> Outcome<Vec<Submission>> {
        let (tenant, area) = narrow(view);
        let rows = sqlx::query(
            "SELECT * FROM submissions WHERE (?1 IS NULL OR tenant = ?1) AND (?2 IS NULL OR area = ?2)
             AND (?3 IS NULL OR project_code = ?3) AND (?4 IS NULL OR building_code = ?4)
             AND (?5 IS NULL OR stage = ?5) AND (?6 IS NULL OR changed >= ?6)
             ORDER BY changed DESC, id LIMIT ?7 OFFSET ?8",
        )
        .bind(tenant)
        .bind(area)
        .bind(&wanted.project_code)
        .bind(&wanted.building_code)
        .bind(&wanted.stage)
        .bind(wanted.since)
        .bind(wanted.limit)
        .bind(wanted.skip)
        .fetch_all(&self.reader)
        .await?;
        all(&rows, submission)
    }

    async fn add_round(&self, new: &Round, note: &Note) -> Outcome<Round> {
        let mut tx = self.begin().await?;
        let last: i64 =
            sqlx::query_scalar("SELECT coalesce(max(number), 0) FROM rounds WHERE submission = ?")
                .bind(&new.submission)
                .fetch_one(&mut *tx)
                .await?;
        sqlx::query(
            "INSERT INTO rounds (id, submission, number, state, profile, created) VALUES (?, ?, ?, 'draft', ?, ?)",
        )
        .bind(&new.id)
        .bind(&new.submission)
        .bind(last + 1)
        .bind(&new.profile)
        .bind(new.created)
        .execute(&mut *tx)
        .await?;
        changed(&mut tx, "round.created", &new.submission, Some(&new.id)).await?;
        history::write(&mut tx, note).await?;
        tx.commit().await?;
        self.round(&new.id).await
    }

    async fn round(&self, id: &str) -> Outcome<Round> {
        round(&sqlx::query("SELECT * FROM rounds WHERE id = ?").bind(id).fetch_one(&self.reader).await?)
    }

    async fn rounds(&self, submission: &str) -> Outcome<Vec<Round>> {
        let rows = sqlx::query("SELECT * FROM rounds WHERE submission = ? ORDER BY number DESC")
            .bind(submission)
            .fetch_all(&self.reader)
            .await?;
        all(&rows, round)
    }

    async fn latest_rounds(&self, view: &View) -> Outcome<Vec<Round>> {
        let (tenant, area) = narrow(view);
        let rows = sqlx::query(
            "SELECT r.* FROM rounds r JOIN submissions s ON s.id = r.submission
             WHERE r.number = (SELECT max(number) FROM rounds WHERE submission = s.id)
             AND (?1 IS NULL OR s.tenant = ?1) AND (?2 IS NULL OR s.area = ?2)",
        )
        .bind(tenant)
        .bind(area)
        .fetch_all(&self.reader)
        .await?;
        all(&rows, round)
    }

    async fn drop_draft(&self, id: &str, note: &Note) -> Outcome<()> {
        let mut tx = self.begin().await?;
        let round = draft(&mut tx, id).await?;
        sqlx::query("DELETE FROM files WHERE round = ?").bind(id).execute(&mut *tx).await?;
        sqlx::query("DELETE FROM uploads WHERE round = ?").bind(id).execute(&mut *tx).await?;
        sqlx::query("DELETE FROM steps WHERE round = ?").bind(id).execute(&mut *tx).await?;
        sqlx::query("DELETE FROM rounds WHERE id = ?").bind(id).execute(&mut *tx).await?;
        changed(&mut tx, "round.removed", &round.submission, Some(id)).await?;
        history::write(&mut tx, note).await?;
        Ok(tx.commit().await?)
    }

    async fn add_file(&self, file: &File, most: Room, note: &Note) -> Outcome<()> {
        let mut tx = self.begin().await?;
        put_file(&mut tx, file, most).await?;
        history::write(&mut tx, note).await?;
        Ok(tx.commit().await?)
    }

    async fn files(&self, round: &str) -> Outcome<Vec<File>> {
        let rows = sqlx::query("SELECT * FROM files WHERE round = ? ORDER BY name")
            .bind(round)
            .fetch_all(&self.reader)
            .await?;
        all(&rows, file)
    }

    async fn file(&self, round: &str, id: &str) -> Outcome<File> {
        let row = sqlx::query("SELECT * FROM files WHERE round = ? AND id = ?")
            .bind(round)
            .bind(id)
            .fetch_one(&self.reader)
            .await?;
        file(&row)
    }

    async fn said_before(&self, submission: &str, name: &str) -> Outcome<Option<File>> {
        let row = sqlx::query(
            "SELECT f.* FROM files f JOIN rounds r ON r.id = f.round
             WHERE r.submission = ? AND f.name = ? AND (f.discipline_given OR f.storey_given)
             ORDER BY r.number DESC LIMIT 1",
        )
        .bind(submission)
        .bind(name)
        .fetch_optional(&self.reader)
        .await?;
        row.as_ref().map(file).transpose()
    }

    async fn correct_file(&self, file: &File, note: &Note) -> Outcome<()> {
        let mut tx = self.begin().await?;
        draft(&mut tx, &file.round).await?;
        let done = sqlx::query(
            "UPDATE files SET role = ?, discipline = ?, storey = ?, discipline_given = ?, storey_given = ?
             WHERE round = ? AND id = ?",
        )
        .bind(&file.role)
        .bind(&file.discipline)
        .bind(&file.storey)
        .bind(file.discipline_given)
        .bind(file.storey_given)
        .bind(&file.round)
        .bind(&file.id)
        .execute(&mut *tx)
        .await?;
        one(done.rows_affected())?;
        history::write(&mut tx, note).await?;
        Ok(tx.commit().await?)
    }

    async fn remove_file(&self, round: &str, id: &str, note: &Note) -> Outcome<()> {
        let mut tx = self.begin().await?;
        draft(&mut tx, round).await?;
        let done = sqlx::query("DELETE FROM files WHERE round = ? AND id = ?")
            .bind(round)
            .bind(id)
            .execute(&mut *tx)
            .await?;
        one(done.rows_affected())?;
        history::write(&mut tx, note).await?;
        Ok(tx.commit().await?)
    }

    async fn used_bytes(&self, tenant: &str) -> Outcome<i64> {
        // the same bytes twice are kept once
        Ok(sqlx::query_scalar(
            "SELECT (SELECT coalesce(sum(bytes), 0) FROM (
                       SELECT sha256, max(bytes) AS bytes FROM files
                       WHERE tenant = ?1 AND dropped IS NULL GROUP BY sha256))
                  + (SELECT coalesce(sum(bytes), 0) FROM (
                       SELECT sha256, max(bytes) AS bytes FROM artifacts WHERE tenant = ?1 GROUP BY sha256))
                  + (SELECT coalesce(sum(length), 0) FROM uploads WHERE tenant = ?1 AND offset < length)",
        )
        .bind(tenant)
        .fetch_one(&self.reader)
        .await?)
    }

    async fn artifacts(&self, round: &str) -> Outcome<Vec<Artifact>> {
        let rows = sqlx::query("SELECT * FROM artifacts WHERE round = ? ORDER BY name")
            .bind(round)
            .fetch_all(&self.reader)
            .await?;
        all(&rows, artifact)
    }

    async fn artifact(&self, round: &str, name: &str) -> Outcome<Artifact> {
        let row = sqlx::query("SELECT * FROM artifacts WHERE round = ? AND name = ?")
            .bind(round)
            .bind(name)
            .fetch_one(&self.reader)
            .await?;
        artifact(&row)
    }

    async fn steps(&self, round: &str, after: i64) -> Outcome<Vec<Step>> {
        let rows = sqlx::query("SELECT * FROM steps WHERE round = ? AND seq > ? ORDER BY seq")
            .bind(round)
            .bind(after)
            .fetch_all(&self.reader)
            .await?;
        all(&rows, step)
    }

    async fn add_step(&self, round: &str, kind: &str, data: &serde_json::Value) -> Outcome<Step> {
        let mut tx = self.begin().await?;
        let step = put_step(&mut tx, round, kind, data).await?;
        tx.commit().await?;
        Ok(step)
    }
}
