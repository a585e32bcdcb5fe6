-- Rates of one principal, in place of those of the server, as they are configured: 1000/1m.
ALTER TABLE principals ADD COLUMN request_rate TEXT;
ALTER TABLE principals ADD COLUMN url_rate TEXT;
