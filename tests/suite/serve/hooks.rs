//! Calls to others: signed, over http and https, to nobody who is not to be called.

use super::{Client, House, on_threads};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// What the request of a hook says: head and body.
async fn heard<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S) -> (String, String) {
    let mut all = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&all).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|l| l.strip_prefix("content-length: "));
            if body.len() >= length.and_then(|n| n.parse().ok()).expect("a length") {
                let answer = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
                stream.write_all(answer.as_bytes()).await.expect("answered");
                let _ = stream.shutdown().await;
                return (head.to_owned(), body.to_owned());
            }
        }
        let mut piece = [0; 4096];
        let n = stream.read(&mut piece).await.expect("a request");
        assert!(n > 0, "the request is cut: {text}");
        all.extend_from_slice(&piece[..n]);
    }
}

/// A certificate for `localhost` and its key, as files; none without OpenSSL.
fn certificate(folder: &Path) -> Option<TlsAcceptor> {
    let set = "[req]\ndistinguished_name=d\nx509_extensions=e\n[d]\n[e]\nsubjectAltName=DNS:localhost\n\
               basicConstraints=critical,CA:FALSE\n";
    std::fs::write(folder.join("set"), set).expect("written");
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", "/CN=localhost", "-config", "set", "-keyout", "key.pem", "-out", "authority.pem"])
        .current_dir(folder)
        .output();
    let Ok(made) = made else {
        println!("SKIPPED: openssl is not installed");
        return None;
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let own = CertificateDer::from_pem_file(folder.join("authority.pem")).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![own], key)
        .expect("a certificate with its key");
    Some(TlsAcceptor::from(Arc::new(config)))
}

/// Something changes, of which a hook is told.
async fn change(firm: &Client, building: &str) {
    let new = json!({ "project_code": "P1", "building_code": building, "stage": "scheme" });
    firm.post("/api/v1/submissions", new).await.is(201);
}

async fn outcome(firm: &Client, hook: &str) -> Value {
    let begun = Instant::now();
    loop {
        let list = firm.get(&format!("/api/v1/webhooks/{hook}/deliveries")).await.is(200).json();
        if list[0]["attempts"].as_i64().is_some_and(|n| n > 0) {
            return list[0].clone();
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "nothing was delivered: {list}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[test]
fn a_hook_is_called_over_http_and_https_and_signed() {
    on_threads(async {
        let folder = tempfile::tempdir().expect("a folder");
        let acceptor = certificate(folder.path());
        let plain = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let secure = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = |l: &TcpListener| l.local_addr().expect("an address").port();
        let hosts = vec![format!("127.0.0.1:{}", port(&plain)), format!("localhost:{}", port(&secure))];
        let house = House::new(|c| {
            c.webhooks.hosts.clone_from(&hosts);
            if acceptor.is_some() {
                c.webhooks.authority = folder.path().join("authority.pem");
            }
        })
        .await;
        let firm = house.firm("one").await;

        let made =
            firm.post("/api/v1/webhooks", json!({ "url": format!("http://{}/a?b=1", hosts[0]) })).await;
        let hook = made.is(201).text("id");
        change(&firm, "B1").await;
        let (head, body) = heard(plain.accept().await.expect("a call").0).await;
        assert!(head.starts_with("POST /a?b=1 HTTP/1.1") && head.contains("tumo-signature: t="), "{head}");
        assert!(body.contains("submission.created") && body.contains("B1"), "{body}");
        assert_eq!(outcome(&firm, &hook).await["state"], "delivered");
        firm.send("DELETE", &format!("/api/v1/webhooks/{hook}"), &[], Vec::new()).await.is(204);

        if let Some(acceptor) = acceptor {
            let made =
                firm.post("/api/v1/webhooks", json!({ "url": format!("https://{}/x", hosts[1]) })).await;
            let hook = made.is(201).text("id");
            change(&firm, "B2").await;
            let stream = acceptor.accept(secure.accept().await.expect("a call").0).await.expect("TLS");
            let (head, body) = heard(stream).await;
            assert!(head.starts_with("POST /x HTTP/1.1") && body.contains("B2"), "{head}{body}");
            assert_eq!(outcome(&firm, &hook).await["state"], "delivered");
        }
        house.stop().await;
    });
}

#[test]
fn who_cannot_show_who_it_is_and_who_stands_within_is_told_nothing() {
    on_threads(async {
        let folder = tempfile::tempdir().expect("a folder");
        let secure = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let host = format!("localhost:{}", secure.local_addr().expect("an address").port());
        let named = host.clone();
        // the authority is not believed
        let house = House::new(|c| (c.webhooks.hosts, c.webhooks.public) = (vec![named], true)).await;
        let firm = house.firm("one").await;
        for url in ["https://127.0.0.1/", "https://192.168.0.1:8443/x", "http://example.com/"] {
            firm.post("/api/v1/webhooks", json!({ "url": url })).await.is(400);
        }
        // a name of this machine that is not configured: the name may be noted, and is never called
        let within = firm.post("/api/v1/webhooks", json!({ "url": "https://localhost:9/" })).await.is(201);
        change(&firm, "B1").await;
        let told = outcome(&firm, &within.text("id")).await;
        assert!(told["outcome"].as_str().is_some_and(|o| o.contains("not a public one")), "{told}");
        if let Some(acceptor) = certificate(folder.path()) {
            let hook =
                firm.post("/api/v1/webhooks", json!({ "url": format!("https://{host}/") })).await.is(201);
            change(&firm, "B2").await;
            assert!(acceptor.accept(secure.accept().await.expect("a call").0).await.is_err(), "it went on");
            let told = outcome(&firm, &hook.text("id")).await;
            assert_eq!(told["state"], "waiting");
            assert!(told["outcome"].as_str().is_some_and(|o| o.contains("certificate")), "{told}");
        }
        house.stop().await;
    });
}
