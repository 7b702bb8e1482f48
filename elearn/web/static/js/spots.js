// A place touched on the picture ticks its box in the list below, and a ticked box marks its place.
export function touchSpots(page) {
  for (const question of page.querySelectorAll("[data-hotspot]")) {
    const boxOf = (spot) => page.getElementById(spot.dataset.spot);
    const show = () => {
      for (const spot of question.querySelectorAll(".spot")) spot.classList.toggle("is-chosen", boxOf(spot).checked);
    };
    question.addEventListener("click", (event) => {
      const spot = event.target.closest(".spot");
      if (spot && !boxOf(spot).disabled) boxOf(spot).checked = !boxOf(spot).checked;
      show();
    });
    question.addEventListener("change", show);
    show();
  }
}
