//! The first start: an administrator, whose password lies in a file of the data folder that its owner alone can read. And
//! a password that was lost: whoever may write into the data folder makes a new one the same way.

use super::app::App;
use super::clock;
use super::fault::{Fault, Outcome};
use super::secret;
use super::store::record::{Note, Role, User};
use std::io::Write;
use std::path::PathBuf;

/// Name of the first administrator.
pub(crate) const NAME: &str = "admin";
/// The file with the password; to be taken away once it has been changed.
const FILE: &str = "first-password.txt";
/// The file with a password that was made anew; to be taken away like it.
const NEW: &str = "new-password.txt";

/// Makes the administrator where nobody is known yet; the file with the password.
pub(crate) async fn administrator(app: &App) -> Outcome<Option<String>> {
    if !app.store.users().await?.is_empty() {
        return Ok(None);
    }
    let (password, file) = written_password(app, FILE)?;
    let user = User {
        id: secret::name()?,
        name: NAME.into(),
        role: Role::Administrator,
        tenant: None,
        area: None,
        password: Some(secret::hash_password(password).await?),
        disabled: false,
        created: clock::now(),
    };
    let note =
        Note { user: "service".into(), action: "user.first", object: user.id.clone(), ..Note::default() };
    app.store.add_user(&user, &note).await?;
    Ok(Some(file.display().to_string()))
}

/// A new password, in a file that its owner alone can read.
fn written_password(app: &App, name: &str) -> Outcome<(String, PathBuf)> {
    let password = secret::token()?.chars().skip(5).take(20).collect::<String>();
    let file = app.config.data.join(name);
    // made anew: a file that is there may be open to others
    match std::fs::remove_file(&file) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
        _ => {}
    }
    let mut options = std::fs::File::options();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(&file)?;
    writeln!(written, "{password}")?;
    written.sync_all()?;
    Ok((password, file))
}

/// Gives somebody a new password and ends the sessions of the old one; who was shut out may sign in again. The file with
/// the password. Works while the service runs.
///
/// # Errors
/// When the folder holds no service, or nobody of that name.
pub(crate) async fn new_password(app: &App, name: &str) -> Outcome<PathBuf> {
    let mut user = match app.store.user_by_name(name).await {
        Err(Fault::NotFound) => {
            let users = app.store.users().await?;
            let names: Vec<String> =
                users.into_iter().filter(|u| u.role == Role::Administrator).map(|u| u.name).collect();
            let who = format!("there is no user {name}; the administrators are {}", names.join(", "));
            return Err(Fault::Bad(who));
        }
        found => found?,
    };
    let (password, file) = written_password(app, NEW)?;
    user.password = Some(secret::hash_password(password).await?);
    user.disabled = false;
    let note = Note {
        user: "command line".into(),
        tenant: user.tenant.clone(),
        area: user.area.clone(),
        action: "user.new-password",
        object: user.id.clone(),
        detail: format!("of {name}, by who may write into the data folder"),
        ..Note::default()
    };
    app.store.set_user(&user, &note).await?;
    Ok(file)
}
