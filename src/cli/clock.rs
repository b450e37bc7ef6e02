//! The time of a run, the only clock there is. `SOURCE_DATE_EPOCH` sets it, for outputs that are the same every time
//! (<https://reproducible-builds.org/specs/source-date-epoch/>).

use crate::calendar::date_time;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now as `xs:dateTime` in UTC.
pub(super) fn now() -> String {
    let set = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|s| s.parse::<u64>().ok());
    let seconds =
        set.or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|d| d.as_secs())).unwrap_or(0);
    date_time(seconds)
}
