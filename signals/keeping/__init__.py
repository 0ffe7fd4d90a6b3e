"""Keeping: what makes a warehouse trustworthy over years — erasing, retention, backups, checks, recomputing."""
