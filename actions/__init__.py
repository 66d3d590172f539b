"""Rasa actions: read the tracker, call one pure function, utter."""
