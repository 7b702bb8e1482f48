// A menu closes when one clicks or tabs elsewhere, or presses Escape.
export function closeMenus(page) {
  const open = () => page.querySelectorAll("details.menu[open]");
  const closeOthers = (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  };
  page.addEventListener("click", closeOthers);
  page.addEventListener("focusin", closeOthers);
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}
