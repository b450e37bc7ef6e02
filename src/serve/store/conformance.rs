//! What any store and queue has to hold. Run on SQLite here; another implementation adds its own `make`.

use super::record::{
    Artifact, Buried, File, Hook, Note, Reply, Result as Came, Role, Round, RoundState, Scope, Submission,
    Tenant, Token, Upload, User, Waiver,
};
use super::sqlite::SqliteStore;
use super::{History, Hooks, People, Reviews, Room, Store, Submissions, Upkeep, Uploads, View, Wanted};
use crate::serve::fault::Fault;
use crate::serve::queue::{DEATHS, LEASE, Queue};
use serde_json::json;

const ROOM: Room = Room { files: 3, bytes: 1000 };

async fn make() -> (tempfile::TempDir, SqliteStore) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = SqliteStore::open(&folder.path().join("rows.db")).await.expect("opens");
    (folder, store)
}

fn note(action: &'static str) -> Note {
    Note { user: "u".into(), action, object: "o".into(), ..Note::default() }
}

fn tenant(id: &str, area: &str) -> Tenant {
    Tenant { id: id.into(), name: format!("name of {id}"), area: area.into(), created: 1 }
}

fn submission(id: &str, tenant: &Tenant) -> Submission {
    Submission {
        id: id.into(),
        tenant: tenant.id.clone(),
        area: tenant.area.clone(),
        project_code: "P".into(),
        building_code: id.into(),
        stage: "s".into(),
        title: String::new(),
        created: 1,
        changed: 1,
    }
}

fn round(id: &str, submission: &str) -> Round {
    Round {
        id: id.into(),
        submission: submission.into(),
        number: 0,
        state: RoundState::Draft,
        profile: "general".into(),
        decision: None,
        reason: None,
        summary: None,
        previous: None,
        created: 1,
        queued: None,
        ended: None,
    }
}

fn file(id: &str, round: &str, name: &str, bytes: i64) -> File {
    File {
        id: id.into(),
        round: round.into(),
        name: name.into(),
        kind: "ifc".into(),
        role: "model".into(),
        discipline: String::new(),
        discipline_given: false,
        storey: String::new(),
        storey_given: false,
        sha256: format!("{id}00"),
        bytes,
        created: 1,
        dropped: None,
    }
}

/// Two tenants of two areas, each with a submission and a draft with one file.
async fn filled<S: Store>(store: &S) {
    for (id, area) in [("t1", "a1"), ("t2", "a2")] {
        let tenant = tenant(id, area);
        store.add_tenant(&tenant, &note("tenant.add")).await.expect("added");
        let named = format!("{id}s");
        store.open_submission(&submission(&named, &tenant), &note("submission.open")).await.expect("opened");
        let draft = format!("{id}r");
        store.add_round(&round(&draft, &named), &note("round.begin")).await.expect("begun");
        store
            .add_file(&file(&format!("{id}f"), &draft, "a.ifc", 100), ROOM, &note("file.add"))
            .await
            .expect("added");
    }
}

fn came() -> Came {
    Came {
        state: RoundState::Done,
        decision: "accept".into(),
        reason: None,
        summary: json!({ "errors": 0 }),
        artifacts: vec![Artifact {
            round: String::new(),
            name: "report.json".into(),
            sha256: "ab".into(),
            bytes: 7,
        }],
    }
}

#[tokio::test]
async fn a_view_holds_no_more_than_its_own() {
    let (_folder, store) = make().await;
    filled(&store).await;
    let wanted = Wanted { limit: 10, ..Wanted::default() };
    for (view, n) in [
        (View::All, 2),
        (View::Tenant("t1".into()), 1),
        (View::Area("a2".into()), 1),
        (View::Tenant("t3".into()), 0),
        (View::Area(String::new()), 0),
    ] {
        assert_eq!(store.submissions(&view, &wanted).await.expect("a list").len(), n, "{view:?}");
        assert_eq!(store.latest_rounds(&view).await.expect("a list").len(), n, "{view:?}");
        let changes = store.changes(&view, 0, 0, 100).await.expect("a list");
        assert_eq!(changes.len(), 2 * n, "{view:?}");
    }
    let none = Wanted { building_code: Some("other".into()), ..wanted };
    assert!(store.submissions(&View::All, &none).await.expect("a list").is_empty());
}

