CREATE TABLE "ballot" ("id" TEXT NOT NULL, "course" TEXT, "version" TEXT, "language" TEXT, "answers" TEXT, PRIMARY KEY ("id")) STRICT, WITHOUT ROWID
CREATE TABLE "form_settled" ("person" TEXT NOT NULL, "course" TEXT NOT NULL, "version" TEXT NOT NULL, PRIMARY KEY ("person", "course", "version")) STRICT, WITHOUT ROWID
