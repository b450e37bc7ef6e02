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
        let knots = knot_vector(degree, n, multiplicities, values)?;
        if weights.len() != n || weights.iter().any(|w| *w <= 0.0) {
            weights = vec![1.0; n];
        }
        let poles = poles.into_iter().zip(&weights).map(|(p, &w)| p * w).collect();
        Some(Self { degree, poles, weights, knots })
    }

    fn at(&self, t: f64) -> Point3 {
        let poles = |i: usize| (self.poles[i], self.weights[i]);
        let (point, weight) = de_boor(self.degree, self.poles.len(), &self.knots, poles, t);
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

/// Knots with their multiplicities written out; clamped and uniform where there are none. `None` when they do not fit
/// or do not rise.
fn knot_vector(degree: usize, n: usize, multiplicities: &[usize], values: &[f64]) -> Option<Vec<f64>> {
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
    (knots.len() == n + degree + 1 && rises && knots[n] > knots[degree]).then_some(knots)
}

/// De Boor's algorithm over `n` poles (times their weights) and their weights.
fn de_boor(
    degree: usize,
    n: usize,
    knots: &[f64],
    poles: impl Fn(usize) -> (Point3, f64),
    t: f64,
) -> (Point3, f64) {
    let p = degree;
    let span = (p..n).rev().find(|&i| knots[i] <= t && knots[i] < knots[i + 1]).unwrap_or(p);
    let mut d: Vec<(Point3, f64)> = (0..=p).map(|j| poles(span - p + j)).collect();
    for r in 1..=p {
        for j in (r..=p).rev() {
            let i = span - p + j;
            let (low, high) = (knots[i], knots[i + p + 1 - r]);
            let a = if high > low { (t - low) / (high - low) } else { 0.0 };
            d[j] = (d[j - 1].0 * (1.0 - a) + d[j].0 * a, d[j - 1].1 * (1.0 - a) + d[j].1 * a);
        }
    }
    d[p]
}

/// A rational B-spline surface.
#[derive(Debug)]
pub(crate) struct SplineSurface {
    degrees: (usize, usize),
    /// Poles times their weights, and the weights: rows along u, in each those along v.
    poles: Vec<Vec<(Point3, f64)>>,
    knots: (Vec<f64>, Vec<f64>),
}

impl SplineSurface {
    /// From rows of control points and their weights (1 where there are none), and the knots of both directions with
    /// their multiplicities.
    pub(crate) fn new(
        degrees: (usize, usize),
        poles: Vec<Vec<Point3>>,
        weights: &[Vec<f64>],
        multiplicities: (&[usize], &[usize]),
        values: (&[f64], &[f64]),
    ) -> Option<Self> {
        let (n, m) = (poles.len(), poles.first()?.len());
        let fits = |degree: usize, count: usize| degree > 0 && degree <= MAX_DEGREE && count > degree;
        if !fits(degrees.0, n)
            || !fits(degrees.1, m)
            || n * m > MAX_POLES
            || poles.iter().any(|r| r.len() != m)
        {
            return None;
        }
        let knots = (
            knot_vector(degrees.0, n, multiplicities.0, values.0)?,
            knot_vector(degrees.1, m, multiplicities.1, values.1)?,
        );
        let weight = |i: usize, j: usize| {
            weights.get(i).and_then(|r| r.get(j)).copied().filter(|w| *w > 0.0).unwrap_or(1.0)
        };
        let poles = poles
            .into_iter()
            .enumerate()
            .map(|(i, row)| {
                row.into_iter().enumerate().map(|(j, p)| (p * weight(i, j), weight(i, j))).collect()
            })
            .collect();
        Some(Self { degrees, poles, knots })
    }

    /// The point at parameters, which are held within the surface.
    pub(crate) fn at(&self, u: f64, v: f64) -> Point3 {
        let ((u0, u1), (v0, v1)) = self.domain();
        // the last span is open at its end
        let (u, v) = (u.clamp(u0, u1 - (u1 - u0) * 1e-12), v.clamp(v0, v1 - (v1 - v0) * 1e-12));
        let row =
            |i: usize| de_boor(self.degrees.1, self.poles[i].len(), &self.knots.1, |j| self.poles[i][j], v);
        let (point, weight) = de_boor(self.degrees.0, self.poles.len(), &self.knots.0, row, u);
        point / weight
    }

    /// From where to where its parameters run.
    pub(crate) fn domain(&self) -> ((f64, f64), (f64, f64)) {
        let of = |knots: &[f64], degree: usize, n: usize| (knots[degree], knots[n]);
        let m = self.poles.first().map_or(0, Vec::len);
        (of(&self.knots.0, self.degrees.0, self.poles.len()), of(&self.knots.1, self.degrees.1, m))
    }

    /// Parameters at which to cut it, so many between two knots.
    pub(crate) fn stops(&self, samples: usize) -> (Vec<f64>, Vec<f64>) {
        let of = |knots: &[f64], (low, high): (f64, f64), degree: usize| {
            let mut out = Vec::new();
            for w in knots.windows(2).filter(|w| w[1] > w[0] && w[0] >= low && w[1] <= high) {
                let steps = if degree == 1 { 1 } else { samples };
                out.extend((0..steps).map(|k| w[0] + (w[1] - w[0]) * k as f64 / steps as f64));
            }
            out.push(high);
            out
        };
        let (u, v) = self.domain();
        (of(&self.knots.0, u, self.degrees.0), of(&self.knots.1, v, self.degrees.1))
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