#[tokio::test]
async fn the_same_codes_are_the_same_submission() {
    let (_folder, store) = make().await;
    filled(&store).await;
    let again = Submission { id: "other".into(), ..submission("t1s", &tenant("t1", "a1")) };
    let (found, is_new) = store.open_submission(&again, &note("x")).await.expect("found");
    assert_eq!((found.id.as_str(), is_new), ("t1s", false));
    let second = store.add_round(&round("r2", "t1s"), &note("x")).await.expect("begun");
    assert_eq!(second.number, 2);
    assert_eq!(store.add_round(&round("r3", "none"), &note("x")).await, Err(Fault::NotFound));
}

#[tokio::test]
async fn a_round_holds_what_it_may_and_only_while_it_is_a_draft() {
    let (_folder, store) = make().await;
    filled(&store).await;
    store.add_file(&file("f2", "t1r", "a.ifc", 200), ROOM, &note("x")).await.expect("in place of the first");
    assert_eq!(store.files("t1r").await.expect("a list").len(), 1);
    let large = store.add_file(&file("f3", "t1r", "b.ifc", 900), ROOM, &note("x")).await;
    assert!(matches!(large, Err(Fault::TooLarge(_))), "{large:?}");
    for n in 0..2 {
        store
            .add_file(&file(&format!("g{n}"), "t1r", &format!("{n}"), 1), ROOM, &note("x"))
            .await
            .expect("room");
    }
    let many = store.add_file(&file("f4", "t1r", "c.ifc", 1), ROOM, &note("x")).await;
    assert!(matches!(many, Err(Fault::TooLarge(_))), "{many:?}");
    assert_eq!(store.used_bytes("t1").await, Ok(202));
    store.enqueue("t1r", "j", &note("x")).await.expect("queued");
    let late = store.add_file(&file("f5", "t1r", "d.ifc", 1), ROOM, &note("x")).await;
    assert!(matches!(late, Err(Fault::Conflict(_))), "{late:?}");
    assert!(store.remove_file("t1r", "g0", &note("x")).await.is_err());
    assert!(store.drop_draft("t1r", &note("x")).await.is_err());
    store.drop_draft("t2r", &note("x")).await.expect("dropped");
    assert_eq!(store.round("t2r").await, Err(Fault::NotFound));
}

#[tokio::test]
async fn an_upload_becomes_a_file_once() {
    let (_folder, store) = make().await;
    filled(&store).await;
    let upload = Upload {
        id: "u1".into(),
        tenant: "t1".into(),
        round: "t1r".into(),
        user: "x".into(),
        name: "b.dxf".into(),
        metadata: String::new(),
        length: 50,
        offset: 0,
        created: 1,
        expires: 10,
    };
    store.add_upload(&upload, 1, &note("x")).await.expect("begun");
    let second = Upload { id: "u2".into(), ..upload.clone() };
    assert!(matches!(store.add_upload(&second, 1, &note("x")).await, Err(Fault::TooLarge(_))));
    assert_eq!(store.used_bytes("t1").await, Ok(150), "what will come is counted");
    assert!(store.enqueue("t1r", "j", &note("x")).await.is_err(), "an upload is open");
    store.move_upload("u1", 20).await.expect("moved");
    assert_eq!(store.upload("u1").await.map(|u| u.offset), Ok(20));
    store.finish_upload("u1", &file("f2", "t1r", "b.dxf", 50), ROOM, &note("x")).await.expect("finished");
    let again = store.finish_upload("u1", &file("f3", "t1r", "b.dxf", 50), ROOM, &note("x")).await;
    assert_eq!(again, Err(Fault::NotFound));
    assert_eq!(store.files("t1r").await.expect("a list").len(), 2);
    assert_eq!(store.upload("u1").await.map(|u| u.offset), Ok(50));
    assert_eq!(store.expired_uploads(10).await.expect("a list").len(), 1);
}

