"""Measurements that anyone can repeat: scripts → results/*.json → docs/benchmarks.md (`tables.py`)."""
