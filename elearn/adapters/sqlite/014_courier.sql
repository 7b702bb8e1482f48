CREATE TABLE "courier" ("file" TEXT NOT NULL, "way" TEXT, "peer" TEXT, "number" INTEGER, "first" INTEGER, "made_at" TEXT, "noted_at" TEXT, "size" INTEGER, "state" TEXT, "carries" TEXT, "problems" TEXT, PRIMARY KEY ("file")) STRICT
CREATE INDEX "courier_peer_way_number" ON "courier" ("peer", "way", "number")
CREATE TABLE "courier_inside" ("file" TEXT NOT NULL, "content" BLOB, "told" TEXT, "answers" TEXT, PRIMARY KEY ("file")) STRICT