#[tokio::test]
async fn a_job_is_taken_once_and_ends_once() {
    let (_folder, store) = make().await;
    filled(&store).await;
    assert_eq!(store.claim("me", 0).await, Ok(None));
    store.enqueue("t1r", "j1", &note("x")).await.expect("queued");
    assert!(store.enqueue("t1r", "j2", &note("x")).await.is_err(), "it is queued already");
    let (a, b) = tokio::join!(store.claim("me", 0), store.claim("you", 0));
    let taken: Vec<_> = [a, b].into_iter().filter_map(|c| c.expect("an answer")).collect();
    assert_eq!(taken.len(), 1, "two have taken the same job");
    assert_eq!(store.depth().await, Ok((0, 1)));
    let owner = if store.beat("j1", "me", 0).await == Ok(true) { "me" } else { "you" };
    assert_eq!(store.beat("j1", "somebody", 0).await, Ok(false));
    assert_eq!(store.finish("j1", "somebody", &came(), &note("x")).await, Ok(false));
    assert_eq!(store.finish("j1", owner, &came(), &note("x")).await, Ok(true));
    assert_eq!(store.finish("j1", owner, &came(), &note("x")).await, Ok(false));
    let round = store.round("t1r").await.expect("there");
    assert_eq!((round.state, round.decision.as_deref()), (RoundState::Done, Some("accept")));
    assert_eq!(store.artifact("t1r", "report.json").await.map(|a| a.bytes), Ok(7));
    let kinds: Vec<_> = store.steps("t1r", 0).await.expect("steps").into_iter().map(|s| s.kind).collect();
    assert_eq!(kinds, ["queued", "running", "done"]);
    // the next round is held against this one
    round_with_file(&store, "r2").await;
    let next = store.enqueue("r2", "j3", &note("x")).await.expect("queued");
    assert_eq!(next.previous.as_deref(), Some("t1r"));
}

#[tokio::test]
async fn a_round_that_is_over_stays_so_while_its_files_are_written() {
    let (_folder, store) = make().await;
    filled(&store).await;
    let made =
        |name: &str| Artifact { round: String::new(), name: name.into(), sha256: "cd".into(), bytes: 9 };
    store.enqueue("t1r", "j1", &note("x")).await.expect("queued");
    store.claim("me", 0).await.expect("an answer").expect("a job");
    assert_eq!(store.add_made("j1", "me", &made("early")).await, Ok(true));
    assert!(store.artifact("t1r", "early").await.is_err(), "nothing is had before the report");
    assert_eq!(store.publish("j1", "you", &came(), &note("x")).await, Ok(false));
    assert_eq!(store.publish("j1", "me", &came(), &note("x")).await, Ok(true));
    assert_eq!(store.round("t1r").await.map(|r| r.state), Ok(RoundState::Done));
    assert_eq!(store.at_work("t1r").await, Ok(true));
    assert_eq!(store.add_made("j1", "me", &made("report.pdf")).await, Ok(true));
    assert!(store.cancel("t1r", &note("x")).await.is_err(), "it is over");
    // its worker dies: once more, and what was told is not told again
    assert_eq!(store.bury("j1", "me", "crashed", &note("x")).await, Ok(Buried::Again));
    store.claim("me", 0).await.expect("an answer").expect("a job");
    assert_eq!(store.publish("j1", "me", &came(), &note("x")).await, Ok(true));
    assert_eq!(store.recover("new", 1, true).await, Ok(1));
    store.claim("new", 0).await.expect("an answer").expect("a job");
    let limit = Came {
        state: RoundState::Inconclusive,
        reason: Some("a limit".into()),
        artifacts: Vec::new(),
        ..came()
    };
    assert_eq!(store.finish("j1", "new", &limit, &note("x")).await, Ok(true));
    let round = store.round("t1r").await.expect("there");
    assert_eq!((round.state, round.decision.as_deref()), (RoundState::Done, Some("accept")));
    assert_eq!(store.at_work("t1r").await, Ok(false));
    assert_eq!(store.artifacts("t1r").await.expect("a list").len(), 2);
    let kinds: Vec<_> = store.steps("t1r", 0).await.expect("steps").into_iter().map(|s| s.kind).collect();
    assert_eq!(kinds, ["queued", "running", "done", "unwritten"]);
}

async fn round_with_file(store: &SqliteStore, id: &str) -> Round {
    let made = store.add_round(&round(id, "t1s"), &note("x")).await.expect("begun");
    store.add_file(&file(&format!("{id}f"), id, "a.ifc", 1), ROOM, &note("x")).await.expect("added");
    made
}

