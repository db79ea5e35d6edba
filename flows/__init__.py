"""Prefect lives here and nowhere else: what runs when, with which retries, and what the operator sees."""
