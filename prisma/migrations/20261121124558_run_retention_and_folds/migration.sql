-- AlterTable
ALTER TABLE "run" ADD COLUMN     "eventSize" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "run_fold" (
    "runId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "format" INTEGER NOT NULL,
    "fold" TEXT NOT NULL,

    CONSTRAINT "run_fold_pkey" PRIMARY KEY ("runId")
);

-- CreateTable
CREATE TABLE "run_settings" (
    "teamId" TEXT NOT NULL,
    "keepDays" INTEGER,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "run_settings_pkey" PRIMARY KEY ("teamId")
);

-- CreateIndex
CREATE INDEX "run_teamId_wakeAt_idx" ON "run"("teamId", "wakeAt");

-- CreateIndex
CREATE INDEX "run_teamId_source_endedAt_idx" ON "run"("teamId", "source", "endedAt");

-- AddForeignKey
ALTER TABLE "run_fold" ADD CONSTRAINT "run_fold_runId_fkey" FOREIGN KEY ("runId") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121124558_run_retention_and_folds');
