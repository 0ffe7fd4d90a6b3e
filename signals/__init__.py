"""Jianwei's domain: from redacted reports to issues, evidence, alerts and the digest."""

__version__ = "0.1.0"
