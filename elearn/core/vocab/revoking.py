"""Why a certificate is taken back: a short list, the same on every node."""

MISTAKE = "mistake"
NAME = "name"
EXAM = "exam"
IDENTITY = "identity"
KEY = "key"
OTHER = "other"

KINDS = (MISTAKE, NAME, EXAM, IDENTITY, KEY, OTHER)
"""What an administrator chooses from: issued by mistake, name wrong, exam not in order, identity mixed up, key lost."""

REPLACED = "replaced"
"""Said by the program alone: a newer certificate for the same pass stands in its place."""

PASS_IN_DOUBT = frozenset((EXAM, IDENTITY))
"""After these there is no new certificate for the same pass: the exam has to be sat again."""

REASON_LIMIT = 500
"""Signs of free text, kept for administrators."""
