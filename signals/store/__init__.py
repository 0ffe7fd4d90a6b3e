"""The warehouse: one DuckDB file, short connections, one transaction a file and one a day."""
