-- How many scan pages each day had, and nothing else about them.

SET LOCAL search_path = gangpai;

CREATE TABLE scan_count (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    counted_on date NOT NULL,
    scans bigint NOT NULL,
    unknown bigint NOT NULL,
    day_before text REFERENCES scan_count,
    CONSTRAINT scan_count_names_another CHECK (day_before <> id),
    CHECK (least(scans, unknown) >= 0 AND greatest(scans, unknown) >= 1)
);
SELECT only_added_to('scan_count');
