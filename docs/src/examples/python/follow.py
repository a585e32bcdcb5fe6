from pathlib import Path

import restow

client = restow.Client()
position = Path("position.txt")

# Number of the last event that was handled. 0 begins with the oldest one that the server keeps.
after = int(position.read_text()) if position.exists() else 0

for event in client.follow("weather", after=after):
    if event.type == "version.committed":
        client.pull("weather", "weather.csv", version=event.version)
        print("version", event.version, "by", event.actor.principal if event.actor else "the server")
    position.write_text(str(event.id))
