-- AlterTable
ALTER TABLE "experiment_answer" ADD COLUMN     "decisionId" TEXT;

-- AlterTable
ALTER TABLE "routing_reward" ADD COLUMN     "weight" DOUBLE PRECISION NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "saved_scorer" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "kind" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdById" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "saved_scorer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "saved_scorer_version" (
    "scorerId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "teamId" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "createdById" TEXT,
    "apiKeyId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "saved_scorer_version_pkey" PRIMARY KEY ("scorerId","version")
);

-- CreateTable
CREATE TABLE "answer_feedback" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "targetKind" TEXT NOT NULL,
    "targetId" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "comment" TEXT,
    "callId" TEXT,
    "runId" TEXT,
    "experimentId" TEXT,
    "decisionIds" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "revision" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "answer_feedback_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "saved_scorer_teamId_updatedAt_id_idx" ON "saved_scorer"("teamId", "updatedAt" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "saved_scorer_teamId_name_key" ON "saved_scorer"("teamId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "saved_scorer_id_teamId_key" ON "saved_scorer"("id", "teamId");

-- CreateIndex
CREATE INDEX "answer_feedback_teamId_updatedAt_id_idx" ON "answer_feedback"("teamId", "updatedAt" DESC, "id");

-- CreateIndex
CREATE INDEX "answer_feedback_teamId_runId_idx" ON "answer_feedback"("teamId", "runId");

-- CreateIndex
CREATE INDEX "answer_feedback_teamId_experimentId_idx" ON "answer_feedback"("teamId", "experimentId");

-- CreateIndex
CREATE UNIQUE INDEX "answer_feedback_teamId_targetKind_targetId_author_key" ON "answer_feedback"("teamId", "targetKind", "targetId", "author");

-- CreateIndex
CREATE UNIQUE INDEX "answer_feedback_id_teamId_key" ON "answer_feedback"("id", "teamId");

-- AddForeignKey
ALTER TABLE "saved_scorer" ADD CONSTRAINT "saved_scorer_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "saved_scorer_version" ADD CONSTRAINT "saved_scorer_version_scorerId_teamId_fkey" FOREIGN KEY ("scorerId", "teamId") REFERENCES "saved_scorer"("id", "teamId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "answer_feedback" ADD CONSTRAINT "answer_feedback_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121155549_quality');
