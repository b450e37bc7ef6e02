//! The service and its workers killed at any moment (SIGKILL): nothing that was acknowledged is lost or shown twice, and
//! it is ready again at once. `TUMO_KILLS=3000 cargo test --features serve kill` runs as many as wanted.

use super::{Client, administrator, on_threads, sample, sha256, somebody, uploads};
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Kills in the middle of uploads where nobody says how many.
const TRIALS: usize = 300;
/// Of so many kills in the middle of uploads, one more in the middle of a check.
const CHECKS: usize = 60;
/// Within which it has to be ready again.
const READY: Duration = Duration::from_secs(5);

fn trials() -> usize {
    std::env::var("TUMO_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(TRIALS)
}

/// The service as a process, ready.
pub(super) struct Process {
    child: Child,
    pub(super) address: SocketAddr,
}

impl Process {
    fn start(data: &Path) -> Self {
        let mut command = Command::new(super::program());
        command.args(["serve", "--listen", "127.0.0.1:0", "--config"]);
        Self::of(command.arg(data.with_file_name("tumo.toml")).arg("--data").arg(data))
    }

    /// The program as it is called.
    pub(super) fn of(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).stdin(Stdio::null()).spawn().expect("it starts");
        let begun = Instant::now();
        let mut lines = BufReader::new(child.stderr.take().expect("its log"));
        let mut address = None;
        let mut line = String::new();
        while address.is_none() && lines.read_line(&mut line).is_ok_and(|n| n > 0) {
            let told: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            address = told["address"]
                .as_str()
                .filter(|_| told["event"] == "listening")
                .and_then(|a| a.parse().ok());
            line.clear();
        }
        // who does not read on stops it
        std::thread::spawn(move || lines.lines().map_while(Result::ok).for_each(drop));
        assert!(begun.elapsed() < READY, "it was not ready within {READY:?}");
        Self { child, address: address.expect("an address") }
    }

    pub(super) fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Numbers that look random, the same each time.
fn pause(seed: &mut u32, most_ms: u32) -> Duration {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    Duration::from_millis(u64::from(*seed % most_ms))
}

fn house() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("tumo.toml"), "[limits]\nfree_mb = 0\nruns_per_hour = 100000\n")
        .expect("written");
    let data = folder.path().join("data");
    (folder, data)
}

/// Sends files one after the other until the service is gone; what was acknowledged.
async fn send_on(firm: Client, round: String, from: u32) -> Vec<(String, String)> {
    let mut told = Vec::new();
    for n in from.. {
        let all = uploads::bytes(60_000, n + 1);
        let name = format!("{n}.dxf");
        let (kind, body) = super::form(&[(&name, all.clone())]);
        let path = format!("/api/v1/rounds/{round}/files");
        match firm.try_send("POST", &path, &[("content-type", &kind)], body).await {
            Ok(answer) if answer.status.as_u16() == 201 => told.push((name, sha256(&all))),
            Ok(answer) => panic!("answered {}", answer.status),
            Err(_) => break,
        }
    }
    told
}

/// Every file that was acknowledged is there once, with the bytes that were sent.
async fn all_there(firm: &Client, round: &str, sent: &[(String, String)]) {
    let path = format!("/api/v1/rounds/{round}/files");
    let files = firm.get(&path).await.is(200).json();
    let files = files.as_array().expect("a list");
    for (name, hash) in sent {
        let found: Vec<_> = files.iter().filter(|f| f["name"] == json!(name)).collect();
        assert_eq!(found.len(), 1, "{name} is there {} times", found.len());
        assert_eq!(found[0]["sha256"], json!(hash));
        let id = found[0]["id"].as_str().expect("a name");
        let back = firm.get(&format!("{path}/{id}/content")).await.is(200);
        assert_eq!(sha256(&back.bytes), *hash, "{name} comes back otherwise");
    }
}

#[test]
fn no_acknowledged_upload_is_lost() {
    on_threads(async {
        let (_folder, data) = house();
        let mut service = Process::start(&data);
        let admin = administrator(service.address, &data).await;
        let tenant =
            admin.post("/api/v1/tenants", json!({ "name": "one", "area": "a" })).await.is(201).text("id");
        let mut firm = somebody(&admin, "one", "firm", &tenant, &["read", "write"]).await;
        let (mut told, mut seed) = (0, 77u32);
        for trial in 0..trials() {
            firm.address = service.address;
            let round = firm.round(["P1", "B1"], &[]).await;
            let from = u32::try_from(trial).unwrap_or(0) * 1000;
            let sending = tokio::spawn(send_on(firm.clone(), round.clone(), from));
            tokio::time::sleep(Duration::from_millis(10) + pause(&mut seed, 120)).await;
            service.kill();
            let sent = sending.await.expect("sent");
            service = Process::start(&data);
            firm.address = service.address;
            all_there(&firm, &round, &sent).await;
            told += sent.len();
        }
        assert!(told > trials(), "only {told} were acknowledged");
        println!("{} kills, {told} uploads acknowledged, all there once", trials());
        service.kill();
    });
}

#[test]
fn a_check_ends_once_whatever_is_killed() {
    on_threads(async {
        let (_folder, data) = house();
        let mut service = Process::start(&data);
        let admin = administrator(service.address, &data).await;
        let tenant =
            admin.post("/api/v1/tenants", json!({ "name": "one", "area": "a" })).await.is(201).text("id");
        let mut firm = somebody(&admin, "one", "firm", &tenant, &["read", "write"]).await;
        let files = [
            ("OfficeA.ifc", sample("fail_office-tarch", "OfficeA.ifc")),
            ("plans.dxf", sample("fail_office-tarch", "arch_plans.dxf")),
        ];
        let mut seed = 5u32;
        for trial in 0..trials().div_ceil(CHECKS) {
            let round = firm.round(["P1", "B1"], &files).await;
            firm.post(&format!("/api/v1/rounds/{round}/check"), json!({})).await.is(202);
            tokio::time::sleep(pause(&mut seed, 1500)).await;
            service.kill();
            service = Process::start(&data);
            firm.address = service.address;
            let over = firm.over(&round).await;
            assert_eq!(
                (&over["state"], &over["decision"]),
                (&json!("done"), &json!("fix-and-resubmit")),
                "trial {trial}"
            );
            let steps = firm.get(&format!("/api/v1/rounds/{round}/progress")).await.json()["steps"].clone();
            let ends = steps.as_array().expect("steps").iter().filter(|s| s["kind"] == "done").count();
            assert_eq!(ends, 1, "it is told as done {ends} times");
            firm.get(&format!("/api/v1/rounds/{round}/report")).await.is(200);
            // and once more, while the other formats are written: what is over stays so, and they come all the same
            tokio::time::sleep(pause(&mut seed, 3000)).await;
            service.kill();
            service = Process::start(&data);
            firm.address = service.address;
            assert_eq!(
                firm.over(&round).await["state"],
                "done",
                "trial {trial}: what was told is taken back"
            );
            assert!(firm.written(&round).await["unwritten"].is_null(), "trial {trial}");
            for format in ["html", "csv", "bcf", "bcf3", "sarif"] {
                firm.get(&format!("/api/v1/rounds/{round}/report?format={format}")).await.is(200);
            }
            let steps = firm.get(&format!("/api/v1/rounds/{round}/progress")).await.json()["steps"].clone();
            let kinds: Vec<_> = steps.as_array().expect("steps").iter().map(|s| s["kind"].clone()).collect();
            assert_eq!(kinds.iter().filter(|k| **k == json!("done")).count(), 1, "{kinds:?}");
        }
        service.kill();
    });
}
