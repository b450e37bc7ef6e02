//! How often somebody may ask: a bucket of tokens each, filled at a rate.

use super::fault::{Fault, Outcome};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Buckets kept; those that are full again go first.
const MOST: usize = 50_000;

/// Buckets by who asks.
#[derive(Debug)]
pub(crate) struct Rate<K> {
    buckets: Mutex<HashMap<K, (f64, Instant)>>,
    per_second: f64,
    burst: f64,
}

impl<K: Eq + Hash> Rate<K> {
    /// So many a second on average, so many at once.
    pub(crate) fn new(per_second: f64, burst: f64) -> Self {
        Self { buckets: Mutex::default(), per_second: per_second.max(1e-6), burst: burst.max(1.0) }
    }

    /// Takes one; refused when there is none.
    pub(crate) fn take(&self, who: K) -> Outcome<()> {
        self.take_at(who, Instant::now())
    }

    fn take_at(&self, who: K, now: Instant) -> Outcome<()> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST {
            let full = |(left, then): &(f64, Instant)| {
                left + now.duration_since(*then).as_secs_f64() * self.per_second >= self.burst
            };
            buckets.retain(|_, bucket| !full(bucket));
        }
        let (left, then) = buckets.entry(who).or_insert((self.burst, now));
        *left = (*left + now.duration_since(*then).as_secs_f64() * self.per_second).min(self.burst);
        *then = now;
        if *left >= 1.0 {
            *left -= 1.0;
            return Ok(());
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let wait = ((1.0 - *left) / self.per_second).ceil().clamp(1.0, 3600.0) as u64;
        Err(Fault::TooOften(wait))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let rate = Rate::new(2.0, 3.0);
        let now = Instant::now();
        for _ in 0..3 {
            assert_eq!(rate.take_at("a", now), Ok(()));
        }
        assert_eq!(rate.take_at("a", now), Err(Fault::TooOften(1)));
        assert_eq!(rate.take_at("b", now), Ok(()), "others are not held back");
        assert_eq!(rate.take_at("a", now + Duration::from_millis(600)), Ok(()));
        assert!(rate.take_at("a", now + Duration::from_millis(600)).is_err());
    }
}
