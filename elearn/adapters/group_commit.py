"""Group commit: writers that wait for the disk together share one transaction and one fsync.

The first to come leads: it takes all works that wait, runs each in its own savepoint, commits once, and wakes the
others. A work that raises is undone alone, and raises in its own thread. Nothing returns before it is on disk.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import Context, copy_context
from typing import Any, TypeVar

from elearn.core.vocab.errors import Unavailable
from elearn.ports import Transaction

T = TypeVar("T")


class _Job:
    """One work, and how it came out. It runs in the context of whoever brought it, not of the leader."""

    def __init__(self, work: Callable[[Transaction], Any]) -> None:
        self.work = work
        self.context: Context = copy_context()
        self.result: Any = None
        self.error: BaseException | None = None
        self.done = False


class GroupCommit(ABC):
    """Runs works one after the other on the one connection that writes. place: of the database, for messages."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._waiting: list[_Job] = []
        self._leader: int | None = None
        self._changed = threading.Condition()

    @abstractmethod
    def _whole(self) -> AbstractContextManager[Transaction]:
        """Give a transaction nobody else writes beside; on disk at its end, undone whole if the block raises."""

    @abstractmethod
    def _say(self, sql: str) -> None:
        """Run SQL inside the transaction."""

    @abstractmethod
    def _begun(self) -> bool:
        """Tell whether the transaction is still there: a full disk or a lost line ends it by itself."""

    @abstractmethod
    def _settle(self) -> None:
        """Have done in the database all that a work did, so that it can be kept."""

    @abstractmethod
    def _forget(self) -> None:
        """Drop what a work left to be done: it is being undone."""

    @abstractmethod
    def _told(self, error: Exception) -> Exception:
        """Return what an error of the database means to an operator; any other error as it is."""

    @abstractmethod
    def _let_go(self) -> None:
        """Close the connection."""

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work``; return its result once it is on disk, or raise what it raised."""
        job = _Job(work)
        jobs = self._turn(job)
        if jobs:
            try:
                self._commit(jobs)
            finally:
                self._hand_over(jobs)
        if job.error is not None:
            raise job.error
        result: T = job.result
        return result

    def close(self) -> None:
        """Wait for who is writing, then let go of the connection."""
        with self._changed:
            while self._leader is not None:
                self._changed.wait()
            self._let_go()

    def _turn(self, job: _Job) -> list[_Job]:
        """Return the jobs to commit if it is this thread's turn to lead; [] if another thread did the job."""
        with self._changed:
            if self._leader == threading.get_ident():
                raise RuntimeError("write() inside write(): hand the transaction down instead")
            self._waiting.append(job)
            while self._leader is not None and not job.done:
                self._changed.wait()
            if job.done:
                return []
            self._leader = threading.get_ident()
            jobs, self._waiting = self._waiting, []
        return jobs

    def _hand_over(self, jobs: list[_Job]) -> None:
        with self._changed:
            for job in jobs:
                job.done = True
            self._leader = None
            self._changed.notify_all()

    def _commit(self, jobs: list[_Job]) -> None:
        try:
            with self._whole() as transaction:
                for job in jobs:
                    self._run(job, transaction, alone=len(jobs) == 1)
        except Exception as error:  # noqa: BLE001 - raised again in each of the threads it concerns
            for job in jobs:
                job.error = job.error or self._told(error)
        except BaseException:
            for job in jobs:
                job.error = job.error or Unavailable("store.busy", path=self._place)
            raise

    def _run(self, job: _Job, transaction: Transaction, alone: bool) -> None:
        if alone:  # nothing else to protect: what raises undoes the transaction
            job.result = job.context.run(job.work, transaction)
            self._settle()
            return
        self._say("SAVEPOINT work")
        try:
            job.result = job.context.run(job.work, transaction)
            self._settle()
        except Exception as error:
            job.error = self._told(error)
            if not self._begun():  # the works before this one are undone too
                raise
            self._forget()
            self._say("ROLLBACK TO work")
        self._say("RELEASE work")
