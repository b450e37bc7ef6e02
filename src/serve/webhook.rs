//! Tells others of changes: a signed call to hosts that may be called (`callee`), tried again with growing pauses.

use super::app::App;
use super::callee::{Callee, Tls};
use super::clock::{self, HOUR, Millis};
use super::fault::Outcome;
use super::log;
use super::secret;
use super::store::record::{Delivery, Hook};
use axum::body::Body;
use axum::http::{Request, header};
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;
use sha2::Sha256;
use std::time::Duration;

/// Pauses after a try that failed; after the last one the delivery is given up.
const PAUSES: [Millis; 8] = [10_000, 60_000, 5 * 60_000, 15 * 60_000, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR];
/// How often what is due is looked for.
const LOOK: Duration = Duration::from_secs(2);
/// Time for one call.
const PATIENCE: Duration = Duration::from_secs(10);
/// Calls looked for at once.
const BATCH: i64 = 20;

/// Header of the signature.
pub(crate) const SIGNATURE: &str = "tumo-signature";

/// Delivers until the service stops.
pub(crate) async fn run(app: App) {
    let mut stopping = app.stopping.subscribe();
    let tls = Tls::open(&app.config.webhooks);
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = stopping.wait_for(|s| *s) => return,
        }
        if let Err(fault) = deliver_due(&app, &tls).await {
            log::line("webhook", &[("fault", &fault.to_string())]);
        }
    }
}

/// Delivers what is due now.
async fn deliver_due(app: &App, tls: &Tls) -> Outcome<()> {
    for delivery in app.store.due_deliveries(clock::now(), BATCH).await? {
        let hook = app.store.hook(&delivery.hook).await?;
        let came = match tokio::time::timeout(PATIENCE, call(app, tls, &hook, &delivery)).await {
            Ok(Ok(status)) => status,
            Ok(Err(what)) => what,
            Err(_) => format!("no answer within {} s", PATIENCE.as_secs()),
        };
        app.store.settle_delivery(&settled(delivery, came)).await?;
    }
    Ok(())
}

/// The delivery after a try: 2xx is delivered, all else is tried again.
fn settled(delivery: Delivery, came: String) -> Delivery {
    let attempts = delivery.attempts + 1;
    let pause = usize::try_from(delivery.attempts).ok().and_then(|n| PAUSES.get(n)).copied();
    let (state, next) = match (came.starts_with('2'), pause) {
        (true, _) => ("delivered", delivery.next),
        (false, Some(pause)) => ("waiting", clock::now() + pause),
        (false, None) => ("given-up", delivery.next),
    };
    Delivery { attempts, state: state.into(), next, outcome: came, ..delivery }
}

/// The signature of a body: HMAC-SHA-256 over time, a dot, and the body.
pub(crate) fn signature(secret: &str, at: Millis, body: &str) -> String {
    let code = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).map(|mut mac| {
        mac.update(format!("{at}.{body}").as_bytes());
        secret::hex(&mac.finalize().into_bytes())
    });
    format!("t={at},v1={}", code.unwrap_or_default())
}

async fn call(app: &App, tls: &Tls, hook: &Hook, delivery: &Delivery) -> Result<String, String> {
    let told = |e: &dyn std::fmt::Display| e.to_string();
    // the configuration may have changed since the hook was made
    let callee = Callee::read(&app.config.webhooks, &hook.url).map_err(|f| told(&f))?;
    let request = Request::post(&callee.path)
        .header(header::HOST, &callee.host)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, concat!("tumo/", env!("CARGO_PKG_VERSION")))
        .header("tumo-delivery", &delivery.id)
        .header(SIGNATURE, signature(&hook.secret, clock::now(), &delivery.body))
        .body(Body::from(delivery.body.clone()))
        .map_err(|e| told(&e))?;
    let stream = callee.connect().await?;
    if !callee.tls {
        return send(TokioIo::new(stream), request).await;
    }
    send(TokioIo::new(tls.shake_hands(&callee, stream).await?), request).await
}

/// Sends the request; the status that is answered. Nothing follows where it is sent elsewhere: that is no 2xx.
async fn send<S>(stream: TokioIo<S>, request: Request<Body>) -> Result<String, String>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let told = |e: hyper::Error| e.to_string();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await.map_err(told)?;
    let connection = tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(told)?;
    let status = response.status();
    // what it says is of no interest; it is read so that the connection ends well
    let _ = http_body_util::Limited::new(response.into_body(), 1 << 16).collect().await;
    connection.abort();
    Ok(status.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_time_and_body() {
        // RFC 4231, test case 2, has the key "Jefe" and "what do ya want for nothing?" as data; ours puts the time before
        let one = signature("Jefe", 1, "{}");
        assert_eq!(one, signature("Jefe", 1, "{}"));
        assert!(one.starts_with("t=1,v1=") && one.len() == 7 + 64);
        assert_ne!(one, signature("Jefe", 2, "{}").replace("t=2", "t=1"));
        assert_ne!(one, signature("jefe", 1, "{}"));
    }

    #[test]
    fn a_delivery_is_given_up_after_the_last_pause() {
        let mut delivery = Delivery {
            id: "d".into(),
            hook: "h".into(),
            change: 1,
            body: "{}".into(),
            attempts: 0,
            state: "waiting".into(),
            next: 0,
            outcome: String::new(),
        };
        for _ in 0..PAUSES.len() {
            delivery = settled(delivery, "500 Internal Server Error".into());
            assert_eq!(delivery.state, "waiting");
        }
        assert_eq!(settled(delivery.clone(), "503".into()).state, "given-up");
        assert_eq!(settled(delivery, "204 No Content".into()).state, "delivered");
    }
}
