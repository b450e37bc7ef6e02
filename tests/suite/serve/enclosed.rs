//! Workers: what they may use, what becomes of a run that dies, and how one is stopped.

use super::{House, on_threads, sample};
use serde_json::json;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

fn pair() -> [(&'static str, Vec<u8>); 2] {
    let of = |file| sample("fail_office-tarch", file);
    [("OfficeA.ifc", of("OfficeA.ifc")), ("plans.dxf", of("arch_plans.dxf"))]
}

/// A worker that does something else, as a script beside the test's own files.
fn script(name: &str, text: &str) -> PathBuf {
    let file = std::env::temp_dir().join(format!("tumo-{name}-{}", std::process::id()));
    std::fs::write(&file, format!("#!/bin/sh\n{text}\n")).expect("written");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).expect("made to run");
    file
}

#[test]
fn three_deaths_park_a_run_and_the_others_go_on() {
    on_threads(async {
        // the first round's worker dies each time; it is told from others by its file
        let dying = script(
            "dying",
            &format!(
                "grep -q poison \"$2/job.json\" && kill -SEGV $$\nexec {} \"$@\"",
                super::program().display()
            ),
        );
        let house = House::new(|_| ()).await;
        house.stop().await;
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = super::config(folder.path());
        config.worker.program = dying;
        config.worker.count = 1;
        let running = tumo::serve::start(config).await.expect("it starts");
        let admin = super::administrator(running.address, folder.path()).await;
        let tenant =
            admin.post("/api/v1/tenants", json!({ "name": "one", "area": "a" })).await.is(201).text("id");
        let firm = super::somebody(&admin, "one", "firm", &tenant, &["read", "write"]).await;
        let poison = firm.round(["P1", "B1"], &[("poison.ifc", b"ISO-10303-21;".to_vec())]).await;
        let sound = firm.round(["P1", "B2"], &pair()).await;
        for round in [&poison, &sound] {
            firm.post(&format!("/api/v1/rounds/{round}/check"), json!({})).await.is(202);
        }
        let over = firm.over(&poison).await;
        assert_eq!((&over["state"], &over["decision"]), (&json!("inconclusive"), &json!("inconclusive")));
        assert!(over["reason"].as_str().is_some_and(|r| r.contains("crashed")), "{over}");
        let steps = firm.get(&format!("/api/v1/rounds/{poison}/progress")).await.json()["steps"].clone();
        let begun = steps.as_array().expect("steps").iter().filter(|s| s["kind"] == "running").count();
        assert_eq!(begun, 3);
        assert_eq!(firm.over(&sound).await["state"], "done");
        running.stop().await;
    });
}

async fn with_worker(text: &str, seconds: u64) -> serde_json::Value {
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = super::config(folder.path());
    config.worker.program = script(&format!("worker-{}", text.len()), text);
    config.worker.seconds = seconds;
    let running = tumo::serve::start(config).await.expect("it starts");
    let admin = super::administrator(running.address, folder.path()).await;
    let tenant =
        admin.post("/api/v1/tenants", json!({ "name": "one", "area": "a" })).await.is(201).text("id");
    let firm = super::somebody(&admin, "one", "firm", &tenant, &["read", "write"]).await;
    let round = firm.round(["P1", "B1"], &[("a.ifc", b"ISO-10303-21;".to_vec())]).await;
    firm.post(&format!("/api/v1/rounds/{round}/check"), json!({})).await.is(202);
    let over = firm.over(&round).await;
    firm.get(&format!("/api/v1/rounds/{round}/report")).await.is(409);
    running.stop().await;
    over
}

#[test]
fn whatever_a_worker_does_nothing_that_died_is_passed() {
    on_threads(async {
        for (text, seconds, says) in [
            ("sleep 60", 1, "longer than 1 s"),
            ("exit 0", 30, "fault of its own"),
            ("exit 3", 30, "fault of its own"),
            (
                "echo '{\"decision\":\"accept\",\"refused\":null,\"summary\":{}}' > $2/out/result.json",
                30,
                "fault of its own",
            ),
            (
                "echo x > $2/out/report.json; echo '{\"decision\":\"splendid\",\"refused\":null,\"summary\":{}}' > $2/out/result.json",
                30,
                "fault of its own",
            ),
            (
                "ln -s /etc/passwd $2/out/report.json; echo '{\"decision\":\"accept\",\"refused\":null,\"summary\":{}}' > $2/out/result.json",
                30,
                "fault of its own",
            ),
            ("kill -XCPU $$", 30, "processor time"),
            ("echo 'memory allocation of 9 bytes failed' >&2; kill -ABRT $$", 30, "MB of memory"),
        ] {
            let over = with_worker(text, seconds).await;
            assert_eq!(
                (&over["state"], &over["decision"]),
                (&json!("inconclusive"), &json!("inconclusive")),
                "{text}"
            );
            assert!(over["reason"].as_str().is_some_and(|r| r.contains(says)), "{text}: {over}");
        }
    });
}

