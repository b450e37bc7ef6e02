//! Rows that an earlier version wrote are all there in this one.

use super::{SqliteStore, VERSIONS};
use crate::serve::fault::Fault;
use crate::serve::store::record::Role;
use crate::serve::store::{People, Submissions};
use sha2::{Digest, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use std::path::Path;

/// What a service with the tables of version 1 may have written.
const ROWS: &str = "
INSERT INTO tenants VALUES ('t1', 'First Firm', 'tianhe', 1);
INSERT INTO users VALUES ('u1', 'designer', 'firm', 't1', NULL, 'a hash', 0, 1);
INSERT INTO tokens VALUES ('k1', 'u1', 'a program', 'the hash of a token', 'read write', 0, 1, 9000000000000);
INSERT INTO submissions VALUES ('s1', 't1', 'tianhe', 'P-1', 'B-1', 'construction-drawings', 'Office', 1, 5);
INSERT INTO rounds VALUES ('r1', 's1', 1, 'done', 'cn-building', 'fix-and-resubmit', NULL, '{\"errors\":3}', NULL, 1, 2, 5);
INSERT INTO files VALUES ('f1', 'r1', 't1', 'A-101 二层平面.dxf', 'dxf', 'drawing', 'architecture', '2F', 'aa', 12, 1, NULL);
INSERT INTO files VALUES ('f2', 'r1', 't1', 'OfficeA.ifc', 'ifc', 'model', '', '', 'bb', 34, 1, NULL);
INSERT INTO artifacts VALUES ('r1', 't1', 'report.json', 'cc', 56);
INSERT INTO steps VALUES ('r1', 1, 3, 'done', '{}');
INSERT INTO jobs VALUES ('j1', 'r1', 't1', 'queued', 0, 0, NULL, NULL, 2);
INSERT INTO replies (submission, round, finding, answer, remark, user, at) VALUES ('s1', 'r1', 'x', 'done', 'moved', 'u1', 6);
INSERT INTO audit (at, user, address, action, object, detail, hash) VALUES (1, 'u1', '', 'sign-in', 'u1', '', 'h');
PRAGMA user_version = 1;
";

async fn database(file: &Path, scripts: &[&str]) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let pool = SqlitePool::connect_with(options).await.expect("a database");
    for script in scripts {
        sqlx::raw_sql(sqlx::AssertSqlSafe((*script).to_owned())).execute(&pool).await.expect("sound SQL");
    }
    pool
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(test);
}

#[test]
fn rows_of_version_1_are_all_there() {
    run(async {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("tumo.db");
        database(&file, &[VERSIONS[0], ROWS]).await.close().await;
        // twice: what is brought up once is left as it is
        for _ in 0..2 {
            let store = SqliteStore::open(&file).await.expect("it opens");
            assert_eq!(store.files("r1").await.expect("files").len(), 2, "what is asked first is told");
            let version: i64 =
                sqlx::query_scalar("PRAGMA user_version").fetch_one(&store.reader).await.expect("a version");
            assert_eq!(usize::try_from(version), Ok(VERSIONS.len()));
            let files = store.files("r1").await.expect("files");
            let plan = files.iter().find(|f| f.id == "f1").expect("the drawing");
            assert_eq!((plan.storey.as_str(), plan.discipline.as_str()), ("2F", "architecture"));
            assert_eq!(files.len(), 2);
            let round = store.round("r1").await.expect("the round");
            assert_eq!(round.decision.as_deref(), Some("fix-and-resubmit"));
            let users = store.users().await.expect("users");
            assert!(users.iter().any(|u| u.name == "designer" && u.role == Role::Firm));
            for (table, rows) in
                [("artifacts", 1), ("steps", 1), ("jobs", 1), ("replies", 1), ("audit", 1), ("tokens", 1)]
            {
                let count = format!("SELECT count(*) FROM {table}");
                let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(count))
                    .fetch_one(&store.reader)
                    .await
                    .expect("rows");
                assert_eq!(count, rows, "{table}");
            }
            store.close().await;
        }
    });
}

#[test]
fn rows_of_a_later_version_are_left_alone() {
    run(async {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("tumo.db");
        let later = format!("PRAGMA user_version = {}", VERSIONS.len() + 1);
        database(&file, &[VERSIONS[0], &later]).await.close().await;
        let refused = SqliteStore::open(&file).await.expect_err("it is not opened");
        assert!(matches!(&refused, Fault::Unavailable(why) if why.contains("later version")), "{refused:?}");
    });
}

#[test]
fn a_version_that_stops_half_way_is_run_again() {
    run(async {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("tumo.db");
        // a table of that name is in the way of the second statement of version 2
        let in_the_way = "ALTER TABLE files ADD COLUMN storey_given INTEGER NOT NULL DEFAULT 0;";
        database(&file, &[VERSIONS[0], ROWS, in_the_way]).await.close().await;
        SqliteStore::open(&file).await.expect_err("version 2 cannot be reached");
        let pool = database(&file, &[]).await;
        let version: i64 =
            sqlx::query_scalar("PRAGMA user_version").fetch_one(&pool).await.expect("a version");
        assert_eq!(version, 1, "half a version is none");
        sqlx::raw_sql("ALTER TABLE files DROP COLUMN storey_given").execute(&pool).await.expect("dropped");
        pool.close().await;
        let store = SqliteStore::open(&file).await.expect("it opens");
        assert_eq!(store.files("r1").await.expect("files").len(), 2);
    });
}

/// Databases in use were made by these scripts: a change goes into a script of its own, after them.
#[test]
fn versions_that_are_in_use_do_not_change() {
    let in_use = [
        "f9bbd2d9e241f9eb21773508c3ee4197fde4f3a73ec2cd857000a5bdc41dfcf1",
        "9e96afda5f8790ca3566dfbb228828bd8a4567c7d51545a8520abb83647643e4",
    ];
    for (script, hash) in VERSIONS.iter().zip(in_use) {
        let now: String = Sha256::digest(script.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(now, hash);
    }
    assert_eq!(VERSIONS.len(), in_use.len(), "a new version is added here, too");
}
