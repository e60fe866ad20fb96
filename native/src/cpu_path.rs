//! The CPU paths of the kernels: one algorithm, compiled for several instruction sets.
//!
//! All paths give equal results bit for bit; the best one that the machine has is taken at run time.

use std::sync::LazyLock;

use crate::error::KernelError;

/// An instruction set that kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CpuPath {
    /// What every machine has.
    Portable,
    /// x86-64 with AVX2 and BMI.
    Avx2,
    /// x86-64 with AVX-512 F, BW, DQ, VL and VBMI2.
    Avx512,
}

/// The fastest path, for kernels whose callers choose none.
pub(crate) static CPU_PATH: LazyLock<CpuPath> = LazyLock::new(CpuPath::best);

impl CpuPath {
    /// The paths that this machine has, slowest first.
    pub fn available() -> Vec<Self> {
        [Self::Portable, Self::Avx2, Self::Avx512].into_iter().filter(|path| path.is_available()).collect()
    }

    /// The fastest path that this machine has.
    pub fn best() -> Self {
        if Self::Avx512.is_available() {
            Self::Avx512
        } else if Self::Avx2.is_available() {
            Self::Avx2
        } else {
            Self::Portable
        }
    }

    /// The path of a name, the best one for `None`.
    pub fn named(name: Option<&str>) -> Result<Self, KernelError> {
        let Some(name) = name else {
            return Ok(Self::best());
        };
        let available = Self::available();
        available.iter().find(|path| path.name() == name).copied().ok_or_else(|| KernelError::UnknownName {
            argument: "cpu_path",
            expected: available.iter().map(|path| path.name()).collect::<Vec<_>>().join(", "),
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    #[cfg(target_arch = "x86_64")]
    fn is_available(self) -> bool {
        let avx2 = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt");
        match self {
            Self::Portable => true,
            Self::Avx2 => avx2,
            Self::Avx512 => {
                avx2 && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512vbmi2")
            }
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn is_available(self) -> bool {
        self == Self::Portable
    }
}

/// Defines `$name(path, arguments…)`, which runs the inlined function `$body` compiled for the path.
///
/// `$body` must be `#[inline(always)]` and takes as its first argument a [`WordMask`](crate::word_mask::WordMask)
/// of the path, by which it may use vector instructions of its own choice.
macro_rules! dispatch {
    ($(#[$doc:meta])* $visibility:vis fn $name:ident => $body:ident($($argument:ident: $kind:ty),* $(,)?) $(-> $result:ty)?) => {
        $(#[$doc])*
        $visibility fn $name(path: $crate::cpu_path::CpuPath, $($argument: $kind),*) $(-> $result)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
                fn avx2($($argument: $kind),*) $(-> $result)? {
                    $body($crate::word_mask::Avx2, $($argument),*)
                }
                #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2")]
                fn avx512($($argument: $kind),*) $(-> $result)? {
                    $body($crate::word_mask::Avx512, $($argument),*)
                }
                match path {
                    // SAFETY: a `CpuPath` other than `Portable` only comes from `CpuPath::available`.
                    $crate::cpu_path::CpuPath::Avx512 => return unsafe { avx512($($argument),*) },
                    $crate::cpu_path::CpuPath::Avx2 => return unsafe { avx2($($argument),*) },
                    $crate::cpu_path::CpuPath::Portable => {}
                }
            }
            #[cfg(not(target_arch = "x86_64"))]
            let _ = path;
            $body($crate::word_mask::Portable, $($argument),*)
        }
    };
}

pub(crate) use dispatch;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_others_refused() {
        for path in CpuPath::available() {
            assert_eq!(CpuPath::named(Some(path.name())), Ok(path));
        }
        assert_eq!(CpuPath::named(None), Ok(CpuPath::best()));
        assert!(CpuPath::named(Some("sse")).is_err());
    }
}
