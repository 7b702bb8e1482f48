CREATE TABLE "paper_session" ("id" TEXT NOT NULL, "course" TEXT, "held_on" TEXT, "place" TEXT, "minutes" INTEGER, "trainer" TEXT, "made_at" TEXT, PRIMARY KEY ("id")) STRICT
CREATE INDEX "paper_session_held_on" ON "paper_session" ("held_on")
CREATE TABLE "paper_member" ("session" TEXT NOT NULL, "person" TEXT NOT NULL, "language" TEXT, "said" TEXT, "attended_id" TEXT, "code" TEXT, PRIMARY KEY ("session", "person")) STRICT
CREATE INDEX "paper_member_person" ON "paper_member" ("person")
CREATE TABLE "paper_sheet" ("code" TEXT NOT NULL, "session" TEXT, "person" TEXT, "attempt" TEXT, "started_id" TEXT, "withdrawn_at" TEXT, "first" TEXT, "first_by" TEXT, "first_at" TEXT, "second" TEXT, "second_by" TEXT, "second_at" TEXT, "third" TEXT, "third_by" TEXT, "done_at" TEXT, PRIMARY KEY ("code")) STRICT
CREATE INDEX "paper_sheet_session" ON "paper_sheet" ("session")
CREATE INDEX "paper_sheet_person" ON "paper_sheet" ("person")
