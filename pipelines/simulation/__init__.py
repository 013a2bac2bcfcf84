"""A simulated company: what truly happened to it, and the exports that its systems would give."""
