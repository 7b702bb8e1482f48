// A glossary term opens its note and gives the focus back when the note closes: by its button, by Escape, by a click
// elsewhere. Without this the link opens the same note (:target) and Back closes it.
export function openTerms(page) {
  let note = null;
  let opener = null;
  const close = (giveBack) => {
    if (!note) return;
    note.classList.remove("is-open");
    note = null;
    if (giveBack) opener.focus({ preventScroll: true });
  };
  page.addEventListener("click", (event) => {
    const term = event.target.closest("a.term");
    if (term) {
      event.preventDefault();
      close(false);
      note = page.getElementById(term.hash.slice(1));
      opener = term;
      note.classList.add("is-open");
      note.focus({ preventScroll: true });
    } else if (note && event.target.closest(".term-close")) {
      event.preventDefault();
      close(true);
    } else if (note && !note.contains(event.target)) close(false);
  });
  page.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(true);
  });
  // Tabbing out of the note goes on in the text, not after the last note of the page.
  page.addEventListener("focusout", (event) => {
    if (note && event.relatedTarget && note.contains(event.target) && !note.contains(event.relatedTarget)) close(true);
  });
}
