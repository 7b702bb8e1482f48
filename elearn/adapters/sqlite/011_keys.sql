DROP INDEX "trusted_key_node"
ALTER TABLE "trusted_key" RENAME TO "trusted_key_before"
CREATE TABLE "trusted_key" ("key_id" TEXT NOT NULL, "node" TEXT, "node_name" TEXT, "country" TEXT, "public_key" BLOB, "valid_from" TEXT, "valid_until" TEXT, "vouched_by" TEXT, "succeeded_by" TEXT, "lost_from" TEXT, PRIMARY KEY ("key_id")) STRICT
CREATE INDEX "trusted_key_node" ON "trusted_key" ("node")
INSERT INTO "trusted_key" ("key_id", "node", "node_name", "country", "public_key", "valid_from", "valid_until", "vouched_by") SELECT "key_id", "node", "node_name", "country", "public_key", "valid_from", "valid_until", "vouched_by" FROM "trusted_key_before"
DROP TABLE "trusted_key_before"
CREATE TABLE "key_succession" ("new_key_id" TEXT NOT NULL, "old_key_id" TEXT, "node" TEXT, "at" TEXT, "words" TEXT, "old_signature" BLOB, "new_signature" BLOB, PRIMARY KEY ("new_key_id")) STRICT
CREATE INDEX "key_succession_node" ON "key_succession" ("node")
CREATE TABLE "known_certificate" ("id" TEXT NOT NULL, "node" TEXT, "course" TEXT, "facts" TEXT, PRIMARY KEY ("id")) STRICT
CREATE INDEX "known_certificate_node" ON "known_certificate" ("node")