#[test]
fn a_run_that_is_stopped_stops() {
    on_threads(async {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = super::config(folder.path());
        config.worker.program = script("sleeping", "exec sleep 3117");
        let running = tumo::serve::start(config).await.expect("it starts");
        let admin = super::administrator(running.address, folder.path()).await;
        let tenant =
            admin.post("/api/v1/tenants", json!({ "name": "one", "area": "a" })).await.is(201).text("id");
        let firm = super::somebody(&admin, "one", "firm", &tenant, &["read", "write"]).await;
        let round = firm.round(["P1", "B1"], &[("a.ifc", b"ISO-10303-21;".to_vec())]).await;
        firm.post(&format!("/api/v1/rounds/{round}/check"), json!({})).await.is(202);
        let begun = std::time::Instant::now();
        while firm.get(&format!("/api/v1/rounds/{round}")).await.json()["state"] != "running" {
            assert!(begun.elapsed().as_secs() < 20, "it does not begin");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        firm.post(&format!("/api/v1/rounds/{round}/cancel"), json!({})).await.is(200);
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        let left = std::process::Command::new("pgrep").args(["-f", "sleep 3117"]).output();
        assert!(left.map_or(true, |l| l.stdout.is_empty()), "the worker goes on");
        assert_eq!(firm.get(&format!("/api/v1/rounds/{round}")).await.json()["state"], "cancelled");
        // and can be begun again
        firm.post(&format!("/api/v1/rounds/{round}/check"), json!({})).await.is(202);
        running.stop().await;
    });
}

#[test]
fn a_worker_sees_its_own_folder_only_and_reaches_nobody() {
    // told by the worker itself; a kernel without Landlock says so, and that is told here
    let folder = tempfile::tempdir().expect("a folder");
    for part in ["in", "out"] {
        std::fs::create_dir(folder.path().join(part)).expect("made");
    }
    let (model, drawing) = ("OfficeA.ifc", "arch_plans.dxf");
    let mut files = Vec::new();
    // a DWG is read by a process of the worker's own, which has to start within its bounds
    let torn = [b"AC1032".as_slice(), &[0; 4096]].concat();
    for (n, (name, role)) in
        [(model, "model"), (drawing, "drawing"), ("torn.dwg", "drawing")].into_iter().enumerate()
    {
        let bytes = if name == "torn.dwg" { torn.clone() } else { sample("fail_office-tarch", name) };
        std::fs::write(folder.path().join("in").join(n.to_string()), &bytes).expect("written");
        files.push(
            json!({ "name": name, "role": role, "sha256": super::sha256(&bytes), "bytes": bytes.len() }),
        );
    }
    let order = json!({
        "task": "check", "replies": [], "waivers": [], "files": files, "profile": "cn-building",
        "project_code": "P", "building_code": "B", "stage": "s",
        "seed": "s", "made_at": "2026-01-01T00:00:00Z", "previous": false, "supervised": false,
        "limits": { "memory": 4u64 << 30, "cpu_seconds": 600, "file": 1u64 << 30 },
    });
    std::fs::write(folder.path().join("job.json"), order.to_string()).expect("written");
    let run =
        std::process::Command::new(super::program()).arg("round").arg(folder.path()).output().expect("run");
    let told = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{told}{}", String::from_utf8_lossy(&run.stderr));
    let first: serde_json::Value =
        serde_json::from_str(told.lines().next().unwrap_or_default()).expect("JSON");
    let cage = &first["enclosed"];
    assert_eq!((&cage["limits"], &cage["calls"]), (&json!(true), &json!(true)), "{cage}");
    if cage["files"] != "full" {
        println!("SKIPPED: this kernel has Landlock only {}", cage["files"]);
    }
    let report = std::fs::read_to_string(folder.path().join("out/report.json")).expect("a report");
    assert!(
        report.contains("torn.dwg") && !report.contains("cannot be started"),
        "DWG cannot be read at all"
    );
    assert!(folder.path().join("out/overlay-0.bin").is_file());
}
