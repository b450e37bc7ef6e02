//! Who asks, and what they may. Every route that touches a tenant's things gets them through here: what is not theirs
//! is not there.

use super::app::App;
use super::clock;
use super::fault::{Fault, Outcome};
use super::secret;
use super::store::View;
use super::store::record::{Note, Role, Round, Scope, Submission, User};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The cookie of a session.
pub(crate) const COOKIE: &str = "tumo";

/// Somebody who is known.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    /// The user.
    pub user: User,
    /// What the token lets its bearer do.
    pub scopes: Vec<Scope>,
    /// The session's token, to end it by.
    pub session: Option<String>,
    /// Where from.
    pub address: String,
}

impl FromRequestParts<App> for Who {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Outcome<Self> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let who = known(parts, app).await?;
        parts.extensions.insert(who.clone());
        Ok(who)
    }
}

/// Somebody, or nobody: for pages that say different things to either.
#[derive(Clone, Debug)]
pub(crate) struct Maybe(pub Option<Who>);

impl FromRequestParts<App> for Maybe {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Outcome<Self> {
        match Who::from_request_parts(parts, app).await {
            Ok(who) => Ok(Self(Some(who))),
            Err(Fault::Unknown) => Ok(Self(None)),
            Err(fault) => Err(fault),
        }
    }
}

async fn known(parts: &Parts, app: &App) -> Outcome<Who> {
    let address = address(parts, app);
    if let Some(name) = by_proxy(parts, app) {
        let user = app.store.user_by_name(&name).await.map_err(unknown)?;
        if user.disabled {
            return Err(Fault::Unknown);
        }
        same_site(parts)?;
        return Ok(Who { user, scopes: Scope::ALL.to_vec(), session: None, address });
    }
    let (secret, by_cookie) = match (bearer(&parts.headers), cookie(&parts.headers, COOKIE)) {
        (Some(token), _) => (token, false),
        (None, Some(token)) => (token, true),
        (None, None) => return Err(Fault::Unknown),
    };
    let found = app.store.bearer(&secret::sha256(secret.as_bytes()), clock::now()).await;
    let (token, user) = found.map_err(unknown)?;
    if by_cookie {
        // a cookie comes along by itself, wherever a request was made
        same_site(parts)?;
    }
    Ok(Who { user, scopes: token.scopes, session: token.session.then_some(token.id), address })
}

fn unknown(fault: Fault) -> Fault {
    if fault == Fault::NotFound { Fault::Unknown } else { fault }
}

/// The token of an `Authorization` header (RFC 6750, 2.1).
pub(crate) fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// A cookie by its name.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// The peer at the other end of the connection.
fn peer(parts: &Parts) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip())
}

/// Where a request comes from: the peer, or whom a trusted proxy names.
pub(crate) fn address(parts: &Parts, app: &App) -> String {
    let peer = peer(parts);
    let forwarded = parts.headers.get("x-forwarded-for").and_then(|v| v.to_str().ok());
    match forwarded.filter(|_| app.config.proxy.from.contains(&peer)) {
        // the last one was written by the proxy itself; those before may be anybody's
        Some(list) => {
            let last = list.rsplit(',').next().unwrap_or_default().trim();
            last.parse::<IpAddr>().map_or_else(|_| peer.to_string(), |a| a.to_string())
        }
        None => peer.to_string(),
    }
}

/// The user that a trusted proxy names.
fn by_proxy(parts: &Parts, app: &App) -> Option<String> {
    let proxy = &app.config.proxy;
    if proxy.header.is_empty() || !proxy.from.contains(&peer(parts)) {
        return None;
    }
    let mut values = parts.headers.get_all(proxy.header.as_str()).iter();
    let name = values.next()?.to_str().ok()?.trim().to_owned();
    // two of them: one is not the proxy's
    (values.next().is_none() && !name.is_empty()).then_some(name)
}

