"""axe-core looks at each tab as a visitor has it before them: an answer, panels open, a run."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.pen import SEVEN, draw
from tests.browser.train_tab import fill, finished, open_train, setting, start, unfold

pytestmark = pytest.mark.browser

GRADIOS_OWN = "footer"  # an icon whose words stand beside it
# What axe-core leaves undecided, as there is no text or more than one colour behind it: selector,
# property, and the contrast with what lies behind that WCAG AA asks for (1.4.3 text, 1.4.11 lines).
UNDECIDED = [
    (".plot text", "fill", 4.5),
    (".plot polyline", "stroke", 3.0),
    (".plot circle.dot", "fill", 3.0),
    (".cell", "color", 4.5),
    ("td.share", "color", 4.5),
]
FIND_FAINT = """([selector, property, least]) => {
  const pixel = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const mix = (colours) => {  // painted over each other: any CSS colour becomes its sRGB
    pixel.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      pixel.fillStyle = colour;
      pixel.fillRect(0, 0, 1, 1);
    }
    return [...pixel.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (rgb) => {
    const [red, green, blue] = rgb
      .map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (node) => {  // the backgrounds, and the colours of a gradient each for itself
    const plain = [];
    for (let each = node; each; each = each.parentElement)
      plain.unshift(getComputedStyle(each).backgroundColor);
    const image = getComputedStyle(node).backgroundImage;
    const colours = image.match(/(rgba?|color|oklab|oklch)\\([^()]*\\)/g) ?? [];
    return [plain, ...colours.map((colour) => [...plain, colour])];
  };
  return [...document.querySelectorAll(selector)]
    .filter((node) => node.checkVisibility())
    .flatMap((node) => behind(node).map((colours) => {
      const shown = mix([...colours, getComputedStyle(node)[property]]);
      const ratio = contrast(shown, mix(colours));
      return ratio < least ? `${node.outerHTML.slice(0, 90)}: ${ratio.toFixed(2)}` : null;
    }))
    .filter(Boolean);
}"""


def _find_faults(page: Page) -> list[str]:
    """What axe-core's rules find, WCAG's and its own, however slight, with the elements."""
    page.wait_for_timeout(400)  # what fades in has its full contrast then
    faint = [fault for kind in UNDECIDED for fault in page.evaluate(FIND_FAINT, list(kind))]
    found = Axe().run(page, {"exclude": [GRADIOS_OWN]}).response["violations"]
    return faint + [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary']})"
        for rule in found
        for node in rule["nodes"]
    ]


def _open_folds(page: Page) -> None:
    """Open all that folds open on the tab that is shown."""
    closed = page.locator("details:visible:not([open]) > summary")
    while closed.count():
        closed.first.click()


@pytest.mark.parametrize(
    ("width", "height", "scheme"), [(1280, 800, "light"), (390, 844, "dark")]
)  # what axe looks at depends on either, not on both together
@pytest.mark.slow
def test_no_tab_has_a_fault(
    open_page: Open, server: str, width: int, height: int, scheme: str
) -> None:
    page = open_page(server, width, height, color_scheme=scheme)
    assert _find_faults(page) == []

    draw(page, SEVEN)
    expect(page.locator("#prediction .digit")).to_have_text("7")
    _open_folds(page)
    expect(page.locator("#model-comparison tbody tr").first).to_be_visible()
    assert _find_faults(page) == []

    open_train(page)
    fill(setting(page, "Epochs"), "1")
    unfold(page, "experiments")
    assert _find_faults(page) == []
    start(page)
    finished(page)
    _open_folds(page)
    expect(page.locator("#report .matrix").first).to_be_visible()
    assert _find_faults(page) == []

    page.get_by_role("tab", name="Gallery", exact=True).click()
    page.locator("#tiles .tile").first.click()
    expect(page.locator("#detail tbody tr").first).to_be_visible()
    _open_folds(page)
    assert _find_faults(page) == []


# What is focused now: a name for it, and how it looks with the focus and without.
LOOK_AT_FOCUS = """async () => {
  const node = document.activeElement;
  if (node === document.body) return null;
  const look = () => {
    const around = [];
    for (let each = node; around.length < 5; each = each.parentElement) around.push(each);
    return around.map((each) => {
      const style = getComputedStyle(each);
      return [style.outline, style.boxShadow, style.borderColor, style.backgroundColor].join();
    }).join();
  };
  const focused = look();
  node.blur();
  await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 20)));
  const plain = look();
  node.focus({ focusVisible: true });
  node.dataset.reached = '';
  return [node.outerHTML.slice(0, 100), focused !== plain];
}"""
FIND_UNREACHED = """() => [...document.querySelectorAll(
    'button, input, select, textarea, summary, a[href], [tabindex="0"]')]
  .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.disabled)
  .filter((node) => node.tabIndex >= 0 && !('reached' in node.dataset))
  .filter((node) => node.type !== 'radio')  // one of a group is reached, the arrows reach the rest
  .map((node) => node.outerHTML.slice(0, 100))"""


@pytest.mark.slow
@pytest.mark.parametrize("tab", ["Draw", "Train", "Gallery"])
def test_the_tab_key_reaches_everything_and_shows_where_it_is(
    open_page: Open, server: str, tab: str
) -> None:
    page = open_page(server)
    draw(page, SEVEN)
    page.get_by_role("tab", name=tab, exact=True).click()
    if tab == "Gallery":
        page.locator("#tiles .tile").first.wait_for()
    _open_folds(page)
    page.evaluate("document.body.tabIndex = -1, document.body.focus()")  # from the top
    unseen = []
    for _ in range(300):
        page.keyboard.press("Tab")
        seen = page.evaluate(LOOK_AT_FOCUS)
        if seen is None:
            break
        if not seen[1]:
            unseen.append(seen[0])
    assert page.evaluate(FIND_UNREACHED) == []
    assert unseen == []


def test_what_is_for_screen_readers_alone_takes_no_room(page: Page) -> None:
    for tab, place in (("Draw", "#prediction"), ("Train", "#progress"), ("Gallery", "#tiles")):
        page.get_by_role("tab", name=tab, exact=True).click()
        spoken = page.locator(f"{place} .spoken")
        expect(spoken).to_have_css("clip-path", "inset(50%)")
        expect(spoken).to_have_css("position", "absolute")
        for side in ("clientWidth", "clientHeight"):
            expect(spoken).to_have_js_property(side, 1)
    unfold(page, "mixed-up")
    expect(page.locator("#mixed-up caption")).to_have_css("clip-path", "inset(50%)")