#[tokio::test]
async fn deaths_park_a_job_and_restarts_do_not() {
    let (_folder, store) = make().await;
    filled(&store).await;
    store.enqueue("t1r", "j1", &note("x")).await.expect("queued");
    for _ in 0..2 * DEATHS {
        store.claim("old", 0).await.expect("an answer").expect("a job");
        assert_eq!(store.recover("new", 1, true).await, Ok(1), "who has gone loses it");
    }
    store.claim("me", 0).await.expect("an answer").expect("a job");
    assert_eq!(store.recover("me", LEASE * 2, true).await, Ok(0), "one's own is kept");
    assert_eq!(store.recover("other", LEASE - 1, false).await, Ok(0), "it gave a sign of life");
    store.release("j1", "me").await.expect("released");
    for death in 1..=DEATHS {
        let job = store.claim("me", 0).await.expect("an answer").expect("a job");
        assert_eq!(job.attempts, death, "neither restarts nor releases are counted");
        let buried = store.bury("j1", "me", "it crashed", &note("x")).await.expect("buried");
        assert_eq!(buried, if death == DEATHS { Buried::Parked } else { Buried::Again });
    }
    assert_eq!(store.claim("me", 0).await, Ok(None));
    let round = store.round("t1r").await.expect("there");
    assert_eq!((round.state, round.reason.as_deref()), (RoundState::Inconclusive, Some("it crashed")));
    // a person may try again
    store.enqueue("t1r", "j2", &note("x")).await.expect("queued");
    assert_eq!(store.claim("me", 0).await.expect("an answer").map(|j| j.attempts), Some(1));
}

#[tokio::test]
async fn a_job_that_was_stopped_writes_nothing() {
    let (_folder, store) = make().await;
    filled(&store).await;
    store.enqueue("t1r", "j1", &note("x")).await.expect("queued");
    store.claim("me", 0).await.expect("an answer").expect("a job");
    store.cancel("t1r", &note("x")).await.expect("stopped");
    assert_eq!(store.beat("j1", "me", 0).await, Ok(false));
    assert_eq!(store.finish("j1", "me", &came(), &note("x")).await, Ok(false));
    assert_eq!(store.bury("j1", "me", "late", &note("x")).await, Ok(Buried::Lost));
    assert_eq!(store.round("t1r").await.map(|r| r.state), Ok(RoundState::Cancelled));
    assert!(store.cancel("t1r", &note("x")).await.is_err());
}

#[tokio::test]
async fn tokens_end_with_time_and_with_their_user() {
    let (_folder, store) = make().await;
    let mut user = User {
        id: "u".into(),
        name: "n".into(),
        role: Role::Administrator,
        tenant: None,
        area: None,
        password: None,
        disabled: false,
        created: 1,
    };
    store.add_user(&user, &note("x")).await.expect("added");
    assert!(matches!(store.add_user(&user, &note("x")).await, Err(Fault::Conflict(_))));
    let token = Token {
        id: "t".into(),
        user: "u".into(),
        name: "n".into(),
        hash: "h".into(),
        scopes: vec![Scope::Read, Scope::Admin],
        session: false,
        created: 1,
        expires: 100,
    };
    store.add_token(&token, &note("x")).await.expect("added");
    assert_eq!(store.bearer("h", 99).await.map(|(t, _)| t.scopes), Ok(vec![Scope::Read, Scope::Admin]));
    assert!(store.bearer("h", 100).await.is_err());
    assert_eq!(store.end_token("somebody", "t", &note("x")).await, Err(Fault::NotFound));
    user.disabled = true;
    store.set_user(&user, &note("x")).await.expect("changed");
    assert!(store.bearer("h", 99).await.is_err());
}

#[tokio::test]
async fn hooks_are_told_of_what_concerns_them() {
    let (_folder, store) = make().await;
    for (id, tenant, area) in [("h0", None, None), ("h1", Some("t1"), None), ("h2", None, Some("a2"))] {
        let hook = Hook {
            id: id.into(),
            tenant: tenant.map(Into::into),
            area: area.map(Into::into),
            url: "http://x/".into(),
            secret: "s".into(),
            created: 1,
        };
        store.add_hook(&hook, &note("x")).await.expect("added");
    }
    filled(&store).await;
    let count = async |hook: &str| store.deliveries(hook, 100).await.expect("a list").len();
    assert_eq!((count("h0").await, count("h1").await, count("h2").await), (4, 2, 2));
    let mut due = store.due_deliveries(i64::MAX, 100).await.expect("a list");
    assert_eq!(due.len(), 8);
    let mut one = due.remove(0);
    one.state = "delivered".into();
    store.settle_delivery(&one).await.expect("settled");
    assert_eq!(store.due_deliveries(i64::MAX, 100).await.expect("a list").len(), 7);
    store.remove_hook("h0", &note("x")).await.expect("removed");
    assert!(store.due_deliveries(i64::MAX, 100).await.expect("a list").iter().all(|d| d.hook != "h0"));
}

