-- Scans of plates that are called back are counted, by line and day.

SET LOCAL search_path = gangpai;

CREATE TABLE sighting (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    line_id text NOT NULL REFERENCES recall_line,
    seen_on date NOT NULL,
    scans bigint NOT NULL,
    CHECK (scans >= 1)
);
CREATE INDEX ON sighting (line_id, doc_id);
SELECT only_added_to('sighting');
