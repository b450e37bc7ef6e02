//! Everything that is kept in rows, behind two traits: [`Store`] and [`Queue`](super::queue::Queue). The one
//! implementation is SQLite; `conformance.rs` says what any other has to hold.
//!
//! Every method is one transaction. What it changes, the line of the audit log, the entry in the list of changes and the
//! deliveries that follow from it are written together or not at all.

#[cfg(test)]
mod conformance;
pub(crate) mod record;
pub(crate) mod sqlite;

use super::clock::Millis;
use super::fault::Outcome;
use async_trait::async_trait;
use record::{
    Artifact, Change, Delivery, Entry, File, Hook, Note, Reply, Round, Step, Submission, Tenant, Token,
    Upload, User, Waiver,
};

/// Whose things are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// One tenant's.
    Tenant(String),
    /// All of an area.
    Area(String),
    /// All.
    All,
}

/// What submissions are asked for by; empty asks for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Project code.
    pub project_code: Option<String>,
    /// Building code.
    pub building_code: Option<String>,
    /// Stage.
    pub stage: Option<String>,
    /// Changed since, ms since 1970.
    pub since: Option<Millis>,
    /// At most so many, the last changed first.
    pub limit: i64,
    /// How many to leave out before.
    pub skip: i64,
}

/// People, and what stands for them.
#[async_trait]
pub(crate) trait People: Send + Sync {
    /// Adds a tenant.
    async fn add_tenant(&self, tenant: &Tenant, note: &Note) -> Outcome<()>;
    /// All tenants, by name.
    async fn tenants(&self) -> Outcome<Vec<Tenant>>;
    /// One tenant.
    async fn tenant(&self, id: &str) -> Outcome<Tenant>;
    /// Adds a user.
    async fn add_user(&self, user: &User, note: &Note) -> Outcome<()>;
    /// All users, by name.
    async fn users(&self) -> Outcome<Vec<User>>;
    /// One user.
    async fn user(&self, id: &str) -> Outcome<User>;
    /// One user by the name to sign in with.
    async fn user_by_name(&self, name: &str) -> Outcome<User>;
    /// Changes password and whether they may sign in; ends their sessions and tokens when they may not.
    async fn set_user(&self, user: &User, note: &Note) -> Outcome<()>;
    /// Adds a token.
    async fn add_token(&self, token: &Token, note: &Note) -> Outcome<()>;
    /// The token of a secret, by its hash, while it has not expired, with its user.
    async fn bearer(&self, hash: &str, now: Millis) -> Outcome<(Token, User)>;
    /// A user's tokens for programs.
    async fn tokens(&self, user: &str) -> Outcome<Vec<Token>>;
    /// Ends a token of a user.
    async fn end_token(&self, user: &str, id: &str, note: &Note) -> Outcome<()>;
}

/// Submissions, rounds, files.
#[async_trait]
pub(crate) trait Submissions: Send + Sync {
    /// Adds a submission, or gives the one that has the same codes and stage; true when it is new.
    async fn open_submission(&self, new: &Submission, note: &Note) -> Outcome<(Submission, bool)>;
    /// One submission.
    async fn submission(&self, id: &str) -> Outcome<Submission>;
    /// Those of a view, the last changed first.
    async fn submissions(&self, view: &View, wanted: &Wanted) -> Outcome<Vec<Submission>>;
    /// Adds a round; its number is the next one.
    async fn add_round(&self, round: &Round, note: &Note) -> Outcome<Round>;
    /// One round.
    async fn round(&self, id: &str) -> Outcome<Round>;
    /// Rounds of a submission, the latest first.
    async fn rounds(&self, submission: &str) -> Outcome<Vec<Round>>;
    /// The latest round of each submission of a view.
    async fn latest_rounds(&self, view: &View) -> Outcome<Vec<Round>>;
    /// Takes a draft away, with its files and uploads.
    async fn drop_draft(&self, round: &str, note: &Note) -> Outcome<()>;
    /// Adds a file to a draft. Refused when the round is no draft any more or would hold more than `most` files or bytes.
    async fn add_file(&self, file: &File, most: Room, note: &Note) -> Outcome<()>;
    /// Files of a round, by name.
    async fn files(&self, round: &str) -> Outcome<Vec<File>>;
    /// One file of a round.
    async fn file(&self, round: &str, id: &str) -> Outcome<File>;
    /// The file of this name, in the latest round of a submission where the user said its storey or its discipline.
    async fn said_before(&self, submission: &str, name: &str) -> Outcome<Option<File>>;
    /// Changes role, discipline and storey of a draft's file.
    async fn correct_file(&self, file: &File, note: &Note) -> Outcome<()>;
    /// Takes a file of a draft away.
    async fn remove_file(&self, round: &str, id: &str, note: &Note) -> Outcome<()>;
    /// Bytes that a tenant keeps, and those that its open uploads will need.
    async fn used_bytes(&self, tenant: &str) -> Outcome<i64>;
    /// What came out of a round.
    async fn artifacts(&self, round: &str) -> Outcome<Vec<Artifact>>;
    /// One of them.
    async fn artifact(&self, round: &str, name: &str) -> Outcome<Artifact>;
    /// What a round's run told after a step.
    async fn steps(&self, round: &str, after: i64) -> Outcome<Vec<Step>>;
    /// Adds a step to a round.
    async fn add_step(&self, round: &str, kind: &str, data: &serde_json::Value) -> Outcome<Step>;
}

