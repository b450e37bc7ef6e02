//! What goes with time.

use super::submissions::round;
use super::{SqliteStore, all, history};
use crate::serve::clock::{self, Millis};
use crate::serve::fault::{Fault, Outcome};
use crate::serve::store::Upkeep;
use crate::serve::store::record::{Note, Round};
use async_trait::async_trait;
use std::path::Path;

#[async_trait]
impl Upkeep for SqliteStore {
    async fn alive(&self) -> Outcome<()> {
        sqlx::query("SELECT count(*) FROM tenants").fetch_one(&self.reader).await?;
        Ok(())
    }

    async fn old_drafts(&self, before: Millis) -> Outcome<Vec<Round>> {
        let rows = sqlx::query("SELECT * FROM rounds WHERE state = 'draft' AND created < ?")
            .bind(before)
            .fetch_all(&self.reader)
            .await?;
        all(&rows, round)
    }

    async fn drop_inputs(&self, before: Millis, note: &Note) -> Outcome<u64> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "UPDATE files SET dropped = ? WHERE dropped IS NULL AND round IN (
               SELECT id FROM rounds WHERE state IN ('done', 'inconclusive', 'cancelled') AND ended < ?)",
        )
        .bind(clock::now())
        .bind(before)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() > 0 {
            history::write(&mut tx, note).await?;
        }
        tx.commit().await?;
        Ok(done.rows_affected())
    }

    async fn names_blob(&self, tenant: &str, sha256: &str) -> Outcome<bool> {
        // asked of the writer: a row that is being written must be seen
        let named: i64 = sqlx::query_scalar(
            "SELECT (SELECT count(*) FROM files WHERE tenant = ?1 AND sha256 = ?2 AND dropped IS NULL)
                  + (SELECT count(*) FROM artifacts WHERE tenant = ?1 AND sha256 = ?2)",
        )
        .bind(tenant)
        .bind(sha256)
        .fetch_one(&self.writer)
        .await?;
        Ok(named > 0)
    }

    async fn blobs(&self) -> Outcome<Vec<(String, String)>> {
        Ok(sqlx::query_as(
            "SELECT tenant, sha256 FROM files WHERE dropped IS NULL
             UNION SELECT tenant, sha256 FROM artifacts ORDER BY 1, 2",
        )
        .fetch_all(&self.reader)
        .await?)
    }

    async fn copy_to(&self, file: &Path) -> Outcome<()> {
        let name = file.to_str().ok_or_else(|| Fault::Bad("the file's name is not UTF-8".into()))?;
        sqlx::query("VACUUM INTO ?").bind(name).execute(&self.writer).await?;
        Ok(())
    }
}
