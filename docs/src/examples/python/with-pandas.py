import io

import pandas
import restow

client = restow.Client()

weather = pandas.read_csv(io.BytesIO(client.read("weather")))
rainy = weather[weather.precipitation > 0]
client.push("rainy-days", rainy.to_parquet(), filename="rainy.parquet", create=True)
