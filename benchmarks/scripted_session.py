"""A session of the board without a browser: it speaks Streamlit's websocket protocol, and the server runs every page.

People's browsers draw on machines of their own; what they ask of the board's machine is the script of every page.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from board.navigation import BoardPage

LONGEST_SECONDS = 60.0


@contextmanager
def scripted_session(address: str) -> Iterator["ScriptedSession"]:
    """A session with a board in demo mode, which asks nobody to sign in."""
    stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    with connect(stream, subprotocols=[Subprotocol("streamlit")], max_size=None) as socket:
        yield ScriptedSession(socket)


class ScriptedSession:
    """One connection; pages are opened one after another."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    def open(self, page: BoardPage) -> float:
        """Seconds until the server has run the page's script and sent all of it. Raises where the page did not come."""
        clock, asked, has_heading = time.perf_counter(), BackMsg(), False
        asked.rerun_script.page_name = page.url
        self._socket.send(asked.SerializeToString())
        while True:
            told = ForwardMsg.FromString(self._socket.recv(LONGEST_SECONDS))
            has_heading |= f"<h1>{page.title}</h1>" in told.delta.new_element.html.body
            if told.WhichOneof("type") == "script_finished":
                break
        if told.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY or not has_heading:
            raise RuntimeError(f"{page.title}: the board did not send this page")
        return time.perf_counter() - clock
