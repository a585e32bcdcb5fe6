-- Rates of one principal, in place of those of the server, as they are configured: 1000/1m.
ALTER TABLE principals ADD COLUMN request_rate TEXT, ADD COLUMN url_rate TEXT;
