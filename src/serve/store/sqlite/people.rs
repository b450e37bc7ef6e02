//! Tenants, users, tokens.

use super::{SqliteStore, all, get, history, one, word};
use crate::serve::clock::Millis;
use crate::serve::fault::Outcome;
use crate::serve::store::People;
use crate::serve::store::record::{Note, Role, Scope, Tenant, Token, User};
use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;

fn tenant(row: &SqliteRow) -> Outcome<Tenant> {
    Ok(Tenant {
        id: get(row, "id")?,
        name: get(row, "name")?,
        area: get(row, "area")?,
        created: get(row, "created")?,
    })
}

fn user(row: &SqliteRow) -> Outcome<User> {
    Ok(User {
        id: get(row, "id")?,
        name: get(row, "name")?,
        role: word(row, "role", Role::read)?,
        tenant: get(row, "tenant")?,
        area: get(row, "area")?,
        password: get(row, "password")?,
        disabled: get(row, "disabled")?,
        created: get(row, "created")?,
    })
}

fn token(row: &SqliteRow) -> Outcome<Token> {
    Ok(Token {
        id: get(row, "id")?,
        user: get(row, "user")?,
        name: get(row, "name")?,
        hash: get(row, "hash")?,
        scopes: Scope::read_all(&get::<String>(row, "scopes")?),
        session: get(row, "session")?,
        created: get(row, "created")?,
        expires: get(row, "expires")?,
    })
}

#[async_trait]
impl People for SqliteStore {
    async fn add_tenant(&self, tenant: &Tenant, note: &Note) -> Outcome<()> {
        let mut tx = self.begin().await?;
        sqlx::query("INSERT INTO tenants (id, name, area, created) VALUES (?, ?, ?, ?)")
            .bind(&tenant.id)
            .bind(&tenant.name)
            .bind(&tenant.area)
            .bind(tenant.created)
            .execute(&mut *tx)
            .await?;
        history::write(&mut tx, note).await?;
        Ok(tx.commit().await?)
    }

    async fn tenants(&self) -> Outcome<Vec<Tenant>> {
        all(&sqlx::query("SELECT * FROM tenants ORDER BY name").fetch_all(&self.reader).await?, tenant)
    }

    async fn tenant(&self, id: &str) -> Outcome<Tenant> {
        tenant(&sqlx::query("SELECT * FROM tenants WHERE id = ?").bind(id).fetch_one(&self.reader).await?)
    }

    async fn add_user(&self, user: &User, note: &Note) -> Outcome<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO users (id, name, role, tenant, area, password, disabled, created)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&user.id)
        .bind(&user.name)
        .bind(user.role.name())
        .bind(&user.tenant)
        .bind(&user.area)
        .bind(&user.password)
        .bind(user.disabled)
        .bind(user.created)
        .execute(&mut *tx)
        .await?;
        history::write(&mut tx, note).await?;
        Ok(tx.commit().await?)
    }

    async fn users(&self) -> Outcome<Vec<User>> {
        all(&sqlx::query("SELECT * FROM users ORDER BY name").fetch_all(&self.reader).await?, user)
    }

    async fn user(&self, id: &str) -> Outcome<User> {
        user(&sqlx::query("SELECT * FROM users WHERE id = ?").bind(id).fetch_one(&self.reader).await?)
    }

    async fn user_by_name(&self, name: &str) -> Outcome<User> {
        user(&sqlx::query("SELECT * FROM users WHERE name = ?").bind(name).fetch_one(&self.reader).await?)
    }

    async fn set_user(&self, user: &User, note: &Note) -> Outcome<()> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("UPDATE users SET password = ?, disabled = ? WHERE id = ?")
            .bind(&user.password)
            .bind(user.disabled)
            .bind(&user.id)
            .execute(&mut *tx)
            .await?;
        one(done.rows_affected())?;
        // who may not sign in keeps no token; a new password ends the sessions that the old one began
        sqlx::query("DELETE FROM tokens WHERE user = ? AND (session OR ?)")
            .bind(&user.id)
            .bind(user.disabled)
            .execute(&mut *tx)
            .await?;
        history::write(&mut tx, note).await?;
        Ok(tx.commit().await?)
    }

    async fn add_token(&self, token: &Token, note: &Note) -> Outcome<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO tokens (id, user, name, hash, scopes, session, created, expires)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&token.id)
        .bind(&token.user)
        .bind(&token.name)
        .bind(&token.hash)
        .bind(Scope::write_all(&token.scopes))
        .bind(token.session)
        .bind(token.created)
        .bind(token.expires)
        .execute(&mut *tx)
        .await?;
        // those that are worth nothing any more go with the next one that is made
        sqlx::query("DELETE FROM tokens WHERE user = ? AND expires < ?")
            .bind(&token.user)
            .bind(token.created)
            .execute(&mut *tx)
            .await?;
        history::write(&mut tx, note).await?;
        Ok(tx.commit().await?)
    }

    async fn bearer(&self, hash: &str, now: Millis) -> Outcome<(Token, User)> {
        let row = sqlx::query("SELECT * FROM tokens WHERE hash = ? AND expires > ?")
            .bind(hash)
            .bind(now)
            .fetch_one(&self.reader)
            .await?;
        let token = token(&row)?;
        let row = sqlx::query("SELECT * FROM users WHERE id = ? AND NOT disabled")
            .bind(&token.user)
            .fetch_one(&self.reader)
            .await?;
        Ok((token, user(&row)?))
    }

    async fn tokens(&self, user: &str) -> Outcome<Vec<Token>> {
        let rows = sqlx::query("SELECT * FROM tokens WHERE user = ? AND NOT session ORDER BY created, id")
            .bind(user)
            .fetch_all(&self.reader)
            .await?;
        all(&rows, token)
    }

    async fn end_token(&self, user: &str, id: &str, note: &Note) -> Outcome<()> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("DELETE FROM tokens WHERE user = ? AND id = ?")
            .bind(user)
            .bind(id)
            .execute(&mut *tx)
            .await?;
        one(done.rows_affected())?;
        history::write(&mut tx, note).await?;
        Ok(tx.commit().await?)
    }
}
