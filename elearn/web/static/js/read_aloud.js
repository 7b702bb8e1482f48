// Reads a lesson aloud, block by block, and marks the block being read. Only with a voice that is on this machine:
// others send the text away, and need a line. Where there is none, nothing is shown.
export function readAloud(page) {
  const box = page.querySelector("[data-read-aloud]");
  const speech = window.speechSynthesis;
  if (!box || !speech || !window.SpeechSynthesisUtterance) return;
  const offer = () => {
    box.hidden = !voiceFor(speech, box.dataset.readAloud);
  };
  const reader = new Reader(page, box, speech);
  for (const name of ["play", "pause", "stop"]) {
    box.querySelector(`[data-${name}]`).addEventListener("click", () => reader[name]());
  }
  // Browsers load their list of voices late.
  if (speech.addEventListener) speech.addEventListener("voiceschanged", offer);
  window.addEventListener("pagehide", () => reader.stop());
  offer();
}

function voiceFor(speech, language) {
  const main = language.split("-")[0];
  const tag = (voice) => voice.lang.replace("_", "-").toLowerCase();
  // A voice of Hong Kong reads Cantonese.
  const fits = (voice) => voice.localService && tag(voice).split("-")[0] === main && tag(voice) !== "zh-hk";
  const found = speech.getVoices().filter(fits);
  return found.find((voice) => voice.default) || found[0];
}

class Reader {
  constructor(page, box, speech) {
    Object.assign(this, { page, box, speech, place: 0, turn: 0 });
    this.blocks = [...box.closest(".lesson").querySelectorAll("[id]")].filter((one) => /^p\d+$/.test(one.id) && wordsOf(one));
  }

  play() {
    this.show(true);
    this.speak();
  }

  // Not speech.pause(): on Android it ends the reading. What was begun is read again from its start.
  pause() {
    this.quiet();
    this.show(false);
  }

  stop() {
    this.quiet();
    this.place = 0;
    this.show(false);
  }

  quiet() {
    this.turn += 1;
    this.speech.cancel();
    for (const block of this.blocks) block.classList.remove("is-read");
  }

  speak() {
    this.quiet();
    const block = this.blocks[this.place];
    if (!block) return this.stop();
    const turn = this.turn;
    const words = new SpeechSynthesisUtterance(wordsOf(block));
    words.voice = voiceFor(this.speech, this.box.dataset.readAloud);
    words.lang = words.voice ? words.voice.lang : this.box.dataset.readAloud;
    words.onend = () => {
      if (turn !== this.turn) return;
      this.place += 1;
      this.speak();
    };
    words.onerror = () => {
      if (turn === this.turn) this.stop();
    };
    block.classList.add("is-read");
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    block.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    this.speech.speak(words);
  }

  // The focus must not fall out of a button that is hidden.
  show(reading) {
    const [play, pause, stop] = ["play", "pause", "stop"].map((name) => this.box.querySelector(`[data-${name}]`));
    const had = this.box.contains(this.page.activeElement);
    play.hidden = reading;
    pause.hidden = !reading;
    stop.hidden = !reading && this.place === 0;
    this.box.parentElement.classList.toggle("is-reading", reading);
    if (had) (reading ? pause : play).focus({ preventScroll: true });
  }
}

// Without the numbers of citations and the labels of drawings; cells and lines apart, so that the voice rests there.
function wordsOf(block) {
  const copy = block.cloneNode(true);
  for (const one of copy.querySelectorAll("sup, svg")) one.remove();
  for (const one of copy.querySelectorAll("td, th, p, li")) one.append(". ");
  return copy.textContent.replace(/\s+/g, " ").replace(/([.:;!?။។。！？])[\s.]+(?=\s|$)/g, "$1").trim();
}
