"""An HTTP server that takes a body and forgets it, at the speed of the system's own sockets and OpenSSL.

`sink.py [<cert file> <key file>]` prints its port. Faster than any in JavaScript: it must not be what is measured.
"""

import socket
import ssl
import sys
import threading

CHUNK = 1 << 20


def take(connection):
    buffer = memoryview(bytearray(CHUNK))
    with connection:
        head = b""
        while b"\r\n\r\n" not in head:
            got = connection.recv_into(buffer)
            if got == 0:
                return
            head += bytes(buffer[:got])
        head, rest = head.split(b"\r\n\r\n", 1)
        fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:])
        left = int(fields[b"content-length"]) - len(rest)
        while left > 0:
            got = connection.recv_into(buffer)
            if got == 0:
                return
            left -= got
        # Closed, so that no client has a connection to keep, and each ends by itself.
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def handle(raw):
    try:
        take(context.wrap_socket(raw, server_side=True) if context else raw)
    except (OSError, ValueError):
        raw.close()


context = None
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
while True:
    accepted, _ = server.accept()
    threading.Thread(target=handle, args=(accepted,), daemon=True).start()
