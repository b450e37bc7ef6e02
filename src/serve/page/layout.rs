//! What every page has: the bar, the language, the scripts and the style; and a page that says what went wrong.

use super::words::word;
use crate::report::notices;
use crate::serve::app::App;
use crate::serve::fault::{Fault, Outcome};
use crate::serve::store::record::{Role, Scope};
use crate::serve::who::{Maybe, Who, cookie};
use crate::wording::Language;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The cookie of the language.
const COOKIE: &str = "tumo-lang";

/// Who looks, and in which language.
#[derive(Clone, Debug)]
pub(super) struct Look {
    /// Who is signed in.
    pub(super) who: Option<Who>,
    /// The language.
    pub(super) language: Language,
    /// The language was just chosen.
    chosen: bool,
    /// Named on every page.
    title: String,
    /// Where they are.
    path: String,
}

impl FromRequestParts<App> for Look {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Outcome<Self> {
        let Maybe(who) = Maybe::from_request_parts(parts, app).await?;
        let asked = parts.uri.query().and_then(|q| q.split('&').find_map(|p| p.strip_prefix("lang=")));
        let language = asked
            .and_then(read)
            .or_else(|| chosen(&parts.headers))
            .or_else(|| read(&app.config.language))
            .or_else(|| accepted(&parts.headers))
            .unwrap_or(Language::Zh);
        let path = parts.uri.path().to_owned();
        Ok(Self { who, language, chosen: asked.is_some(), title: app.config.title.clone(), path })
    }
}

fn read(text: &str) -> Option<Language> {
    match text {
        "en" => Some(Language::En),
        "zh" => Some(Language::Zh),
        _ => None,
    }
}

/// The language that problems are told in: the one that was chosen on the pages, else the one that is asked for first.
/// Programs ask for none, and are told in English.
pub(in crate::serve) fn language_of(headers: &HeaderMap) -> Language {
    chosen(headers).or_else(|| accepted(headers)).unwrap_or_default()
}

fn chosen(headers: &HeaderMap) -> Option<Language> {
    cookie(headers, COOKIE).as_deref().and_then(read)
}

/// The language that the browser asks for first, of those there are.
fn accepted(headers: &HeaderMap) -> Option<Language> {
    let list = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let known = |l: &str| ["zh", "en"].into_iter().find(|k| l.trim().starts_with(k));
    list.split(',').find_map(known).and_then(read)
}

impl Look {
    /// A word in their language.
    pub(super) fn say(&self, key: &str) -> &'static str {
        word(key, self.language)
    }

    /// The tag of their language.
    pub(super) const fn tag(&self) -> &'static str {
        match self.language {
            Language::En => "en",
            Language::Zh => "zh",
        }
    }

    /// Whether they may do something.
    pub(super) fn can(&self, scope: Scope) -> bool {
        self.who.as_ref().is_some_and(|w| w.can(scope))
    }

    /// Who is signed in; who is not is sent to sign in, by [`shown`].
    pub(super) fn known(&self) -> Outcome<&Who> {
        self.who.as_ref().ok_or(Fault::Unknown)
    }

    /// A whole page.
    pub(super) fn page(&self, title: &str, scripts: &[&str], body: Markup) -> Response {
        let other = if self.language == Language::Zh { "en" } else { "zh" };
        let named = if self.title.is_empty() { self.say("service.title") } else { &self.title };
        let page = html! {
            (DOCTYPE)
            html lang=(if self.language == Language::Zh { "zh-CN" } else { "en" }) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light";
                    title { (title) " · " (named) }
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href="/assets/report.css";
                    link rel="stylesheet" href="/assets/service.css";
                }
                body {
                    header.top {
                        a.brand href="/" { b { "图模" } " tumo" }
                        span.named { (named) }
                        @if let Some(who) = &self.who {
                            nav {
                                a href="/" { (self.say("nav.submissions")) }
                                @if who.user.role != Role::Firm { a href="/log" { (self.say("nav.audit")) } }
                                a href="/people" { (self.say("nav.people")) }
                                a href="/docs" { (self.say("nav.docs")) }
                            }
                        }
                        span.spacer {}
                        @if let Some(who) = &self.who {
                            span.me title=(self.say(&format!("role-of.{}", who.user.role.name()))) { (who.user.name) }
                            button #sign-out type="button" { (self.say("nav.sign-out")) }
                        }
                        a.language href=(format!("{}?lang={other}", self.path)) lang=(other) { (self.say("nav.other-language")) }
                    }
                    (body)
                    script src="/assets/shell.js" {}
                    @for script in scripts { script src=(format!("/assets/{script}")) {} }
                }
            }
        };
        self.remembered(Html(page.into_string()).into_response())
    }

    /// With the language in a cookie, where it was just chosen.
    fn remembered(&self, mut response: Response) -> Response {
        let text = format!("{COOKIE}={}; Path=/; SameSite=Lax; Max-Age=31536000", self.tag());
        if let (true, Ok(value)) = (self.chosen, HeaderValue::from_str(&text)) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
        response
    }

    /// A page that says what went wrong.
    pub(super) fn sorry(&self, fault: &Fault) -> Response {
        let body = html! {
            main.narrow {
                h1 { (self.say("error.title")) }
                p { (notices::of_service(&fault.to_string()).get(self.language)) }
                p { a href="/" { (self.say("error.back")) } }
            }
        };
        let mut response = self.page(self.say("error.title"), &[], body);
        *response.status_mut() = fault.status();
        response
    }
}

/// Data for scripts, in an element that the browser does not run. `json` is already such that it can stand there.
pub(super) fn data(json: &str) -> Markup {
    html! { script #data type="application/json" { (PreEscaped(json)) } }
}

/// JSON that can stand in a script element.
pub(super) fn embedded(value: &serde_json::Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// A page, or what is shown in its place.
pub(super) fn shown(look: &Look, page: Outcome<Response>) -> Response {
    match page {
        Ok(page) => page,
        Err(Fault::Unknown) => look.remembered(Redirect::to("/sign-in").into_response()),
        Err(fault) => look.sorry(&fault),
    }
}
