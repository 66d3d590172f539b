"""Doors to the outside: they verify, parse in and render out; they do not answer."""
