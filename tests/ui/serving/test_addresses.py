import re
from types import SimpleNamespace
from typing import Any

import ifaddr
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from mnist_demo.ui.serving import addresses
from mnist_demo.ui.serving.addresses import describe_addresses, find_addresses, show_class_page

HINT = "For a class in the same network: python app.py --host 0.0.0.0"


@pytest.mark.parametrize(
    ("host", "found", "lines"),
    [
        ("127.0.0.1", [], ["Open http://127.0.0.1:80"]),
        ("127.0.0.1", ["10.0.0.7"], ["Open http://127.0.0.1:80", HINT]),
        ("::1", ["10.0.0.7"], ["Open http://[::1]:80", HINT]),
        ("0.0.0.0", [], ["Open http://127.0.0.1:80"]),
        (
            "0.0.0.0",
            ["10.0.0.7", "10.8.0.2"],
            [
                "Open http://127.0.0.1:80",
                "A class in the same network opens http://10.0.0.7:80",
                "or, where that is another network's: http://10.8.0.2:80",
                "To project its QR code: http://127.0.0.1:80/class",
            ],
        ),
    ],
)
def test_a_person_is_told_where_the_page_is(host: str, found: list[str], lines: list[str]) -> None:
    told = describe_addresses(host, 80, found)
    code = told[len(lines) :]
    assert told[: len(lines)] == lines
    assert bool(code) == (host == "0.0.0.0" and bool(found))
    for each in code:
        assert {*each} <= {*"█▀▄ \n"}


def _adapter(name: str, *ips: Any) -> SimpleNamespace:
    return SimpleNamespace(
        nice_name=name, ips=[SimpleNamespace(ip=ip, is_IPv4=isinstance(ip, str)) for ip in ips]
    )


WLAN, CABLE = _adapter("wlan0", "192.168.43.1", ("fe80::1", 0, 3)), _adapter("eth0", "10.0.0.7")
OWN, TUNNEL = _adapter("lo", "127.0.0.1"), _adapter("tun0", "10.8.0.2")


@pytest.mark.parametrize(
    ("adapters", "default", "found"),
    [
        ([OWN], None, []),
        ([OWN, WLAN], None, ["192.168.43.1"]),  # a hotspot leads nowhere else
        ([OWN, WLAN, CABLE], "10.0.0.7", ["10.0.0.7", "192.168.43.1"]),
        ([TUNNEL, WLAN], "10.8.0.2", ["192.168.43.1", "10.8.0.2"]),
        ([_adapter("docker0", "172.17.0.1"), CABLE], "10.0.0.7", ["10.0.0.7", "172.17.0.1"]),
        ([_adapter("eth0", "169.254.3.4")], None, []),
    ],
)
def test_all_networks_are_found_the_likeliest_for_a_class_first(
    adapters: list[Any], default: str | None, found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: adapters)
    monkeypatch.setattr(addresses, "_find_default", lambda: default)
    assert find_addresses() == found


def test_the_addresses_of_this_machine_are_addresses() -> None:
    for each in find_addresses():
        assert re.fullmatch(r"\d+\.\d+\.\d+\.\d+", each)


async def _show_everywhere(request: Any) -> Any:
    return await show_class_page("0.0.0.0", request)


async def _show_here(request: Any) -> Any:
    return await show_class_page(None, request)


@pytest.mark.parametrize(
    ("host", "opened", "told", "codes"),
    [
        ("0.0.0.0", "http://127.0.0.1:7860", "<p>http://10.0.0.7:7860</p>", 1),
        ("0.0.0.0", "http://10.8.0.2:7860", "<p>http://10.8.0.2:7860</p>", 1),
        ("0.0.0.0", "http://demo.school.example", "<p>http://demo.school.example</p>", 1),
        (None, "http://localhost:7860", "Only this machine can open the page", 0),
    ],
)
def test_the_page_to_project_shows_what_a_class_opens(
    host: str | None, opened: str, told: str, codes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "find_addresses", lambda: ["10.0.0.7", "10.8.0.2"])
    show = _show_everywhere if host else _show_here
    client = TestClient(Starlette(routes=[Route("/class", show)]), base_url=opened)
    page = client.get("/class").text
    assert told in page
    assert page.count("<svg") == codes


def test_where_there_is_no_network_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "find_addresses", list)
    client = TestClient(
        Starlette(routes=[Route("/class", _show_everywhere)]), base_url="http://localhost"
    )
    assert "This machine is in no network." in client.get("/class").text
