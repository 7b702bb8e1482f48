// Shows the time left of an exam. The server keeps the true time; this only counts between pages.
export function countDown(page) {
  const clock = page.querySelector("[data-seconds-left]");
  if (!clock) return;
  const end = performance.now() + Number(clock.dataset.secondsLeft) * 1000;
  const words = clock.querySelector("[data-minutes]");
  const form = page.querySelector("form[data-when-over]");
  const show = () => {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    words.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left === 0) {
      clearInterval(timer);
      if (form) form.requestSubmit();
    }
  };
  const timer = setInterval(show, 1000);
  show();
}
