import polars
import restow

client = restow.Client()

weather = polars.read_csv(client.read("weather"))
weather.filter(polars.col("precipitation") > 0).write_parquet("rainy.parquet")
client.push("rainy-days", "rainy.parquet", create=True)
