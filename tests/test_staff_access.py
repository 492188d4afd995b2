"""Labels, headings, tables and the language of every page; the learning path on paper."""

from html.parser import HTMLParser

import pytest

from tests.test_staff_doors import furnished
from tests.test_staff_reading import make_stale

PAGES = ["/login", "/", "/?text=さとう", "/inquiries/1", "/residents/1", "/residents/2", "/callbacks", "/callbacks?done=1",
         "/examples", "/programme/", "/programme/2", "/residents/1/path",
         "/nothing"]  # fmt: skip


class Page(HTMLParser):
    """What somebody with a screen reader meets."""

    def __init__(self, text):
        super().__init__()
        self.fields, self.labels, self.headings, self.bare_heads, self.ids = [], set(), [], 0, []
        self.language = self.title = None
        self.in_label = self.unnamed_buttons = self.mains = 0
        self.button = None
        self.feed(text)

    def handle_starttag(self, tag, pairs):
        given = dict(pairs)
        self.ids += [given["id"]] if "id" in given else []
        if tag == "html":
            self.language = given.get("lang")
        elif tag == "title":
            self.title = ""
        elif tag == "label":
            self.in_label += 1
            self.labels.add(given.get("for"))
        elif tag in ("input", "select", "textarea") and given.get("type") not in ("hidden", "submit"):
            self.fields.append((given.get("id"), self.in_label > 0 or "aria-label" in given))
        elif tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))
        elif tag == "th" and "scope" not in given:
            self.bare_heads += 1
        elif tag == "main":
            self.mains += 1
        elif tag == "button":
            self.button = ""

    def handle_endtag(self, tag):
        if tag == "label":
            self.in_label -= 1
        elif tag == "button":
            self.unnamed_buttons += not self.button.strip()
            self.button = None

    def handle_data(self, data):
        if self.title == "":
            self.title = data
        if self.button is not None:
            self.button += data

    @property
    def faults(self):
        unlabelled = [name for name, inside in self.fields if not inside and name not in self.labels]
        jumps = [pair for pair in zip(self.headings, self.headings[1:], strict=False) if pair[1] > pair[0] + 1]
        twice = {name for name in self.ids if self.ids.count(name) > 1}
        wrong = {
            "language": self.language != "ja",
            "title": not self.title,
            "mains": self.mains != 1,
            "first heading": self.headings[:1] != [1] or self.headings.count(1) != 1,
        }
        counted = {
            "unlabelled": unlabelled,
            "jumps": jumps,
            "th without scope": self.bare_heads,
            "buttons without words": self.unnamed_buttons,
            "ids twice": twice,
        }
        return {name: what for name, what in {**wrong, **counted}.items() if what}


@pytest.mark.parametrize("role", ["colleague", "manager"])
def test_staff_05_labels_headings_tables_and_language(programme, role, request):
    furnished(programme)
    make_stale(programme)
    browser = request.getfixturevalue(role)
    faults = {path: found for path in PAGES if (found := Page(browser.get(path).get_data(as_text=True)).faults)}
    assert faults == {}


def test_the_check_sees_what_is_missing():
    page = Page(
        '<html><h1>a</h1><h3>b</h3><input id="x"><input id="x"><table><th>c</th></table><button></button></html>'
    )
    assert set(page.faults) == {
        "language",
        "title",
        "mains",
        "unlabelled",
        "jumps",
        "th without scope",
        "buttons without words",
        "ids twice",
    }


def test_staff_06_the_path_is_printed_on_a4_without_what_is_for_the_screen(programme, manager):
    furnished(programme)
    make_stale(programme)
    style = manager.get("/static/path.css").get_data(as_text=True)
    assert (
        "size: A4" in style
        and "@media print { .screen { display: none; } }" in style
        and "break-inside: avoid" in style
        and "min-height: 44px" in style
    )
    before, _, printed = manager.page("/residents/1/path").partition("<main>")
    assert (
        "計画し直す" in before
        and "計画し直す" not in printed
        and "<form" not in printed
        and "おすすめの進めかた" in printed
    )
    assert before.count('class="screen"') == 2
