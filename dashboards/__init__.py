"""Streamlit dashboards over the published database."""
