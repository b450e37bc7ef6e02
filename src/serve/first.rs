//! The first start: an administrator, whose password lies in a file of the data folder that its owner alone can read.

use super::app::App;
use super::clock;
use super::fault::Outcome;
use super::secret;
use super::store::record::{Note, Role, User};
use std::io::Write;

/// Name of the first administrator.
pub(crate) const NAME: &str = "admin";
/// The file with the password; to be taken away once it has been changed.
const FILE: &str = "first-password.txt";

/// Makes the administrator where nobody is known yet; the file with the password.
pub(crate) async fn administrator(app: &App) -> Outcome<Option<String>> {
    if !app.store.users().await?.is_empty() {
        return Ok(None);
    }
    let password = secret::token()?.chars().skip(5).take(20).collect::<String>();
    let file = app.config.data.join(FILE);
    let mut options = std::fs::File::options();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(&file)?;
    writeln!(written, "{password}")?;
    written.sync_all()?;
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
