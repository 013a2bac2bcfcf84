"""Tests of the dashboards without a browser."""
