// Lines of an order question are moved by buttons, and follow the places chosen. Without this each line has its list of
// places, and the server sorts them.
export function moveLines(page) {
  for (const list of page.querySelectorAll("[data-order]")) makeMovable(list);
}

function makeMovable(list) {
  const said = list.parentElement.querySelector("[data-order-said]");
  const lines = () => [...list.children];
  const tell = (line) => {
    const place = lines().indexOf(line) + 1;
    said.textContent = `${line.querySelector(".part-text").textContent.trim()} ${list.dataset.said.replace("{place}", place)}`;
  };
  const number = () => {
    const all = lines();
    all.forEach((line, index) => {
      line.querySelector("select").value = String(index + 1);
      for (const button of line.querySelectorAll(".mover")) {
        button.disabled = index + Number(button.dataset.move) < 0 || index + Number(button.dataset.move) >= all.length;
      }
    });
  };
  const move = (line, to) => {
    const others = lines().filter((one) => one !== line);
    list.insertBefore(line, others[to] || null);
    for (const one of lines()) one.classList.toggle("has-moved", one === line);
    number();
    tell(line);
  };
  list.addEventListener("click", (event) => {
    const button = event.target.closest(".mover");
    if (!button) return;
    const line = button.closest("li");
    move(line, lines().indexOf(line) + Number(button.dataset.move));
    // At an end the button is switched off and would lose the focus.
    (button.disabled ? line.querySelector(".mover:not(:disabled)") : button).focus();
  });
  list.addEventListener("change", (event) => {
    const line = event.target.closest("li");
    move(line, Number(event.target.value) - 1);
    event.target.focus();
  });
  if (!list.querySelector(".mover")) return;
  for (const button of list.querySelectorAll(".mover")) button.hidden = false;
  lines().sort((one, other) => one.querySelector("select").value - other.querySelector("select").value).forEach((line) => list.append(line));
  number();
}
