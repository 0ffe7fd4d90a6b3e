"""The name model of redaction: its training texts and its training. What it learnt lies in signals/redaction."""
