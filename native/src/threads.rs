//! Threads inside a call: items that threads take one by one, and scoped threads that take them.

use std::sync::Mutex;
use std::thread;

/// Most threads that are taken.
pub const MAX_THREADS: usize = 256;

/// Takes the next item of an iterator that threads share.
pub fn take_next<I: Iterator>(items: &Mutex<I>) -> Option<I::Item> {
    items.lock().ok()?.next()
}

/// Runs `work` on `threads` threads, this one included; a thread that cannot be started is done without.
pub fn run_on_threads(threads: usize, work: impl Fn() + Sync) {
    thread::scope(|scope| {
        for _ in 1..threads {
            if thread::Builder::new().spawn_scoped(scope, &work).is_err() {
                break;
            }
        }
        work();
    });
}