/// Refuses what a page of another site made a browser send.
fn same_site(parts: &Parts) -> Outcome<()> {
    if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let text = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok());
    let foreign = Err(Fault::Denied("the request comes from a page of another site"));
    match text("sec-fetch-site") {
        Some("same-origin" | "none") => return Ok(()),
        Some(_) => return foreign,
        None => {}
    }
    let host = text("host").unwrap_or_default();
    match text("origin") {
        Some(origin) if origin.split_once("://").map(|(_, h)| h) == Some(host) => Ok(()),
        _ => foreign,
    }
}

impl Who {
    /// Whose things they see.
    pub(crate) fn view(&self) -> View {
        match self.user.role {
            Role::Administrator => View::All,
            Role::Reviewer => View::Area(self.user.area.clone().unwrap_or_default()),
            Role::Firm => View::Tenant(self.user.tenant.clone().unwrap_or_default()),
        }
    }

    /// Whether things of a tenant and area are theirs to see.
    pub(crate) fn sees(&self, tenant: &str, area: &str) -> bool {
        match self.view() {
            View::All => true,
            View::Area(mine) => mine == area,
            View::Tenant(mine) => mine == tenant,
        }
    }

    /// Whether they may do something.
    pub(crate) fn can(&self, scope: Scope) -> bool {
        let by_role = match (self.user.role, scope) {
            (_, Scope::Read) | (Role::Administrator, _) => true,
            (Role::Firm, Scope::Write) | (Role::Reviewer, Scope::Review) => true,
            (Role::Firm, Scope::Review | Scope::Admin) | (Role::Reviewer, Scope::Write | Scope::Admin) => {
                false
            }
        };
        by_role && self.scopes.contains(&scope)
    }

    /// Refuses what they may not do.
    pub(crate) fn may(&self, scope: Scope) -> Outcome<()> {
        if self.can(scope) {
            return Ok(());
        }
        Err(Fault::Denied(match scope {
            Scope::Read => "it takes the scope read",
            Scope::Write => "it takes a user of the firm and the scope write",
            Scope::Review => "it takes a reviewer and the scope review",
            Scope::Admin => "it takes an administrator and the scope admin",
        }))
    }

    /// A submission that is theirs to see.
    pub(crate) async fn submission(&self, app: &App, id: &str) -> Outcome<Submission> {
        self.may(Scope::Read)?;
        let found = app.store.submission(id).await?;
        if self.sees(&found.tenant, &found.area) { Ok(found) } else { Err(Fault::NotFound) }
    }

    /// A round that is theirs to see, with its submission.
    pub(crate) async fn round(&self, app: &App, id: &str) -> Outcome<(Submission, Round)> {
        self.may(Scope::Read)?;
        let round = app.store.round(id).await?;
        let submission = self.submission(app, &round.submission).await?;
        Ok((submission, round))
    }

    /// As [`Who::round`], for who wants to change something.
    pub(crate) async fn round_to_change(&self, app: &App, id: &str) -> Outcome<(Submission, Round)> {
        let found = self.round(app, id).await?;
        self.may(Scope::Write)?;
        Ok(found)
    }

    /// What the audit log is to hold of a deed.
    pub(crate) fn note(&self, action: &'static str, object: impl Into<String>) -> Note {
        Note {
            user: self.user.id.clone(),
            address: self.address.clone(),
            tenant: self.user.tenant.clone(),
            area: self.user.area.clone(),
            action,
            object: object.into(),
            detail: String::new(),
        }
    }

    /// The same, of a submission's things.
    pub(crate) fn note_on(
        &self,
        submission: &Submission,
        action: &'static str,
        object: impl Into<String>,
    ) -> Note {
        Note {
            tenant: Some(submission.tenant.clone()),
            area: Some(submission.area.clone()),
            ..self.note(action, object)
        }
    }
}

/// With more words.
pub(crate) fn detailed(note: Note, detail: impl Into<String>) -> Note {
    Note { detail: detail.into(), ..note }
}
