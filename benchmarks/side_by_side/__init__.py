"""The same reports through three ways of finding new issues: the ready-made one, simple rules, and Jianwei."""
