"""Where the page is, for the person who started it and for the class that is to open it."""

import io
import re
import socket
from html import escape

import ifaddr
import segno
from starlette.requests import Request
from starlette.responses import HTMLResponse

EVERYWHERE = ("0.0.0.0", "::")
# Networks between this machine and itself, or through a tunnel: a class is rarely in one of these.
_TUNNELS = re.compile(r"tun|tap|wg|ppp|utun|docker|br-|veth|virbr|vmnet|vbox|vethernet|zt", re.I)
_CLASS_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>MNIST demo: for the class</title>
<style>
  body {{ margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center;
    justify-content: center; gap: 3vh; font-family: system-ui, sans-serif; text-align: center;
    background: #fff; color: #111; }}
  svg {{ width: min(65vh, 90vw); }}
  p {{ margin: 0 1rem; font-size: clamp(1.2rem, 5vw, 4rem); overflow-wrap: anywhere; }}
  .others {{ font-size: 1.1rem; color: #444; }}
</style>
{code}<p>{address}</p>{others}"""


def find_addresses() -> list[str]:
    """This machine's IPv4 addresses in its networks, the likeliest for a class first: the one that
    leads to the internet, others, and at last those of tunnels and virtual machines."""
    found: dict[str, bool] = {}
    for adapter in ifaddr.get_adapters():
        for each in adapter.ips:
            if each.is_IPv4 and not str(each.ip).startswith(("127.", "169.254.")):
                found[str(each.ip)] = bool(_TUNNELS.match(adapter.nice_name))
    first = _find_default()
    return sorted(found, key=lambda address: (found[address], address != first))


def _find_default() -> str | None:
    """The address that leads to the internet, where there is a route there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # an address of no one; nothing is sent to it
        except OSError:
            return None
        return str(asked.getsockname()[0])


def describe_addresses(
    host: str, port: int, addresses: list[str], program: str = "python app.py"
) -> list[str]:
    """Where the page is, in lines for a person.

    addresses: this machine's in its networks, for the class to open; none: nothing is said of them.
    """
    here = "127.0.0.1" if host in EVERYWHERE else f"[{host}]" if ":" in host else host
    lines = [f"Open http://{here}:{port}"]
    if not addresses:
        return lines
    if host not in EVERYWHERE:
        return [*lines, f"For a class in the same network: {program} --host 0.0.0.0"]
    urls = [f"http://{address}:{port}" for address in addresses]
    lines.append(f"A class in the same network opens {urls[0]}")
    if urls[1:]:
        lines.append(f"or, where that is another network's: {', '.join(urls[1:])}")
    lines.append(f"To project its QR code: http://{here}:{port}/class")
    return [*lines, _draw_code(urls[0])]


def _draw_code(url: str) -> str:
    """Its QR code, for a terminal."""
    drawn = io.StringIO()
    segno.make(url, micro=False).terminal(drawn, border=2, compact=True)
    return drawn.getvalue()


async def show_class_page(host: str | None, request: Request) -> HTMLResponse:
    """A page to project: the address that a class opens, and its QR code.

    Where the page was opened by an address of the network, that one; else the likeliest. host:
    where the server listens.
    """
    opened = request.url.hostname or ""
    port = request.url.port
    addresses = find_addresses()
    if opened not in ("localhost", "::1") and not opened.startswith("127."):
        addresses = [opened, *(each for each in addresses if each != opened)]
    elif host not in EVERYWHERE:
        told = "Only this machine can open the page. Start it with --host 0.0.0.0 for a class."
        return HTMLResponse(_CLASS_PAGE.format(code="", address=told, others=""))
    urls = [f"{request.url.scheme}://{each}{f':{port}' if port else ''}" for each in addresses]
    if not urls:
        page = _CLASS_PAGE.format(code="", address="This machine is in no network.", others="")
        return HTMLResponse(page)
    code = segno.make(urls[0], micro=False).svg_inline(border=2, omitsize=True)
    others = f'<p class="others">or {escape(", ".join(urls[1:]))}</p>' if urls[1:] else ""
    return HTMLResponse(_CLASS_PAGE.format(code=code, address=escape(urls[0]), others=others))
