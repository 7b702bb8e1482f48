"""THE table of everything that can be wrong in a course: severity, what is wrong and what to do, in one place.

Each sentence is a msgid of the translation catalogs. Errors forbid publishing; warnings are shown and published.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Rule:
    """One kind of mistake. sentence: English, with %(name)s."""

    severity: Literal["error", "warning"]
    sentence: str


def _(message: str) -> str:
    """Mark a sentence for the catalogs; it is translated where it is shown."""
    return message


def _error(sentence: str) -> Rule:
    return Rule("error", sentence)


def _warning(sentence: str) -> Rule:
    return Rule("warning", sentence)


_FILES = {
    "file.missing": _error(_("The file is missing. Add it.")),
    "file.unknown": _warning(_("Nothing reads this file. Remove it or mend its name.")),
    "file.too-large": _error(_("The file is larger than %(limit_kb)s KB. Split the course or shorten it.")),
    "file.not-utf8": _error(_("The file is not UTF-8. Save it again as UTF-8.")),
    "file.bom": _warning(_("The file starts with a byte order mark. Save it as UTF-8 without it.")),
    "file.line-ends": _warning(_("The lines end with CR. Save the file with LF line ends.")),
    "file.control-character": _error(_("There is a control character (%(character)s). Delete it.")),
    "yaml.broken": _error(_("This is not valid YAML: %(problem)s. Check indents, colons and quotes here and above.")),
    "yaml.empty": _error(_("The file is empty. Fill it in or remove it.")),
    "yaml.too-deep": _error(_("Lists and fields lie more than %(limit)s levels deep. Make it flatter.")),
    "yaml.anchor": _error(_("Anchors and aliases (& and *) are not taken. Write the value out, or put it in quotes.")),
    "yaml.tag": _error(_("The tag %(tag)s is not taken. Remove it, or put the value in quotes.")),
    "yaml.duplicate-key": _error(_("%(key)s is here a second time, first on line %(first)s. Remove one.")),
    "yaml.key-not-text": _error(_("A name must be plain text, not a list or a set of fields. Mend the name.")),
    "yaml.more-documents": _error(_("There is a second document (---) in the file. Keep one.")),
}

_FIELDS = {
    "field.missing": _error(_("%(field)s is missing. Add it.")),
    "field.unknown": _error(_("%(field)s is not a field here. Remove it or mend its name.")),
    "field.wrong-type": _error(_("%(field)s should be %(expected)s. Mend the value.")),
    "field.range": _error(_("%(field)s is %(value)s, but must be from %(low)s to %(high)s. Mend the value.")),
    "id.malformed": _error(_("%(id)s is not an id. Use small letters a-z, digits and hyphens, a letter first.")),
    "format.unknown": _error(_("Format %(format)s is not known here. Use format 1, or a newer elearn.")),
    "course.id-differs": _error(_("The id %(id)s is not the folder's name %(folder)s. Make them the same.")),
    "version.malformed": _error(_("%(version)s is not a version. Write three numbers, such as 1.0.0.")),
    "sap.malformed": _error(_("%(sap)s is not an outcome of the action plan. Write it as TA2-O4.")),
    "sap.none": _warning(_("The course names no outcome of the action plan. Add the main one under sap.")),
    "date.malformed": _error(_("%(field)s is not a date. Write it as 2026-11-24.")),
}

_LANGUAGES = {
    "language.unknown": _error(_("The language %(language)s is not known. Use one of: %(known)s.")),
    "language.twice": _error(_("The language %(language)s is listed twice. Remove one.")),
    "language.no-source": _error(_("The source language %(language)s is not among the languages. Add it.")),
    "language.not-begun": _warning(
        _("There are no texts in %(language)s yet. Until there are, officers read the source language.")
    ),
    "language.file-missing": _warning(
        _("%(language)s is not finished: this file is missing. Until it is there, officers read the source language.")
    ),
    "language.lost": _error(
        _("%(language)s is in the version that is served, but not complete here. Bring its files back.")
    ),
    "language.not-listed": _warning(
        _("There are texts in %(language)s, but the course does not list it. Add it to languages.")
    ),
}

_STRUCTURE = {
    "objective.twice": _error(_("The objective %(id)s is listed twice. Remove one.")),
    "objective.unknown": _error(_("The objective %(id)s is not in course.yaml. Add it there or mend the id.")),
    "objective.untaught": _error(_("No lesson teaches the objective %(id)s. Name it in a lesson or remove it.")),
    "objective.untested": _error(_("No question measures the objective %(id)s. Write one or remove the objective.")),
    "lesson.none": _error(_("The course has no lesson. Add one.")),
    "lesson.twice": _error(_("The lesson %(id)s is listed twice. Give one another id.")),
    "lesson.number-twice": _error(_("Two lessons have the number %(number)s. Renumber them.")),
    "lesson.order": _warning(_("Lesson number %(number)s stands after number %(before)s. Put the lessons in order.")),
    "lesson.too-long": _error(_("The lesson takes %(minutes)s minutes. Split it: 20 minutes are the limit.")),
    "lesson.no-objectives": _error(_("The lesson names no objective. Say what it teaches.")),
    "lesson.no-practice": _warning(
        _("The lesson has neither a scenario nor three check questions. Add one or the other.")
    ),
    "lesson.reading-time": _warning(
        _("Reading %(words)s words takes longer than %(minutes)s minutes. Shorten the lesson or give it more time.")
    ),
    "glossary.twice": _error(_("The term %(id)s is listed twice. Remove one.")),
    "pretest.none": _error(_("The course has no pre-test. Name its questions under pretest.")),
    "pretest.count": _warning(_("The pre-test has %(n)s questions. Plan %(wanted)s.")),
    "pretest.twice": _error(_("The question %(id)s stands in the pre-test twice. Remove one.")),
    "exam.missing": _error(
        _("There is a pre-test, but no exam. Add exam, or leave the pre-test out: the course is then only read.")
    ),
    "exam.leftover": _error(_("%(field)s says something about an exam, but there is none. Remove it, or add exam.")),
    "requires.twice": _error(_("The course %(id)s is listed twice. Remove one.")),
    "requires.itself": _error(_("The course requires itself. Remove it from requires.")),
    "requires.circle": _error(_("%(id)s also requires this course, so nobody could begin. Remove one of the two.")),
    "requires.unknown": _warning(
        _("There is no course %(id)s here, so officers are not asked for it. Add the course or mend the id.")
    ),
    "review.unknown": _error(_("%(review)s is not a way to show results. Use one of: %(known)s.")),
    "optional.examined": _warning(
        _("The exam asks about %(objective)s, which only optional lessons teach. Teach it in another lesson too.")
    ),
    "lesson.all-optional": _error(_("Every lesson is optional. Leave optional out of at least one.")),
    "renewal.sum": _error(
        _("The renewal exam draws %(n)s questions, the whole exam %(whole)s. Draw fewer than the whole exam, but some.")
    ),
    "audience.unknown": _error(_("The role %(role)s is not known. Use one of: %(known)s.")),
    "audience.twice": _error(_("The role %(id)s is listed twice. Remove one.")),
    "exam.sum": _warning(_("The exam draws %(n)s questions. Plan %(wanted)s or more.")),
    "exam.empty": _error(_("The exam draws no question. Fill in exam: draw.")),
    "exam.too-few": _error(
        _("The exam draws %(wanted)s questions on %(objective)s, but %(have)s are written. Write more or draw fewer.")
    ),
    "exam.not-drawn": _warning(_("The exam asks nothing about %(objective)s. Add it to the draw.")),
    "exam.critical-crowded": _error(
        _("%(objective)s has %(critical)s critical questions; the exam draws %(drawn)s and could miss one. Draw more.")
    ),
    "exam.no-choice": _warning(
        _("The exam draws all %(n)s questions on %(objective)s: every exam asks the same. Write one more.")
    ),
}

_QUESTIONS = {
    "question.twice": _error(_("The question %(id)s is here a second time, first on line %(first)s. Rename one.")),
    "question.unknown": _error(_("The question %(id)s is not in questions.yaml. Add it there or mend the id.")),
    "question.unused": _warning(_("Nothing asks the question %(id)s. Name it in a lesson or in the pre-test.")),
    "question.wrong-use": _error(
        _("The question %(id)s is of use %(use)s, but stands under %(place)s. Mend its use or take another question.")
    ),
    "question.asked-twice": _error(_("The question %(id)s is asked by two lessons. Keep it in one.")),
    "question.check-elsewhere": _warning(
        _("The check %(id)s measures %(objective)s, which this lesson does not teach. Move it or name the objective.")
    ),
    "question.kind-unknown": _error(_("The kind %(kind)s is not known. Use one of: %(known)s.")),
    "question.use-unknown": _error(_("The use %(use)s is not known. Use one of: check, pretest, exam.")),
    "question.options-few": _error(_("The question has %(n)s options. Write %(least)s or more.")),
    "question.options-many": _error(_("The question has %(n)s options. Keep %(most)s or fewer.")),
    "question.option-twice": _error(_("The option %(option)s is listed twice. Rename one.")),
    "question.option-malformed": _error(_("%(option)s is not an option's letter. Use one small letter, a to z.")),
    "question.correct-unknown": _error(_("The right answer %(option)s is not among the options. Mend it.")),
    "question.correct-one": _error(_("A question with one right answer has %(n)s. Name one, or make it multiple.")),
    "question.correct-several": _error(_("A question with several right answers has %(n)s. Name two or more.")),
    "question.correct-all": _error(_("Every option is right. Add a wrong one.")),
    "question.critical-elsewhere": _error(_("Only questions of the exam can be critical. Mend use or critical.")),
    "question.linked-elsewhere": _error(_("Only questions of the exam can be linked. Mend use or linked.")),
    "question.linked-unknown": _error(_("The linked question %(id)s is not in the pre-test. Mend the id.")),
    "question.linked-differs": _error(
        _("The linked question %(id)s measures another objective. Linked questions measure the same.")
    ),
    "question.linked-none": _warning(
        _("No exam question is linked to %(id)s of the pre-test. Link one, so that learning can be measured.")
    ),
}

_KINDS = {
    "question.correct-true-false": _error(_("The right answer must be true or false. Mend correct.")),
    "number.malformed": _error(_("%(field)s of the answer is not a number. Write it as 12.5, without a unit.")),
    "number.no-value": _error(_("The answer has no value. Write answer: {value: 12.5, tolerance: 0.5}.")),
    "number.field-unknown": _error(_("%(field)s is not a field of the answer. Write value and tolerance.")),
    "match.both-sides": _error(_("%(key)s stands on both sides. Give the target another letter.")),
    "match.no-pair": _error(_("The option %(option)s has no pair. Name its target under pairs.")),
    "match.pair-unknown": _error(_("A pair names %(key)s, which is not there. Mend the letter.")),
    "fillin.gap-malformed": _error(_("%(gap)s is not the name of a gap. Write gap-1, gap-2 and so on.")),
    "fillin.gap-twice": _error(_("%(gap)s is listed twice. Remove one.")),
    "fillin.gaps-count": _error(_("The question has %(n)s gaps. Take from 1 to %(most)s.")),
    "fillin.gap-unknown": _error(_("The stem of %(question)s has {%(gap)s}, which is not listed under gaps. Mend it.")),
    "fillin.gap-not-once": _error(_("{%(gap)s} stands %(n)s times in the stem of %(question)s. Write it once.")),
    "hotspot.spot-malformed": _error(_("The place %(option)s needs x, y, width and height, all numbers. Mend it.")),
    "hotspot.outside": _error(_("The place %(option)s does not lie in the drawing %(id)s. Mend its numbers.")),
    "scenario.no-start": _error(_("The scenario has no step called start. Name its first step so.")),
    "scenario.too-long": _error(_("The scenario has %(n)s steps. Keep %(most)s or fewer.")),
    "scenario.node-malformed": _error(
        _("The step %(node)s is not taken. Name it with small letters and digits, and give it options, nothing else.")
    ),
    "scenario.options-count": _error(
        _("The step %(node)s has %(n)s options. Give it from %(least)s to %(most)s of them.")
    ),
    "scenario.option-malformed": _error(
        _(
            "The option %(option)s of the step %(node)s is not taken. Give it a small letter, and next or end: true; "
            "unsafe: true or critical: true may stand beside it."
        )
    ),
    "scenario.next-or-end": _error(
        _("The option %(option)s of the step %(node)s needs either next or end: true. Give it one of them.")
    ),
    "scenario.next-unknown": _error(
        _("The option %(option)s of the step %(node)s leads to %(next)s, which is no step. Mend it.")
    ),
    "scenario.critical-goes-on": _error(
        _("The option %(option)s of the step %(node)s is critical: it must end the scenario, without unsafe.")
    ),
    "scenario.unreachable": _error(_("Nothing leads to the step %(node)s. Lead an option to it, or remove it.")),
    "scenario.circle": _error(_("The step %(node)s can come again after itself. Lead its options forward only.")),
    "scenario.no-good-end": _error(_("No way without an unsafe step leads to an end. Add one.")),
    "scenario.no-danger": _error(_("No option of the scenario is unsafe or critical. Mark at least one.")),
    "accepted.missing": _error(
        _("%(question)s has no accepted answer (%(option)s). Write what officers may type, as a list.")
    ),
    "accepted.same": _warning(
        _("The accepted answers %(first)s and %(second)s of %(question)s count as the same. Remove one.")
    ),
    "accepted.unusable": _error(
        _("The accepted answer %(text)s of %(question)s cannot be typed or has no letter or digit. Mend it.")
    ),
    "accepted.wrong-script": _warning(
        _("No accepted answer of %(question)s is in the script of %(language)s. Add what officers would write.")
    ),
    "feedback.verdict-missing": _error(
        _("%(question)s has no feedback under %(option)s. Say what officers should remember.")
    ),
}

_FACTS = {
    "fact.twice": _error(_("The fact %(id)s is here a second time, first on line %(first)s. Rename one.")),
    "fact.unknown": _error(_("The fact %(id)s is not in facts.yaml. Add it there or mend the marker.")),
    "fact.unused": _warning(_("Nothing cites the fact %(id)s. Cite it or remove it.")),
    "fact.unsourced": _error(_("The fact %(id)s has no %(field)s of its source. Fill it in.")),
    "fact.address": _error(_("The address of the source must start with https:// or http://. Mend it.")),
    "fact.year": _error(_("The year %(year)s of the source cannot be. Mend it.")),
    "fact.mark-unknown": _error(_("The mark %(mark)s is not known. Use V (read) or K (widely known).")),
    "fact.review-first": _error(_("The fact is to be reviewed before it was read. Mend the dates.")),
    "fact.review-passed": _warning(_("The fact %(id)s was to be reviewed by %(date)s. Read the source again.")),
    "fact.read-later": _warning(_("The fact %(id)s was read on %(date)s, which is still to come. Mend the date.")),
}

_WORDS = {
    "unit.missing": _error(_("%(unit)s has no text in %(language)s. Write it.")),
    "unit.unknown": _error(_("%(unit)s belongs to nothing in the course. Remove it or mend its name.")),
    "unit.not-text": _error(_("%(unit)s should be text. Mend the value.")),
    "unit.empty": _error(_("%(unit)s is empty. Write it.")),
    "options.missing": _error(_("The option %(option)s of %(question)s has no text. Write it.")),
    "options.unknown": _error(_("%(question)s has no option %(option)s. Remove it or mend its letter.")),
    "options.same": _error(_("The options %(first)s and %(second)s of %(question)s read the same. Change one.")),
    "feedback.missing": _error(_("Option %(option)s of %(question)s has no feedback. Say why it is right or wrong.")),
    "feedback.unknown": _error(_("%(question)s has no option %(option)s, but feedback on it. Remove it.")),
    "outcomes.count": _error(_("There are %(n)s outcomes, but the source language has %(wanted)s. Translate each.")),
    "text.too-long": _warning(_("%(unit)s has %(n)s characters. Shorten it to %(limit)s.")),
    "text.no-words": _error(_("%(unit)s has no words in it. Write it out.")),
    "text.no-question": _warning(_("The stem of %(question)s does not end in a question. Rewrite it.")),
    "text.invisible": _warning(_("There is an invisible character (%(character)s). Delete it, unless it is wanted.")),
    "text.broken-character": _error(_("A character is broken (%(character)s). Write the word again.")),
    "text.not-nfc": _error(_("%(character)s is not in Unicode form NFC. Save the text normalised to NFC.")),
    "text.html": _error(_("HTML is not taken: %(html)s. Write it in Markdown.")),
    "text.markup": _warning(_("Only lessons take Markdown; here officers would see %(markup)s. Remove it.")),
    "text.address": _error(_("There is an address in the text (%(address)s). Name the source in facts.yaml instead.")),
    "text.local-digits": _warning(_("Digits are written 0-9 on this platform, not %(digits)s. Change them.")),
    "text.wrong-script": _error(_("%(unit)s has no letter of the script of %(language)s. Translate it.")),
    "text.untranslated": _warning(_("%(unit)s reads the same as in the source language. Translate it.")),
}

_LESSONS = {
    "lesson.empty": _error(_("The lesson has no text. Write it.")),
    "lesson.heading-one": _error(_("The title of the lesson is in texts.yaml. Start sections with ##.")),
    "lesson.heading-deep": _error(_("A heading with more than three # is not taken. Use ## or ###.")),
    "lesson.heading-jump": _error(_("A ### heading needs a ## heading above it. Use ##.")),
    "lesson.heading-empty": _error(_("The heading has no words. Write it or remove it.")),
    "lesson.no-heading": _warning(_("The lesson has no section heading. Add one with ##.")),
    "lesson.code": _error(_("Indented text and ``` become code, which lessons do not have. Remove the indent.")),
    "lesson.nested": _error(_("Lists and tables inside a list or a scenario are not taken. Take them out.")),
    "lesson.link": _error(_("Links are not taken (%(address)s). Cite a fact of facts.yaml, or remove it.")),
    "lesson.link-outside": _error(
        _("There is a link to outside (%(address)s); most posts have no line. Cite a fact of facts.yaml instead.")
    ),
    "picture.unknown": _error(
        _("There is no picture %(id)s. Put it under pictures, as .svg, .webp, .png or .jpg, or mend the name.")
    ),
    "picture.unused": _warning(_("No lesson shows the picture %(id)s. Use it or remove it.")),
    "picture.twice": _error(_("The picture %(id)s is here a second time, first as %(first)s. Remove one.")),
    "picture.kind": _error(_("This is not a WebP, PNG or JPEG picture, whatever its name says. Save it as one.")),
    "picture.named": _error(_("The picture is of the kind %(kind)s, but its name ends in %(named)s. Rename it.")),
    "picture.cut": _error(_("The picture is cut off or damaged: its size cannot be read. Save it again.")),
    "picture.heavy": _error(_("The picture has %(n)s KB. Save it with %(limit)s KB or fewer.")),
    "picture.pixels": _error(
        _("The picture has %(width)s x %(height)s pixels. Save it with %(low)s to %(high)s on each side.")
    ),
    "picture.moves": _error(_("The picture moves. Save one frame of it.")),
    "picture.other-language": _warning(
        _("There is no picture %(id)s in %(language)s. Add it; until then officers see the source language's.")
    ),
    "picture.broken": _error(_("The drawing cannot be read: %(what)s. Save it as plain SVG.")),
    "picture.too-large": _error(_("The drawing is larger than %(what)s KB. Draw it with fewer points.")),
    "picture.view-box": _error(_("The drawing has no %(what)s, so it has no size. Add it.")),
    "picture.element": _error(_("The drawing has an element that is not taken: %(what)s. Use shapes and text only.")),
    "picture.attribute": _error(_("The drawing has an attribute that is not taken: %(what)s. Remove it.")),
    "picture.words": _error(
        _("The drawing has words of its own: %(what)s. Put {label-id} there and the words into texts.yaml.")
    ),
    "lesson.image-no-words": _error(_("The picture has no alternative text. Write what it shows between [ and ].")),
    "lesson.image": _error(_("This picture is not taken (%(address)s). Write ![](picture:id) for pictures/id.svg.")),
    "blocks.count": _error(
        _("There are %(n)s blocks, but %(wanted)s in the source language. From here on they do not fit.")
    ),
    "blocks.kind": _error(_("Block %(block)s is %(kind)s, but %(wanted)s in the source language. Make it the same.")),
    "blocks.bold": _warning(
        _("Block %(block)s has %(n)s bold parts, but the source has %(wanted)s. Make it the same.")
    ),
    "markers.missing": _error(_("Block %(block)s does not cite the fact %(fact)s. Put the marker after the claim.")),
    "markers.extra": _error(_("Block %(block)s cites the fact %(fact)s, the source language does not. Remove it.")),
    "markers.order": _error(
        _("The markers of block %(block)s are not in the order of the source language. Reorder them.")
    ),
    "markers.broken": _error(_("%(marker)s is not a marker. Write [^fact-id], without blanks.")),
}

_TRANSLATION = {
    "translation.behind": _warning(
        _("The source of %(unit)s changed after it was translated. Update it, then stamp it.")
    ),
    "translation.unstamped": _warning(
        _("It is not recorded which source %(n)s units of %(language)s were made from, such as %(unit)s. Stamp them.")
    ),
    "translation.stamp-unknown": _warning(_("%(unit)s is stamped, but is not in the course. Remove the stamp.")),
    "translation.stamp-malformed": _error(_("The digest of %(unit)s is not 12 hex digits. Stamp the unit again.")),
    "translation.state-unknown": _error(_("The state %(state)s is not known. Use draft or reviewed.")),
    "translation.reviewer-missing": _error(_("%(unit)s is reviewed, but by nobody. Name the reviewer.")),
}

_TERMS = {
    "term.not-held": _warning(
        _("The source says %(term)s, but %(expected)s is not here. Use it, or add your word to terms.yaml.")
    ),
    "term.avoided": _error(_("%(word)s is not to be used. Look up %(term)s in terms.yaml and write that instead.")),
    "terms.no-use": _error(_("%(term)s has no word to use. Add one under use, or write checked: false.")),
    "terms.twice": _error(_("%(term)s is here a second time, first on line %(first)s. Make one entry of the two.")),
    "terms.no-words": _error(_("There is no letter in %(words)s, so it cannot be found. Mend or remove it.")),
    "terms.where-unknown": _error(_("%(where)s is not a place where terms are checked. Use one of: %(known)s.")),
    "terms.contradiction": _error(_("%(word)s is to be used and to be avoided. Keep one of the two.")),
}

_PUBLISHING = {
    "version.older": _error(
        _("Version %(version)s is older than %(current)s, which is served. Raise the version, or bring its files back.")
    ),
    "version.not-raised": _warning(
        _("The course changed, but its version is still %(version)s. Raise it to %(wanted)s in course.yaml.")
    ),
    "version.too-small": _warning(
        _("What is right, asked or taught changed: version %(version)s says too little. Raise it to %(wanted)s.")
    ),
}

RULES: dict[str, Rule] = {
    **_FILES,
    **_FIELDS,
    **_LANGUAGES,
    **_STRUCTURE,
    **_QUESTIONS,
    **_KINDS,
    **_FACTS,
    **_WORDS,
    **_LESSONS,
    **_TRANSLATION,
    **_TERMS,
    **_PUBLISHING,
}
