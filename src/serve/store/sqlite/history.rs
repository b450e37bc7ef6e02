//! What happened: the list of changes, and the audit log with its chain of hashes.

use super::{SqliteStore, Tx, all, get, narrow};
use crate::serve::clock::{self, Millis};
use crate::serve::fault::Outcome;
use crate::serve::secret;
use crate::serve::store::record::{Change, Entry, Note};
use crate::serve::store::{History, View};
use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;

/// Lines read at once when the chain is gone through.
const PAGE: i64 = 1000;

/// Writes a line of the audit log. A note without an action writes none.
pub(super) async fn write(tx: &mut Tx, note: &Note) -> Outcome<()> {
    if note.action.is_empty() {
        return Ok(());
    }
    let last: Option<(i64, String)> = sqlx::query_as("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
        .fetch_optional(&mut **tx)
        .await?;
    let (seq, before) = last.map_or((1, String::new()), |(seq, hash)| (seq + 1, hash));
    let mut entry = Entry {
        seq,
        at: clock::now(),
        user: note.user.clone(),
        address: note.address.clone(),
        tenant: note.tenant.clone(),
        area: note.area.clone(),
        action: note.action.to_owned(),
        object: note.object.clone(),
        detail: note.detail.clone(),
        hash: String::new(),
    };
    entry.hash = chained(&entry, &before);
    sqlx::query(
        "INSERT INTO audit (seq, at, user, address, tenant, area, action, object, detail, hash)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(entry.seq)
    .bind(entry.at)
    .bind(&entry.user)
    .bind(&entry.address)
    .bind(&entry.tenant)
    .bind(&entry.area)
    .bind(&entry.action)
    .bind(&entry.object)
    .bind(&entry.detail)
    .bind(&entry.hash)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Hash of a line and the one before it. As JSON, so that no field can run into the next.
fn chained(entry: &Entry, before: &str) -> String {
    let parts = serde_json::json!([
        before,
        entry.seq,
        entry.at,
        entry.user,
        entry.address,
        entry.tenant,
        entry.area,
        entry.action,
        entry.object,
        entry.detail
    ]);
    secret::sha256(parts.to_string().as_bytes())
}

fn entry(row: &SqliteRow) -> Outcome<Entry> {
    Ok(Entry {
        seq: get(row, "seq")?,
        at: get(row, "at")?,
        user: get(row, "user")?,
        address: get(row, "address")?,
        tenant: get(row, "tenant")?,
        area: get(row, "area")?,
        action: get(row, "action")?,
        object: get(row, "object")?,
        detail: get(row, "detail")?,
        hash: get(row, "hash")?,
    })
}

fn change(row: &SqliteRow) -> Outcome<Change> {
    Ok(Change {
        seq: get(row, "seq")?,
        at: get(row, "at")?,
        kind: get(row, "kind")?,
        tenant: get(row, "tenant")?,
        area: get(row, "area")?,
        submission: get(row, "submission")?,
        round: get(row, "round")?,
        project_code: get(row, "project_code")?,
        building_code: get(row, "building_code")?,
        stage: get(row, "stage")?,
    })
}

#[async_trait]
impl History for SqliteStore {
    async fn changes(&self, view: &View, after: i64, since: Millis, limit: i64) -> Outcome<Vec<Change>> {
        let (tenant, area) = narrow(view);
        let rows = sqlx::query(
            "SELECT * FROM changes WHERE seq > ?1 AND at >= ?2 AND (?3 IS NULL OR tenant = ?3)
             AND (?4 IS NULL OR area = ?4) ORDER BY seq LIMIT ?5",
        )
        .bind(after)
        .bind(since)
        .bind(tenant)
        .bind(area)
        .bind(limit)
        .fetch_all(&self.reader)
        .await?;
        all(&rows, change)
    }

    async fn entries(&self, view: &View, after: i64, limit: i64) -> Outcome<Vec<Entry>> {
        let (tenant, area) = narrow(view);
        let rows = sqlx::query(
            "SELECT * FROM audit WHERE seq > ?1 AND (?2 IS NULL OR tenant = ?2) AND (?3 IS NULL OR area = ?3)
             ORDER BY seq LIMIT ?4",
        )
        .bind(after)
        .bind(tenant)
        .bind(area)
        .bind(limit)
        .fetch_all(&self.reader)
        .await?;
        all(&rows, entry)
    }

    async fn note(&self, note: &Note) -> Outcome<()> {
        let mut tx = self.begin().await?;
        write(&mut tx, note).await?;
        Ok(tx.commit().await?)
    }

    async fn first_forged(&self) -> Outcome<Option<i64>> {
        let (mut after, mut before) = (0, String::new());
        loop {
            let page = self.entries(&View::All, after, PAGE).await?;
            for entry in &page {
                if entry.seq != after + 1 || !secret::same(&chained(entry, &before), &entry.hash) {
                    return Ok(Some(entry.seq));
                }
                after = entry.seq;
                before.clone_from(&entry.hash);
            }
            if page.is_empty() {
                return Ok(None);
            }
        }
    }
}
