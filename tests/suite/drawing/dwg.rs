//! DWG through the command: the same as from DXF, and the process that reads it costs its file alone.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn tumo(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tumo")).args(arguments).output().unwrap()
}

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&out).unwrap();
    out
}

/// A DXF as DWG, beside others of its kind under the same name, which the format is not told by.
#[cfg(feature = "dwg")]
fn as_dwg(dxf: &Path, folder: &Path) -> PathBuf {
    let document = acadrust::DxfReader::from_file(dxf).unwrap().read().unwrap();
    let out = folder.join(dxf.file_name().unwrap());
    std::fs::write(&out, acadrust::DwgWriter::write_to_vec(&document).unwrap()).unwrap();
    out
}

/// Without what belongs to the file and not to what is drawn in it.
#[cfg(feature = "dwg")]
fn without_the_file(mut value: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.retain(|k, _| {
                    !["sha256", "bytes", "format", "line", "schema", "fingerprint"].contains(&k.as_str())
                });
                map.values_mut().for_each(strip);
            }
            Value::Array(list) => list.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut value);
    value
}

#[test]
#[cfg(feature = "dwg")]
fn a_project_as_dwg_has_the_same_plans_and_findings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/projects");
    for (project, drawing) in [("fail_flats-tarch", "arch_plans.dxf"), ("pass_flats-paper", "building.dxf")] {
        let model = root.join(project).join("FlatsA.ifc");
        let dxf = root.join(project).join(drawing);
        let dwg = as_dwg(&dxf, &folder(project));
        let report = |drawing: &Path| {
            let out = tumo(&[
                "check",
                model.to_str().unwrap(),
                "--drawing",
                drawing.to_str().unwrap(),
                "--format",
                "json",
            ]);
            let report: Value = serde_json::from_slice(&out.stdout).unwrap();
            (out.status.code(), report)
        };
        let ((code, of_dxf), (dwg_code, of_dwg)) = (report(&dxf), report(&dwg));
        assert_eq!(code, dwg_code);
        assert_eq!(of_dwg["inputs"][1]["format"], "dwg");
        assert!(of_dwg["plans"].as_array().is_some_and(|p| !p.is_empty()));
        for part in ["plans", "findings", "decision", "notices"] {
            assert_eq!(
                without_the_file(of_dxf[part].clone()),
                without_the_file(of_dwg[part].clone()),
                "{project}: {part}"
            );
        }
    }
}

#[test]
#[cfg(feature = "dwg")]
fn real_dwgs_hold_what_their_dxf_holds() {
    use std::collections::BTreeMap;
    let Some(root) = std::env::var_os("TUMO_DATA") else {
        return println!("TUMO_DATA names no folder: nothing is asked");
    };
    let folder = Path::new(&root).join("drawings/dwg-dxf-versions");
    /// What DWG keeps otherwise than DXF in this sample: a spline by the points that it passes, a leader without the
    /// short line that hooks its text.
    const OTHERWISE: [u64; 2] = [0x434, 0x512];
    /// Kinds of primitives and their number, and each text.
    fn held(bytes: Vec<u8>) -> BTreeMap<String, usize> {
        let read = tumo::drawing::read("a", &tumo::bytes::bytes(bytes)).unwrap();
        assert!(read.notices.is_empty(), "{:?}", read.notices);
        let drawing = read.value;
        let mut out: BTreeMap<String, usize> = BTreeMap::new();
        for sheet in &drawing.sheets {
            let layer = |mark: u32| &drawing.layers[sheet.marks[mark as usize].layer as usize].name;
            let mut add = |what: String| *out.entry(format!("{}: {what}", sheet.name)).or_default() += 1;
            let alike = |mark: u32| !OTHERWISE.contains(&sheet.marks[mark as usize].handle);
            sheet
                .lines
                .iter()
                .filter(|l| alike(l.mark))
                .for_each(|l| add(format!("line on {}", layer(l.mark))));
            sheet.arcs.iter().for_each(|a| add(format!("arc on {}", layer(a.mark))));
            sheet.loops.iter().for_each(|l| add(format!("loop of {} on {}", l.ring.len(), layer(l.mark))));
            sheet.fills.iter().for_each(|f| add(format!("fill {:?} on {}", f.pattern, layer(f.mark))));
            sheet.texts.iter().for_each(|t| add(format!("text {:?} {:.3}", t.text, t.height)));
            sheet.dimensions.iter().for_each(|d| add(format!("dimension {:.3} {:?}", d.measured, d.shown)));
            sheet.inserts.iter().for_each(|i| {
                // The sample's DXF numbers the tag of an attribute of several lines.
                add(format!("reference {:?}", i.attributes).replace("_001", ""))
            });
            sheet.viewports.iter().for_each(|v| add(format!("viewport {:.6}", v.scale)));
        }
        out
    }
    let dxf = held(std::fs::read(folder.join("sample_AC1027_binary.dxf")).unwrap());
    assert!(dxf.len() > 50);
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "dwg") {
            let dwg = held(tumo::drawing::dwg::convert(&std::fs::read(&path).unwrap()).to_bytes());
            let differs: Vec<_> = dxf
                .keys()
                .chain(dwg.keys())
                .filter(|k| dxf.get(*k) != dwg.get(*k))
                .map(|k| (k, dxf.get(k), dwg.get(k)))
                .collect();
            assert!(differs.is_empty(), "{}: {differs:#?}", path.display());
            seen += 1;
        }
    }
    assert!(seen >= 3);
}

#[test]
fn a_broken_dwg_costs_itself_alone() {
    let folder = folder("broken-dwg");
    let broken = folder.join("broken.dwg");
    let mut bytes = b"AC1027\0\0\0\0\0\x03".to_vec();
    bytes.extend((0..4_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8));
    std::fs::write(&broken, bytes).unwrap();
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/projects/pass_flats-paper/building.dxf");
    let out = tumo(&["recognise", broken.to_str().unwrap(), whole.to_str().unwrap()]);
    let (told, listed) = (String::from_utf8_lossy(&out.stderr), String::from_utf8_lossy(&out.stdout));
    assert_eq!(out.status.code(), Some(3), "{told}");
    assert!(told.lines().count() == 1 && told.contains("broken.dwg: ") && told.contains("DWG"), "{told}");
    assert!(listed.contains("building.dxf"), "{listed}");
}

#[test]
fn the_worker_answers_whatever_it_is_given() {
    for input in [&b""[..], b"AC10", b"AC1032\0\0\0\0", b"\xFF\xFF\xFF"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tumo"))
            .args(["worker", "dwg"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), input).unwrap();
        let out = child.wait_with_output().unwrap();
        assert!(out.status.success() && tumo::drawing::dwg::is_converted(&out.stdout));
        let read = tumo::drawing::read("a.dwg", &tumo::bytes::bytes(out.stdout));
        assert!(read.unwrap_err().to_string().starts_with("a.dwg: "));
    }
}
