// Reads a certificate's QR code with the camera of this machine. The browser reads it itself where it can; otherwise it
// sends a frame a second to the post, which has a reader. Without a camera, or without leave, it says so.
const LONGEST_MS = 120_000;
const LONGEST_SIDE = 1280;

export function useCamera(page) {
  const box = page.querySelector("[data-camera]");
  if (!box) return;
  box.hidden = false;
  const start = box.querySelector("[data-start]");
  if (!navigator.mediaDevices) {
    start.hidden = true;
    box.querySelector("[data-says]").textContent = box.dataset.insecure;
    return;
  }
  const camera = new Camera(page, box);
  start.addEventListener("click", () => camera.start());
  box.querySelector("[data-stop]").addEventListener("click", () => camera.stop(""));
  window.addEventListener("pagehide", () => camera.stop(""));
  page.addEventListener("visibilitychange", () => page.hidden && camera.stop(""));
}

class Camera {
  constructor(page, box) {
    Object.assign(this, { page, box, stream: null });
    this.video = box.querySelector("video");
    this.says = box.querySelector("[data-says]");
    this.field = page.querySelector("#f-typed");
    this.canvas = page.createElement("canvas");
  }

  async start() {
    if (this.asking) return; // a second press while the browser asks the person would start a second film
    this.asking = true;
    const wanted = { video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } } };
    try {
      this.stream = await navigator.mediaDevices.getUserMedia(wanted);
    } catch (error) {
      return this.say(error.name === "NotAllowedError" ? this.box.dataset.denied : this.box.dataset.none);
    } finally {
      this.asking = false;
    }
    this.video.srcObject = this.stream;
    this.show(true);
    this.say(this.box.dataset.looking);
    this.video.play().catch(() => {}); // stopped before it began
    this.watch(this.stream, await reader(this));
  }

  async watch(stream, read) {
    const until = Date.now() + LONGEST_MS;
    while (this.stream === stream) {
      if (Date.now() > until) return this.stop(this.box.dataset.tired);
      await this.look(read);
      await new Promise((go) => setTimeout(go, Number(this.box.dataset.frameMs)));
    }
  }

  async look(read) {
    try {
      const text = await read();
      if (text && this.stream) this.found(text);
    } catch {
      // The post is busy, or the camera has no picture yet: look again.
    }
  }

  found(text) {
    this.stop("");
    this.field.value = text;
    this.field.form.requestSubmit();
  }

  stop(said) {
    if (!this.stream) return;
    for (const track of this.stream.getTracks()) track.stop();
    this.stream = this.video.srcObject = null;
    this.show(false);
    this.say(said);
  }

  // Said aloud by a screen reader, so only when it is other.
  say(words) {
    if (this.says.textContent !== words) this.says.textContent = words;
  }

  // The focus must not fall out of a button that is hidden.
  show(running) {
    const [start, stop] = ["start", "stop"].map((name) => this.box.querySelector(`[data-${name}]`));
    const had = this.box.contains(this.page.activeElement);
    this.video.hidden = stop.hidden = !running;
    start.hidden = running;
    if (had) (running ? stop : start).focus({ preventScroll: true });
  }
}

async function reader(camera) {
  const detector = await ownDetector();
  if (!detector) return () => askPost(camera);
  return async () => {
    const codes = await detector.detect(camera.video);
    return codes.map((code) => code.rawValue).find((text) => text.startsWith("EL1:"));
  };
}

async function ownDetector() {
  try {
    const formats = await BarcodeDetector.getSupportedFormats();
    return formats.includes("qr_code") && new BarcodeDetector({ formats: ["qr_code"] });
  } catch {
    return null; // most browsers have none
  }
}

async function askPost(camera) {
  const { video, canvas, box } = camera;
  if (!video.videoWidth) return "";
  const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  const picture = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
  const form = new FormData();
  form.append("csrf", camera.field.form.elements.csrf.value);
  form.append("frame", picture, "frame.jpg");
  const answer = await fetch(box.dataset.address, { method: "POST", body: form });
  const { text, said } = await answer.json();
  if (camera.stream) camera.say(said || box.dataset.looking);
  return text;
}
