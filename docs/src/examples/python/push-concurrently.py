import asyncio

import restow


async def main():
    client = restow.AsyncClient()
    names = ["alps", "coast"]
    pushed = await asyncio.gather(*(client.push(name, f"{name}.csv", create=True) for name in names))
    for name, result in zip(names, pushed):
        print(name, "is at version", result.version.version)


asyncio.run(main())
