//! `tumo register`: where each plan lies, alone.

use super::args::Register;
use super::files::{self, Mapped};
use super::timing::Stopwatch;
use super::{Outcome, Settings, output, profile};
use crate::pipeline::{Pipeline, Submission};
use crate::report::RunInfo;
use crate::report::plain::tame;
use anyhow::Result;
use std::fmt::Write;

/// Runs the command. Exit code 0 when every plan was laid, 3 otherwise.
pub(crate) fn run(args: &Register, settings: &Settings) -> Result<Outcome> {
    let models = files::open(&args.models)?;
    let drawings = files::open_drawings(&args.drawing)?;
    let mut rulebook = profile::rulebook("general", &[])?;
    rulebook.rules.clear();
    let mut watch = Stopwatch::start();
    let submission = Submission {
        models: models.iter().map(Mapped::source).collect(),
        drawings: drawings.iter().map(Mapped::source).collect(),
        places: files::places(&args.place)?,
        sheets: files::sheets(&args.sheet)?,
        ..Submission::default()
    };
    let run = Pipeline::run_watched(&submission, &rulebook, &mut |s| watch.begins(s))?;
    watch.stop();
    let report = run.report(&rulebook, RunInfo::default());
    for error in &run.unread {
        output::tell(&format!("tumo: {error}"));
    }
    if args.json {
        let text = serde_json::to_string_pretty(&report.plans)? + "\n";
        output::print(text.as_bytes())?;
    } else {
        let mut out = String::new();
        for plan in &report.plans {
            let storeys: Vec<String> = plan.storeys.iter().map(|s| tame(&s.name)).collect();
            let title = plan.title.as_deref().map(tame).unwrap_or_default();
            let _ = writeln!(out, "{} {} ({})", plan.plan, title, tame(&plan.drawing));
            let t = &plan.transform;
            match t.m {
                Some([a, b, c, d, e, f]) => {
                    let _ = writeln!(out, "  storeys    {}", storeys.join(", "));
                    let _ = writeln!(out, "  x = {a:.9} u + {c:.9} v + {e:.4}");
                    let _ = writeln!(out, "  y = {b:.9} u + {d:.9} v + {f:.4}");
                    let mirrored = if t.mirrored { ", mirrored" } else { "" };
                    let _ = writeln!(
                        out,
                        "  by {}: {} anchors agree, rms {:.2} mm, p95 {:.2} mm, trust {:.2}{mirrored}",
                        t.method, t.inliers, t.rms_mm, t.p95_mm, t.trust
                    );
                }
                None => out.push_str("  not laid\n"),
            }
            let _ = writeln!(out, "  {}", tame(plan.story.get(settings.language)));
        }
        if report.plans.is_empty() {
            out.push_str("no floor plan was found\n");
        }
        output::print(out.as_bytes())?;
    }
    if settings.verbose {
        output::tell(&watch.lines());
    }
    let laid = !report.plans.is_empty() && report.plans.iter().all(|p| p.transform.m.is_some());
    Ok(if laid && run.unread.is_empty() { Outcome::Clean } else { Outcome::Inconclusive })
}
