//! Uploads that are not finished.

use super::{SqliteStore, Tx, all, get, history, one, submissions};
use crate::serve::clock::Millis;
use crate::serve::fault::{Fault, Outcome};
use crate::serve::store::record::{File, Note, Upload};
use crate::serve::store::{Room, Uploads};
use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;

fn upload(row: &SqliteRow) -> Outcome<Upload> {
    Ok(Upload {
        id: get(row, "id")?,
        tenant: get(row, "tenant")?,
        round: get(row, "round")?,
        user: get(row, "user")?,
        name: get(row, "name")?,
        metadata: get(row, "metadata")?,
        length: get(row, "length")?,
        offset: get(row, "offset")?,
        created: get(row, "created")?,
        expires: get(row, "expires")?,
    })
}

async fn take_away(tx: &mut Tx, id: &str) -> Outcome<()> {
    let done = sqlx::query("DELETE FROM uploads WHERE id = ?").bind(id).execute(&mut **tx).await?;
    one(done.rows_affected())
}

#[async_trait]
impl Uploads for SqliteStore {
    async fn add_upload(&self, upload: &Upload, most: i64, note: &Note) -> Outcome<()> {
        let mut tx = self.begin().await?;
        submissions::draft(&mut tx, &upload.round).await?;
        let open: i64 =
            sqlx::query_scalar("SELECT count(*) FROM uploads WHERE tenant = ? AND offset < length")
                .bind(&upload.tenant)
                .fetch_one(&mut *tx)
                .await?;
        if open >= most {
            return Err(Fault::TooLarge(format!(
                "{open} uploads are open already, which is the limit; finish or delete one"
            )));
        }
        sqlx::query(
            "INSERT INTO uploads (id, tenant, round, user, name, metadata, length, offset, created, expires)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&upload.id)
        .bind(&upload.tenant)
        .bind(&upload.round)
        .bind(&upload.user)
        .bind(&upload.name)
        .bind(&upload.metadata)
        .bind(upload.length)
        .bind(upload.offset)
        .bind(upload.created)
        .bind(upload.expires)
        .execute(&mut *tx)
        .await?;
        history::write(&mut tx, note).await?;
        Ok(tx.commit().await?)
    }

    async fn upload(&self, id: &str) -> Outcome<Upload> {
        upload(&sqlx::query("SELECT * FROM uploads WHERE id = ?").bind(id).fetch_one(&self.reader).await?)
    }

    async fn move_upload(&self, id: &str, offset: i64) -> Outcome<()> {
        let done = sqlx::query("UPDATE uploads SET offset = ? WHERE id = ?")
            .bind(offset)
            .bind(id)
            .execute(&self.writer)
            .await?;
        one(done.rows_affected())
    }

    async fn finish_upload(&self, id: &str, file: &File, most: Room, note: &Note) -> Outcome<()> {
        let mut tx = self.begin().await?;
        // it stays as finished: who did not hear the answer asks how far it is
        let done = sqlx::query("UPDATE uploads SET offset = length WHERE id = ? AND offset < length")
            .bind(id)
            .execute(&mut *tx)
            .await?;
        one(done.rows_affected())?;
        submissions::put_file(&mut tx, file, most).await?;
        history::write(&mut tx, note).await?;
        Ok(tx.commit().await?)
    }

    async fn remove_upload(&self, id: &str, note: &Note) -> Outcome<()> {
        let mut tx = self.begin().await?;
        take_away(&mut tx, id).await?;
        history::write(&mut tx, note).await?;
        Ok(tx.commit().await?)
    }

    async fn uploads(&self, round: &str) -> Outcome<Vec<Upload>> {
        let rows =
            sqlx::query("SELECT * FROM uploads WHERE round = ? AND offset < length ORDER BY created, id")
                .bind(round)
                .fetch_all(&self.reader)
                .await?;
        all(&rows, upload)
    }

    async fn expired_uploads(&self, now: Millis) -> Outcome<Vec<Upload>> {
        let rows =
            sqlx::query("SELECT * FROM uploads WHERE expires <= ?").bind(now).fetch_all(&self.reader).await?;
        all(&rows, upload)
    }
}
