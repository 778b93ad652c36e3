-- Officers choose passwords by a link, and prove themselves by codes of a device.

SET LOCAL search_path = gangpai;

CREATE TABLE password_change (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    officer_id text NOT NULL REFERENCES officer,
    password_hash text NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX ON password_change (officer_id, doc_id);
SELECT only_added_to('password_change');

CREATE TABLE invitation (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    officer_id text NOT NULL,
    display_name text NOT NULL,
    role text NOT NULL CHECK (role IN (
        'committee', 'branch_officer', 'print_clerk', 'inspector', 'administrator', 'public'
    )),
    branch_id text REFERENCES organisation,
    invited_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
SELECT only_added_to('invitation');

CREATE TABLE invitation_taken (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    invitation_id text NOT NULL REFERENCES invitation,
    taken_at timestamptz NOT NULL
);
CREATE INDEX ON invitation_taken (invitation_id, doc_id);
SELECT only_added_to('invitation_taken');

CREATE TABLE second_factor (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    officer_id text NOT NULL REFERENCES officer,
    nonce text NOT NULL,
    recovery_hashes text[] NOT NULL,
    added_at timestamptz NOT NULL
);
CREATE INDEX ON second_factor (officer_id, doc_id);
SELECT only_added_to('second_factor');

CREATE TABLE second_factor_use (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    factor_id text NOT NULL REFERENCES second_factor,
    used_at timestamptz NOT NULL
);
CREATE INDEX ON second_factor_use (factor_id, doc_id);
SELECT only_added_to('second_factor_use');

CREATE TABLE second_factor_end (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    factor_id text NOT NULL REFERENCES second_factor,
    reason text NOT NULL,
    ended_at timestamptz NOT NULL
);
CREATE INDEX ON second_factor_end (factor_id, doc_id);
SELECT only_added_to('second_factor_end');

ALTER TABLE officer_session
    ADD factor_id text REFERENCES second_factor;
