-- What users did, by owner and time: the list of acts reads it backwards, and nothing else is in it.
CREATE INDEX import_event_acts ON import_event (owner, at, uid, number) WHERE actor = 'user';
