//! Who may what, and what was done.

use super::layout::{Look, data, embedded, shown};
use super::lists::time;
use super::words;
use crate::serve::app::App;
use crate::serve::fault::{Fault, Outcome};
use crate::serve::store::record::{Role, Scope, Tenant, Token, User};
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Lines of the log on a page.
const LINES: i64 = 200;

/// The own tokens; for administrators firms and users too.
pub(super) async fn people(State(app): State<App>, look: Look) -> Response {
    shown(&look, people_page(&app, &look).await)
}

async fn people_page(app: &App, look: &Look) -> Outcome<Response> {
    let who = look.known()?;
    let tokens = app.store.tokens(&who.user.id).await?;
    let (tenants, users) = if who.can(Scope::Admin) {
        (app.store.tenants().await?, app.store.users().await?)
    } else {
        (Vec::new(), Vec::new())
    };
    let spoken: Map<String, Value> = words::all().map(|(k, t)| (k.to_owned(), json!([t.en, t.zh]))).collect();
    let given = json!({ "lang": look.tag(), "words": spoken, "me": who.user.id });
    let body = html! {
        main {
            h1 { (look.say("nav.people")) }
            p.wrong #fault role="alert" hidden {}
            @if who.can(Scope::Admin) { (firms(look, &tenants)) (all_users(look, &users, &tenants)) }
            (own_tokens(look, &tokens, &who.scopes))
            section {
                h2 { (look.say("people.own-password")) }
                form #password.inline method="post" {
                    label { (look.say("sign-in.password"))
                        input name="password" type="password" minlength="10" autocomplete="new-password" required; }
                    button type="submit" { (look.say("people.own-password")) }
                }
            }
        }
        (data(&embedded(&given)))
    };
    Ok(look.page(look.say("nav.people"), &["people.js"], body))
}

fn firms(look: &Look, tenants: &[Tenant]) -> Markup {
    html! {
        section {
            h2 { (look.say("people.tenants")) }
            div.scroll { table.list {
                thead { tr { th { (look.say("people.name")) } th { (look.say("people.area")) } th { "id" } } }
                tbody { @for t in tenants { tr { td { (t.name) } td { (t.area) } td { code { (t.id) } } } } }
            } }
            form.inline #add-tenant method="post" {
                label { (look.say("people.name")) input name="name" required; }
                label { (look.say("people.area")) input name="area" required; }
                button type="submit" { (look.say("people.add")) }
            }
        }
    }
}

fn all_users(look: &Look, users: &[User], tenants: &[Tenant]) -> Markup {
    let firm =
        |id: &Option<String>| tenants.iter().find(|t| Some(&t.id) == id.as_ref()).map_or("", |t| &t.name);
    let roles = [Role::Firm, Role::Reviewer, Role::Administrator];
    html! {
        section {
            h2 { (look.say("people.users")) }
            div.scroll { table.list {
                thead { tr { th { (look.say("sign-in.name")) } th { (look.say("people.role")) } th { (look.say("submission.tenant")) }
                    th { (look.say("people.area")) } th {} } }
                tbody { @for u in users {
                    tr {
                        td { (u.name) } td { (look.say(&format!("role-of.{}", u.role.name()))) } td { (firm(&u.tenant)) }
                        td { (u.area.as_deref().unwrap_or("")) }
                        td { button.link type="button" data-user=(u.id) data-disabled=(u.disabled.to_string()) {
                            (look.say(if u.disabled { "people.enable" } else { "people.disable" })) }
                            " " button.link type="button" data-password=(u.id) { (look.say("people.set-password")) } }
                    }
                } }
            } }
            form.inline #add-user method="post" {
                label { (look.say("sign-in.name")) input name="name" required; }
                label { (look.say("sign-in.password")) input name="password" type="password" minlength="10" autocomplete="new-password" required; }
                label { (look.say("people.role")) select name="role" {
                    @for r in roles { option value=(r.name()) { (look.say(&format!("role-of.{}", r.name()))) } } } }
                label.for-firm { (look.say("submission.tenant")) select name="tenant" {
                    @for t in tenants { option value=(t.id) { (t.name) } } } }
                label.for-reviewer hidden { (look.say("people.area")) input name="area"; }
                button type="submit" { (look.say("people.add")) }
            }
        }
    }
}

fn own_tokens(look: &Look, tokens: &[Token], scopes: &[Scope]) -> Markup {
    html! {
        section {
            h2 { (look.say("people.tokens")) }
            div.scroll { table.list {
                thead { tr { th { (look.say("people.name")) } th { (look.say("people.scopes")) } th { (look.say("people.expires")) } th {} } }
                tbody { @for t in tokens {
                    tr { td { (t.name) } td { (Scope::write_all(&t.scopes)) } td { (time(t.expires)) }
                        td { button.link type="button" data-token=(t.id) { (look.say("upload.remove")) } } }
                } }
            } }
            form.inline #add-token method="post" {
                label { (look.say("people.name")) input name="name" required; }
                label { (look.say("people.days")) input name="days" type="number" min="1" max="365" value="90" required; }
                fieldset { legend { (look.say("people.scopes")) }
                    @for s in scopes { label { input type="checkbox" name="scope" value=(s.name()) checked[*s == Scope::Read]; (s.name()) } } }
                button type="submit" { (look.say("people.add")) }
            }
            p #secret hidden { (look.say("people.token-once")) " " code {} }
        }
    }
}

/// From where on.
#[derive(Deserialize)]
pub(super) struct After {
    after: Option<i64>,
}

/// The audit log.
pub(super) async fn log(State(app): State<App>, look: Look, Query(after): Query<After>) -> Response {
    shown(&look, log_page(&app, &look, after.after).await)
}

async fn log_page(app: &App, look: &Look, after: Option<i64>) -> Outcome<Response> {
    let who = look.known()?;
    who.may(Scope::Read)?;
    if who.user.role == Role::Firm {
        return Err(Fault::Denied("it takes a reviewer or an administrator"));
    }
    let entries = app.store.entries(&who.view(), after.unwrap_or(0), LINES).await?;
    let users = app.store.users().await?;
    let names: BTreeMap<&str, &str> = users.iter().map(|u| (u.id.as_str(), u.name.as_str())).collect();
    let body = html! {
        main {
            h1 { (look.say("nav.audit")) }
            div.scroll { table.list.log {
                thead { tr { th { "#" } th { (look.say("audit.when")) } th { (look.say("audit.who")) } th { (look.say("audit.what")) }
                    th { (look.say("audit.object")) } th { (look.say("audit.detail")) } } }
                tbody { @for e in &entries {
                    tr { td { (e.seq) } td { (time(e.at)) }
                        td { (names.get(e.user.as_str()).copied().unwrap_or(&e.user)) small.soft { (e.address) } }
                        td { (e.action) } td { code { (e.object) } } td { (e.detail) } }
                } }
            } }
            @if let Some(last) = entries.last() {
                p { a href=(format!("/log?after={}", last.seq)) { (look.say("audit.more")) } }
            }
        }
    };
    Ok(look.page(look.say("nav.audit"), &[], body))
}
