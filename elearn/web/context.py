"""What every view may ask about the request it serves: the node, what it knows of itself, who is signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, g, redirect, request, url_for

from elearn.core.vocab.errors import Refused
from elearn.core.vocab.roles import Permission, may
from elearn.services.accounts import Session
from elearn.services.node import About, Node, about

View = TypeVar("View", bound=Callable[..., Any])


def current_node() -> Node:
    """Return the node this app was created for."""
    return cast(Node, current_app.extensions["elearn"])


def current_about() -> About | None:
    """Return what the node knows of itself, read once a request; None before set-up."""
    if "about" not in g:
        with current_node().store.reading() as tx:
            g.about = about(tx)
    return cast(About | None, g.about)


def current_session() -> Session:
    """Return the session of who is signed in. Raises Refused("sign-in.needed")."""
    session = g.get("session")
    if session is None:
        raise Refused("sign-in.needed")
    return cast(Session, session)


def needs(permission: Permission) -> Callable[[View], View]:
    """Let only people with the permission in; others get the sign-in page or a refusal."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            session = g.get("session")
            if session is None:
                return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))
            if session.must_change_pin:
                return redirect(url_for("account.change_pin"))
            if not may(session.role, permission):
                raise Refused("permission", permission=permission.value)
            return view(*args, **kwargs)

        return cast(View, guarded)

    return decorate
