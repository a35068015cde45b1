"""Measurements of what the product promises to cost: bytes, queries, time, memory."""
