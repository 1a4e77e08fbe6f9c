-- AlterTable
ALTER TABLE "experiment" ADD COLUMN     "liveStep" TEXT;

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "experimentId" TEXT,
ADD COLUMN     "session" TEXT,
ADD COLUMN     "subject" TEXT;

-- CreateTable
CREATE TABLE "experiment_unit" (
    "experimentId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "variant" TEXT NOT NULL,
    "seenAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "experiment_unit_pkey" PRIMARY KEY ("experimentId","kind","unit")
);

-- CreateTable
CREATE TABLE "experiment_exposure" (
    "experimentId" TEXT NOT NULL,
    "runId" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "variant" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "contamination" TEXT,
    "at" TIMESTAMP(3) NOT NULL,
    "position" INTEGER,

    CONSTRAINT "experiment_exposure_pkey" PRIMARY KEY ("experimentId","runId","generation")
);

-- CreateIndex
CREATE INDEX "experiment_exposure_experimentId_position_at_idx" ON "experiment_exposure"("experimentId", "position", "at");

-- CreateIndex
CREATE UNIQUE INDEX "experiment_teamId_liveStep_key" ON "experiment"("teamId", "liveStep");

-- AddForeignKey
ALTER TABLE "experiment_unit" ADD CONSTRAINT "experiment_unit_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment_exposure" ADD CONSTRAINT "experiment_exposure_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121155636_live_splits');
