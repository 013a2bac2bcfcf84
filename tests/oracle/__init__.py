"""A second calculation of every mart: plain Python after METRICS, sharing no code and no SQL with the models."""
