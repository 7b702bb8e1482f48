"""create_app(node): which rooms of the web are open on this node, and what surrounds them."""

from flask import Flask

from elearn.core.vocab.nodes import Power
from elearn.services.node import Node
from elearn.web.account.views import room as account
from elearn.web.administrator.views import room as administrator
from elearn.web.assets import use_assets
from elearn.web.certificates.views import room as certificates
from elearn.web.coordinator.views import room as coordinator
from elearn.web.find.views import room as find
from elearn.web.lessons import use_lessons
from elearn.web.locale import use_locale
from elearn.web.officer.books import room as books
from elearn.web.officer.followups import room as followups
from elearn.web.officer.refreshers import room as refreshers
from elearn.web.officer.satisfaction import room as satisfaction
from elearn.web.officer.views import room as officer
from elearn.web.peer.views import room as peer
from elearn.web.set_up.views import room as set_up
from elearn.web.shell import use_shell
from elearn.web.trainer.views import room as trainer
from elearn.web.verify.views import room as verify

ROOMS = (
    (set_up, None),
    (account, None),
    (officer, Power.TEACH),
    (satisfaction, Power.TEACH),
    (refreshers, Power.TEACH),
    (followups, Power.TEACH),
    (books, Power.TEACH),
    (find, None),
    (verify, None),
    (trainer, Power.AUTHOR),
    (coordinator, None),
    (certificates, Power.HOLD_IDENTITIES),
    (administrator, None),
    (peer, Power.ANSWER_POSTS),
)
LARGEST_UPLOAD_BYTES = 16 * 1024 * 1024


def create_app(node: Node) -> Flask:
    """Return the WSGI app of this node, with only the rooms its powers open."""
    app = Flask("elearn", template_folder="web/templates", static_folder=None)
    app.extensions["elearn"] = node
    # Signs nothing but the one-line messages after a redirect; sessions are kept in the store.
    app.secret_key = node.keys.sign(b"elearn: messages after a redirect")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_UPLOAD_BYTES
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    use_assets(app)
    use_locale(app, node.phrases.compiled())
    use_lessons(app)
    use_shell(app)
    for room, power in ROOMS:
        if power is None or node.can(power):
            app.register_blueprint(room)
    return app
