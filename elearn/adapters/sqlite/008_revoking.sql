ALTER TABLE "revocation" ADD COLUMN "kind" TEXT
ALTER TABLE "quarantine" ADD COLUMN "noted_at" TEXT
ALTER TABLE "quarantine" ADD COLUMN "noted_by" TEXT
ALTER TABLE "quarantine" ADD COLUMN "note" TEXT
CREATE TABLE "revocation_proposal" ("id" TEXT NOT NULL, "made_by" TEXT, "made_at" TEXT, "expires_at" TEXT, "kind" TEXT, "reason" TEXT, "sought" TEXT, "numbers" TEXT, "digest" TEXT, "decision" TEXT, "decided_by" TEXT, "decided_at" TEXT, "done" INTEGER, "revoked" INTEGER, "ended_at" TEXT, PRIMARY KEY ("id")) STRICT
