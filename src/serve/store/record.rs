//! What is kept, as plain rows.

use crate::serve::clock::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A design firm, or whoever else hands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Tenant {
    /// Random name.
    pub id: String,
    /// As people call it.
    pub name: String,
    /// The area whose reviewers see its submissions.
    pub area: String,
    /// When it was made, ms since 1970.
    pub created: Millis,
}

/// What somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    /// Hands in, and sees what the own firm handed in.
    Firm,
    /// Sees all of an area; accepts, rejects, comments, waives.
    Reviewer,
    /// Sees all, and says who may what.
    Administrator,
}

impl Role {
    /// As it is written.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Firm => "firm",
            Self::Reviewer => "reviewer",
            Self::Administrator => "administrator",
        }
    }

    /// Reads it.
    pub(crate) fn read(text: &str) -> Option<Self> {
        [Self::Firm, Self::Reviewer, Self::Administrator].into_iter().find(|r| r.name() == text)
    }
}

/// Somebody who signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct User {
    /// Random name.
    pub id: String,
    /// Name to sign in with.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// The firm, for who hands in.
    pub tenant: Option<String>,
    /// The area, for reviewers.
    pub area: Option<String>,
    /// Argon2id hash; none for who comes by a proxy only.
    #[serde(skip)]
    pub password: Option<String>,
    /// May not sign in any more.
    pub disabled: bool,
    /// When it was made, ms since 1970.
    pub created: Millis,
}

/// What a token lets its bearer do, beside what the user may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Scope {
    /// To look.
    Read,
    /// To hand in.
    Write,
    /// To accept, reject, comment, waive.
    Review,
    /// To say who may what.
    Admin,
}

impl Scope {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Review, Self::Admin];

    /// As it is written.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Review => "review",
            Self::Admin => "admin",
        }
    }

    /// Reads a list.
    pub(crate) fn read_all(text: &str) -> Vec<Self> {
        Self::ALL.into_iter().filter(|s| text.split(' ').any(|w| w == s.name())).collect()
    }

    /// Writes a list.
    pub(crate) fn write_all(scopes: &[Self]) -> String {
        scopes.iter().map(|s| s.name()).collect::<Vec<_>>().join(" ")
    }
}

/// A secret that stands for a user: of a session, or for a program. Kept as its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Token {
    /// Random name.
    pub id: String,
    /// Whose.
    pub user: String,
    /// What for, as the user calls it.
    pub name: String,
    /// SHA-256 of the secret.
    #[serde(skip)]
    pub hash: String,
    /// What it lets its bearer do.
    pub scopes: Vec<Scope>,
    /// Of a session: signing out ends it.
    pub session: bool,
    /// When it was made, ms since 1970.
    pub created: Millis,
    /// From when on it is worth nothing.
    pub expires: Millis,
}

/// All rounds of one building at one stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Submission {
    /// Random name.
    pub id: String,
    /// Whose.
    pub tenant: String,
    /// The area whose reviewers see it.
    pub area: String,
    /// Project code.
    pub project_code: String,
    /// Building code.
    pub building_code: String,
    /// Stage, such as `construction-drawings`.
    pub stage: String,
    /// What people call it.
    pub title: String,
    /// When it was made, ms since 1970.
    pub created: Millis,
    /// When something last changed.
    pub changed: Millis,
}

/// Where a round stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RoundState {
    /// Files are being sent.
    Draft,
    /// Waits for a worker.
    Queued,
    /// Being checked.
    Running,
    /// Checked: there is a report, and it says what is decided.
    Done,
    /// It could not be checked: a crash, a limit, nothing that could be read. Never a pass.
    Inconclusive,
    /// Somebody stopped it.
    Cancelled,
}

impl RoundState {
    /// As it is written.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Inconclusive => "inconclusive",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads it.
    pub(crate) fn read(text: &str) -> Option<Self> {
        [Self::Draft, Self::Queued, Self::Running, Self::Done, Self::Inconclusive, Self::Cancelled]
            .into_iter()
            .find(|s| s.name() == text)
    }

