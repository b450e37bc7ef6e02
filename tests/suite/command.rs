//! The command as a user meets it: exit codes and sentences.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn tumo(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tumo"))
        .args(args)
        .env("LC_ALL", "C")
        .env_remove("NO_COLOR")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the command runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

#[test]
fn a_wrong_use_is_2_and_one_sentence() {
    let empty = folder("wrong").join("empty.ifc");
    std::fs::write(&empty, b"").expect("an empty file");
    let empty = empty.to_string_lossy().into_owned();
    for (args, wanted) in [
        (vec!["check", "no-such.ifc"], "no-such.ifc: there is no such file"),
        (vec!["check", &empty], "empty.ifc"),
        (vec!["check", "rules"], "rules: is a folder"),
        (vec!["check", "Cargo.toml"], "Cargo.toml"),
        (vec!["check", "Cargo.toml", "--profile", "no-such"], "there is no profile of this name"),
        (vec!["check", "Cargo.toml", "--only", "no-such"], "no such family, nor a rule"),
        (vec!["check", "Cargo.toml", "--format", "json", "--format", "html"], "only one --format"),
        (vec!["check", "Cargo.toml", "-o", "x.unknown"], "say what to write with --format"),
        (vec!["explain", "XX99"], "there is no rule XX99"),
        (vec!["inspect", "Cargo.toml"], "Cargo.toml"),
        (vec!["recognise", "Cargo.toml"], "Cargo.toml"),
    ] {
        let output = tumo(&args);
        assert_eq!(code(&output), 2, "{args:?}: {}", said(&output));
        assert!(said(&output).contains(wanted), "{args:?} said: {}", said(&output));
        assert!(said(&output).lines().count() <= 2, "{args:?} said: {}", said(&output));
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}

#[test]
#[cfg(not(feature = "serve"))]
fn a_build_without_the_service_says_so() {
    let output = tumo(&["serve", "--listen", "localhost:0"]);
    assert_eq!(code(&output), 2);
    assert!(said(&output).contains("--features serve"), "{}", said(&output));
}

#[test]
fn help_and_version_are_0() {
    for args in [&["--help"][..], &["--version"], &["check", "--help"]] {
        assert_eq!(code(&tumo(args)), 0, "{args:?}");
    }
    assert_eq!(code(&tumo(&[])), 2, "no command is a wrong use");
    assert_eq!(code(&tumo(&["check"])), 2);
    assert_eq!(code(&tumo(&["no-such-command"])), 2);
}

#[test]
fn a_closed_pipe_is_no_fault() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tumo"))
        .args(["rules", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert!(said(&output).is_empty(), "{}", said(&output));
}

#[test]
fn rules_are_listed_and_explained_in_both_languages() {
    let list = tumo(&["rules", "--json"]);
    assert_eq!(code(&list), 0);
    let rules: serde_json::Value = serde_json::from_slice(&list.stdout).expect("JSON");
    for rule in rules.as_array().expect("a list") {
        let id = rule["id"].as_str().expect("an id");
        for lang in ["en", "zh"] {
            let page = tumo(&["explain", id, "--lang", lang]);
            assert_eq!(code(&page), 0, "{id}");
            let text = String::from_utf8(page.stdout).expect("UTF-8");
            assert!(text.contains(rule["title"][lang].as_str().expect("a title")), "{id} in {lang}: {text}");
        }
    }
}

#[test]
fn a_profile_may_be_a_file_and_its_slips_are_told_with_their_line() {
    let folder = folder("profiles");
    for (name, text, wanted) in [
        ("typo.toml", "name = 'x'\ntitle = {en='x', zh='x'}\nextend = 'general'\n", "typo.toml:3"),
        ("syntax.toml", "name = 'x'\ntitle = \n", "syntax.toml:2"),
        ("rule.toml", "name = 'x'\ntitle = {en='x', zh='x'}\noff = ['DM99']\n", "there is no rule DM99"),
        (
            "base.toml",
            "name = 'x'\ntitle = {en='x', zh='x'}\nextends = 'nothing'\n",
            "there is no profile of this name",
        ),
    ] {
        let file = folder.join(name);
        std::fs::write(&file, text).expect("a profile");
        let output = tumo(&["rules", "--profile", &file.to_string_lossy()]);
        assert_eq!(code(&output), 2, "{name}: {}", said(&output));
        assert!(said(&output).contains(wanted), "{name} said: {}", said(&output));
    }
    let good = folder.join("good.toml");
    std::fs::write(&good, "name = 'x'\ntitle = {en='x', zh='x'}\nextends = 'cn-building'\n")
        .expect("a profile");
    assert_eq!(code(&tumo(&["rules", "--profile", &good.to_string_lossy()])), 0);
}

#[test]
fn shells_and_the_manual_know_every_command() {
    let help = String::from_utf8(tumo(&["--help"]).stdout).expect("UTF-8");
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|l| !l.starts_with("Commands:"))
        .skip(1)
        .take_while(|l| !l.is_empty())
        .filter_map(|l| l.strip_prefix("  ").filter(|l| !l.starts_with(' '))?.split_whitespace().next())
        .filter(|c| *c != "help")
        .collect();
    assert!(commands.contains(&"check") && commands.contains(&"man"), "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let output = tumo(&["completions", shell]);
        assert_eq!(code(&output), 0, "{shell}: {}", said(&output));
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(commands.iter().all(|c| text.contains(c)) && text.contains("fail-on"), "{shell}");
        assert!(!text.contains("worker"), "{shell} offers what is not for people");
    }
    assert_eq!(code(&tumo(&["completions", "no-such-shell"])), 2);
    let page = String::from_utf8(tumo(&["man"]).stdout).expect("UTF-8");
    assert!(page.contains(".TH tumo 1") && !page.contains("worker"), "{page}");
    for command in &commands {
        let output = tumo(&["man", command]);
        let page = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(page.contains(&format!(".TH tumo-{command} 1")) && page.contains(".SH SYNOPSIS"), "{page}");
        assert!(page.contains(&format!("tumo\\-{command}")) && page.contains(".SH OPTIONS"), "{page}");
    }
    let none = tumo(&["man", "worker"]);
    assert_eq!(code(&none), 2);
    assert!(said(&none).contains("worker: there is no such command"), "{}", said(&none));
}

#[test]
fn nothing_moves_on_a_standard_error_that_is_no_terminal() {
    let pair = "samples/projects/pass_office-tarch";
    let [model, drawing] = ["OfficeA.ifc", "arch_plans.dxf"].map(|f| format!("{pair}/{f}"));
    let output = tumo(&["check", &model, "--drawing", &drawing]);
    assert!(!said(&output).contains(['\r', '\u{1b}']), "{}", said(&output));
}
