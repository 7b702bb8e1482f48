CREATE TABLE "package_source" ("digest" TEXT NOT NULL, "kind" TEXT NOT NULL, "name" TEXT NOT NULL, "file" TEXT, "size" INTEGER, PRIMARY KEY ("digest", "kind", "name")) STRICT
CREATE INDEX "package_source_file" ON "package_source" ("file")
CREATE TABLE "source_file" ("digest" TEXT NOT NULL, "content" BLOB, PRIMARY KEY ("digest")) STRICT
CREATE TABLE "package_taken" ("digest" TEXT NOT NULL, "node" TEXT, "taken_at" TEXT, PRIMARY KEY ("digest")) STRICT
CREATE TABLE "package_offered" ("digest" TEXT NOT NULL, "hub" TEXT, "course" TEXT, "version" TEXT, "published_at" TEXT, "files" TEXT, "signatures" TEXT, "size" INTEGER, "state" TEXT, "code" TEXT, "tries" INTEGER, PRIMARY KEY ("digest")) STRICT
