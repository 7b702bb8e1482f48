CREATE TABLE "certificate_picture" ("name" TEXT NOT NULL, "kind" TEXT, "content" BLOB, PRIMARY KEY ("name")) STRICT
