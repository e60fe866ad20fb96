"""Near-deduplication over files: the four functions of `dedup`, as stages.

`sign_blobs` → `order_blobs` → `propose_pairs` → `verify_pairs` → `choose_representatives`.
"""
