"""A bare aiosmtplib loop: one message again and again over a few connections with TLS, nothing stored, nothing retried.

Words: PORT AUTHORITY SENDER RECIPIENT COUNT CONNECTIONS; the message comes on standard input.
"""

import asyncio
import json
import ssl
import sys
import time

import aiosmtplib

HOST = "127.0.0.1"


async def connection(client: aiosmtplib.SMTP, envelope: tuple[str, str], content: bytes, turns: list[int]) -> None:
    async with client:
        while turns:
            turns.pop()
            await client.sendmail(envelope[0], [envelope[1]], content)


async def main(server: tuple[int, str], envelope: tuple[str, str], *, count: int, connections: int) -> None:
    content = sys.stdin.buffer.read()
    port, authority = server
    context = ssl.create_default_context(cafile=authority)
    clients = [aiosmtplib.SMTP(hostname=HOST, port=port, use_tls=True, tls_context=context) for _ in range(connections)]
    turns = list(range(count))
    began, cpu_began = time.perf_counter(), time.process_time()
    await asyncio.gather(*(connection(client, envelope, content, turns) for client in clients))
    report = {"wall_s": time.perf_counter() - began, "cpu_s": time.process_time() - cpu_began}
    sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    port, authority, sender, recipient, count, connections = sys.argv[1:]
    asyncio.run(main((int(port), authority), (sender, recipient), count=int(count), connections=int(connections)))
