"""Where other nodes knock: no pages, no cookies, no forms; every request and every answer is signed."""

from flask import Blueprint

room = Blueprint("peer", __name__, url_prefix="/peer")
