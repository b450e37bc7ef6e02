//! What can go wrong in the service, and how a client is told: one sentence, as a problem document (RFC 9457).

use crate::report::notices;
use crate::wording::Language;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A request that cannot be served, by what the client can do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// There is no such thing, or it is somebody else's: both are told alike.
    #[error("there is no such thing here")]
    NotFound,
    /// Nobody is signed in, or the token is unknown or has expired.
    #[error("sign in, or give a token that is valid")]
    Unknown,
    /// Signed in, and not allowed.
    #[error("not allowed: {0}")]
    Denied(&'static str),
    /// The request is wrong.
    #[error("{0}")]
    Bad(String),
    /// It does not fit to what is there.
    #[error("{0}")]
    Conflict(String),
    /// Too large, or too many.
    #[error("{0}")]
    TooLarge(String),
    /// The checksum that came with it is another one (tus 1.0, checksum).
    #[error("the checksum does not fit the bytes; send them again")]
    Checksum,
    /// Somebody else is at it.
    #[error("another request is sending to this upload; wait for it")]
    Locked,
    /// It was there, and is not kept any more.
    #[error("{0}")]
    Gone(String),
    /// Too often; seconds to wait.
    #[error("too many requests; wait {0} s")]
    TooOften(u64),
    /// A condition of the protocol is not met.
    #[error("{0}")]
    Precondition(String),
    /// The media type is not the one asked for.
    #[error("{0}")]
    WrongType(String),
    /// The disk is full.
    #[error("the disk of the service is full; nothing was stored, try again later")]
    Full,
    /// Cannot be served now.
    #[error("{0}")]
    Unavailable(String),
    /// A fault of ours.
    #[error("a fault of the service; it has been recorded")]
    Internal(String),
}

impl Fault {
    /// HTTP status.
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Unknown => StatusCode::UNAUTHORIZED,
            Self::Denied(_) => StatusCode::FORBIDDEN,
            Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            // RFC 9110 has no code for it; tus 1.0 takes 460
            Self::Checksum => match StatusCode::from_u16(460) {
                Ok(code) => code,
                Err(_) => StatusCode::BAD_REQUEST,
            },
            Self::Locked => StatusCode::LOCKED,
            Self::Gone(_) => StatusCode::GONE,
            Self::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Precondition(_) => StatusCode::PRECONDITION_FAILED,
            Self::WrongType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Stable name, for programs.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Unknown => "sign-in",
            Self::Denied(_) => "denied",
            Self::Bad(_) => "bad-request",
            Self::Conflict(_) => "conflict",
            Self::TooLarge(_) => "too-large",
            Self::Checksum => "checksum",
            Self::Locked => "locked",
            Self::Gone(_) => "gone",
            Self::TooOften(_) => "too-often",
            Self::Precondition(_) => "precondition",
            Self::WrongType(_) => "media-type",
            Self::Full => "disk-full",
            Self::Unavailable(_) => "unavailable",
            Self::Internal(_) => "internal",
        }
    }
}

/// A problem document.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Problem {
    /// Stable name, such as `not-found`.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// One sentence: what, and what to do.
    pub detail: String,
}

/// Puts a problem that is answered into the language of who asks.
pub(crate) fn spoken(response: Response, language: Language) -> Response {
    let (mut parts, body) = response.into_parts();
    let Some(mut problem) = parts.extensions.remove::<Problem>() else {
        return Response::from_parts(parts, body);
    };
    let said = notices::of_service(&problem.detail).get(language).to_owned();
    if said == problem.detail {
        return Response::from_parts(parts, body);
    }
    problem.detail = said;
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_ENCODING);
    let text = serde_json::to_vec(&problem).unwrap_or_default();
    Response::from_parts(parts, text.into())
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        if let Self::Internal(what) = &self {
            super::log::line("fault", &[("what", what)]);
        }
        let problem = Problem { code: self.code(), status: self.status().as_u16(), detail: self.to_string() };
        let mut response = (self.status(), Json(problem.clone())).into_response();
        response.extensions_mut().insert(problem);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match &self {
            Self::Unknown => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::TooOften(seconds) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
            }
            _ => {}
        }
        response
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Internal(format!("file: {error}")),
        }
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(e) = &error {
            match e.code().as_deref() {
                // SQLITE_FULL
                Some("13") => return Self::Full,
                // SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY
                Some("2067" | "1555") => return Self::Conflict("there is one already".into()),
                // SQLITE_CONSTRAINT_FOREIGNKEY: what it belongs to has just gone
                Some("787") => return Self::NotFound,
                _ => {}
            }
        }
        if let sqlx::Error::RowNotFound = error {
            return Self::NotFound;
        }
        Self::Internal(format!("database: {error}"))
    }
}

impl From<object_store::Error> for Fault {
    fn from(error: object_store::Error) -> Self {
        if let object_store::Error::NotFound { .. } = error {
            return Self::NotFound;
        }
        // the cause stands at the end of a chain
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(now) = cause {
            if let Some(io) = now.downcast_ref::<std::io::Error>()
                && matches!(io.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
            {
                return Self::Full;
            }
            cause = now.source();
        }
        Self::Internal(format!("objects: {error}"))
    }
}

/// What the service's functions return.
pub(crate) type Outcome<T> = Result<T, Fault>;
