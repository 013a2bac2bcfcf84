"""Ingest: recognise, decode, type, reject or append. Raw is a function of what landed."""