/// What a round may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Room {
    /// Files.
    pub files: i64,
    /// Bytes.
    pub bytes: i64,
}

/// Uploads that are not finished.
#[async_trait]
pub(crate) trait Uploads: Send + Sync {
    /// Adds an upload. Refused when the tenant has `most` open already.
    async fn add_upload(&self, upload: &Upload, most: i64, note: &Note) -> Outcome<()>;
    /// One upload.
    async fn upload(&self, id: &str) -> Outcome<Upload>;
    /// Tells how much of it is safely stored.
    async fn move_upload(&self, id: &str, offset: i64) -> Outcome<()>;
    /// The upload becomes a file of its round.
    async fn finish_upload(&self, id: &str, file: &File, most: Room, note: &Note) -> Outcome<()>;
    /// Takes it away.
    async fn remove_upload(&self, id: &str, note: &Note) -> Outcome<()>;
    /// Open uploads of a round.
    async fn uploads(&self, round: &str) -> Outcome<Vec<Upload>>;
    /// Those whose time is over.
    async fn expired_uploads(&self, now: Millis) -> Outcome<Vec<Upload>>;
}

/// What people say of findings.
#[async_trait]
pub(crate) trait Reviews: Send + Sync {
    /// Adds a reply.
    async fn add_reply(&self, reply: &Reply, note: &Note) -> Outcome<Reply>;
    /// Replies of a submission, in their order.
    async fn replies(&self, submission: &str) -> Outcome<Vec<Reply>>;
    /// Adds a waiver.
    async fn add_waiver(&self, waiver: &Waiver, note: &Note) -> Outcome<()>;
    /// Waivers of a submission, in their order.
    async fn waivers(&self, submission: &str) -> Outcome<Vec<Waiver>>;
    /// One waiver.
    async fn waiver(&self, id: &str) -> Outcome<Waiver>;
    /// Takes a waiver back.
    async fn withdraw_waiver(&self, id: &str, note: &Note) -> Outcome<()>;
}

/// Addresses that are told of changes.
#[async_trait]
pub(crate) trait Hooks: Send + Sync {
    /// Adds a hook.
    async fn add_hook(&self, hook: &Hook, note: &Note) -> Outcome<()>;
    /// Hooks of a view.
    async fn hooks(&self, view: &View) -> Outcome<Vec<Hook>>;
    /// One hook.
    async fn hook(&self, id: &str) -> Outcome<Hook>;
    /// Takes a hook away, with what waits for it.
    async fn remove_hook(&self, id: &str, note: &Note) -> Outcome<()>;
    /// Deliveries whose time has come.
    async fn due_deliveries(&self, now: Millis, limit: i64) -> Outcome<Vec<Delivery>>;
    /// Tells what a try came to.
    async fn settle_delivery(&self, delivery: &Delivery) -> Outcome<()>;
    /// The last deliveries of a hook.
    async fn deliveries(&self, hook: &str, limit: i64) -> Outcome<Vec<Delivery>>;
}

/// What happened.
#[async_trait]
pub(crate) trait History: Send + Sync {
    /// Changes of a view after one, in their order.
    async fn changes(&self, view: &View, after: i64, since: Millis, limit: i64) -> Outcome<Vec<Change>>;
    /// Lines of the audit log of a view after one, in their order.
    async fn entries(&self, view: &View, after: i64, limit: i64) -> Outcome<Vec<Entry>>;
    /// Writes down a deed that changes nothing: a sign-in, a download.
    async fn note(&self, note: &Note) -> Outcome<()>;
    /// The first line of the audit log that does not fit the one before; none when all fit.
    async fn first_forged(&self) -> Outcome<Option<i64>>;
}

/// What goes with time.
#[async_trait]
pub(crate) trait Upkeep: Send + Sync {
    /// Asks the database for a sign of life.
    async fn alive(&self) -> Outcome<()>;
    /// Drafts older than a time.
    async fn old_drafts(&self, before: Millis) -> Outcome<Vec<Round>>;
    /// Marks the files of rounds that ended before a time as given up; how many.
    async fn drop_inputs(&self, before: Millis, note: &Note) -> Outcome<u64>;
    /// Whether a row still names these bytes of a tenant.
    async fn names_blob(&self, tenant: &str, sha256: &str) -> Outcome<bool>;
    /// All that is named: tenant and hash, for a backup.
    async fn blobs(&self) -> Outcome<Vec<(String, String)>>;
    /// A copy of all rows as of now, into a new file.
    async fn copy_to(&self, file: &std::path::Path) -> Outcome<()>;
}

/// All of it.
pub(crate) trait Store: People + Submissions + Uploads + Reviews + Hooks + History + Upkeep {}
