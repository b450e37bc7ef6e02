-- Version 1. A later version is another file, run after this one; user_version tells which ran last.
CREATE TABLE tenants (
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, area TEXT NOT NULL, created INTEGER NOT NULL
) STRICT;
CREATE TABLE users (
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL, tenant TEXT REFERENCES tenants(id), area TEXT,
  password TEXT, disabled INTEGER NOT NULL, created INTEGER NOT NULL
) STRICT;
CREATE TABLE tokens (
  id TEXT PRIMARY KEY, user TEXT NOT NULL REFERENCES users(id), name TEXT NOT NULL, hash TEXT NOT NULL UNIQUE,
  scopes TEXT NOT NULL, session INTEGER NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL
) STRICT;
CREATE TABLE submissions (
  id TEXT PRIMARY KEY, tenant TEXT NOT NULL REFERENCES tenants(id), area TEXT NOT NULL, project_code TEXT NOT NULL,
  building_code TEXT NOT NULL, stage TEXT NOT NULL, title TEXT NOT NULL, created INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  UNIQUE (tenant, project_code, building_code, stage)
) STRICT;
CREATE INDEX submissions_by_code ON submissions (project_code, building_code);
CREATE INDEX submissions_by_area ON submissions (area, changed);
CREATE TABLE rounds (
  id TEXT PRIMARY KEY, submission TEXT NOT NULL REFERENCES submissions(id), number INTEGER NOT NULL,
  state TEXT NOT NULL, profile TEXT NOT NULL, decision TEXT, reason TEXT, summary TEXT,
  previous TEXT, created INTEGER NOT NULL, queued INTEGER, ended INTEGER,
  UNIQUE (submission, number)
) STRICT;
CREATE TABLE files (
  id TEXT PRIMARY KEY, round TEXT NOT NULL REFERENCES rounds(id), tenant TEXT NOT NULL, name TEXT NOT NULL,
  kind TEXT NOT NULL, role TEXT NOT NULL, discipline TEXT NOT NULL, storey TEXT NOT NULL, sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL, created INTEGER NOT NULL, dropped INTEGER,
  UNIQUE (round, name)
) STRICT;
CREATE INDEX files_by_bytes ON files (tenant, sha256);
CREATE TABLE uploads (
  id TEXT PRIMARY KEY, tenant TEXT NOT NULL REFERENCES tenants(id), round TEXT NOT NULL REFERENCES rounds(id),
  user TEXT NOT NULL, name TEXT NOT NULL, metadata TEXT NOT NULL, length INTEGER NOT NULL, offset INTEGER NOT NULL,
  created INTEGER NOT NULL, expires INTEGER NOT NULL
) STRICT;
CREATE INDEX uploads_by_tenant ON uploads (tenant);
CREATE TABLE artifacts (
  round TEXT NOT NULL REFERENCES rounds(id), tenant TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (round, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX artifacts_by_bytes ON artifacts (tenant, sha256);
CREATE TABLE steps (
  round TEXT NOT NULL REFERENCES rounds(id), seq INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (round, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE jobs (
  id TEXT PRIMARY KEY, round TEXT NOT NULL REFERENCES rounds(id), tenant TEXT NOT NULL, state TEXT NOT NULL,
  attempts INTEGER NOT NULL, interruptions INTEGER NOT NULL, owner TEXT, leased INTEGER, queued INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_by_state ON jobs (state, queued);
CREATE INDEX jobs_by_round ON jobs (round);
CREATE TABLE replies (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, submission TEXT NOT NULL REFERENCES submissions(id),
  round TEXT NOT NULL REFERENCES rounds(id), finding TEXT NOT NULL, answer TEXT NOT NULL, remark TEXT NOT NULL,
  user TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE INDEX replies_by_submission ON replies (submission, seq);
CREATE TABLE waivers (
  id TEXT PRIMARY KEY, submission TEXT NOT NULL REFERENCES submissions(id), finding TEXT NOT NULL, rule TEXT NOT NULL,
  reason TEXT NOT NULL, user TEXT NOT NULL, created INTEGER NOT NULL, until INTEGER NOT NULL, withdrawn INTEGER
) STRICT;
CREATE INDEX waivers_by_submission ON waivers (submission, created);
CREATE TABLE hooks (
  id TEXT PRIMARY KEY, tenant TEXT, area TEXT, url TEXT NOT NULL, secret TEXT NOT NULL, created INTEGER NOT NULL
) STRICT;
CREATE TABLE deliveries (
  id TEXT PRIMARY KEY, hook TEXT NOT NULL REFERENCES hooks(id) ON DELETE CASCADE, change INTEGER NOT NULL,
  body TEXT NOT NULL, attempts INTEGER NOT NULL, state TEXT NOT NULL, next INTEGER NOT NULL, outcome TEXT NOT NULL
) STRICT;
CREATE INDEX deliveries_by_time ON deliveries (state, next);
CREATE TABLE changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, tenant TEXT NOT NULL,
  area TEXT NOT NULL, submission TEXT NOT NULL, round TEXT, project_code TEXT NOT NULL, building_code TEXT NOT NULL,
  stage TEXT NOT NULL
) STRICT;
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, user TEXT NOT NULL, address TEXT NOT NULL, tenant TEXT,
  area TEXT, action TEXT NOT NULL, object TEXT NOT NULL, detail TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
-- what happened cannot be changed
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER replies_stay BEFORE UPDATE ON replies BEGIN SELECT RAISE(ABORT, 'replies are append-only'); END;
CREATE TRIGGER replies_are_kept BEFORE DELETE ON replies BEGIN SELECT RAISE(ABORT, 'replies are append-only'); END;
