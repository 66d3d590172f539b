"""Benchmark of the server against a stock Rasa project on the same machine."""
