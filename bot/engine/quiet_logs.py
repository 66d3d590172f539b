"""Rasa's logs, kept to warnings: its debug lines hold what people write, and cost time even unprinted."""

import logging

import structlog


def silence_warnings() -> None:
    """Drop the deprecation warnings of libraries: Rasa re-enables them when it is imported, so filters are no use."""
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)


def quiet_logs(level: int = logging.WARNING) -> None:
    """Drop everything below a level from Rasa's loggers, structured or not."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level), cache_logger_on_first_use=False)
    silence_warnings()
    for name in ("rasa", "rasa_sdk", "matplotlib", "tensorflow", "apscheduler"):
        logging.getLogger(name).setLevel(level)
