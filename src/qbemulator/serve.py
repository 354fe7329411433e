"""The request processor over HTTP, without a Web Connector: for trying out qbXML by hand and from other languages."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, HTTPServer

from qbemulator.hresults import HResult
from qbemulator.request_processor import Connection, RequestProcessor

LARGEST = 256 * 1024 * 1024


def serve(processor: RequestProcessor, *, host: str, port: int) -> None:
    """Serve until interrupted. Each request is a QuickBooks session of its own, so iterators do not outlive it."""
    try:
        make_server(processor, host=host, port=port).serve_forever()
    except KeyboardInterrupt:
        return


def make_server(processor: RequestProcessor, *, host: str, port: int) -> HTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200, "text/plain", f"{processor.books.company_name}: POST qbXML here.\n")

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdigit() or int(length) > LARGEST:
                self._answer(
                    411 if not length.isdigit() else 413, "text/plain", "Say how long the qbXML is.\n"
                )
                return
            text = self.rfile.read(int(length)).decode("utf-8", "replace")
            connection: Connection | None = None
            try:
                connection = processor.connect("qbemulator serve")
                self._answer(200, "text/xml", connection.process(text))
            except HResult as problem:
                self._answer(422, "text/plain", f"{problem.code} {problem.message}\n")
            finally:
                if connection is not None:
                    connection.end()

        def _answer(self, status: int, content_type: str, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", f"{content_type}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """One line a request on standard error would drown the qbXML somebody looks at."""

    return HTTPServer((host, port), Handler)
