"""The Python that moves data: exports in, a published warehouse out. No business rule lives here."""
