"""Makes the picture of the README: a lesson in Khmer on a computer, a question on a phone, from a demonstration.

    python tests/browser/make_pictures.py

Run by hand when the pages change their looks. Needs Chromium, as the browser tests do.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(__file__).resolve().parent / "pictures" / "readme.png"
PIN = "840291"
OFFICER = "DEMO-1002"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDE, PHONE = (1120, 760), (360, 760)
WAIT_S = 90


def main() -> None:
    """Start a demonstration, take two pictures, put them side by side."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {**os.environ, "ELEARN_DATA": f"{folder}/demo", "ELEARN_PORT": str(port)}
        command = [sys.executable, "-m", "elearn", "--demo", "--quiet"]
        served = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            _wait(served)
            _take(f"http://127.0.0.1:{port}")
        finally:
            served.terminate()
            served.wait(timeout=20)


def _wait(served: "subprocess.Popen[str]") -> None:
    end = time.monotonic() + WAIT_S
    for line in served.stdout or ():
        if "elearn (post) is at" in line:
            return
        if time.monotonic() > end:
            break
    raise SystemExit("the demonstration did not start")


def _take(base: str) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        wide = _picture(_page(browser, base, WIDE), f"{base}/courses/interdiction/lessons/risk-management")
        phone = _picture(_page(browser, base, PHONE), f"{base}/courses/interdiction")
        browser.close()
    sheet = Image.new("RGB", (wide.width + phone.width + 24, wide.height), "#ffffff")
    sheet.paste(wide, (0, 0))
    sheet.paste(phone, (wide.width + 24, 0))
    TARGET.parent.mkdir(exist_ok=True)
    sheet.quantize(96).save(TARGET, optimize=True)
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size // 1024} KB")


def _page(browser: object, base: str, size: tuple[int, int]) -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})  # type: ignore[attr-defined]
    context.add_cookies([{"name": "elearn_language", "value": "km", "url": base}])
    page: Page = context.new_page()
    page.goto(f"{base}/sign-in")
    page.fill("#f-service_number", OFFICER)
    page.fill("#f-pin", PIN)
    page.click("main .card button.button")
    page.wait_for_url(f"{base}/courses")
    return page


def _picture(page: Page, address: str) -> Image.Image:
    page.goto(address)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    return Image.open(BytesIO(page.screenshot()))


if __name__ == "__main__":
    main()
