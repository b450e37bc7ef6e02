//! What every request and every background task shares.

use super::blobs::Blobs;
use super::config::Config;
use super::fault::Outcome;
use super::metrics::Metrics;
use super::queue::Queue;
use super::rate::Rate;
use super::spool::Spool;
use super::store::Store;
use super::store::sqlite::SqliteStore;
use std::ops::Deref;
use std::sync::Arc;
use tokio::sync::{Notify, broadcast, watch};

/// Rounds whose news wait for a slow watcher; it asks the rows when it has missed some.
const NEWS: usize = 256;
/// One megabyte.
const MB: u64 = 1 << 20;

/// The service, shared.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

/// Its parts.
pub(crate) struct Parts {
    /// What is set.
    pub config: Config,
    /// Rows.
    pub store: Arc<dyn Store>,
    /// Runs that wait.
    pub queue: Arc<dyn Queue>,
    /// Bytes.
    pub blobs: Blobs,
    /// Bytes on their way in.
    pub spool: Spool,
    /// Counters.
    pub metrics: Metrics,
    /// Requests by who asks.
    pub requests: Rate<u64>,
    /// Tries to sign in by address and name.
    pub sign_ins: Rate<(String, String)>,
    /// Rings when a run waits.
    pub bell: Notify,
    /// Names of rounds that have news.
    pub news: broadcast::Sender<String>,
    /// Turns true when the service stops.
    pub stopping: watch::Sender<bool>,
    /// This start of the service, as owner of runs.
    pub owner: String,
    rows: SqliteStore,
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Opens the data folder.
    ///
    /// # Errors
    /// When something in it cannot be made or opened.
    pub(crate) async fn open(config: Config) -> Outcome<Self> {
        // workers are started in folders of their own: what is named from here would be looked for there
        let config = Config { data: std::path::absolute(&config.data)?, ..config };
        std::fs::create_dir_all(&config.data)?;
        let rows = SqliteStore::open(&config.data.join("tumo.db")).await?;
        let blobs = Blobs::local(&config.data.join("objects"))?;
        let spool = Spool::new(config.data.join("spool"), config.limits.free_mb * MB)?;
        let limits = &config.limits;
        let per_minute = f64::from(limits.sign_ins_per_minute);
        Ok(Self(Arc::new(Parts {
            store: Arc::new(rows.clone()),
            queue: Arc::new(rows.clone()),
            blobs,
            spool,
            metrics: Metrics::default(),
            requests: Rate::new(f64::from(limits.requests_per_second), f64::from(limits.request_burst)),
            sign_ins: Rate::new(per_minute / 60.0, per_minute),
            bell: Notify::new(),
            news: broadcast::channel(NEWS).0,
            stopping: watch::channel(false).0,
            owner: super::secret::name()?,
            rows,
            config,
        })))
    }

    /// Closes the rows: everything is in their file.
    pub(crate) async fn close(&self) {
        self.rows.close().await;
    }

    /// What a round may hold.
    pub(crate) fn room(&self) -> super::store::Room {
        let bytes = i64::try_from(self.config.limits.round_mb * MB).unwrap_or(i64::MAX);
        super::store::Room { files: i64::from(self.config.limits.round_files), bytes }
    }

    /// The largest file, bytes.
    pub(crate) fn largest(&self) -> u64 {
        self.config.limits.file_mb * MB
    }

    /// All that a tenant may keep, bytes.
    pub(crate) fn quota(&self) -> i64 {
        i64::try_from(self.config.limits.tenant_mb * MB).unwrap_or(i64::MAX)
    }

    /// Tells watchers that a round has news.
    pub(crate) fn tell(&self, round: &str) {
        // nobody listening is no error
        let _ = self.news.send(round.to_owned());
    }
}
