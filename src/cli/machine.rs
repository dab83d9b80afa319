//! Resources of this process: the memory that it may use, by the machine, its container and its own limits, and the processor time
//! that it has used.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The processor time that this thread has used; `None` where the system does not tell.
pub fn processor_time() -> Option<Duration> {
    let nanos = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    // A system that keeps no such figures tells 0.
    let used = nanos.split_whitespace().next()?.parse().ok().map(Duration::from_nanos);
    used.filter(|used| !used.is_zero())
}

/// Largest number of bytes that this process may use, and the origin of the limit; `None` if unknown.
pub fn memory() -> Option<(u64, &'static str)> {
    let machine = machine().map(|bytes| (bytes, "this machine has"));
    let container = container().map(|bytes| (bytes, "the container may use"));
    let process = process().map(|bytes| (bytes, "the limits of this process allow"));
    [machine, container, process].into_iter().flatten().min_by_key(|(bytes, _)| *bytes)
}

/// Bytes of memory of the machine, from Linux's `/proc/meminfo`.
fn machine() -> Option<u64> {
    kibibytes(&fs::read_to_string("/proc/meminfo").ok()?, "MemTotal:")
}

/// The least memory limit of the control groups that the process is in, of version 1 or 2.
fn container() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let limits = groups.lines().filter_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next()?, parts.next()?);
        match controllers {
            "" => least_limit("/sys/fs/cgroup", path, "memory.max"),
            of if of.split(',').any(|name| name == "memory") => {
                least_limit("/sys/fs/cgroup/memory", path, "memory.limit_in_bytes")
            }
            _ => None,
        }
    });
    limits.min()
}

/// The least limit of a group and of those above it. Within a container its own group may be the root.
fn least_limit(root: &str, path: &str, file: &str) -> Option<u64> {
    let root = Path::new(root);
    let own: PathBuf = root.join(path.trim_start_matches('/'));
    let groups = own.ancestors().take_while(|folder| folder.starts_with(root));
    groups.filter_map(|folder| fs::read_to_string(folder.join(file)).ok()?.trim().parse().ok()).min()
}

/// The least of the limits of address space and of data, from Linux's `/proc/self/limits`.
///
/// A list that grows may hold up to twice what it uses, so half of the address space counts.
fn process() -> Option<u64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let soft = |name: &str| {
        let line = limits.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    [soft("Max address space").map(|bytes| bytes / 2), soft("Max data size")].into_iter().flatten().min()
}

/// A figure in KiB of a file of the system, in bytes.
fn kibibytes(text: &str, figure: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(figure))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn figures_of_the_system_are_read() {
        assert_eq!(kibibytes("MemFree:  7 kB\nMemTotal:       24684416 kB\n", "MemTotal:"), Some(24_684_416 * 1024));
        assert_eq!(kibibytes("MemFree: 7 kB", "MemTotal:"), None);
        if cfg!(target_os = "linux") {
            assert!(memory().is_some_and(|(bytes, _)| bytes > 1 << 20));
        }
    }

    #[test]
    fn work_takes_processor_time_where_the_system_tells_it() {
        let (begun, before) = (Instant::now(), processor_time());
        while before.is_some() && processor_time() <= before {
            assert!(begun.elapsed() < Duration::from_secs(10), "no processor time in ten seconds of work");
        }
    }
}
