"""What the quality benches share: figures over flags and values, and their tables."""
