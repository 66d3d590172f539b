"""Rasa in process: model, tracker store, actions. With ``bot.nlu``, all that imports Rasa."""

import os

# Before Rasa is imported: it phones home unless told not to.
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
# TensorFlow is imported by Rasa and not used by this project's components: keep it quiet.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
# The threads of the fine encoder spin while they wait for each other: beside two busy processes, 3.6 s instead of 0.08.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
# Rasa's progress bars and announcements: the training shows one bar for all.
os.environ.setdefault("LOG_LEVEL", "ERROR")
