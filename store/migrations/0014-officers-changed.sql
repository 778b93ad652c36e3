-- An officer has another role or branch.

SET LOCAL search_path = gangpai;

CREATE TABLE officer_change (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    officer_id text NOT NULL REFERENCES officer,
    role text NOT NULL CHECK (role IN (
        'committee', 'branch_officer', 'print_clerk', 'inspector', 'administrator', 'public'
    )),
    branch_id text REFERENCES organisation,
    reason text NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX ON officer_change (officer_id, doc_id);
SELECT only_added_to('officer_change');
