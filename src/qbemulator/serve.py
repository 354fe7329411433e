"""The request processor over HTTP, without a Web Connector: for trying out qbXML by hand and from other languages."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from qbemulator.hresults import HResult
from qbemulator.request_processor import RequestProcessor

LARGEST = 256 * 1024 * 1024
REFUSED = 422


def make_server(processor: RequestProcessor, *, host: str, port: int) -> ThreadingHTTPServer:
    """Listening, not yet serving. Each POST is a QuickBooks session of its own, so iterators do not outlive it.

    Answers: 200 with qbXML; 422 with HRESULT and message; 411 or 413 for a body without length or too large. Raises
    OSError when the address cannot be had.
    """

    class Handler(_Handler):
        quickbooks = processor

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    return server


def run(server: ThreadingHTTPServer) -> None:
    """Serve until interrupted."""
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return
    finally:
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    quickbooks: RequestProcessor

    def do_GET(self) -> None:
        self._answer(200, "text/plain", f"{self.quickbooks.books.company_name}: POST qbXML here.\n")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit():
            self._answer_and_close(411, "Say in Content-Length how long the qbXML is.\n")
        elif int(length) > LARGEST:
            self._answer_and_close(413, f"At most {LARGEST} bytes.\n")
        else:
            self._process(self.rfile.read(int(length)).decode("utf-8", "replace"))

    def _process(self, text: str) -> None:
        try:
            connection = self.quickbooks.connect("qbemulator serve")
            try:
                self._answer(200, "text/xml", connection.process(text))
            finally:
                connection.end()
        except HResult as problem:
            self._answer(REFUSED, "text/plain", f"{problem.code} {problem.message}\n")

    def _answer_and_close(self, status: int, text: str) -> None:
        """The body stays unread, so the connection cannot be used again."""
        self.close_connection = True
        self._answer(status, "text/plain", text)

    def _answer(self, status: int, content_type: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{content_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a line a request on standard error would drown the qbXML somebody looks at."""
