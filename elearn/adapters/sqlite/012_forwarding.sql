CREATE TABLE "lrs" ("id" TEXT NOT NULL, "name" TEXT, "url" TEXT, "key" TEXT, "secret" TEXT, "pseudonym_secret" TEXT, "finer" INTEGER, "active" INTEGER, "added_at" TEXT, "state" TEXT, PRIMARY KEY ("id")) STRICT
CREATE TABLE "lrs_sent" ("lrs" TEXT NOT NULL, "node" TEXT NOT NULL, "number" INTEGER, PRIMARY KEY ("lrs", "node")) STRICT
CREATE TABLE "lrs_refused" ("lrs" TEXT NOT NULL, "id" TEXT NOT NULL, "node" TEXT, "number" INTEGER, "reason" TEXT, "said" TEXT, "seen_at" TEXT, PRIMARY KEY ("lrs", "id")) STRICT
