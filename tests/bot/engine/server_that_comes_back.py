"""The project's server, started again at once each time it is killed.

The model is loaded once, then each server is a fork that opens its own database: a test may kill fifty of them in
a minute. What is killed is a whole serving process; that a cold start finds everything too is another test.
"""

import os
import sys

import bot.engine  # noqa: F401  telemetry off, before Rasa
from bot.engine.without_tensorflow import leave_tensorflow_out

leave_tensorflow_out()

import uvicorn  # noqa: E402

from bot.app import create_app  # noqa: E402
from bot.settings import settings  # noqa: E402
from bot.storage.database import shared_database  # noqa: E402


def main() -> None:
    chosen = settings()
    application = create_app(chosen)
    database = shared_database(chosen.database_url)
    database.dispose()
    while True:
        child = os.fork()
        if child == 0:
            database.dispose(close=False)
            uvicorn.run(application, host=chosen.host, port=chosen.port, log_level="critical", access_log=False)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            sys.exit(os.waitstatus_to_exitcode(status))


main()
