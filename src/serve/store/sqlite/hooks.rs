//! Addresses that are told of changes, and what is on its way to them.

use super::{SqliteStore, Tx, all, get, history, narrow, one};
use crate::serve::clock::Millis;
use crate::serve::fault::Outcome;
use crate::serve::secret;
use crate::serve::store::record::{Delivery, Hook, Note};
use crate::serve::store::{Hooks, View};
use async_trait::async_trait;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

fn hook(row: &SqliteRow) -> Outcome<Hook> {
    Ok(Hook {
        id: get(row, "id")?,
        tenant: get(row, "tenant")?,
        area: get(row, "area")?,
        url: get(row, "url")?,
        secret: get(row, "secret")?,
        created: get(row, "created")?,
    })
}

fn delivery(row: &SqliteRow) -> Outcome<Delivery> {
    Ok(Delivery {
        id: get(row, "id")?,
        hook: get(row, "hook")?,
        change: get(row, "change")?,
        body: get(row, "body")?,
        attempts: get(row, "attempts")?,
        state: get(row, "state")?,
        next: get(row, "next")?,
        outcome: get(row, "outcome")?,
    })
}

/// Puts a change on its way to every hook that it concerns.
pub(super) async fn announce(tx: &mut Tx, change: i64, now: Millis) -> Outcome<()> {
    let hooks = sqlx::query(
        "SELECT h.id FROM hooks h, changes c WHERE c.seq = ? AND (h.tenant IS NULL OR h.tenant = c.tenant)
         AND (h.area IS NULL OR h.area = c.area)",
    )
    .bind(change)
    .fetch_all(&mut **tx)
    .await?;
    if hooks.is_empty() {
        return Ok(());
    }
    let row = sqlx::query("SELECT * FROM changes WHERE seq = ?").bind(change).fetch_one(&mut **tx).await?;
    let body = serde_json::json!({
        "change": change,
        "at": get::<i64>(&row, "at")?,
        "kind": get::<String>(&row, "kind")?,
        "submission": get::<String>(&row, "submission")?,
        "round": get::<Option<String>>(&row, "round")?,
        "project_code": get::<String>(&row, "project_code")?,
        "building_code": get::<String>(&row, "building_code")?,
        "stage": get::<String>(&row, "stage")?,
    })
    .to_string();
    for hook in &hooks {
        sqlx::query(
            "INSERT INTO deliveries (id, hook, change, body, attempts, state, next, outcome)
             VALUES (?, ?, ?, ?, 0, 'waiting', ?, '')",
        )
        .bind(secret::name()?)
        .bind(hook.try_get::<String, _>("id")?)
        .bind(change)
        .bind(&body)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

#[async_trait]
impl Hooks for SqliteStore {
    async fn add_hook(&self, hook: &Hook, note: &Note) -> Outcome<()> {
        let mut tx = self.begin().await?;
        sqlx::query("INSERT INTO hooks (id, tenant, area, url, secret, created) VALUES (?, ?, ?, ?, ?, ?)")
            .bind(&hook.id)
            .bind(&hook.tenant)
            .bind(&hook.area)
            .bind(&hook.url)
            .bind(&hook.secret)
            .bind(hook.created)
            .execute(&mut *tx)
            .await?;
        history::write(&mut tx, note).await?;
        Ok(tx.commit().await?)
    }

    async fn hooks(&self, view: &View) -> Outcome<Vec<Hook>> {
        let (tenant, area) = narrow(view);
        let rows = sqlx::query(
            "SELECT * FROM hooks WHERE (?1 IS NULL OR tenant = ?1) AND (?2 IS NULL OR area = ?2)
             ORDER BY created, id",
        )
        .bind(tenant)
        .bind(area)
        .fetch_all(&self.reader)
        .await?;
        all(&rows, hook)
    }

    async fn hook(&self, id: &str) -> Outcome<Hook> {
        hook(&sqlx::query("SELECT * FROM hooks WHERE id = ?").bind(id).fetch_one(&self.reader).await?)
    }

    async fn remove_hook(&self, id: &str, note: &Note) -> Outcome<()> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("DELETE FROM hooks WHERE id = ?").bind(id).execute(&mut *tx).await?;
        one(done.rows_affected())?;
        history::write(&mut tx, note).await?;
        Ok(tx.commit().await?)
    }

    async fn due_deliveries(&self, now: Millis, limit: i64) -> Outcome<Vec<Delivery>> {
        let rows = sqlx::query(
            "SELECT * FROM deliveries WHERE state = 'waiting' AND next <= ? ORDER BY next, change LIMIT ?",
        )
        .bind(now)
        .bind(limit)
        .fetch_all(&self.reader)
        .await?;
        all(&rows, delivery)
    }

    async fn settle_delivery(&self, delivery: &Delivery) -> Outcome<()> {
        sqlx::query("UPDATE deliveries SET attempts = ?, state = ?, next = ?, outcome = ? WHERE id = ?")
            .bind(delivery.attempts)
            .bind(&delivery.state)
            .bind(delivery.next)
            .bind(&delivery.outcome)
            .bind(&delivery.id)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn deliveries(&self, hook: &str, limit: i64) -> Outcome<Vec<Delivery>> {
        let rows = sqlx::query("SELECT * FROM deliveries WHERE hook = ? ORDER BY change DESC LIMIT ?")
            .bind(hook)
            .bind(limit)
            .fetch_all(&self.reader)
            .await?;
        all(&rows, delivery)
    }
}
