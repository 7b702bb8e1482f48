"""The sentences for error codes, by what they are about. One code has one sentence; `phrases.py` finds it."""

from elearn.web.sentences import (
    accounts,
    carried,
    classroom,
    courier,
    exchange,
    learning,
    machine,
    taking_back,
    verifying,
)

SENTENCES = {
    **accounts.SENTENCES,
    **learning.SENTENCES,
    **classroom.SENTENCES,
    **exchange.SENTENCES,
    **carried.SENTENCES,
    **courier.SENTENCES,
    **machine.SENTENCES,
    **taking_back.SENTENCES,
    **verifying.SENTENCES,
}
