"""
A peer that finds its way by aioice on 127.0.0.1 and sends every packet back; steered by lines of JSON. With "late" it is
told further candidates while it looks, a line each, and null as the last.
"""

import asyncio
import json
import sys

import aioice
import aioice.ice

aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]


def say(**what):
    print(json.dumps(what), flush=True)


async def read():
    return json.loads(await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline))


async def hear(connection):
    while True:
        text = await read()
        await connection.add_remote_candidate(aioice.Candidate.from_sdp(text) if text else None)
        if not text:
            return


async def main():
    wish = json.loads(sys.argv[1])
    connection = aioice.Connection(
        ice_controlling=wish["controlling"], components=wish["components"], use_ipv6=False
    )
    await connection.gather_candidates()
    say(
        ufrag=connection.local_username,
        password=connection.local_password,
        candidates=[candidate.to_sdp() for candidate in connection.local_candidates],
    )
    remote = await read()
    connection.remote_username = remote["ufrag"]
    connection.remote_password = remote["password"]
    for text in remote["candidates"]:
        await connection.add_remote_candidate(aioice.Candidate.from_sdp(text))
    if wish.get("late"):
        await asyncio.gather(hear(connection), connection.connect())
    else:
        await connection.add_remote_candidate(None)
        await connection.connect()
    say(connected=True)
    while True:
        data, component = await connection.recvfrom()
        await connection.sendto(data, component)


asyncio.run(main())
