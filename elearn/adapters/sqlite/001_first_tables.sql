CREATE TABLE ledger_node (key INTEGER PRIMARY KEY, node TEXT NOT NULL UNIQUE) STRICT
CREATE TABLE ledger_subject (key INTEGER PRIMARY KEY, subject TEXT NOT NULL UNIQUE) STRICT
CREATE TABLE entry (position INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, node INTEGER NOT NULL REFERENCES ledger_node (key), number INTEGER NOT NULL, subject INTEGER NOT NULL REFERENCES ledger_subject (key), stored INTEGER NOT NULL, digest BLOB NOT NULL, body BLOB NOT NULL, UNIQUE (node, number)) STRICT
CREATE INDEX entry_subject ON entry (subject)
CREATE INDEX entry_stored ON entry (stored)
CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END
CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'an entry is never removed'); END
CREATE TABLE "node_fact" ("name" TEXT NOT NULL, "value" TEXT, PRIMARY KEY ("name")) STRICT
CREATE TABLE "person" ("id" TEXT NOT NULL, "name" TEXT, "service_number" TEXT, "country" TEXT, "agency" TEXT, "post" TEXT, "sex" TEXT, "rank_band" TEXT, "changed_at" TEXT, PRIMARY KEY ("id"), UNIQUE ("agency", "service_number")) STRICT
CREATE INDEX "person_service_number" ON "person" ("service_number")
CREATE TABLE "account" ("person" TEXT NOT NULL, "role" TEXT, "pin_hash" TEXT, "language" TEXT, "active" INTEGER, "must_change_pin" INTEGER, "notice" TEXT, "created_at" TEXT, PRIMARY KEY ("person")) STRICT
CREATE INDEX "account_role" ON "account" ("role")
CREATE TABLE "sign_in_delay" ("subject" TEXT NOT NULL, "failures" INTEGER, "not_before" TEXT, PRIMARY KEY ("subject")) STRICT
CREATE TABLE "recovery_code" ("person" TEXT NOT NULL, "code_digest" TEXT NOT NULL, "made_at" TEXT, PRIMARY KEY ("person", "code_digest")) STRICT
CREATE TABLE "session" ("token_digest" TEXT NOT NULL, "person" TEXT, "started_at" TEXT, "seen_at" TEXT, "csrf" TEXT, PRIMARY KEY ("token_digest")) STRICT
CREATE INDEX "session_person" ON "session" ("person")
CREATE TABLE "package" ("digest" TEXT NOT NULL, "course" TEXT, "version" TEXT, "structure" TEXT, "texts" TEXT, "translation" TEXT, "published_at" TEXT, "current" INTEGER, PRIMARY KEY ("digest")) STRICT
CREATE INDEX "package_course" ON "package" ("course")
CREATE INDEX "package_current_course_digest" ON "package" ("current", "course", "digest")
CREATE TABLE "lesson_page" ("digest" TEXT NOT NULL, "lesson" TEXT NOT NULL, "language" TEXT NOT NULL, "html" TEXT, "passages" TEXT, "sources" TEXT, PRIMARY KEY ("digest", "lesson", "language")) STRICT
CREATE TABLE "question_text" ("digest" TEXT NOT NULL, "question" TEXT NOT NULL, "language" TEXT NOT NULL, "words" TEXT, PRIMARY KEY ("digest", "question", "language")) STRICT
CREATE TABLE "trusted_key" ("key_id" TEXT NOT NULL, "node" TEXT, "node_name" TEXT, "country" TEXT, "public_key" BLOB, "valid_from" TEXT, "valid_until" TEXT, "vouched_by" TEXT, PRIMARY KEY ("key_id")) STRICT
CREATE INDEX "trusted_key_node" ON "trusted_key" ("node")
CREATE TABLE "peer" ("node" TEXT NOT NULL, "name" TEXT, "kind" TEXT, "country" TEXT, "url" TEXT, "public_key" BLOB, "enrolled_at" TEXT, "last_contact_at" TEXT, "clock_offset_ms" INTEGER, "state" TEXT, PRIMARY KEY ("node")) STRICT
CREATE TABLE "enrolment_code" ("code_id" TEXT NOT NULL, "secret_digest" TEXT, "post_name" TEXT, "for_node" TEXT, "made_at" TEXT, "expires_at" TEXT, "wrong_tries" INTEGER, "used_by" TEXT, "used_at" TEXT, PRIMARY KEY ("code_id")) STRICT
CREATE TABLE "confirmed" ("peer" TEXT NOT NULL, "node" TEXT NOT NULL, "number" INTEGER, "confirmed_at" TEXT, PRIMARY KEY ("peer", "node")) STRICT
CREATE TABLE "person_sent" ("peer" TEXT NOT NULL, "person" TEXT NOT NULL, "digest" TEXT, "sent_at" TEXT, PRIMARY KEY ("peer", "person")) STRICT
CREATE TABLE "quarantine" ("id" TEXT NOT NULL, "node" TEXT NOT NULL, "digest" TEXT NOT NULL, "kind" TEXT, "number" INTEGER, "reason" TEXT, "entry" TEXT, "seen_at" TEXT, PRIMARY KEY ("id", "node", "digest")) STRICT
CREATE INDEX "quarantine_node_number" ON "quarantine" ("node", "number")
CREATE TABLE "revocation" ("number" TEXT NOT NULL, "revoked_at" TEXT, "listed_at" TEXT, "listed_by" TEXT, PRIMARY KEY ("number")) STRICT
CREATE TABLE "package_signature" ("digest" TEXT NOT NULL, "key_id" TEXT NOT NULL, "signature" BLOB, "signed_at" TEXT, PRIMARY KEY ("digest", "key_id")) STRICT
