"""LINE's rich menu: six areas with large letters (L1), and its installation.

The picture lies beside this file (drawn from docs/rich_menu.html).
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from linebot.v3.messaging import (
    ApiException,
    MessagingApi,
    MessagingApiBlob,
    RichMenuRequest,
    SetWebhookEndpointRequest,
)
from urllib3.exceptions import HTTPError

from bot.gateways.line import TIMEOUT, api_client

PICTURE = Path(__file__).with_name("rich_menu.png")
WIDTH, HEIGHT = 2500, 1686
AREAS = (
    ("start_over", "困りごとを書く"), ("handoff_human", "電話で話す"), ("callback_request", "折り返しを頼む"),
    ("ask_class", "講習会"), ("ask_consultation", "相談会"), ("ask_event", "体験会"),
)  # fmt: skip
"""(label that a touch means, its words), row by row, three a row."""


def rich_menu(helpdesk_phone: str | None) -> dict[str, Any]:
    """The menu in LINE's format; with a number the second area rings it."""
    areas = []
    for place, (label, words) in enumerate(AREAS):
        left, right = WIDTH * (place % 3) // 3, WIDTH * (place % 3 + 1) // 3
        bounds = {"x": left, "y": HEIGHT // 2 * (place // 3), "width": right - left, "height": HEIGHT // 2}
        action: dict[str, Any] = {
            "type": "postback",
            "label": words,
            "data": urlencode({"m": label, "t": words}),
            "displayText": words,
        }
        if label == "handoff_human" and helpdesk_phone:
            action = {"type": "uri", "label": words, "uri": f"tel:{helpdesk_phone}"}
        areas.append({"bounds": bounds, "action": action})
    mark = hashlib.sha256(PICTURE.read_bytes() + repr(areas).encode()).hexdigest()[:12]
    return {
        "size": {"width": WIDTH, "height": HEIGHT},
        "selected": True,
        "name": f"helpdesk-{mark}",
        "chatBarText": "メニュー",
        "areas": areas,
    }


class NotSetUp(Exception):
    """LINE refused, or cannot be reached. ``str()`` is one line."""


def set_up(token: str, api_url: str, data_url: str, public_url: str, helpdesk_phone: str | None) -> Iterator[str]:
    """Install menu and webhook; one line of news each. Doing it twice changes nothing. Raises NotSetUp."""
    try:
        yield from _steps(token, api_url, data_url, public_url, helpdesk_phone)
    except ApiException as error:
        raise NotSetUp(f"LINE answered {error.status} {error.reason}") from None
    except HTTPError as error:
        raise NotSetUp(f"LINE cannot be reached: {type(error).__name__}") from None


def _steps(token: str, api_url: str, data_url: str, public_url: str, helpdesk_phone: str | None) -> Iterator[str]:
    client = api_client(token, api_url, data_url)
    api, blob = MessagingApi(client), MessagingApiBlob(client)
    menu = rich_menu(helpdesk_phone)
    ours = [
        found
        for found in api.get_rich_menu_list(_request_timeout=TIMEOUT).richmenus
        if found.name.startswith("helpdesk-")
    ]
    installed = next((found.rich_menu_id for found in ours if found.name == menu["name"]), None)
    if installed is None or _default(api) != installed:
        if installed is None:
            installed = api.create_rich_menu(RichMenuRequest.from_dict(menu), _request_timeout=TIMEOUT).rich_menu_id
            picture = bytearray(PICTURE.read_bytes())
            blob.set_rich_menu_image(
                installed, body=picture, _headers={"Content-Type": "image/png"}, _request_timeout=TIMEOUT
            )
        api.set_default_rich_menu(installed, _request_timeout=TIMEOUT)
        yield f"rich menu {menu['name']} is installed"
    else:
        yield f"rich menu {menu['name']} was installed already"
    for old in ours:
        if old.rich_menu_id != installed:
            api.delete_rich_menu(old.rich_menu_id, _request_timeout=TIMEOUT)
            yield f"rich menu {old.name} is removed"
    yield from _webhook(api, f"{public_url}/line/webhook")


def _default(api: MessagingApi) -> str | None:
    try:
        found: str = api.get_default_rich_menu_id(_request_timeout=TIMEOUT).rich_menu_id
    except ApiException as error:
        if error.status == 404:
            return None
        raise
    return found


def _webhook(api: MessagingApi, address: str) -> Iterator[str]:
    try:
        info = api.get_webhook_endpoint(_request_timeout=TIMEOUT)
    except ApiException as error:
        if error.status != 404:
            raise
        info = None
    if info is None or info.endpoint != address:
        if not address.startswith("https://"):
            yield f"the webhook is not {address}: LINE takes https only, set HELPDESK_PUBLIC_URL"
            return
        api.set_webhook_endpoint(SetWebhookEndpointRequest(endpoint=address), _request_timeout=TIMEOUT)
        yield f"the webhook is set to {address}"
    if info is not None and not info.active:
        yield "the webhook is OFF: switch on «Use webhook» in LINE's console"
    else:
        yield "the webhook is on" if info is not None else "check in LINE's console that «Use webhook» is on"
