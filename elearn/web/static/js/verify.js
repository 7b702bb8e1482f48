// Checking a certificate: a picture that was chosen is sent at once, and the camera reads codes where there is one.
import { useCamera } from "./camera.js";

function sendWhenChosen(page) {
  for (const field of page.querySelectorAll("form input[type=file]")) {
    field.addEventListener("change", () => {
      if (field.files.length) field.form.requestSubmit();
    });
  }
}

sendWhenChosen(document);
useCamera(document);
