"""Messaging services: one small contract (verify, parse, render, send), one module a provider."""
