"""Release: a view of the corpus and a recipe in, an immutable directory out.

`take_view` → `judge_origins` → `exact_dedup` → `filter_blobs` → near-dedup (`sign_blobs` → `order_blobs` → `propose_pairs` →
`group_pairs` → `collect_texts` → `cluster_groups` → `choose_representatives`) →
`redact_blobs` → `name_rows` → `assemble` → `describe_sources` → `check_release` → `publish`.
"""
