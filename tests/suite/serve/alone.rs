//! The program with nothing set but where it listens: what somebody has who starts it for the first time.

use super::kill::Process;
use super::{administrator, on_threads, sample, somebody};
use serde_json::json;
use std::path::Path;
use std::process::Command;

#[test]
fn the_program_alone_checks_a_pair() {
    on_threads(async {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(super::program());
        let service =
            Process::of(command.args(["serve", "--listen", "127.0.0.1:0"]).current_dir(folder.path()));
        let admin = administrator(service.address, &folder.path().join("tumo-data")).await;
        let tenant =
            admin.post("/api/v1/tenants", json!({ "name": "one", "area": "a" })).await.is(201).text("id");
        let firm = somebody(&admin, "one", "firm", &tenant, &["read", "write"]).await;
        let of = |file| sample("fail_office-tarch", file);
        let pair = [("OfficeA.ifc", of("OfficeA.ifc")), ("plans.dxf", of("arch_plans.dxf"))];
        let round = firm.round(["P1", "B1"], &pair).await;
        firm.post(&format!("/api/v1/rounds/{round}/check"), json!({})).await.is(202);
        let over = firm.over(&round).await;
        assert_eq!(
            (&over["state"], &over["decision"]),
            (&json!("done"), &json!("fix-and-resubmit")),
            "{over}"
        );
        service.kill();
    });
}

/// Somebody whose password was lost has a new one, made beside the running service by who may write into its folder.
#[test]
fn a_lost_password_is_made_anew_and_that_is_written_down() {
    on_threads(async {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("tumo-data");
        let mut command = Command::new(super::program());
        let service =
            Process::of(command.args(["serve", "--listen", "127.0.0.1:0"]).current_dir(folder.path()));
        let admin = administrator(service.address, &data).await;
        let anew = |name: &str| {
            let mut command = Command::new(super::program());
            command.args(["serve", "--new-password", name]).current_dir(folder.path()).output().expect("run")
        };
        let unknown = anew("nobody");
        assert_eq!(unknown.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&unknown.stderr).contains("the administrators are admin"));
        let made = anew("admin");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let file = data.join("new-password.txt");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&file).expect("the file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let said = |file: &Path| std::fs::read_to_string(file).expect("a password").trim().to_owned();
        let nobody = super::Client { address: service.address, token: None };
        // the old one is worth nothing any more
        let first = said(&data.join("first-password.txt"));
        let (old, new) = (json!({ "name": "admin", "password": first }), said(&file));
        nobody.post("/api/v1/sign-in", old).await.is(401);
        let right = json!({ "name": "admin", "password": new });
        nobody.post("/api/v1/sign-in", right).await.is(204);
        let log = admin.get("/api/v1/audit").await.is(200).json();
        let lines = log["entries"].as_array().expect("lines");
        assert!(
            lines.iter().any(|l| l["action"] == "user.new-password" && l["user"] == "command line"),
            "{log}"
        );
        service.kill();
    });
}

/// What was handed in goes with its age; the report, its hashes and the log stay.
#[test]
fn inputs_go_with_their_age_and_the_report_stays() {
    on_threads(async {
        let folder = tempfile::tempdir().expect("a folder");
        let (set, data) = (folder.path().join("tumo.toml"), folder.path().join("data"));
        std::fs::write(&set, "[limits]\nfree_mb = 0\n[keep]\ninputs_days = 30\nstrays_hours = 0\n")
            .expect("written");
        let start = || {
            let mut command = Command::new(super::program());
            command.args(["serve", "--listen", "127.0.0.1:0", "--config"]).arg(&set).arg("--data").arg(&data);
            Process::of(&mut command)
        };
        let mut service = start();
        let admin = administrator(service.address, &data).await;
        let tenant =
            admin.post("/api/v1/tenants", json!({ "name": "one", "area": "a" })).await.is(201).text("id");
        let mut firm = somebody(&admin, "one", "firm", &tenant, &["read", "write"]).await;
        let pair = [("OfficeA.ifc", sample("fail_office-tarch", "OfficeA.ifc"))];
        let round = firm.round(["P1", "B1"], &pair).await;
        firm.post(&format!("/api/v1/rounds/{round}/check"), json!({})).await.is(202);
        assert_eq!(firm.over(&round).await["state"], "done");
        firm.written(&round).await;
        let path = format!("/api/v1/rounds/{round}/files");
        let file = firm.get(&path).await.json()[0].clone();
        let content = format!("{path}/{}/content", file["id"].as_str().expect("an id"));
        firm.get(&content).await.is(200);
        service.kill();
        // thirty-one days later
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(data.join("tumo.db"));
        let rows = sqlx::SqlitePool::connect_with(options).await.expect("opens");
        let aged = "UPDATE rounds SET ended = ended - 31 * 86400000";
        sqlx::raw_sql(aged).execute(&rows).await.expect("aged");
        rows.close().await;
        service = start();
        firm.address = service.address;
        let begun = std::time::Instant::now();
        while firm.get(&content).await.status.as_u16() == 200 {
            assert!(begun.elapsed().as_secs() < 30, "the file is still there");
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        assert!(firm.get(&content).await.is(410).text("detail").contains("its hash and report are"));
        let kept = firm.get(&path).await.json()[0].clone();
        assert_eq!(kept["sha256"], file["sha256"]);
        firm.get(&format!("/api/v1/rounds/{round}/report")).await.is(200);
        // its bytes go too, which nothing names any more
        let hash = file["sha256"].as_str().expect("a hash");
        let bytes = data.join("objects").join(&tenant).join(&hash[..2]).join(hash);
        while bytes.exists() {
            assert!(begun.elapsed().as_secs() < 60, "its bytes are still there");
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        service.kill();
    });
}
