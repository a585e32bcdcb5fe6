//! What a process and all that descend from it take, as Linux reports it.

use std::collections::HashMap;
use std::fs;

/// Where Linux counts processor time in hundredths of a second, whatever the machine.
const TICKS_PER_SECOND: f64 = 100.0;

/// A process with its descendants, among them those that come and go.
#[derive(Clone, Copy, Debug)]
pub struct ProcessTree(pub u32);

/// A line of `/proc/<pid>/stat`, as far as it is of use.
#[derive(Debug, PartialEq)]
struct Stat {
    parent: u32,
    /// Seconds of processor time of the process itself.
    own_cpu: f64,
    /// Those of its descendants that have ended and were waited for.
    ended_cpu: f64,
}

impl ProcessTree {
    /// Seconds of processor time that all of them have taken so far; 0 where the system does not report it.
    pub fn cpu(self) -> f64 {
        let members = self.members();
        let cpu = members
            .iter()
            .map(|(_, stat)| stat.own_cpu + stat.ended_cpu);
        cpu.sum()
    }

    /// Seconds of processor time that this process has taken so far, without those that it has started; 0 where the system does
    /// not report it.
    pub fn own_cpu() -> f64 {
        let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
        parse(&stat).map_or(0.0, |stat| stat.own_cpu)
    }

    /// Memory that all of them have resident, in MiB. What they share is counted once; 0 where the system does not report it.
    pub fn memory(self) -> f64 {
        let members = self.members();
        let kibibytes = members.iter().filter_map(|(process, _)| {
            let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
            kibibytes(&rollup, "Pss:")
        });
        kibibytes.sum::<f64>() / 1024.0
    }

    /// Memory that the first process has resident, in MiB; `None` where the system does not report it.
    pub fn resident(self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0)).ok()?;
        Some(kibibytes(&status, "VmRSS:")? / 1024.0)
    }

    fn members(self) -> Vec<(u32, Stat)> {
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        let mut all: HashMap<u32, Stat> = entries
            .filter_map(|entry| {
                let process = entry.file_name().to_str()?.parse().ok()?;
                let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
                Some((process, parse(&stat)?))
            })
            .collect();
        let mut members: Vec<(u32, Stat)> = all.remove_entry(&self.0).into_iter().collect();
        let mut next = 0;
        while let Some(&(parent, _)) = members.get(next) {
            members.extend(all.extract_if(|_, stat| stat.parent == parent));
            next += 1;
        }
        members
    }
}

/// The name of the program stands in parentheses and may hold anything; the parent is the second field after it, the times
/// of the process and of its ended children the 12th to 15th.
fn parse(stat: &str) -> Option<Stat> {
    let (_, behind_name) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = behind_name.split_whitespace().collect();
    let ticks = fields.get(11..15)?.iter().map(|field| field.parse());
    let ticks: Vec<f64> = ticks.collect::<Result<_, _>>().ok()?;
    let seconds = |ticks: &[f64]| ticks.iter().sum::<f64>() / TICKS_PER_SECOND;
    Some(Stat {
        parent: fields.get(1)?.parse().ok()?,
        own_cpu: seconds(&ticks[..2]),
        ended_cpu: seconds(&ticks[2..]),
    })
}

/// The value of a line `name   value kB`.
fn kibibytes(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn the_times_of_ended_children_count() {
        let stat = "7 (a (b) c) S 3 7 7 0 -1 4194560 100 0 0 0 250 50 20 80 20 0 9 0 1 1 1";
        let expected = Stat {
            parent: 3,
            own_cpu: 3.0,
            ended_cpu: 1.0,
        };
        assert_eq!(parse(stat), Some(expected));
        assert_eq!(parse("7 (x) S 1"), None);
        let rollup = "5581f-7ffd ---p 0 00:00 0 [rollup]\nRss: 1068 kB\nPss:      512 kB\n";
        assert_eq!(kibibytes(rollup, "Pss:"), Some(512.0));
    }

    #[test]
    fn children_belong_to_the_tree() {
        let mut child = Command::new("sh")
            .args(["-c", "read line"])
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let members = ProcessTree(std::process::id()).members();
        let (is_linux, is_member) = (
            cfg!(target_os = "linux"),
            members.iter().any(|(process, _)| *process == child.id()),
        );
        drop(child.stdin.take());
        child.wait().unwrap();
        assert_eq!(is_linux, is_member);
    }
}
