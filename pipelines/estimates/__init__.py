"""Pure functions for what SQL cannot compute; dbt Python models in `models/core/estimates` call them."""
