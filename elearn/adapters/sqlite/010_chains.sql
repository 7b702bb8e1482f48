CREATE TABLE "chain_head" ("node" TEXT NOT NULL, "number" INTEGER NOT NULL, "digest" TEXT, "signature" BLOB, "kept_at" TEXT, PRIMARY KEY ("node", "number")) STRICT
CREATE TABLE "vouched" ("peer" TEXT NOT NULL, "node" TEXT NOT NULL, "vouched_at" TEXT, PRIMARY KEY ("peer", "node")) STRICT
ALTER TABLE "confirmed" RENAME TO "confirmed_before"
CREATE TABLE "confirmed" ("peer" TEXT NOT NULL, "node" TEXT NOT NULL, "number" INTEGER, "digest" TEXT, "confirmed_at" TEXT, PRIMARY KEY ("peer", "node")) STRICT
INSERT INTO "confirmed" ("peer", "node", "number", "confirmed_at") SELECT "peer", "node", "number", "confirmed_at" FROM "confirmed_before"
DROP TABLE "confirmed_before"
