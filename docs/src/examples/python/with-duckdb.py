import duckdb
import restow

client = restow.Client()

client.pull("weather", "weather.csv")
duckdb.sql("COPY (FROM 'weather.csv' WHERE precipitation > 0) TO 'rainy.parquet'")
client.push("rainy-days", "rainy.parquet", create=True)
