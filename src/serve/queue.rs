//! Runs that wait for a worker.
//!
//! A table of our own behind a trait, not a queue crate: the row of a round, the job and what came of it have to change
//! in one transaction, and a job that killed its worker has to be counted when it is taken again. `apalis-sqlite` 1.0
//! sets an orphaned job back to waiting and takes it without a look at its greatest number of attempts: a file that
//! kills its worker would come back for ever.

use super::clock::Millis;
use super::fault::Outcome;
use super::store::record::{Artifact, Buried, Job, Note, Result, Round};
use async_trait::async_trait;

/// Deaths after which a job is parked.
pub(crate) const DEATHS: i64 = 3;
/// Restarts of the service that a job may live through: they are not its fault, until they are many.
pub(crate) const INTERRUPTIONS: i64 = 20;
/// How long a claim holds without a sign of life.
pub(crate) const LEASE: Millis = 30_000;
/// How often a claim gives a sign of life.
pub(crate) const BEAT: std::time::Duration = std::time::Duration::from_secs(5);

/// Runs that wait for a worker. Every method is one transaction.
#[async_trait]
pub(crate) trait Queue: Send + Sync {
    /// Puts a draft, or a round that was stopped or inconclusive, into the queue. Refused where it is queued already,
    /// holds no file, or an upload to it is still open.
    async fn enqueue(&self, round: &str, job: &str, note: &Note) -> Outcome<Round>;
    /// Takes the job that waits longest and counts the attempt; nothing where none waits.
    async fn claim(&self, owner: &str, now: Millis) -> Outcome<Option<Job>>;
    /// Gives a sign of life; false when the job was stopped or taken by another.
    async fn beat(&self, job: &str, owner: &str, now: Millis) -> Outcome<bool>;
    /// Writes down what came of a job that goes on writing further files: the round is over with that. Once: where it is
    /// over already nothing changes. False when the job was stopped or taken by another.
    async fn publish(&self, job: &str, owner: &str, result: &Result, note: &Note) -> Outcome<bool>;
    /// Adds a file to what came of a job whose round is over; false when the job was taken by another.
    async fn add_made(&self, job: &str, owner: &str, made: &Artifact) -> Outcome<bool>;
    /// Whether a job of the round waits or runs: of one that is over, whether files of it are still to come.
    async fn at_work(&self, round: &str) -> Outcome<bool>;
    /// Writes down what came of a job, or, where the round is over already, what it lacked; false when it was stopped or taken by another: then nothing is written.
    async fn finish(&self, job: &str, owner: &str, result: &Result, note: &Note) -> Outcome<bool>;
    /// The worker died of it: again, or parked after [`DEATHS`].
    async fn bury(&self, job: &str, owner: &str, reason: &str, note: &Note) -> Outcome<Buried>;
    /// Gives a job back untried: the service stops.
    async fn release(&self, job: &str, owner: &str) -> Outcome<()>;
    /// Stops the job of a round; refused where it is neither queued nor running.
    async fn cancel(&self, round: &str, note: &Note) -> Outcome<Round>;
    /// Takes back what others claimed and gave no sign of life for; with `all`, whatever others claimed: they are known
    /// to be gone. How many.
    async fn recover(&self, owner: &str, now: Millis, all: bool) -> Outcome<u64>;
    /// How many wait, and how many run.
    async fn depth(&self) -> Outcome<(i64, i64)>;
    /// How many a tenant queued since a time.
    async fn queued_since(&self, tenant: &str, since: Millis) -> Outcome<i64>;
}
