"""Phones: real Chromium, as wide as a small one, and what a person would see on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from playwright.sync_api import Browser, Page, ViewportSize

VIEWPORT: ViewportSize = {"width": 360, "height": 740}
ENOUGH_CONTRAST = 4.5

_FAINT = """enough => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const over = (top, below) => {
    const alpha = top.length > 3 ? top[3] : 1;
    return [0, 1, 2].map(i => top[i] * alpha + below[i] * (1 - alpha));
  };
  const ground = element => {
    const behind = element.parentElement ? ground(element.parentElement) : [255, 255, 255];
    return over(parse(getComputedStyle(element).backgroundColor), behind);
  };
  const linear = share => share <= .04045 ? share / 12.92 : ((share + .055) / 1.055) ** 2.4;
  const light = colour => {
    const [r, g, b] = colour.map(value => linear(value / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const contrast = element => {
    const below = ground(element);
    const written = over(parse(getComputedStyle(element).color), below);
    const [low, high] = [written, below].map(light).sort((a, b) => a - b);
    return (high + .05) / (low + .05);
  };
  const says = element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())
    || element.matches("textarea, input[type=text], svg");
  return [...document.body.querySelectorAll("*")]
    .filter(element => says(element) && !element.closest(".hidden"))
    .map(element => [element.outerHTML.slice(0, 80), contrast(element)])
    .filter(([, found]) => found < enough);
}"""
"""Contrast of colours: WCAG 2.2, definitions of contrast ratio and relative luminance."""


@contextmanager
def phone(browser: Browser, **more: Any) -> Iterator[Page]:
    """Open a page on a phone of its own."""
    context = browser.new_context(viewport=VIEWPORT, has_touch=True, **{"locale": "zh-CN", **more})
    context.set_default_timeout(10_000)
    try:
        yield context.new_page()
    finally:
        context.close()


def verdict(page: Page) -> str:
    return page.locator("#verdict").inner_text()


def sideways(page: Page, root_font: str) -> int:
    """Return by how many pixels the page must be pushed sideways to be read."""
    script = """size => {
      document.documentElement.style.fontSize = size;
      return document.scrollingElement.scrollWidth - innerWidth;
    }"""
    return int(page.evaluate(script, root_font))


def faint(page: Page, scheme: Literal["light", "dark"]) -> list[tuple[str, float]]:
    """Return what is written with too little contrast, and how much it has (WCAG 2.2, 1.4.3)."""
    page.emulate_media(color_scheme=scheme)
    return [(html, round(ratio, 2)) for html, ratio in page.evaluate(_FAINT, ENOUGH_CONTRAST)]
