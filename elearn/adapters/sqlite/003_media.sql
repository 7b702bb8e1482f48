CREATE TABLE "media" ("digest" TEXT NOT NULL, "kind" TEXT, "content" BLOB, PRIMARY KEY ("digest")) STRICT
