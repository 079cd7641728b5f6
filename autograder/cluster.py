"""A Dask cluster that other machines have joined, and what to do when they leave."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any

from autograder.errors import CourseError

#: Seconds without a single worker after which a run gives up: a batch system may take a while to start another.
PATIENCE = 120.0
_LOOK = 2.0  # seconds between two looks at the cluster


class Cluster(Executor):
    """Dask's executor, whose futures are cancelled when nobody is there any more to finish them.

    Dask itself waits for ever for a worker that may still come.

    Parameters
    ----------
    client : distributed.Client
        The connection to the scheduler.
    """

    def __init__(self, client: Any) -> None:
        self._client, self._executor = client, client.get_executor()
        self._waiting: set[Future[Any]] = set()
        self._closed = threading.Event()
        self._guard = threading.Thread(target=self._watch, daemon=True)
        self._guard.start()

    def submit(self, function: Callable[..., Any], /, *args: Any, **keywords: Any) -> Future[Any]:
        """Send a call to a worker."""
        future: Future[Any] = self._executor.submit(function, *args, **keywords)
        self._waiting.add(future)
        future.add_done_callback(self._waiting.discard)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stop watching the cluster; its workers stay."""
        self._closed.set()
        self._guard.join()

    def _watch(self) -> None:
        seen = time.monotonic()
        while not self._closed.wait(_LOOK):
            if has_workers(self._client):
                seen = time.monotonic()
            elif time.monotonic() - seen > PATIENCE:
                for future in [*self._waiting]:
                    future.cancel()


def has_workers(client: Any) -> bool:
    """Tell whether a scheduler is there and has a worker."""
    try:
        return bool(client.scheduler_info()["workers"])
    except (OSError, RuntimeError, ValueError):  # the connection is lost, or being made anew
        return False


@contextmanager
def connect(address: str) -> Iterator[Executor]:
    """Give an executor on the workers of a Dask scheduler.

    Parameters
    ----------
    address : str
        Where the scheduler listens, such as ``tcp://scheduler:8786``.

    Raises
    ------
    CourseError
        If there is no scheduler, or it has no workers.
    """
    from distributed import Client

    try:
        client: Any = Client(address, timeout="10s")  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise CourseError(f"There is no Dask scheduler at {address}: start one with 'dask scheduler'.") from error
    with client:
        if not has_workers(client):
            raise CourseError(f"The Dask scheduler at {address} has no workers: start 'dask worker {address}'.")
        with Cluster(client) as cluster:
            yield cluster


def deserted() -> CourseError:
    """Return what to say when a call was cancelled: every worker has left, or the scheduler has."""
    return CourseError(
        "The Dask cluster has no scheduler or no workers any more, so the rest was given up. What had ended is kept: "
        "start workers and give the same command again."
    )
