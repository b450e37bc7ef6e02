//! The second upload, on files: a model and its drawing as another export would write them, held against the first report.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Share of labels that must be right.
const RIGHT: f64 = 0.99;

fn sample(folder: &str, file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/projects").join(folder).join(file)
}

/// How a model is exported again.
#[derive(Clone, Copy, Default)]
struct Unkind {
    guids: bool,
    numbers: bool,
    storeys: bool,
    /// Millimetres, as the sample has them.
    origin: Option<[f64; 3]>,
}

/// Another GlobalId for each: the same letters in another order behind the first.
fn other_guid(guid: &str) -> String {
    let (first, rest) = guid.split_at(1);
    let (a, b) = rest.split_at(9);
    format!("{first}{b}{a}")
}

fn is_guid(text: &str) -> bool {
    let letter = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'$';
    text.len() == 22 && text.bytes().all(letter) && text.as_bytes()[0] <= b'3'
}

/// A record without its texts: what is between quotes, and what is not.
fn pieces(line: &str) -> Vec<(bool, String)> {
    line.split('\'').enumerate().map(|(n, part)| (n % 2 == 1, part.to_owned())).collect()
}

fn joined(pieces: Vec<(bool, String)>) -> String {
    pieces.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("'")
}

/// The numbers of records that a record names.
fn named(line: &str) -> Vec<u64> {
    line.split('#')
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok())
        .collect()
}

fn renumbered(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('#') {
        let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
        out.push_str(before);
        match digits.parse::<u64>() {
            Ok(n) => out.push_str(&format!("#{}", 7 * n + 100_003)),
            Err(_) => out.push('#'),
        }
        rest = &after[digits.len()..];
    }
    out + rest
}

/// The model as another export would write it.
fn exported(model: &str, unkind: Unkind) -> String {
    let lines: Vec<&str> = model.lines().collect();
    let by_number: BTreeMap<u64, &str> = lines
        .iter()
        .filter_map(|l| Some((*named(l).first()?, *l)))
        .filter(|(_, l)| l.starts_with('#'))
        .collect();
    // site → its placement → the axes of it → the point
    let site = lines.iter().find(|l| l.contains("=IFCSITE(")).expect("a site");
    let placement = named(site)[2];
    let point = named(by_number[&named(by_number[&placement])[1]])[1];
    let mut out: Vec<String> = Vec::new();
    let (mut data, mut head) = (Vec::new(), true);
    for line in &lines {
        if !line.starts_with('#') {
            // records are written in another order too
            if *line == "ENDSEC;" && !head {
                data.reverse();
                out.append(&mut data);
            }
            head &= *line != "DATA;";
            out.push((*line).to_owned());
            continue;
        }
        let mut line = (*line).to_owned();
        if let Some([x, y, z]) = unkind.origin.filter(|_| named(&line)[0] == point) {
            line = format!("#{point}=IFCCARTESIANPOINT(({x:?},{y:?},{z:?}));");
        }
        let storey = line.contains("=IFCBUILDINGSTOREY(");
        let mut parts = pieces(&line);
        let mut texts = 0;
        for (quoted, text) in &mut parts {
            if !*quoted {
                if unkind.numbers {
                    *text = renumbered(text);
                }
                continue;
            }
            texts += 1;
            if unkind.guids && is_guid(text) {
                *text = other_guid(text);
            } else if unkind.storeys && storey && texts == 2 {
                *text = format!("Level {}", text.trim_end_matches('F'));
            }
        }
        data.push(joined(parts));
    }
    out.join("\n") + "\n"
}

fn check(
    folder: &Path,
    name: &str,
    model: &Path,
    drawing: &Path,
    previous: Option<&Path>,
) -> (PathBuf, Value) {
    let out = folder.join(format!("{name}.json"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_tumo"));
    command.arg("check").arg(model).arg("--drawing").arg(drawing);
    if let Some(previous) = previous {
        command.arg("--previous").arg(previous);
    }
    let run = command.args(["--quiet", "--format", "json", "-o"]).arg(&out).output().expect("it runs");
    let text = std::fs::read_to_string(&out);
    let text = text.unwrap_or_else(|_| panic!("{name}: {}", String::from_utf8_lossy(&run.stderr)));
    (out, serde_json::from_str(&text).expect("JSON"))
}

fn fixed(report: &Value) -> BTreeSet<String> {
    let list = report["previous"]["fixed"].as_array().expect("a list");
    list.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect()
}

#[test]
fn labels_are_right_when_the_files_were_exported_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (wrong, right) = ("fail_office-tarch", "pass_office-tarch");
    let of = |folder| (sample(folder, "OfficeA.ifc"), sample(folder, "arch_plans.dxf"));
    let ((model, drawing), (mended_model, mended_drawing)) = (of(wrong), of(right));
    let (first, before) = check(folder.path(), "first", &model, &drawing, None);
    let all = before["findings"].as_array().expect("findings").len();
    let mended = check(folder.path(), "mended", &mended_model, &mended_drawing, Some(&first)).1;
    let wanted = fixed(&mended);
    assert!(wanted.len() > 20, "only {} findings are mended", wanted.len());

    let far = Some([433_200.0, -251_600.0, 12_400.0]);
    let whole = Unkind { guids: true, numbers: true, storeys: true, origin: far };
    let cases = [
        ("guids", Unkind { guids: true, ..Unkind::default() }, false),
        ("numbers", Unkind { numbers: true, ..Unkind::default() }, false),
        ("storeys", Unkind { storeys: true, ..Unkind::default() }, false),
        ("origin", Unkind { origin: far, ..Unkind::default() }, false),
        ("drawing", Unkind::default(), true),
        ("everything", whole, true),
    ];
    for (name, unkind, redrawn) in cases {
        let again = |model: &Path, drawing: &Path, name: &str| {
            let text = std::fs::read_to_string(model).expect("a model");
            let file = folder.path().join(format!("{name}.ifc"));
            std::fs::write(&file, exported(&text, unkind)).expect("written");
            let sheet = folder.path().join(format!("{name}.dxf"));
            if redrawn {
                let args = [drawing.as_os_str(), sheet.as_os_str(), "51234.5".as_ref(), "-9876.5".as_ref()];
                crate::script::python("generate/export_again.py", args);
            }
            let sheet = if sheet.exists() { sheet } else { drawing.to_owned() };
            check(folder.path(), name, &file, &sheet, Some(&first)).1
        };
        let same = again(&model, &drawing, &format!("{name}-same"));
        let said = &same["previous"];
        let count = |key: &str| said[key].as_u64().expect("a count") as usize;
        println!("{name}: {} of {all} open, {} new", count("open"), count("new"));
        let share = count("open") as f64 / (all + count("new")) as f64;
        assert!(share >= RIGHT, "{name}: {said}");

        let found = fixed(&again(&mended_model, &mended_drawing, &format!("{name}-mended")));
        let agreed = found.intersection(&wanted).count();
        println!("{name}: {agreed} of {} fixed, {} told so", wanted.len(), found.len());
        let share = agreed as f64 / found.union(&wanted).count() as f64;
        let missed: Vec<_> = wanted.symmetric_difference(&found).collect();
        assert!(share >= RIGHT, "{name}: {missed:?}");
    }
}
