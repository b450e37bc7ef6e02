//! What people say of findings.

use super::{SqliteStore, all, changed, get, history, one};
use crate::serve::clock;
use crate::serve::fault::Outcome;
use crate::serve::store::Reviews;
use crate::serve::store::record::{Note, Reply, Waiver};
use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;

fn reply(row: &SqliteRow) -> Outcome<Reply> {
    Ok(Reply {
        seq: get(row, "seq")?,
        submission: get(row, "submission")?,
        round: get(row, "round")?,
        finding: get(row, "finding")?,
        answer: get(row, "answer")?,
        remark: get(row, "remark")?,
        user: get(row, "user")?,
        at: get(row, "at")?,
    })
}

fn waiver(row: &SqliteRow) -> Outcome<Waiver> {
    Ok(Waiver {
        id: get(row, "id")?,
        submission: get(row, "submission")?,
        finding: get(row, "finding")?,
        rule: get(row, "rule")?,
        reason: get(row, "reason")?,
        user: get(row, "user")?,
        created: get(row, "created")?,
        until: get(row, "until")?,
        withdrawn: get(row, "withdrawn")?,
    })
}

#[async_trait]
impl Reviews for SqliteStore {
    async fn add_reply(&self, new: &Reply, note: &Note) -> Outcome<Reply> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "INSERT INTO replies (submission, round, finding, answer, remark, user, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&new.submission)
        .bind(&new.round)
        .bind(&new.finding)
        .bind(&new.answer)
        .bind(&new.remark)
        .bind(&new.user)
        .bind(new.at)
        .execute(&mut *tx)
        .await?;
        changed(&mut tx, "reply.added", &new.submission, Some(&new.round)).await?;
        history::write(&mut tx, note).await?;
        tx.commit().await?;
        Ok(Reply { seq: done.last_insert_rowid(), ..new.clone() })
    }

    async fn replies(&self, submission: &str) -> Outcome<Vec<Reply>> {
        let rows = sqlx::query("SELECT * FROM replies WHERE submission = ? ORDER BY seq")
            .bind(submission)
            .fetch_all(&self.reader)
            .await?;
        all(&rows, reply)
    }

    async fn add_waiver(&self, new: &Waiver, note: &Note) -> Outcome<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO waivers (id, submission, finding, rule, reason, user, created, until)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&new.id)
        .bind(&new.submission)
        .bind(&new.finding)
        .bind(&new.rule)
        .bind(&new.reason)
        .bind(&new.user)
        .bind(new.created)
        .bind(new.until)
        .execute(&mut *tx)
        .await?;
        changed(&mut tx, "waiver.added", &new.submission, None).await?;
        history::write(&mut tx, note).await?;
        Ok(tx.commit().await?)
    }

    async fn waivers(&self, submission: &str) -> Outcome<Vec<Waiver>> {
        let rows = sqlx::query("SELECT * FROM waivers WHERE submission = ? ORDER BY created, id")
            .bind(submission)
            .fetch_all(&self.reader)
            .await?;
        all(&rows, waiver)
    }

    async fn waiver(&self, id: &str) -> Outcome<Waiver> {
        waiver(&sqlx::query("SELECT * FROM waivers WHERE id = ?").bind(id).fetch_one(&self.reader).await?)
    }

    async fn withdraw_waiver(&self, id: &str, note: &Note) -> Outcome<()> {
        let was = self.waiver(id).await?;
        let mut tx = self.begin().await?;
        let done = sqlx::query("UPDATE waivers SET withdrawn = ? WHERE id = ? AND withdrawn IS NULL")
            .bind(clock::now())
            .bind(id)
            .execute(&mut *tx)
            .await?;
        one(done.rows_affected())?;
        changed(&mut tx, "waiver.withdrawn", &was.submission, None).await?;
        history::write(&mut tx, note).await?;
        Ok(tx.commit().await?)
    }
}
