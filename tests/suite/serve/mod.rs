//! The service, run in this process or as the program, and asked over HTTP.

mod alone;
mod browser;
mod disk;
mod door;
mod enclosed;
mod hooks;
mod hostile;
mod kill;
mod rounds;
mod uploads;
mod who;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{HeaderMap, Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tumo::serve::{self, Config, Running};

/// The program; `TUMO_PROGRAM` names another build of it.
fn program() -> PathBuf {
    std::env::var_os("TUMO_PROGRAM").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_tumo")), PathBuf::from)
}

/// A sample's file.
fn sample(project: &str, file: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/projects").join(project);
    std::fs::read(folder.join(file)).expect("a sample")
}

/// What tests of the service set.
fn config(data: &Path) -> Config {
    let mut config = Config { data: data.to_owned(), listen: "127.0.0.1:0".into(), ..Config::default() };
    config.worker.program = program();
    config.limits.free_mb = 0;
    config
}

/// An answer.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Bytes,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    fn text(&self, key: &str) -> String {
        self.json()[key].as_str().unwrap_or_else(|| panic!("no {key}: {self:?}")).to_owned()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    #[track_caller]
    fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.bytes));
        self
    }
}

/// Somebody who asks.
#[derive(Clone, Debug)]
struct Client {
    address: SocketAddr,
    token: Option<String>,
}

impl Client {
    async fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Answer, String> {
        let told = |e: &dyn std::fmt::Display| e.to_string();
        let stream = tokio::net::TcpStream::connect(self.address).await.map_err(|e| told(&e))?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|e| told(&e))?;
        let connection = tokio::spawn(connection);
        let method = Method::from_bytes(method.as_bytes()).map_err(|e| told(&e))?;
        let mut request =
            Request::builder().method(method).uri(path).header("host", self.address.to_string());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(Full::new(Bytes::from(body))).map_err(|e| told(&e))?;
        let response = sender.send_request(request).await.map_err(|e| told(&e))?;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.map_err(|e| told(&e))?.to_bytes();
        connection.abort();
        Ok(Answer { status: parts.status, headers: parts.headers, bytes })
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        self.try_send(method, path, headers, body).await.expect("an answer")
    }

    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], Vec::new()).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        let json = [("content-type", "application/json")];
        self.send("POST", path, &json, body.to_string().into_bytes()).await
    }

    /// A draft with files, sent as a form.
    async fn round(&self, codes: [&str; 2], files: &[(&str, Vec<u8>)]) -> String {
        let new =
            json!({ "project_code": codes[0], "building_code": codes[1], "stage": "construction-drawings" });
        let submission = self.post("/api/v1/submissions", new).await.text("id");
        let round = self
            .post(&format!("/api/v1/submissions/{submission}/rounds"), json!({}))
            .await
            .is(201)
            .text("id");
        if !files.is_empty() {
            let (kind, body) = form(files);
            let path = format!("/api/v1/rounds/{round}/files");
            self.send("POST", &path, &[("content-type", &kind)], body).await.is(201);
        }
        round
    }

    /// Waits until every format of a round's report is written.
    async fn written(&self, round: &str) -> Value {
        let begun = Instant::now();
        loop {
            let told = self.get(&format!("/api/v1/rounds/{round}/formats")).await.is(200).json();
            if told["writing"] == false {
                return told;
            }
            assert!(begun.elapsed() < Duration::from_secs(300), "formats are still written after 300 s");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Waits until a round is over.
    async fn over(&self, round: &str) -> Value {
        let begun = Instant::now();
        loop {
            let now = self.get(&format!("/api/v1/rounds/{round}")).await.is(200).json();
            if ["done", "inconclusive", "cancelled"].contains(&now["state"].as_str().unwrap_or_default()) {
                return now;
            }
            assert!(begun.elapsed() < Duration::from_secs(240), "the round does not end: {now}");
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
    }
}

/// A form with files.
fn form(files: &[(&str, Vec<u8>)]) -> (String, Vec<u8>) {
    let line = "----tumo-test-form";
    let mut body = Vec::new();
    for (name, bytes) in files {
        let head =
            format!("--{line}\r\ncontent-disposition: form-data; name=\"f\"; filename=\"{name}\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{line}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={line}"), body)
}

/// The service with its people.
struct House {
    running: Running,
    admin: Client,
    _folder: tempfile::TempDir,
}

impl House {
    async fn new(set: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = config(folder.path());
        set(&mut config);
        let running = serve::start(config).await.expect("it starts");
        let admin = administrator(running.address, folder.path()).await;
        Self { running, admin, _folder: folder }
    }

    /// Somebody with a token: of a role, for a tenant or an area, with scopes.
    async fn somebody(&self, name: &str, role: &str, place: &str, scopes: &[&str]) -> Client {
        somebody(&self.admin, name, role, place, scopes).await
    }

    /// A tenant; its id.
    async fn tenant(&self, name: &str, area: &str) -> String {
        self.admin.post("/api/v1/tenants", json!({ "name": name, "area": area })).await.is(201).text("id")
    }

    /// Somebody of a firm who may read and write.
    async fn firm(&self, name: &str) -> Client {
        let tenant = self.tenant(name, "tianhe").await;
        self.somebody(&format!("{name}-user"), "firm", &tenant, &["read", "write"]).await
    }

    async fn stop(self) {
        self.running.stop().await;
    }
}

/// The first administrator, with a token.
async fn administrator(address: SocketAddr, data: &Path) -> Client {
    let password = std::fs::read_to_string(data.join("first-password.txt")).expect("a password");
    let nobody = Client { address, token: None };
    let signed =
        nobody.post("/api/v1/sign-in", json!({ "name": "admin", "password": password.trim() })).await.is(204);
    let cookie = signed.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    assert!(signed.header("set-cookie").contains("HttpOnly; SameSite=Strict"));
    let asked = json!({ "name": "test", "scopes": ["read", "write", "review", "admin"], "days": 1 });
    let headers = [
        ("cookie", cookie.as_str()),
        ("content-type", "application/json"),
        ("sec-fetch-site", "same-origin"),
    ];
    let token = nobody.send("POST", "/api/v1/tokens", &headers, asked.to_string().into_bytes()).await.is(201);
    Client { address, token: Some(token.text("secret")) }
}

async fn somebody(admin: &Client, name: &str, role: &str, place: &str, scopes: &[&str]) -> Client {
    let mut new = json!({ "name": name, "role": role, "password": "a long enough one" });
    match role {
        "firm" => new["tenant"] = place.into(),
        "reviewer" => new["area"] = place.into(),
        _ => {}
    }
    let user = admin.post("/api/v1/users", new).await.is(201).text("id");
    let asked = json!({ "name": "test", "scopes": scopes, "days": 1, "user": user });
    let token = admin.post("/api/v1/tokens", asked).await.is(201).text("secret");
    Client { address: admin.address, token: Some(token) }
}

/// SHA-256 in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let mut three = [0u8; 3];
        three[..chunk.len()].copy_from_slice(chunk);
        let n = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for digit in 0..4 {
            let letter = char::from(DIGITS[((n >> (18 - 6 * digit)) & 63) as usize]);
            out.push(if digit <= chunk.len() { letter } else { '=' });
        }
    }
    out
}

/// Runs a test on a runtime with threads of its own, as the service has.
fn on_threads<F: Future<Output = ()>>(test: F) {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime").block_on(test);
}
