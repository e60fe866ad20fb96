//! Any bytes as texts: no kernel of near-deduplication panics, and all CPU paths agree.

#![no_main]

use arrow_array::{BinaryArray, UInt32Array, UInt64Array};
use libfuzzer_sys::fuzz_target;
use stack_native::{
    cluster_pairs, license_header, minhash, CpuPath, Cut, Decision, Permutations, Scheme, ShingleHash,
};

fuzz_target!(|data: &[u8]| {
    let texts: Vec<&[u8]> = data.split(|&byte| byte == 0).take(6).collect();
    for text in &texts {
        let header = license_header(text);
        assert!(header.start <= header.end && header.end <= text.len());
    }
    let array = BinaryArray::from(texts.clone());
    let permutations = [
        Permutations::affine32(&[1, 3, 5], &[7, 8, 9]),
        Permutations::legacy(&[1, u64::MAX >> 3, 5], &[7, 8, 9]),
    ];
    for permutations in permutations.into_iter().flatten() {
        for shingle_hash in
            [ShingleHash::Tokens, ShingleHash::Sha1(Cut::Words), ShingleHash::Sha1(Cut::Literal)]
        {
            let sign = |cpu_path| {
                let scheme =
                    Scheme { shingle_hash, permutations: permutations.clone(), ngram: 2, min_tokens: 0, cpu_path };
                minhash(&array, None, &scheme, 1)
            };
            let expected = sign(CpuPath::Portable);
            assert!(expected.is_ok());
            for path in CpuPath::available() {
                assert_eq!(sign(path), expected);
            }
        }
    }
    let count = texts.len() as u64;
    let pairs: UInt64Array =
        (0..count).flat_map(|left| (left + 1..count).map(move |right| Some(left << 32 | right))).collect();
    let rows = UInt32Array::from_iter_values(0..count as u32);
    for kind in ["star", "components"] {
        let decision = Decision::new(kind, "jaccard", 0.5, 2).expect("known names");
        let found = cluster_pairs(&array, &rows, &pairs, decision, None, 1).expect("good arguments");
        assert!(found.members.iter().all(|member| (0.0..=1.0).contains(&member.similarity)));
    }
});
