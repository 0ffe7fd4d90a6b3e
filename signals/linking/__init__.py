"""Reports to issues: open-vocabulary vectors, online average-link, weekly merges, names."""
