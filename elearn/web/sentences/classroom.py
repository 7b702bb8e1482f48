"""What is said about sessions in a classroom and their answer sheets: a sentence for each code."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "session.unknown": _l("This session is not on this post."),
    "session.day": _l("Choose a day."),
    "session.place": _l("Write the place, with at most 100 characters."),
    "session.minutes": _l("Write how many minutes the exam takes: a whole number from 1 to 600."),
    "session.full": _l("A session takes at most %(limit)s officers. Make another one."),
    "session.too-few": _l(
        "This course has too few questions for an exam on paper: objective %(objective)s asks for %(needed)s, "
        "and %(found)s can be answered with boxes."
    ),
    "session.no-sheets": _l("No answer sheet is made yet. Make the sheets first."),
    "session.keyed-in": _l("The answers of %(name)s count already and cannot be withdrawn."),
    "papers.unknown": _l("This session has nothing like that to print."),
    "sitting.on-paper": _l("You wrote this exam on paper. Its answers are being keyed in."),
    "sheet.code": _l("This is not the code of an answer sheet. It has 8 letters and digits: look at each sign again."),
    "sheet.unknown": _l("There is no answer sheet with the code %(sheet)s on this post. Look at the code again."),
    "sheet.withdrawn": _l("The answer sheet %(sheet)s was withdrawn. It is not keyed in."),
    "sheet.attendance-first": _l("Say in the session first that the officer of sheet %(sheet)s was there."),
    "sheet.own": _l("This is your own exam. Somebody else keys it in."),
    "sheet.same-person": _l("You have keyed in this sheet. The second time, another person does it."),
    "sheet.done": _l("The answer sheet %(sheet)s is keyed in and counts. It cannot be keyed in again."),
    "sheet.differs": _l("The answer sheet %(sheet)s is keyed in twice. Settle the differences now."),
    "sheet.not-read": _l("The answer sheet %(sheet)s is not keyed in twice yet."),
    "sheet.unsettled": _l("Question %(number)s is not settled yet. Look at the paper and choose."),
}
