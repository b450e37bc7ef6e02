//! Random names and secrets, and how they are kept: tokens as SHA-256, passwords as argon2id (RFC 9106).

use super::fault::{Fault, Outcome};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

/// Memory of one password hash, KiB; with `PASSES` the second recommendation of OWASP's password storage cheat sheet.
const MEMORY_KIB: u32 = 19_456;
/// Passes over it.
const PASSES: u32 = 2;
/// Password hashes at once: they are dear in memory.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// Longest password that is hashed, bytes.
const LONGEST_PASSWORD: usize = 1024;
/// Shortest password that is taken, characters (NIST SP 800-63B, 5.1.1.2, asks at least 8).
pub(crate) const SHORTEST_PASSWORD: usize = 10;

fn random<const N: usize>() -> Outcome<[u8; N]> {
    let mut bytes = [0u8; N];
    getrandom::fill(&mut bytes).map_err(|e| Fault::Internal(format!("no random numbers: {e}")))?;
    Ok(bytes)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// A new name for a thing: 128 random bits.
pub(crate) fn name() -> Outcome<String> {
    Ok(hex(&random::<16>()?))
}

/// A new secret: 256 random bits. The prefix lets scanners of repositories find one that got lost.
pub(crate) fn token() -> Outcome<String> {
    Ok(format!("tumo_{}", hex(&random::<32>()?)))
}

/// Whether two strings are the same, in a time that does not tell how much of them is.
pub(crate) fn same(a: &str, b: &str) -> bool {
    let differ = a.bytes().zip(b.bytes()).fold(0u8, |d, (x, y)| d | (x ^ y));
    a.len() == b.len() && differ == 0
}

fn argon2() -> Outcome<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|e| Fault::Internal(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password.
pub(crate) async fn hash_password(password: String) -> Outcome<String> {
    if password.chars().count() < SHORTEST_PASSWORD || password.len() > LONGEST_PASSWORD {
        return Err(Fault::Bad(format!(
            "a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters"
        )));
    }
    let _turn = AT_ONCE.acquire().await.map_err(|e| Fault::Internal(e.to_string()))?;
    blocking(move || {
        let hash: Result<PasswordHash, _> = argon2()?.hash_password(password.as_bytes());
        hash.map(|h| h.to_string()).map_err(|e| Fault::Internal(format!("password: {e}")))
    })
    .await
}

/// Whether a password fits its hash. Without a hash the same work is done, so that the time does not tell who exists.
pub(crate) async fn check_password(password: String, hash: Option<String>) -> Outcome<bool> {
    if password.len() > LONGEST_PASSWORD {
        return Ok(false);
    }
    let _turn = AT_ONCE.acquire().await.map_err(|e| Fault::Internal(e.to_string()))?;
    blocking(move || {
        let known = hash.as_deref().and_then(|h| PasswordHash::new(h).ok());
        match known {
            Some(known) => Ok(argon2()?.verify_password(password.as_bytes(), &known).is_ok()),
            None => {
                let _: Result<PasswordHash, _> = argon2()?.hash_password(password.as_bytes());
                Ok(false)
            }
        }
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Outcome<T> + Send + 'static) -> Outcome<T> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Fault::Internal(e.to_string()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hash = hash_password("correct horse".into()).await.expect("a hash");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_eq!(check_password("correct horse".into(), Some(hash.clone())).await, Ok(true));
        assert_eq!(check_password("correct house".into(), Some(hash)).await, Ok(false));
        assert_eq!(check_password("correct horse".into(), None).await, Ok(false));
        assert!(hash_password("short".into()).await.is_err());
    }

    #[test]
    fn secrets_are_compared_whole() {
        assert!(same("abc", "abc"));
        assert!(!same("abc", "abd") && !same("abc", "ab") && !same("", "a"));
        assert_ne!(token(), token());
    }
}
