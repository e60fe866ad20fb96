//! Find long runs of base64 and hexadecimal characters that hold a digit, 64 bytes at a time.

use std::sync::LazyLock;

use crate::cpu_path::{dispatch, CpuPath};
use crate::word_mask::{AsciiClass, WordMask, BLOCK};

/// Shortest run that is found, in bytes.
pub const LEAST_RUN: usize = 12;

/// Longest run that is found, in bytes.
const MAX_RUN: usize = 600;

const TOKEN_BYTES: AsciiClass =
    AsciiClass::of(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/=");

static CPU_PATH: LazyLock<CpuPath> = LazyLock::new(CpuPath::best);

/// Calls `found` with the start and the end of each run, in order.
pub fn for_each_run(text: &[u8], found: &mut dyn FnMut(usize, usize)) {
    runs_on(*CPU_PATH, text, found);
}

dispatch!(fn runs_on => runs(text: &[u8], found: &mut dyn FnMut(usize, usize)));

#[inline(always)]
fn runs(masks: impl WordMask, text: &[u8], found: &mut dyn FnMut(usize, usize)) {
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    let mut last = 0;
    for (number, block) in blocks.iter().enumerate() {
        let tokens = masks.class_mask(block, &TOKEN_BYTES);
        report(text, number * BLOCK, reached(last, tokens), tokens, found);
        last = tokens;
    }
    let mut block = [0; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    let tokens = masks.class_mask(&block, &TOKEN_BYTES);
    report(text, text.len() - rest.len(), reached(last, tokens), tokens, found);
}

/// Returns the places of a block in which a run gets as long as the shortest one, from the token bytes of the block and
/// of the one before.
#[inline(always)]
fn reached(last: u64, tokens: u64) -> u64 {
    const { assert!(LEAST_RUN == 12) };
    let one = u128::from(tokens) << 64 | u128::from(last);
    let two = one & one << 1;
    let four = two & two << 2;
    let eight = four & four << 4;
    let twelve = eight & four << 8;
    ((twelve & !(twelve << 1)) >> 64) as u64
}

/// Reports the runs of a block at `start` that get long enough in some places of it.
#[inline(always)]
fn report(text: &[u8], start: usize, mut reached: u64, tokens: u64, found: &mut dyn FnMut(usize, usize)) {
    while reached != 0 {
        let place = reached.trailing_zeros() as usize;
        reached &= reached - 1;
        let mut end = place + (!(tokens >> place)).trailing_zeros() as usize;
        let begin = start + place + 1 - LEAST_RUN;
        if end == BLOCK {
            let rest = text.get(start + BLOCK..).unwrap_or_default();
            end += rest.iter().position(|&byte| !TOKEN_BYTES.has(byte)).unwrap_or(rest.len());
        }
        let end = start + end;
        if end - begin <= MAX_RUN && has_digit(&text[begin..end]) {
            found(begin, end);
        }
    }
}

/// Looks at all bytes, so that many are looked at together.
#[inline(always)]
fn has_digit(run: &[u8]) -> bool {
    run.iter().fold(false, |has, byte| has | byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain_runs(text: &[u8]) -> Vec<(usize, usize)> {
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"_-+/=".contains(&byte);
        let mut runs = Vec::new();
        let mut start = 0;
        while start < text.len() {
            let length = text[start..].iter().take_while(|&&byte| is_token(byte)).count();
            let run = &text[start..start + length];
            if (LEAST_RUN..=MAX_RUN).contains(&length) && run.iter().any(u8::is_ascii_digit) {
                runs.push((start, start + length));
            }
            start += length + 1;
        }
        runs
    }

    #[test]
    fn runs_are_those_of_a_plain_search_on_every_path() {
        let mut state = 1_u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            (state >> 33) as usize % below
        };
        for round in 0..4000 {
            let mut text = Vec::new();
            for _ in 0..random(30) {
                let length = if random(40) == 0 { 590 + random(20) } else { random(30) };
                let letters: &[u8] = if random(2) == 0 { b"abz_-+/=AZ" } else { b"abz_-+/=AZ0123456789" };
                text.extend((0..length).map(|_| letters[random(letters.len())]));
                text.push(if round % 2 == 0 { b' ' } else { random(256) as u8 });
            }
            let expected = plain_runs(&text);
            for path in CpuPath::available() {
                let mut found = Vec::new();
                runs_on(path, &text, &mut |start, end| found.push((start, end)));
                assert_eq!(found, expected, "{path:?}");
            }
        }
    }
}
