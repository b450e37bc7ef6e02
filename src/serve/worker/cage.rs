//! What the worker takes from itself before it reads a byte that somebody sent: limits of the system, and on Linux the
//! sight of other files (Landlock) and the calls that reach other processes and the network (seccomp).

use super::Limits;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Address space beyond memory and inputs: stacks of threads, the program, fonts.
#[cfg(unix)]
const SPACE: u64 = 4 << 30;
/// Open files.
#[cfg(unix)]
const FILES: u64 = 256;

/// How far a worker is enclosed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cage {
    /// Limits of memory, time and files hold.
    pub limits: bool,
    /// Other files cannot be seen: `full`, `partial` (an older kernel), `none`.
    pub files: String,
    /// Other processes and the network cannot be reached.
    pub calls: bool,
}

/// Encloses this process for good. What this system cannot do is told, not hidden.
pub fn enclose(folder: &Path, limits: &Limits, inputs: u64) -> Cage {
    Cage { limits: limited(limits, inputs), files: unseen(folder), calls: uncalled() }
}

#[cfg(unix)]
fn limited(limits: &Limits, inputs: u64) -> bool {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let set = |resource: Resource, most: u64, hard: u64| {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(hard) }).is_ok()
    };
    let space = limits.memory.saturating_add(inputs).saturating_add(SPACE);
    // memory is what is written to; the address space also holds mapped inputs
    [
        set(Resource::Data, limits.memory, limits.memory),
        set(Resource::As, space, space),
        set(Resource::Cpu, limits.cpu_seconds, limits.cpu_seconds.saturating_add(5)),
        set(Resource::Fsize, limits.file, limits.file),
        set(Resource::Nofile, FILES, FILES),
        set(Resource::Core, 0, 0),
    ]
    .into_iter()
    .all(|held| held)
}

#[cfg(not(unix))]
fn limited(_: &Limits, _: u64) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn unseen(folder: &Path) -> String {
    use super::{IN, OUT};
    use landlock::{
        ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr,
        RulesetError, RulesetStatus, path_beneath_rules,
    };
    /// What a program needs to run and to write letters.
    const READ: [&str; 7] = [
        "/lib",
        "/lib64",
        "/usr/lib",
        "/usr/lib64",
        "/etc/ld.so.cache",
        "/usr/share/fonts",
        "/usr/local/share/fonts",
    ];
    /// What a process of the worker's own, such as the reader of DWG, is given in place of an output.
    const NOTHING: &str = "/dev/null";
    let abi = ABI::V5;
    let program = std::env::current_exe().unwrap_or_default();
    let enclosed = || -> Result<RulesetStatus, RulesetError> {
        let read = READ.iter().map(|p| Path::new(p).to_path_buf()).chain([program, folder.join(IN)]);
        let status = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(abi))?
            .handle_access(AccessNet::from_all(abi))?
            .create()?
            .add_rules(path_beneath_rules(read, AccessFs::from_read(abi)))?
            .add_rules(path_beneath_rules([NOTHING], AccessFs::from_read(abi) | AccessFs::WriteFile))?
            .add_rules(path_beneath_rules([folder.join(OUT)], AccessFs::from_all(abi)))?
            .restrict_self()?;
        Ok(status.ruleset)
    };
    match enclosed() {
        Ok(RulesetStatus::FullyEnforced) => "full".into(),
        Ok(RulesetStatus::PartiallyEnforced) => "partial".into(),
        Ok(RulesetStatus::NotEnforced) | Err(_) => "none".into(),
    }
}

#[cfg(not(target_os = "linux"))]
fn unseen(_: &Path) -> String {
    "none".into()
}

#[cfg(target_os = "linux")]
fn uncalled() -> bool {
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
    /// Network, other processes, other namespaces, and what gets around a filter of calls.
    const REFUSED: [libc::c_long; 22] = [
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_listen,
        libc::SYS_accept4,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_pidfd_getfd,
        libc::SYS_io_uring_setup,
        libc::SYS_bpf,
        libc::SYS_perf_event_open,
        libc::SYS_userfaultfd,
        libc::SYS_mount,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_pivot_root,
        libc::SYS_add_key,
        libc::SYS_keyctl,
        libc::SYS_kexec_load,
        libc::SYS_init_module,
    ];
    let rules = REFUSED.iter().map(|call| (*call, Vec::new())).collect();
    #[allow(clippy::cast_sign_loss)]
    let refused = SeccompAction::Errno(libc::EPERM as u32);
    let Ok(arch) = std::env::consts::ARCH.try_into() else { return false };
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refused, arch);
    let program = filter.and_then(BpfProgram::try_from);
    program.is_ok_and(|p| seccompiler::apply_filter(&p).is_ok())
}

#[cfg(not(target_os = "linux"))]
fn uncalled() -> bool {
    false
}
