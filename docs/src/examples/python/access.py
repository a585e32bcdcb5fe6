import restow

client = restow.Client()

client.share("weather", "bob", "reader")
for grant in client.grants("weather"):
    print(grant.principal, "is", grant.role)

created = client.create_token("nightly load", ["upload", "commit"], datasets=["weather"], expires_in=30 * 86_400)
print("RESTOW_TOKEN=" + created.secret)
