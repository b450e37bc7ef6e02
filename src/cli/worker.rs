//! Work on bytes that nobody answers for, in a process of its own: the same binary, started with a hidden command,
//! given bytes on its standard input, limited in memory and time. Whatever becomes of it is told in one sentence, and
//! costs the file at hand alone.

use super::args::Task;
use super::{Outcome, output};
use crate::bytes::Bytes;
use crate::drawing::dwg::{self, Converted};
use anyhow::{Result, anyhow};
use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Address space of a worker. A DWG of 100 MB needs some 2 GB.
const MEMORY: u64 = 4 << 30;
/// How long a worker may take. A DWG of 100 MB takes some ten seconds.
const TIME: Duration = Duration::from_secs(300);
/// How often it is looked after.
const PAUSE: Duration = Duration::from_millis(2);
/// What a worker may hand back.
const ANSWER: u64 = 2 << 30;

/// `tumo worker`: limits itself, does its task, and ends.
pub(crate) fn run(task: Task) -> Result<Outcome> {
    limit();
    let mut input = Vec::new();
    std::io::stdin().lock().read_to_end(&mut input)?;
    match task {
        Task::Dwg => output::print(&converted(&input))?,
    }
    Ok(Outcome::Clean)
}

#[cfg(feature = "dwg")]
fn converted(input: &[u8]) -> Vec<u8> {
    dwg::convert(input).to_bytes()
}

#[cfg(not(feature = "dwg"))]
fn converted(input: &[u8]) -> Vec<u8> {
    Converted::failed(input, "this build of tumo does not read DWG; save it as DXF").to_bytes()
}

/// Memory and time by the operating system, where it has such limits; the starter's clock holds everywhere.
#[cfg(unix)]
fn limit() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let of = |n: u64| Rlimit { current: Some(n), maximum: Some(n) };
    // A limit that cannot be set leaves the starter's.
    let _ = setrlimit(Resource::As, of(MEMORY));
    let _ = setrlimit(Resource::Cpu, of(TIME.as_secs()));
    let _ = setrlimit(Resource::Core, of(0));
}

#[cfg(not(unix))]
fn limit() {}

/// A DWG as what the drawing reader takes in its place; why not, where it cannot be had.
pub(crate) fn convert_dwg(bytes: &Bytes) -> Vec<u8> {
    let own: &[u8] = (**bytes).as_ref();
    match answer("dwg", bytes, TIME) {
        Ok(answer) if dwg::is_converted(&answer) => answer,
        Ok(_) => Converted::failed(own, "the DWG converter gave no answer").to_bytes(),
        Err(why) => Converted::failed(own, format!("the DWG cannot be read: {why}")).to_bytes(),
    }
}

/// Starts a worker, hands it bytes, and takes what it hands back.
fn answer(task: &str, bytes: &Bytes, time: Duration) -> Result<Vec<u8>> {
    let program = std::env::current_exe().map_err(|e| anyhow!("the program does not find itself ({e})"))?;
    let mut child = Command::new(program)
        .args(["worker", task])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| anyhow!("its process cannot be started ({e})"))?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(anyhow!("its process has no pipes"));
    };
    let given = bytes.clone();
    // A worker that ends early closes its pipe: how it ended says more than that.
    let writer = std::thread::spawn(move || {
        let _ = input.write_all((*given).as_ref());
    });
    let reader = std::thread::spawn(move || {
        let mut answer = Vec::new();
        output.take(ANSWER).read_to_end(&mut answer).map(|_| answer)
    });
    let ended = wait(&mut child, time);
    let _ = writer.join();
    let answer = reader.join().map_err(|_| anyhow!("what its process says cannot be read"))??;
    match ended? {
        status if status.success() => Ok(answer),
        status => Err(anyhow!("its process {}", how(status))),
    }
}

/// Waits for the end, or makes it.
fn wait(child: &mut Child, time: Duration) -> Result<ExitStatus> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if started.elapsed() > time {
            let _ = child.kill();
            child.wait()?;
            return Err(anyhow!("its process took longer than {} s", time.as_secs()));
        }
        std::thread::sleep(PAUSE);
    }
}

/// How a process ended that did not end well.
fn how(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        let gib = MEMORY >> 30;
        return match signal {
            // SIGABRT: what Rust does where memory ends, or a stack.
            6 => format!("needed more than {gib} GiB, or broke down"),
            9 | 24 => "took too long, or too much memory, and was ended".into(),
            n => format!("broke down (signal {n})"),
        };
    }
    format!("broke down (exit code {})", status.code().unwrap_or(-1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_process_that_does_not_end_is_ended() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let started = Instant::now();
        let why = wait(&mut child, Duration::from_millis(50)).unwrap_err().to_string();
        assert!(why.contains("took longer") && started.elapsed() < Duration::from_secs(20), "{why}");
        let mut child = Command::new("sh").args(["-c", "kill -ABRT $$"]).spawn().unwrap();
        let status = wait(&mut child, Duration::from_secs(20)).unwrap();
        assert!(!status.success() && how(status).contains("4 GiB"));
    }
}
