"""What is said about courses, lessons, exams and certificates: a sentence for each code."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    # courses and lessons
    "course.unknown": _l("This course is not here."),
    "course.draft": _l("This course is still being written. Take the line draft out of course.yaml to publish it."),
    "course.damaged": _l(
        "The files of this course have mistakes, so it was not published. Officers keep the last good version. "
        "The list of mistakes is on the page of the course."
    ),
    "courses.unreadable": _l(
        "The files of the courses cannot be read. Officers keep the last good version; tell your administrator."
    ),
    "package.unknown": _l("This version of the course is not on this post. Tell your administrator."),
    "package.structure": _l("This course is damaged on this post. Your results are safe; tell your administrator."),
    "blueprint.too-few": _l("This course has too few questions for an exam. Tell your trainer."),
    "media.unknown": _l("This picture is not here."),
    "book.unknown": _l("This course has nothing like that to print."),
    "book.language": _l("This course is not published in this language."),
    "lesson.unknown": _l("This lesson is not in the course."),
    "lesson.no-words": _l("This lesson has no text yet in this language. Choose another language."),
    "lesson.pretest-first": _l("Answer the questions before the course first. Then the lessons open."),
    "lesson.requires-first": _l("Pass the courses this one builds on first. They are named on its page."),
    "question.unknown": _l("This question is not in the course."),
    "question.not-asked": _l("This question is not part of this exam. Go back to the course and go on from there."),
    "question.no-words": _l("This question has no text yet in this language. Choose another language."),
    # answers
    "answer.empty": _l("Choose an answer first."),
    "answer.one-only": _l("Only one answer can be chosen here."),
    "answer.option": _l("This answer is not among those offered. Load the page again."),
    "answer.number": _l("“%(typed)s” is not a number. Write digits only, such as 1200 or 12.5."),
    "answer.number-unclear": _l(
        "“%(typed)s” can be read in two ways. Write 1234 for a thousand and more, and 1.2 or 1,2 for decimals."
    ),
    "answer.order-open": _l("Choose a place for each line."),
    "answer.order-twice": _l("Two lines have the same place. Give each its own."),
    "answer.text-long": _l("This text is too long. Take at most %(limit)s characters."),
    "answer.step-gone": _l("This step was taken already and cannot be changed. Go on from here."),
    # pre-test and exam
    "sitting.kind": _l("There is no such exam. Open the course and begin from there."),
    "sitting.none": _l("This course has no exam: it is only read."),
    "sitting.requires-first": _l("Pass the courses this one builds on first. They are named on its page."),
    "sitting.pretest-first": _l("Answer the questions before the course first."),
    "sitting.pretest-done": _l("You have answered the questions before the course already. They are asked only once."),
    "sitting.lessons-first": _l("Read all lessons first. Then the exam opens."),
    "sitting.wait": _l("The exam can be sat again from %(open_at)s. Use the time to read the lessons again."),
    "sitting.used-up": _l("You have used all your tries for this exam. Ask your trainer."),
    "sitting.passed": _l("You have passed this exam already. Your certificate is on the page of the course."),
    "attempt.unknown": _l("This exam is not one of yours, or it is not on this post. Open the course from My courses."),
    "attempt.running": _l(
        "This exam is not handed in yet. Open the course, go on and hand it in; then you see the result."
    ),
    "attempt.submitted": _l("This exam is handed in already. Its answers cannot be changed."),
    "attempt.not-shown": _l("The answers of this exam are not shown. The result says what to read again."),
    "attempt.time-up": _l("The time is over. What you answered before is saved. Hand the exam in."),
    "try.not-needed": _l("This officer has tries left for this exam, or was just given one."),
    "try.own": _l("You cannot give yourself another try. Ask another trainer or an administrator."),
    # refreshers
    "refresher.wait": _l("You have answered the questions for this shift. The next are offered from %(open_at)s."),
    "refresher.nothing-due": _l("Nothing is due now. Come back in your next shift."),
    "refresher.unknown": _l("These questions are not yours, or they are not on this post. Begin from My courses."),
    "refresher.not-asked": _l("This question is not among those of this shift. Begin from My courses."),
    "refresher.held-back": _l(
        "This question cannot be asked now: an exam in its course is under way, or its version is not on this post. "
        "It comes again."
    ),
    "refresher.over": _l("The five minutes of this shift are over. This question comes again."),
    # the satisfaction form
    "satisfaction.incomplete": _l(
        "Some questions have no answer yet. They are marked below. What you have chosen is still there."
    ),
    "satisfaction.no-rating": _l("Choose a number from 1 to 5."),
    "satisfaction.no-choice": _l("Choose one of these."),
    "satisfaction.not-passed": _l("This form opens when you have passed the exam of the course on this post."),
    "satisfaction.settled": _l("You were asked about this course before. It is asked only once."),
    # the follow-up 90 days after an exam
    "followup.incomplete": _l(
        "Some questions have no answer yet. They are marked below. What you have chosen is still there."
    ),
    "followup.no-choice": _l("Choose one of these."),
    "followup.nothing-alone": _l("Choose “Nothing stopped me” alone, or what did stop you."),
    "followup.not-open": _l("This form opens 80 days after the exam."),
    "followup.answered": _l("You have answered this form already."),
    "followup.own": _l("You cannot confirm your own skill. A colleague does that."),
    "followup.confirmed": _l("A colleague has said this already. It is asked only once."),
    # certificates
    "certificate.unknown": _l("There is no certificate with this number on this post. Look at the number again."),
    "certificate.not-yours": _l("This certificate belongs to another officer. You can only open your own."),
    "certificate.revoked": _l(
        "The certificate %(number)s was taken back and cannot be printed. Ask your administrator."
    ),
    "certificate.revoked-already": _l("The certificate %(number)s was taken back before."),
    "certificate.no-person": _l(
        "The name of the holder is not kept on this post, so the certificate cannot be printed here. "
        "Ask the post where the exam was passed."
    ),
    "printing.nothing": _l("There is no certificate like that to print."),
    "printing.too-many": _l("These are too many at once: more than %(limit)s. Choose a course, a unit or a period."),
    "printing.gone": _l("This file is not kept here, or not any more. Make it again."),
    "printing.own-session": _l("You can print the certificates of sessions you hold yourself. Choose one of them."),
    "printing.none": _l("None of these certificates could be printed."),
    "person.unknown": _l("This person is not kept on this post."),
    "reason.empty": _l("Write a reason."),
    "reason.too-long": _l("The reason is too long. Take at most %(limit)s characters."),
    "page.too-long": _l(
        "This text is too long for the certificate: “%(text)s”. Ask your administrator to make it shorter."
    ),
    "press.missing": _l("This post cannot make PDF files. Print the certificate from the browser instead."),
    "press.crashed": _l(
        "The PDF could not be made. Your certificate is safe. Try again; if it fails again, tell your administrator."
    ),
    "press.failed": _l(
        "The PDF could not be made. Your certificate is safe. Try again; if it fails again, tell your administrator."
    ),
    # figures
    "figures.date": _l("“%(value)s” is not a date. Write it like 2026, 2026-03 or 2026-03-05."),
    "figures.dates-turned": _l("The period ends (%(until)s) before it begins (%(since)s). Turn the two dates around."),
    "figures.same-dimension": _l("Rows and columns are the same. Choose something else for one of them."),
    "figures.format": _l("Figures are given out as CSV, XLSX or JSON, not as %(format)s."),
    "figures.value-unknown": _l("“%(value)s” is not in the list. Choose from the list."),
}