    /// Nothing will change it any more.
    pub(crate) const fn over(self) -> bool {
        matches!(self, Self::Done | Self::Inconclusive | Self::Cancelled)
    }
}

/// One upload of everything, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Round {
    /// Random name.
    pub id: String,
    /// Of which submission.
    pub submission: String,
    /// 1, 2, 3, …
    pub number: i64,
    /// Where it stands.
    pub state: RoundState,
    /// Rules asked: a built-in profile.
    pub profile: String,
    /// `accept`, `accept-with-warnings`, `fix-and-resubmit` or `inconclusive`; none before it is over.
    pub decision: Option<String>,
    /// Why it is inconclusive or was stopped, in one sentence.
    pub reason: Option<String>,
    /// Counts and score, from the report.
    #[schema(value_type = Option<Object>)]
    pub summary: Option<serde_json::Value>,
    /// The round that this one was held against.
    pub previous: Option<String>,
    /// When it was made, ms since 1970.
    pub created: Millis,
    /// When it was last handed to be checked.
    pub queued: Option<Millis>,
    /// When it was over.
    pub ended: Option<Millis>,
}

/// A file of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct File {
    /// Random name.
    pub id: String,
    /// Of which round.
    pub round: String,
    /// As sent, made harmless.
    pub name: String,
    /// What its bytes are: `ifc`, `ifczip`, `dxf`, `dwg`, `pdf`, `svg`, `ids`, `manifest`, `other`.
    pub kind: String,
    /// What it is used as: `model`, `drawing`, `ids`, `manifest`, `ignored`.
    pub role: String,
    /// `architecture`, `structure`, `mep`, or empty.
    pub discipline: String,
    /// The user says the discipline: it was not guessed, and the check goes by it.
    pub discipline_given: bool,
    /// A storey's name, several, or a range; or empty.
    pub storey: String,
    /// The user says the storey: it was not guessed, and the check goes by it.
    pub storey_given: bool,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Size.
    pub bytes: i64,
    /// When it was stored, ms since 1970.
    pub created: Millis,
    /// When its bytes were given up by age; none while they are kept.
    pub dropped: Option<Millis>,
}

/// An upload that is not finished (tus 1.0).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Upload {
    /// Random name.
    pub id: String,
    /// Whose.
    pub tenant: String,
    /// For which round.
    pub round: String,
    /// By whom.
    pub user: String,
    /// File name as sent.
    pub name: String,
    /// Metadata as sent (`Upload-Metadata`).
    pub metadata: String,
    /// Bytes that it will have.
    pub length: i64,
    /// Bytes that are safely stored.
    pub offset: i64,
    /// When it was made, ms since 1970.
    pub created: Millis,
    /// When it is given up.
    pub expires: Millis,
}

/// Something that came out of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Artifact {
    /// Of which round.
    #[serde(skip)]
    pub round: String,
    /// Such as `report.json`.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Size.
    pub bytes: i64,
}

/// A step of a run, as it was told.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Step {
    /// Counts up within the round.
    pub seq: i64,
    /// When, ms since 1970.
    pub at: Millis,
    /// `queued`, `stage`, `findings`, `done`, `inconclusive`, `cancelled`, `again`.
    pub kind: String,
    /// What is told.
    #[schema(value_type = Object)]
    pub data: serde_json::Value,
}

/// A run that waits or goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    /// Random name.
    pub id: String,
    /// Which round it checks.
    pub round: String,
    /// Times that it was begun and not taken back.
    pub attempts: i64,
}

/// What a worker's death means for its job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Buried {
    /// It is tried again.
    Again,
    /// It died often enough: parked, its round is inconclusive.
    Parked,
    /// It was stopped or taken by another meanwhile: nothing was changed.
    Lost,
}

