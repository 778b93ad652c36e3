-- Tools of an office ask the API with a token, of which only a hash is kept.

SET LOCAL search_path = gangpai;

CREATE TABLE api_token (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    label text NOT NULL,
    secret_hash text NOT NULL,
    role text NOT NULL CHECK (role IN (
        'committee', 'branch_officer', 'print_clerk', 'inspector', 'administrator', 'public'
    )),
    branch_id text REFERENCES organisation,
    scopes text[] NOT NULL,
    granted_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ON api_token (secret_hash, doc_id);
SELECT only_added_to('api_token');

CREATE TABLE token_revocation (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    token_id text NOT NULL REFERENCES api_token,
    reason text NOT NULL,
    revoked_at timestamptz NOT NULL
);
CREATE INDEX ON token_revocation (token_id, doc_id);
SELECT only_added_to('token_revocation');
