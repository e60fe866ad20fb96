//! Find long runs of base64 and hexadecimal characters that hold a digit, 64 bytes at a time.

use crate::cpu_path::{dispatch, CPU_PATH};
use crate::word_mask::{AsciiClass, WordMask, BLOCK};

/// Shortest run that is found, in bytes.
pub const LEAST_RUN: usize = 12;

/// Longest run that is found, in bytes.
const MAX_RUN: usize = 600;

static TOKEN_BYTES: AsciiClass =
    AsciiClass::of(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/=");

static DIGITS: AsciiClass = AsciiClass::of(b"0123456789");

/// Calls `found` with the start and the end of each run, in order.
pub fn for_each_run(text: &[u8], found: &mut dyn FnMut(usize, usize)) {
    runs_on(*CPU_PATH, text, found);
}

dispatch!(fn runs_on => runs(text: &[u8], found: &mut dyn FnMut(usize, usize)));

#[inline(always)]
fn runs(masks: impl WordMask, text: &[u8], found: &mut dyn FnMut(usize, usize)) {
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    let mut last = &[0; BLOCK];
    let mut last_tokens = 0;
    let mut look = |number: usize, block: &[u8; BLOCK], last: &[u8; BLOCK]| {
        let tokens = masks.class_mask(block, &TOKEN_BYTES);
        let reached = reached(last_tokens, tokens);
        last_tokens = tokens;
        if reached != 0 {
            let digits = [last, block].map(|block| masks.class_mask(block, &DIGITS));
            report(text, number * BLOCK, reached, tokens, digits, found);
        }
    };
    for (number, block) in blocks.iter().enumerate() {
        look(number, block, last);
        last = block;
    }
    let mut block = [0; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    look(blocks.len(), &block, last);
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

/// Reports the runs of a block at `start` that get long enough in some places of it, if one of the digits of the block
/// and the one before, or a later one, belongs to them.
#[inline(always)]
fn report(
    text: &[u8],
    start: usize,
    mut reached: u64,
    tokens: u64,
    [last_digits, digits]: [u64; 2],
    found: &mut dyn FnMut(usize, usize),
) {
    let digits = u128::from(digits) << 64 | u128::from(last_digits);
    while reached != 0 {
        let place = reached.trailing_zeros() as usize;
        reached &= reached - 1;
        let begin = place + BLOCK + 1 - LEAST_RUN;
        let stop = BLOCK + place + (!(tokens >> place)).trailing_zeros() as usize;
        let mut has_digit = digits >> begin << begin << (2 * BLOCK - stop) != 0;
        let (begin, mut end) = (start + begin - BLOCK, start + stop - BLOCK);
        if stop == 2 * BLOCK {
            let rest = text.get(end..).unwrap_or_default();
            let length = rest.iter().position(|&byte| !TOKEN_BYTES.has(byte)).unwrap_or(rest.len());
            has_digit = has_digit || rest[..length].iter().any(u8::is_ascii_digit);
            end += length;
        }
        if has_digit && end - begin <= MAX_RUN {
            found(begin, end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu_path::CpuPath;

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