/// What came of a run.
#[derive(Clone, Debug)]
pub(crate) struct Result {
    /// `Done` or `Inconclusive`.
    pub state: RoundState,
    /// The report's decision.
    pub decision: String,
    /// Why it is inconclusive.
    pub reason: Option<String>,
    /// Counts and score.
    pub summary: serde_json::Value,
    /// What was made.
    pub artifacts: Vec<Artifact>,
}

/// What somebody said of a finding. The last one counts; all are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Reply {
    /// Counts up.
    pub seq: i64,
    /// Of which submission.
    pub submission: String,
    /// In which round it was said.
    pub round: String,
    /// Fingerprint of the finding.
    pub finding: String,
    /// Firm: `accepted`, `done`, `rejected`, `unclear`. Reviewer: `confirmed`, `dismissed`. Either: `comment`.
    pub answer: String,
    /// In words.
    pub remark: String,
    /// Who.
    pub user: String,
    /// When, ms since 1970.
    pub at: Millis,
}

/// A finding or rule that a reviewer lets pass, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Waiver {
    /// Random name.
    pub id: String,
    /// Of which submission.
    pub submission: String,
    /// Fingerprint of the finding.
    pub finding: String,
    /// Its rule.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub user: String,
    /// When it was given, ms since 1970.
    pub created: Millis,
    /// Until when it holds.
    pub until: Millis,
    /// When it was taken back.
    pub withdrawn: Option<Millis>,
}

/// An address that is told of changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Hook {
    /// Random name.
    pub id: String,
    /// Whose changes; none for all.
    pub tenant: Option<String>,
    /// Of an area; none for all.
    pub area: Option<String>,
    /// Where to.
    pub url: String,
    /// Signs what is sent.
    #[serde(skip)]
    pub secret: String,
    /// When it was made, ms since 1970.
    pub created: Millis,
}

/// One call of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Delivery {
    /// Random name.
    pub id: String,
    /// To which hook.
    pub hook: String,
    /// The change that it tells of.
    pub change: i64,
    /// What is sent.
    pub body: String,
    /// Times tried.
    pub attempts: i64,
    /// `waiting`, `delivered`, `given-up`.
    pub state: String,
    /// When it is tried next, ms since 1970.
    pub next: Millis,
    /// What the last try came to.
    pub outcome: String,
}

/// Something that changed, for who asks what is new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Change {
    /// Counts up.
    pub seq: i64,
    /// When, ms since 1970.
    pub at: Millis,
    /// `submission.created`, `round.done`, `reply.added`, …
    pub kind: String,
    /// Whose.
    #[serde(skip)]
    pub tenant: String,
    /// The area.
    #[serde(skip)]
    pub area: String,
    /// Which submission.
    pub submission: String,
    /// Which round.
    pub round: Option<String>,
    /// Project code.
    pub project_code: String,
    /// Building code.
    pub building_code: String,
    /// Stage.
    pub stage: String,
}

/// A line of the audit log. Each holds the hash of the one before: none can be changed or taken out unseen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Entry {
    /// Counts up.
    pub seq: i64,
    /// When, ms since 1970.
    pub at: Millis,
    /// Who: a user's id, `service`, or empty where nobody was known.
    pub user: String,
    /// From which address.
    pub address: String,
    /// Whose things.
    pub tenant: Option<String>,
    /// The area.
    #[serde(skip)]
    pub area: Option<String>,
    /// What was done, such as `round.check`.
    pub action: String,
    /// To what.
    pub object: String,
    /// More, in words.
    pub detail: String,
    /// Hash of this line and the one before.
    pub hash: String,
}

/// What the audit log is to hold of a deed. Every method that changes something takes one, and writes it together with
/// the change or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Note {
    /// Who.
    pub user: String,
    /// From where.
    pub address: String,
    /// Whose things.
    pub tenant: Option<String>,
    /// The area.
    pub area: Option<String>,
    /// What was done.
    pub action: &'static str,
    /// To what.
    pub object: String,
    /// More.
    pub detail: String,
}
