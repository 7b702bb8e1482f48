// While a book is made, the page looks by itself and shows how far it is, without being loaded anew.
const EVERY_MS = 1000;

function followBook(page) {
  if (page.querySelector("#book[data-follow]")) setTimeout(() => look(page), EVERY_MS);
}

async function look(page) {
  const shown = page.querySelector("#book");
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#book");
    if (fresh) show(shown, fresh);
  } catch {
    // The post is busy or starts anew: look again later.
  }
  followBook(page);
}

function show(shown, fresh) {
  const [said, says] = [shown, fresh].map((part) => part.querySelector("[role=status]"));
  // Said aloud by a screen reader, so only when it is other, and not at every page of the book.
  if (said.textContent !== says.textContent) said.textContent = says.textContent;
  shown.querySelector("[data-detail]").replaceChildren(...fresh.querySelector("[data-detail]").childNodes);
  shown.toggleAttribute("data-follow", fresh.hasAttribute("data-follow"));
}

followBook(document);
