//! The one configuration file (TOML). Every number has a default; a key that nobody knows is an error.

use serde::Deserialize;
use std::path::{Path, PathBuf};

/// All that can be set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where everything is kept.
    pub data: PathBuf,
    /// Address and port.
    pub listen: String,
    /// Rules asked where a submission names no others: a built-in profile.
    pub profile: String,
    /// Named on every page.
    pub title: String,
    /// Language of pages for who has not chosen: `en` or `zh`; by the browser where empty.
    pub language: String,
    /// Set when the service stands behind TLS: cookies are then for TLS only.
    pub https: bool,
    /// What one tenant may use.
    pub limits: Limits,
    /// What one run may use.
    pub worker: Worker,
    /// How long things are kept.
    pub keep: Keep,
    /// Who may say who somebody is.
    pub proxy: Proxy,
    /// Signing in.
    pub sign_in: SignIn,
    /// Calling others.
    pub webhooks: Webhooks,
}

/// What one tenant may use.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// One file, megabytes.
    pub file_mb: u64,
    /// All files of a round, megabytes.
    pub round_mb: u64,
    /// Files of a round.
    pub round_files: u32,
    /// All that a tenant keeps, megabytes.
    pub tenant_mb: u64,
    /// Uploads that a tenant may have open at once.
    pub open_uploads: u32,
    /// Runs that a tenant may start in an hour.
    pub runs_per_hour: u32,
    /// Requests that one client may make in a second, on average.
    pub requests_per_second: u32,
    /// Requests at once, before the average holds.
    pub request_burst: u32,
    /// Tries to sign in, a minute.
    pub sign_ins_per_minute: u32,
    /// Space that is left free on the disk, megabytes: uploads are refused before it is reached.
    pub free_mb: u64,
}

/// What one run may use.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Worker {
    /// Runs at once; 0 for one per two cores.
    pub count: usize,
    /// Memory, megabytes.
    pub memory_mb: u64,
    /// Time from start to end, seconds.
    pub seconds: u64,
    /// Processor time, seconds.
    pub cpu_seconds: u64,
    /// One file written, megabytes.
    pub file_mb: u64,
    /// The program that runs jobs; this one where empty.
    pub program: PathBuf,
}

/// How long things are kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Keep {
    /// Uploaded files, days after their round ended; 0 for ever. Reports stay.
    pub inputs_days: u32,
    /// An upload that is not finished, hours.
    pub uploads_hours: u32,
    /// A round that was never checked, days.
    pub drafts_days: u32,
    /// Bytes that no row names, hours.
    pub strays_hours: u32,
}

/// A proxy that signs people in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Proxy {
    /// The header that carries the user's name, such as `x-remote-user`; none where empty.
    pub header: String,
    /// Addresses that the header is believed from.
    pub from: Vec<std::net::IpAddr>,
}

/// Signing in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignIn {
    /// Hours that a session lasts.
    pub session_hours: u32,
    /// Longest life of a token, days.
    pub token_days: u32,
}

/// Calling others.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Webhooks {
    /// Hosts that may be called, `host` or `host:port`, over http or https, whatever their address; none where empty.
    pub hosts: Vec<String>,
    /// Any other host may be called over https too, where all its addresses are public ones.
    pub public: bool,
    /// Certificates (PEM) of an authority of the own network, believed beside those of the system; none where empty.
    pub authority: PathBuf,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("tumo-data"),
            listen: "127.0.0.1:8080".into(),
            profile: "cn-building".into(),
            title: String::new(),
            language: String::new(),
            https: false,
            limits: Limits::default(),
            worker: Worker::default(),
            keep: Keep::default(),
            proxy: Proxy::default(),
            sign_in: SignIn::default(),
            webhooks: Webhooks::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_mb: 2048,
            round_mb: 4096,
            round_files: 500,
            tenant_mb: 200 * 1024,
            open_uploads: 100,
            runs_per_hour: 60,
            requests_per_second: 50,
            request_burst: 400,
            sign_ins_per_minute: 10,
            free_mb: 256,
        }
    }
}

impl Default for Worker {
    fn default() -> Self {
        Self {
            count: 0,
            memory_mb: 4096,
            seconds: 1800,
            cpu_seconds: 7200,
            file_mb: 2048,
            program: PathBuf::new(),
        }
    }
}

impl Default for Keep {
    fn default() -> Self {
        Self { inputs_days: 180, uploads_hours: 24, drafts_days: 30, strays_hours: 24 }
    }
}

impl Default for SignIn {
    fn default() -> Self {
        Self { session_hours: 12, token_days: 365 }
    }
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, or is no such configuration; the sentence names the line.
    pub fn read(file: &Path) -> Result<Self, String> {
        let shown = file.display();
        let text = std::fs::read_to_string(file).map_err(|e| format!("{shown}: cannot be read ({e})"))?;
        let config: Self = toml::from_str(&text).map_err(|e| format!("{shown}: {}", e.to_string().trim()))?;
        config.sound().map_err(|e| format!("{shown}: {e}"))?;
        Ok(config)
    }

    /// What no type holds.
    fn sound(&self) -> Result<(), String> {
        crate::rulebook::Rulebook::built_in(&self.profile).map_err(|e| e.to_string())?;
        if !["", "en", "zh"].contains(&self.language.as_str()) {
            return Err(format!("language is \"{}\"; it is \"en\", \"zh\" or \"\"", self.language));
        }
        if !self.proxy.header.is_empty() && self.proxy.from.is_empty() {
            return Err("proxy.header is set and proxy.from names nobody to believe it from".into());
        }
        Ok(())
    }

    /// Runs at once.
    pub fn workers(&self) -> usize {
        match self.worker.count {
            0 => (std::thread::available_parallelism().map_or(1, usize::from) / 2).max(1),
            n => n,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_an_error_with_its_line() {
        let wrong = toml::from_str::<Config>("listen = \"0.0.0.0:80\"\nlitsen = 1\n").unwrap_err();
        assert!(wrong.to_string().contains("line 2"), "{wrong}");
        let right: Config = toml::from_str("[worker]\nmemory_mb = 512\n").expect("sound");
        assert_eq!((right.worker.memory_mb, right.worker.seconds), (512, 1800));
        assert!(Config { profile: "nowhere".into(), ..Config::default() }.sound().is_err());
        assert!(Config::default().sound().is_ok());
    }
}
