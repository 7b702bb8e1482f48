CREATE TABLE "display" ("person" TEXT NOT NULL, "size" TEXT, "lines" TEXT, "colours" TEXT, PRIMARY KEY ("person")) STRICT
