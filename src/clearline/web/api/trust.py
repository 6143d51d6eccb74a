"""Help a desk to trust the node: its authority, and a page that says how."""

from html import escape

from starlette.responses import Response

from clearline.adapters.certificates import fingerprint_of
from clearline.web.endpoints import OPEN, Asking, Endpoint
from clearline.web.qr import as_svg, for_phones
from clearline.web.refusals import not_there

PEM_TYPE = "application/x-pem-file"
HTML_TYPE = "text/html; charset=utf-8"

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trust this node - clearline</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto;
padding: 0 1rem; color: #1a1a1a; background: #fff }}
code {{ font: 0.95rem/1.6 ui-monospace, monospace; overflow-wrap: anywhere }}
li {{ margin: 0.6rem 0 }}
@media (prefers-color-scheme: dark) {{ body {{ color: #e8e8e8; background: #141414 }}
a {{ color: #8ab4f8 }} }}
</style></head><body>
<h1>Trust this node</h1>
<p>The node <strong>{origin}</strong> made its own small certificate authority. A
device that trusts it knows, from then on, that it speaks to this node and to nobody
between.</p>
<ol>
<li>Call the people who run the node, over a line you know, and read this aloud with
them. It must be the same, pair by pair:<br><code>{fingerprint}</code></li>
<li>Only then <a href="/authority.pem" download="clearline-authority.pem">fetch the
authority</a> and install it:
<ul>
<li><strong>Windows</strong>: open the file, <em>Install Certificate</em>, Current User,
<em>Trusted Root Certification Authorities</em>.</li>
<li><strong>macOS</strong>: open it in Keychain Access, then set it to <em>Always
Trust</em>.</li>
<li><strong>iPhone, iPad</strong>: open it in Safari, install the profile in Settings,
then switch it on under General, About, <em>Certificate Trust Settings</em>.</li>
<li><strong>Android</strong>: Settings, Security, Encryption and credentials,
<em>Install a certificate</em>, CA certificate.</li>
<li><strong>Firefox</strong>: Settings, Certificates, View, Authorities, Import, and
tick <em>identify websites</em>.</li>
<li><strong>Linux</strong>: copy it to <code>/usr/local/share/ca-certificates/</code> as
<code>.crt</code> and run <code>update-ca-certificates</code>.</li>
</ul></li>
<li>Close the browser, open it again, and come back: there is no warning any more. If
there still is one, do not go on; call the people who run the node.</li>
</ol>
{code}<p>Until then a STOP goes by telephone.</p>
</body></html>
"""

_CODE = """<h2>Another telephone</h2>
<p>It opens this page by scanning this, or at <code>{url}/trust</code>. There is no
password in it.</p>
<p>{svg}</p>
"""


async def _page(asking: Asking) -> Response:
    service = asking.service
    far = for_phones(service.settings.web, service.port)
    page = _PAGE.format(
        origin=escape(asking.service.node.log.origin),
        fingerprint=fingerprint_of(_authority(asking)),
        code=_CODE.format(url=escape(far), svg=as_svg(f"{far}/trust", "QR code"))
        if far
        else "",
    )
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    headers = {"content-security-policy": policy, "cache-control": "no-store"}
    return Response(page, media_type=HTML_TYPE, headers=headers)


async def _pem(asking: Asking) -> Response:
    return Response(_authority(asking), media_type=PEM_TYPE)


def _authority(asking: Asking) -> bytes:
    path = asking.service.folder / "tls" / "authority.pem"
    if not asking.service.settings.web.tls or not path.exists():
        raise not_there("authority")
    return path.read_bytes()


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/trust",
        name="trustPage",
        does="Say how a desk's device comes to trust this node.",
        handle=_page,
        may=OPEN,
        media=HTML_TYPE,
        refuses=(404,),
    ),
    Endpoint(
        method="GET",
        path="/authority.pem",
        name="authority",
        does="Give the node's certificate authority; compare its fingerprint aloud.",
        handle=_pem,
        may=OPEN,
        media=PEM_TYPE,
        refuses=(404,),
    ),
)
