//! B-spline curves, evaluated by de Boor's algorithm.

use crate::geom::Point3;

/// A spline has no more control points than this.
const MAX_POLES: usize = 20_000;

/// Degrees above this are no drawing.
const MAX_DEGREE: usize = 25;

/// A rational B-spline curve.
#[derive(Debug)]
pub(crate) struct Spline {
    degree: usize,
    /// Control points times their weights.
    poles: Vec<Point3>,
    weights: Vec<f64>,
    knots: Vec<f64>,
}

impl Spline {
    /// From control points, and knots with their multiplicities (clamped and uniform where there are none).
    pub(crate) fn new(
        degree: usize,
        poles: Vec<Point3>,
        multiplicities: &[usize],
        values: &[f64],
        mut weights: Vec<f64>,
    ) -> Option<Self> {
        let n = poles.len();
        if degree == 0 || degree > MAX_DEGREE || n <= degree || n > MAX_POLES {
            return None;
        }
        let mut knots: Vec<f64> = Vec::with_capacity(n + degree + 1);
        if values.is_empty() {
            let inner = n - degree;
            knots.extend((0..n + degree + 1).map(|i| i.saturating_sub(degree).min(inner) as f64));
        } else {
            for (&m, &v) in multiplicities.iter().zip(values) {
                knots.extend(std::iter::repeat_n(v, m.min(n + degree + 1)));
            }
        }
        let rises = knots.windows(2).all(|w| w[0] <= w[1]);
        if knots.len() != n + degree + 1 || !rises || knots[n] <= knots[degree] {
            return None;
        }
        if weights.len() != n || weights.iter().any(|w| *w <= 0.0) {
            weights = vec![1.0; n];
        }
        let poles = poles.into_iter().zip(&weights).map(|(p, &w)| p * w).collect();
        Some(Self { degree, poles, weights, knots })
    }

    fn at(&self, t: f64) -> Point3 {
        let (p, n) = (self.degree, self.poles.len());
        let span =
            (p..n).rev().find(|&i| self.knots[i] <= t && self.knots[i] < self.knots[i + 1]).unwrap_or(p);
        let mut d: Vec<(Point3, f64)> =
            (0..=p).map(|j| (self.poles[span - p + j], self.weights[span - p + j])).collect();
        for r in 1..=p {
            for j in (r..=p).rev() {
                let i = span - p + j;
                let (low, high) = (self.knots[i], self.knots[i + p + 1 - r]);
                let a = if high > low { (t - low) / (high - low) } else { 0.0 };
                d[j] = (d[j - 1].0 * (1.0 - a) + d[j].0 * a, d[j - 1].1 * (1.0 - a) + d[j].1 * a);
            }
        }
        let (point, weight) = d[p];
        point / weight
    }

    /// Points along it: so many for each piece between two knots, and its end.
    pub(crate) fn points(&self, samples: usize) -> Vec<Point3> {
        let (from, to) = (self.degree, self.poles.len());
        let mut out = Vec::new();
        for i in from..to {
            let (a, b) = (self.knots[i], self.knots[i + 1]);
            if b > a {
                let steps = if self.degree == 1 { 1 } else { samples };
                out.extend((0..steps).map(|k| self.at(a + (b - a) * k as f64 / steps as f64)));
            }
        }
        // the end itself, from the left
        let end = self.knots[to];
        out.push(self.at(end - (end - self.knots[from]) * 1e-12));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rational_quadratic_is_a_quarter_circle() {
        let poles = vec![Point3::new(1.0, 0.0, 0.0), Point3::new(1.0, 1.0, 0.0), Point3::new(0.0, 1.0, 0.0)];
        let spline = Spline::new(2, poles, &[3, 3], &[0.0, 1.0], vec![1.0, 0.5f64.sqrt(), 1.0]).unwrap();
        let points = spline.points(16);
        assert!(points.iter().all(|p| (p.length() - 1.0).abs() < 1e-9));
        assert!((*points.last().unwrap() - Point3::new(0.0, 1.0, 0.0)).length() < 1e-9);
    }

    #[test]
    fn nonsense_is_refused() {
        let p = vec![Point3::default(); 3];
        assert!(Spline::new(5, p.clone(), &[], &[], Vec::new()).is_none());
        assert!(Spline::new(2, p.clone(), &[3, 3], &[1.0, 0.0], Vec::new()).is_none());
        assert!(Spline::new(2, p, &[2, 2], &[0.0, 1.0], Vec::new()).is_none());
    }
}
