CREATE TABLE "brought" ("id" TEXT NOT NULL, "subject" TEXT, "node" TEXT, "number" INTEGER, "digest" TEXT, "statement" TEXT, PRIMARY KEY ("id")) STRICT
CREATE INDEX "brought_subject" ON "brought" ("subject")
CREATE INDEX "brought_node_subject" ON "brought" ("node", "subject")
CREATE TABLE "brought_part" ("person" TEXT NOT NULL, "node" TEXT NOT NULL, "name" TEXT, "country" TEXT, "last" INTEGER, "words" TEXT, "public_key" BLOB, "signature" BLOB, "trust" TEXT, "taken_by" TEXT, "taken_at" TEXT, PRIMARY KEY ("person", "node")) STRICT