#[tokio::test]
async fn what_is_said_of_a_file_is_known_in_the_next_round() {
    let (_folder, store) = make().await;
    filled(&store).await;
    assert_eq!(store.said_before("t1s", "a.ifc").await, Ok(None));
    let mut file = store.files("t1r").await.expect("a list").remove(0);
    (file.storey, file.storey_given) = ("2F".into(), true);
    store.correct_file(&file, &note("file")).await.expect("corrected");
    assert_eq!(store.said_before("t1s", &file.name).await, Ok(Some(file.clone())));
    assert_eq!(store.said_before("t2s", &file.name).await, Ok(None), "of another tenant");
}

#[tokio::test]
async fn what_was_said_and_done_stays() {
    let (_folder, store) = make().await;
    filled(&store).await;
    let reply = Reply {
        seq: 0,
        submission: "t1s".into(),
        round: "t1r".into(),
        finding: "f".into(),
        answer: "rejected".into(),
        remark: "why".into(),
        user: "u".into(),
        at: 1,
    };
    store.add_reply(&reply, &note("reply")).await.expect("added");
    store.add_reply(&Reply { answer: "accepted".into(), ..reply }, &note("reply")).await.expect("added");
    let said = store.replies("t1s").await.expect("a list");
    assert_eq!(said.iter().map(|r| r.answer.as_str()).collect::<Vec<_>>(), ["rejected", "accepted"]);
    let waiver = Waiver {
        id: "w".into(),
        submission: "t1s".into(),
        finding: "f".into(),
        rule: "DM20".into(),
        reason: "r".into(),
        user: "u".into(),
        created: 1,
        until: 2,
        withdrawn: None,
    };
    store.add_waiver(&waiver, &note("waiver")).await.expect("added");
    store.withdraw_waiver("w", &note("waiver")).await.expect("withdrawn");
    assert_eq!(store.withdraw_waiver("w", &note("waiver")).await, Err(Fault::NotFound));
    let lines = store.entries(&View::All, 0, 1000).await.expect("a list");
    assert!(lines.len() >= 10);
    assert!(lines.windows(2).all(|w| w[1].seq == w[0].seq + 1));
    assert_eq!(store.first_forged().await, Ok(None));
}

#[tokio::test]
async fn inputs_go_with_age_and_what_is_named_is_known() {
    let (_folder, store) = make().await;
    filled(&store).await;
    assert_eq!(store.names_blob("t1", "t1f00").await, Ok(true));
    assert_eq!(store.names_blob("t2", "t1f00").await, Ok(false));
    assert_eq!(store.blobs().await.expect("a list").len(), 2);
    store.enqueue("t1r", "j1", &note("x")).await.expect("queued");
    store.claim("me", 0).await.expect("an answer");
    store.finish("j1", "me", &came(), &note("x")).await.expect("finished");
    assert_eq!(store.drop_inputs(0, &note("x")).await, Ok(0));
    assert_eq!(store.drop_inputs(i64::MAX, &note("x")).await, Ok(1));
    assert_eq!(store.names_blob("t1", "t1f00").await, Ok(false));
    assert_eq!(store.names_blob("t1", "ab").await, Ok(true), "the report stays");
    assert_eq!(store.old_drafts(i64::MAX).await.expect("a list").len(), 1);
}

/// The chain shows what was changed behind the service's back.
#[tokio::test]
async fn a_forged_line_of_the_log_is_seen() {
    let (folder, store) = make().await;
    filled(&store).await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("rows.db"));
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("opens");
    let refused = sqlx::query("UPDATE audit SET user = 'x' WHERE seq = 2").execute(&pool).await;
    assert!(refused.is_err_and(|e| e.to_string().contains("append-only")));
    sqlx::raw_sql("DROP TRIGGER audit_stays; UPDATE audit SET user = 'x' WHERE seq = 2")
        .execute(&pool)
        .await
        .expect("forged");
    assert_eq!(store.first_forged().await, Ok(Some(2)));
}
