"""What the clients return and take, by noun. The members and their meanings are those of the API."""
