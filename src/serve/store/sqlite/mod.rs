//! Rows in SQLite: write-ahead log, every commit on the disk before it is told. One connection writes, some read.

mod history;
mod hooks;
mod jobs;
mod people;
mod reviews;
mod submissions;
#[cfg(test)]
mod upgrade;
mod upkeep;
mod uploads;

use crate::serve::clock;
use crate::serve::fault::{Fault, Outcome};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{Row, Sqlite, Transaction};
use std::path::Path;
use std::time::Duration;

/// Versions of the tables, in their order.
const VERSIONS: &[&str] = &[include_str!("schema.sql"), include_str!("said.sql")];
/// Connections that read.
const READERS: u32 = 4;
/// How long a statement waits for the one that writes.
const PATIENCE: Duration = Duration::from_secs(10);

/// The rows of one data folder.
#[derive(Clone, Debug)]
pub(crate) struct SqliteStore {
    writer: SqlitePool,
    reader: SqlitePool,
}

impl super::Store for SqliteStore {}

/// One change.
type Tx = Transaction<'static, Sqlite>;

impl SqliteStore {
    /// Opens the file, makes it where it is missing, and brings its tables to this version.
    ///
    /// # Errors
    /// When it cannot be opened, or was written by a later version.
    pub(crate) async fn open(file: &Path) -> Outcome<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        let pool = |n: u32| SqlitePoolOptions::new().max_connections(n).acquire_timeout(PATIENCE * 3);
        let writer = pool(1).min_connections(1).connect_with(options.clone()).await?;
        bring_to_this_version(&writer).await?;
        // those that read connect to the new tables: a statement that is prepared on the old ones and run on the new has
        // more columns than its reader counted, and comes back empty
        let reader = pool(READERS).connect_with(options.read_only(true)).await?;
        Ok(Self { writer, reader })
    }

    /// Begins a change; nobody else changes anything until it ends.
    async fn begin(&self) -> Outcome<Tx> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Empties the log into the file, and closes it.
    pub(crate) async fn close(&self) {
        self.reader.close().await;
        let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await;
        self.writer.close().await;
    }
}

/// Runs the versions that the file does not have yet, each as a whole or not at all.
async fn bring_to_this_version(writer: &SqlitePool) -> Outcome<()> {
    let now: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(writer).await?;
    let now = usize::try_from(now).unwrap_or(usize::MAX);
    if now > VERSIONS.len() {
        return Err(Fault::Unavailable(format!(
            "the data was written by a later version (tables {now}, this one knows {})",
            VERSIONS.len()
        )));
    }
    for (at, script) in VERSIONS.iter().enumerate().skip(now) {
        let mut tx: Tx = writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::raw_sql(*script).execute(&mut *tx).await?;
        // a pragma takes no parameters; the number is ours
        let stamp = format!("PRAGMA user_version = {}", at + 1);
        sqlx::raw_sql(sqlx::AssertSqlSafe(stamp)).execute(&mut *tx).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// A column of a row.
fn get<'r, T>(row: &'r SqliteRow, column: &'static str) -> Outcome<T>
where
    T: sqlx::Decode<'r, Sqlite> + sqlx::Type<Sqlite>,
{
    Ok(row.try_get(column)?)
}

/// A column that holds one of a few words.
fn word<T>(row: &SqliteRow, column: &'static str, read: impl Fn(&str) -> Option<T>) -> Outcome<T> {
    let text: String = get(row, column)?;
    read(&text).ok_or_else(|| Fault::Internal(format!("database: {column} holds {text:?}")))
}

/// A column that holds JSON.
fn json(row: &SqliteRow, column: &'static str) -> Outcome<Option<serde_json::Value>> {
    let text: Option<String> = get(row, column)?;
    Ok(text.and_then(|t| serde_json::from_str(&t).ok()))
}

/// Every row, read.
fn all<T>(rows: &[SqliteRow], read: impl Fn(&SqliteRow) -> Outcome<T>) -> Outcome<Vec<T>> {
    rows.iter().map(read).collect()
}

/// How a view narrows a query: two parameters, of which one or none is set.
fn narrow(view: &super::View) -> (Option<&str>, Option<&str>) {
    match view {
        super::View::Tenant(tenant) => (Some(tenant), None),
        super::View::Area(area) => (None, Some(area)),
        super::View::All => (None, None),
    }
}

/// Refuses what is not there.
fn one(changed: u64) -> Outcome<()> {
    if changed == 0 { Err(Fault::NotFound) } else { Ok(()) }
}

/// Tells of a change of a submission: in the list of changes, and to every hook that it concerns.
async fn changed(tx: &mut Tx, kind: &str, submission: &str, round: Option<&str>) -> Outcome<()> {
    let now = clock::now();
    sqlx::query("UPDATE submissions SET changed = max(changed + 1, ?) WHERE id = ?")
        .bind(now)
        .bind(submission)
        .execute(&mut **tx)
        .await?;
    let done = sqlx::query(
        "INSERT INTO changes (at, kind, tenant, area, submission, round, project_code, building_code, stage)
         SELECT ?, ?, tenant, area, id, ?, project_code, building_code, stage FROM submissions WHERE id = ?",
    )
    .bind(now)
    .bind(kind)
    .bind(round)
    .bind(submission)
    .execute(&mut **tx)
    .await?;
    one(done.rows_affected())?;
    hooks::announce(tx, done.last_insert_rowid(), now).await
}
