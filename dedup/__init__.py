"""Find exact and near duplicates among texts."""
