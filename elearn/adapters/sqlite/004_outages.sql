CREATE TABLE "outage" ("began_at" TEXT NOT NULL, "ended_at" TEXT, PRIMARY KEY ("began_at")) STRICT
CREATE INDEX "outage_ended_at" ON "outage" ("ended_at")