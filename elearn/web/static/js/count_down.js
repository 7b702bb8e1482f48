// Shows the time left of an exam. The server keeps the true time; this only counts between pages, and rests as the
// server's clock does when nothing was answered for long (data-idle-seconds).
export function countDown(page) {
  const clock = page.querySelector("[data-seconds-left]");
  if (!clock) return;
  const begun = performance.now();
  const given = Number(clock.dataset.secondsLeft);
  const longest = Number(clock.dataset.idleSeconds);
  const words = clock.querySelector("[data-minutes]");
  const show = () => {
    const passed = Math.round((performance.now() - begun) / 1000);
    const left = Math.max(0, given - Math.min(passed, longest));
    words.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left === 0) location.reload();
    if (left === 0 || passed >= longest) clearInterval(timer);
  };
  const timer = setInterval(show, 1000);
}
