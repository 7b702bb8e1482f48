"""What the command line says when something cannot be done: what, where, what to do. English, as its other words.

The pages say the same things in seven languages in `web/phrases.py`.
"""

from elearn.core.vocab.errors import ElearnError

SENTENCES = {
    "port.in-use": "Cannot listen on %(host)s port %(port)s: %(reason)s. Is elearn already running? "
    "Otherwise choose another port: ELEARN_PORT=8001 python3 run.py",
    "setting.wrong": "The setting %(name)s=%(value)s is not usable; allowed: %(hint)s.",
    "disk.read-only": "Cannot write to %(path)s. Set ELEARN_DATA to a folder this user may write to.",
    "disk.full": "The disk that holds %(path)s is full. Nothing stored was lost; free some space and start again.",
    "store.busy": "Another program is using the database in %(path)s. Stop it, then try again.",
    "store.damaged": "The database %(path)s is damaged. Keep the file, restore the last backup (see README), "
    "and send the damaged file to your hub.",
    "store.away": "Cannot reach the database %(path)s: %(reason)s. Nothing stored was lost; see that PostgreSQL runs "
    "and lets this user in, then try again.",
    "store.unfit": "The database %(path)s cannot be used: %(reason)s.",
    "store.driver": "The package for PostgreSQL is not installed (%(reason)s). Set up again with the address set: "
    "ELEARN_DATABASE=postgresql://... python3 run.py setup",
    "store.newer": "The data in %(path)s was made by a newer elearn. Nothing is lost; install that one.",
    "store.not-empty": "The place to copy to holds something already (%(holds)s). Nothing was changed; copy into a "
    "new, empty database.",
    "store.same": "Both sides are the same place.",
    "store.no-target": "Say where to: --to postgresql://user@host/database, or set ELEARN_DATABASE.",
    "copy.differs": "What arrived is not what was sent (%(what)s). Nothing was kept of it; the first "
    "database is untouched.",
    "id.malformed": "%(id)s is not an id. Use small letters a-z, digits and hyphens, a letter first.",
    "course.folder-exists": "%(path)s is there already. Choose another id, or go on in that folder.",
    "course.not-published": "%(course)s is not published here yet: python3 run.py courses publish %(course)s",
    "courses.unreadable": "Cannot read %(path)s: %(reason)s. "
    "Is ELEARN_COURSES the folder that holds the course folders?",
    "book.unknown": "%(course)s has no job aids, so there is nothing to print.",
    "book.language": "%(course)s is not published in this language. There is: %(languages)s.",
    "press.crashed": "The PDF could not be made (%(reason)s). The same command tries again.",
    "press.failed": "The PDF could not be made. The same command goes on where it was.",
    "disk.failing": "The disk that holds %(path)s is failing. What was made is kept; look at the disk first.",
    "printing.nothing": "There is no certificate like that to print.",
    "printing.none": "None of these certificates could be printed.",
    "printing.too-many": "These are too many at once: more than %(limit)s. Choose a course, a unit or a period.",
    "printing.gone": "What was made is gone, perhaps deleted meanwhile. Run the same command again.",
    "press.missing": "No PDF can be made on this machine (python3 run.py doctor says why).",
    "course.draft": "%(course)s says draft: true in its course.yaml. Take that line out to publish it.",
    "course.damaged": "The files of %(course)s have %(errors)s mistakes, so nothing was done. "
    "See them: python3 run.py courses check %(course)s",
    "course.unknown": "There is no course %(course)s in the courses folder.",
    "node.not-set-up": "This node is not set up yet. Start it with python3 run.py and open the link it prints.",
    "node.other-kind": "%(path)s holds a %(kind)s. Run it as one (a hub: python3 run.py hub; a post: python3 run.py), "
    "or choose another ELEARN_DATA.",
    "file.unwritable": "Cannot write %(path)s: %(reason)s. Choose another place; nothing was lost.",
    "figures.value-unknown": "%(value)s is no %(field)s here. Look at python3 run.py figures --help, or at the codes "
    "in a CSV of all figures.",
    "figures.date": "%(value)s is not a date. Write it like 2026, 2026-03 or 2026-03-05.",
    "figures.dates-turned": "The period ends (%(until)s) before it begins (%(since)s). Turn the two dates around.",
    "figures.same-dimension": "Rows and columns are both %(dimension)s. Choose something else for one of them.",
    "file.unreadable": "Cannot read %(path)s: %(reason)s.",
    "officer.number-unknown": "%(found)s officers have the service number %(number)s; exactly one is needed "
    "(python3 run.py officers list).",
    "courier.not-one": "This is not a courier file of elearn.",
    "courier.newer": "This file was made by a newer elearn. Bring this one up to date, then read the file again.",
    "courier.version": "Both sides have different versions of elearn. Bring the older one up to date.",
    "courier.too-large": "It is larger than a courier file can be (%(size_bytes)s bytes).",
    "courier.torn": "It is not whole: it was cut off while it was copied. Nothing was taken from it; copy it again.",
    "courier.damaged": "It was changed or damaged on its way (%(reason)s). Nothing was taken from it; copy it again.",
    "courier.other-key": "It was sealed to a key this machine does not have any more. Write a file for the other side "
    "first; its next one can be read.",
    "courier.form": "It cannot be understood (%(reason)s). Nothing was taken from it.",
    "courier.signature": "It was not signed by the one it says it comes from. Nothing was taken from it.",
    "courier.other-signer": "It is not signed with the key of %(name)s. Nothing was taken from it.",
    "courier.not-here": "It is for %(name)s, not for here. Carry it on; only they can open it.",
    "courier.unknown-sender": "%(name)s is not enrolled here: make a one-time code and its file first "
    "(page Exchange by stick).",
    "courier.other-hub": "It comes from %(name)s, which is not the hub of this post any more.",
    "courier.no-box": "%(name)s has not said yet how to seal a file to it: it does so with its next exchange or its "
    "first file.",
    "courier.receiver": "No post or hub here is called %(to)s. See: courier list",
    "courier.too-early": "File %(number)s, made together with this one, was not read yet. Read it, then this "
    "one again.",
    "courier.gone": "That file is not kept any more. Make a new one: it holds all that is not confirmed.",
    "enrolment-file.not-one": "This is not an enrolment file.",
    "enrolment-file.other-code": "Code and file do not belong together. Look at each sign of the code.",
    "enrol.code-gone": "This code is used, too old or blocked. Make a new one.",
    "exchange.by-stick": "There is no line to this hub: it was enrolled by file. Use: courier write FOLDER",
    "peer.no-line": "No line to the hub (%(reason)s). Nothing is lost; it will be tried again.",
    "peer.strange-answer": "Something answered at the hub's address, but not the hub (%(reason)s). Nothing is lost.",
    "peer.unknown-key": "The hub does not know this node, or knows it with another key. Ask for a new code and enrol "
    "again (sync enrol URL CODE).",
    "peer.hub-key": "Who answers at the hub's address has another key than the hub. If the hub has a new machine, ask "
    "its administrator for a code and enrol again (sync enrol URL CODE).",
    "peer.key-lost": "The hub was told that this machine was lost (from %(date)s on) and takes nothing from it. If it "
    "was found: keys renew, then ask for a code and enrol again (sync enrol URL CODE).",
    "peer.key-renewed": "The hub knows a newer key of this node: was an old copy of the data folder put back? Ask for "
    "a code and enrol again (sync enrol URL CODE).",
    "enrol.key-lost": "The hub was told that this key was lost (from %(date)s on): keys renew first, then enrol.",
    "key.unwritable": "Cannot write a new key beside %(path)s: %(reason)s. The old key is still in use.",
    "exchange.alone": "Not enrolled with a hub yet (sync enrol URL CODE).",
    "hub-url.wrong": "%(url)s is not the address of a hub. It looks like https://hub.example.org",
    "enrol.code-signs": "These signs are in no code: %(signs)s",
    "enrol.code-length": "A code has %(wanted)s letters and digits, this one has %(given)s.",
    "enrol.code-wrong": "The hub does not know this code. After five wrong tries it is void.",
    "enrol.code-used": "This code was used already. Ask the hub's administrator for a new one.",
    "enrol.code-expired": "This code has expired. Ask the hub's administrator for a new one.",
    "enrol.code-blocked": "This code was tried wrongly too often and is void. Ask the hub's administrator for another.",
    "enrol.not-the-hub": "The machine at this address does not know the code, so it is not the hub that gave it.",
    "chain.below": "The hub above did not take the records of %(name)s (%(why)s). All others were sent.",
    "chain.not-mine": "The hub holds entries of this node up to number %(number)s that its key did not sign. Nothing "
    "was changed. Ask the hub's administrator before going on.",
    "peer.version-post": "The hub speaks version %(here)s of the exchange, this node %(there)s: update this node.",
    "peer.version-hub": "This node speaks a later version of the exchange than the hub: update the hub.",
    "chain.fork": "The hub holds another entry under number %(number)s: was this machine copied, or put back to an "
    "older state? Ask the hub's administrator.",
    "demo.real-post": "%(path)s holds a real post. Demonstration data goes into a folder of its own: leave ELEARN_DATA "
    "unset, or set it to an empty folder.",
    "demo.demo-post": "%(path)s holds demonstration data and cannot become a real post. Choose another ELEARN_DATA.",
}


def explain(error: ElearnError) -> str:
    """Return one or two sentences for a person at a terminal; the code and details where there is no sentence."""
    sentence = SENTENCES.get(error.code)
    if sentence is None:
        return str(error)
    try:
        return sentence % error.details
    except KeyError:
        return str(error)
