//! Tell drawn values from written ones by what each would cost to write down.
//!
//! The written model knows letters after two letters of the same run and classes of characters after two classes;
//! the drawn model takes each character from the value's alphabet with equal chances. The difference, in bits per
//! character, says which is the better story. `tools/value_model` makes the tables.

/// Costs in eighths of a bit: 27³ for letters, then 5³ for classes.
static MODEL: &[u8; LETTERS * LETTERS * LETTERS + CLASSES * CLASSES * CLASSES] =
    include_bytes!("value_model.bin");

const LETTERS: usize = 27;
const CLASSES: usize = 5;

/// Eighths of a bit.
const UNIT: f64 = 8.0;

/// Longest value that is read.
const MAX_READ: usize = 256;

/// Least randomness of a drawn value with several classes of characters, in bits per character.
///
/// Of 20 drawn letters and digits 99 % lie above 2.7, of composed identifiers 99.9 % below 0.1; the names of protocols
/// and products lie in between.
pub const LEAST_MIXED: f64 = 1.5;

/// The same for letters of one case alone: 99 % of 16 drawn letters lie above 0.9.
pub const LEAST_LETTERS: f64 = 0.8;

/// Returns by how many bits per character a value is likelier drawn than written; 0 for an empty one.
pub fn randomness(value: &[u8]) -> f64 {
    let value = &value[..value.len().min(MAX_READ)];
    if value.is_empty() {
        return 0.0;
    }
    (written_cost(value) - drawn_cost(value)) / value.len() as f64
}

fn class_of(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => 1,
        b'A'..=b'Z' => 2,
        b'0'..=b'9' => 3,
        _ => 4,
    }
}

/// The last two letters of a run of letters; a capital after a small letter begins another run.
#[derive(Default)]
struct Run {
    before: usize,
    last: usize,
    class: usize,
}

impl Run {
    /// Returns the cost of a byte if it is a letter.
    fn next(&mut self, byte: u8, class: usize) -> Option<u32> {
        if class > 2 {
            *self = Self { class, ..Self::default() };
            return None;
        }
        if class == 2 && self.class == 1 {
            (self.before, self.last) = (0, 0);
        }
        let letter = usize::from(byte.to_ascii_lowercase() - b'a') + 1;
        let cost = MODEL[(self.before * LETTERS + self.last) * LETTERS + letter];
        (self.before, self.last, self.class) = (self.last, letter, class);
        Some(u32::from(cost))
    }
}

fn written_cost(value: &[u8]) -> f64 {
    let classes = &MODEL[LETTERS * LETTERS * LETTERS..];
    let (mut before, mut last) = (0, 0);
    let mut run = Run::default();
    let mut cost = 0;
    let mut digits = 0;
    for &byte in value {
        let class = class_of(byte);
        cost += u32::from(classes[(before * CLASSES + last) * CLASSES + class]);
        (before, last) = (last, class);
        cost += run.next(byte, class).unwrap_or(0);
        digits += u32::from(class == 3);
    }
    cost += u32::from(classes[(before * CLASSES + last) * CLASSES]);
    f64::from(cost) / UNIT + f64::from(digits) * std::f64::consts::LOG2_10
}

/// Returns the cost of a value whose characters are drawn from the classes that it shows.
fn drawn_cost(value: &[u8]) -> f64 {
    let mut seen = [false; CLASSES];
    let mut others = [false; 256];
    let mut beyond_hex = false;
    for &byte in value {
        let class = class_of(byte);
        seen[class] = true;
        others[usize::from(byte)] |= class == 4;
        beyond_hex |= matches!(byte, b'g'..=b'z' | b'G'..=b'Z');
    }
    let letters = if beyond_hex { 26 } else { 6 };
    let other = others.iter().filter(|&&is_seen| is_seen).count();
    let alphabet =
        letters * (usize::from(seen[1]) + usize::from(seen[2])) + 10 * usize::from(seen[3]) + other;
    value.len() as f64 * (alphabet as f64).log2()
}
