//! The self-check service: what is handed in is kept, checked by a worker that reads it in a process of its own, and shown
//! to who may see it. One program, one data folder, nothing else installed.
//!
//! The service itself reads nothing that somebody sent beyond its first bytes (`sorting`): the chain is seen by `worker`
//! alone. How a thing goes: bytes (`spool`, `blobs`), then rows (`store`), then the answer (`routes`); runs wait in `queue`
//! and are watched by `supervise`.

mod answers;
mod app;
mod backup;
mod blobs;
mod callee;
mod clock;
mod config;
mod fault;
mod first;
mod formats;
mod log;
mod metrics;
mod order;
mod page;
mod queue;
mod rate;
mod router;
mod routes;
mod secret;
mod server;
mod sorting;
mod spool;
mod store;
mod supervise;
mod sweeper;
mod webhook;
mod who;
pub mod worker;

pub use config::Config;

use app::App;
use fault::{Fault, Outcome};
use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// The service, running.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    stopping: tokio::sync::watch::Sender<bool>,
    done: tokio::task::JoinHandle<()>,
}

impl Running {
    /// Stops it: requests come to their end, runs go back into the queue.
    pub async fn stop(self) {
        self.stopping.send_replace(true);
        let _ = self.done.await;
    }

    /// Waits until it has stopped by itself.
    pub async fn done(&mut self) {
        let _ = (&mut self.done).await;
    }

    /// Tells it to stop.
    pub fn tell_to_stop(&self) {
        self.stopping.send_replace(true);
    }
}

/// The data folder, for this service alone.
fn lock(data: &Path) -> Outcome<File> {
    std::fs::create_dir_all(data)?;
    let file = File::options().create(true).truncate(false).write(true).open(data.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Fault::Conflict(format!("{}: another service works with this folder", data.display())))
        }
        Err(TryLockError::Error(e)) => Err(e.into()),
    }
}

/// Starts the service.
///
/// # Errors
/// When the data folder or the address cannot be had; in one sentence.
pub async fn start(config: Config) -> Result<Running, String> {
    let told = |fault: Fault| match fault {
        Fault::Internal(what) => what,
        other => other.to_string(),
    };
    let lock = lock(&config.data).map_err(told)?;
    let listener = TcpListener::bind(&config.listen).await.map_err(|e| format!("{}: {e}", config.listen))?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    let app = App::open(config).await.map_err(told)?;
    let lost = app.queue.recover(&app.owner, clock::now(), true).await.map_err(told)?;
    if let Some(password) = first::administrator(&app).await.map_err(told)? {
        log::line("first-start", &[("name", first::NAME), ("password_in", &password)]);
    }
    log::line("listening", &[("address", &address.to_string()), ("taken_back", &lost.to_string())]);
    let router = router::all(app.clone());
    let stopping = app.stopping.clone();
    let done = tokio::spawn(async move {
        let mut tasks = JoinSet::new();
        for _ in 0..app.config.workers() {
            tasks.spawn(supervise::work(app.clone()));
        }
        tasks.spawn(sweeper::run(app.clone()));
        tasks.spawn(webhook::run(app.clone()));
        server::run(listener, router, &app).await;
        while tasks.join_next().await.is_some() {}
        app.close().await;
        log::line("stopped", &[]);
        drop(lock);
    });
    Ok(Running { address, stopping, done })
}

/// Runs the service until it is told to stop by a signal.
///
/// # Errors
/// When it cannot be started.
pub fn run(config: Config) -> Result<(), String> {
    runtime()?.block_on(async {
        let mut running = start(config).await?;
        tokio::select! {
            () = asked_to_stop() => log::line("stopping", &[]),
            () = running.done() => return Ok(()),
        }
        running.tell_to_stop();
        running.done().await;
        Ok(())
    })
}

/// Copies everything into a folder; how many pieces of bytes.
///
/// # Errors
/// In one sentence.
pub fn back_up(config: &Config, to: &Path) -> Result<usize, String> {
    runtime()?.block_on(backup::back_up(config, to)).map_err(|e| format!("{e}"))
}

/// Brings a copy into an empty data folder.
///
/// # Errors
/// In one sentence.
pub fn restore(config: &Config, from: &Path) -> Result<usize, String> {
    runtime()?.block_on(backup::restore(config, from)).map_err(|e| format!("{e}"))
}

/// Gives somebody a new password, also while the service runs; the file that it is written to.
///
/// # Errors
/// In one sentence.
pub fn new_password(config: &Config, name: &str) -> Result<PathBuf, String> {
    if !config.data.join("tumo.db").is_file() {
        return Err(format!("{}: holds no service", config.data.display()));
    }
    let made = async {
        let app = App::open(config.clone()).await?;
        let made = first::new_password(&app, name).await;
        app.close().await;
        made
    };
    runtime()?.block_on(made).map_err(|e| format!("{e}"))
}

/// The description of the interface for programs, as JSON.
pub fn openapi() -> String {
    routes::all().1.to_pretty_json().unwrap_or_default()
}

fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| e.to_string())
}

#[cfg(unix)]
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}
