"""Near-deduplication over files: the functions of `dedup`, as stages.

`sign_blobs` → `order_blobs` → `propose_pairs` → `group_pairs` → `collect_texts` → `cluster_groups` →
`choose_representatives`.
"""
