-- CreateTable
CREATE TABLE "dataset" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "latestVersion" INTEGER NOT NULL DEFAULT 0,
    "createdById" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "dataset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset_version" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "datasetId" TEXT NOT NULL,
    "version" INTEGER,
    "source" TEXT NOT NULL,
    "note" TEXT,
    "fieldNames" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "itemCount" INTEGER NOT NULL DEFAULT 0,
    "splits" JSONB NOT NULL DEFAULT '{}',
    "skipped" JSONB NOT NULL DEFAULT '[]',
    "skippedCount" INTEGER NOT NULL DEFAULT 0,
    "basedOn" INTEGER,
    "createdById" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "dataset_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset_item" (
    "versionId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "teamId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "input" TEXT NOT NULL,
    "expected" TEXT,
    "cluster" TEXT,
    "split" TEXT,
    "fields" TEXT NOT NULL DEFAULT '{}',
    "line" INTEGER,

    CONSTRAINT "dataset_item_pkey" PRIMARY KEY ("versionId","position")
);

-- CreateTable
CREATE TABLE "experiment" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "definition" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "registration" TEXT,
    "registrationHash" TEXT,
    "plannedItems" INTEGER NOT NULL DEFAULT 0,
    "doneItems" INTEGER NOT NULL DEFAULT 0,
    "spentNanoUsd" BIGINT NOT NULL DEFAULT 0,
    "shown" JSONB NOT NULL DEFAULT '{}',
    "stopReason" TEXT,
    "winner" TEXT,
    "stopMessage" TEXT,
    "stopRequested" BOOLEAN NOT NULL DEFAULT false,
    "createdById" TEXT,
    "startedById" TEXT,
    "apiKeyId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,
    "startedAt" TIMESTAMP(3),
    "endedAt" TIMESTAMP(3),
    "leaseToken" INTEGER NOT NULL DEFAULT 0,
    "leaseUntil" TIMESTAMP(3),
    "ownerId" TEXT,

    CONSTRAINT "experiment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "experiment_item" (
    "experimentId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "teamId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "cluster" TEXT,
    "input" TEXT NOT NULL,
    "expected" TEXT,
    "fields" TEXT NOT NULL DEFAULT '{}',
    "doneSeq" INTEGER,

    CONSTRAINT "experiment_item_pkey" PRIMARY KEY ("experimentId","position")
);

-- CreateTable
CREATE TABLE "experiment_answer" (
    "experimentId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "repeat" INTEGER NOT NULL,
    "variant" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "output" TEXT NOT NULL DEFAULT '',
    "failure" TEXT,
    "failureMessage" TEXT,
    "contamination" TEXT,
    "costNanoUsd" BIGINT,
    "judgeCostNanoUsd" BIGINT NOT NULL DEFAULT 0,
    "latencyMs" INTEGER,
    "timeToFirstTokenMs" INTEGER,
    "inputTokens" INTEGER,
    "outputTokens" INTEGER,
    "answeredModelId" TEXT,
    "scores" JSONB NOT NULL DEFAULT '{}',
    "finishedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "experiment_answer_pkey" PRIMARY KEY ("experimentId","position","repeat","variant")
);

-- CreateTable
CREATE TABLE "experiment_rating" (
    "experimentId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "repeat" INTEGER NOT NULL,
    "variant" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "rating" INTEGER NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "experiment_rating_pkey" PRIMARY KEY ("experimentId","position","repeat","variant","userId")
);

-- CreateTable
CREATE TABLE "experiment_vote" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "experimentId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "repeat" INTEGER NOT NULL,
    "first" TEXT NOT NULL,
    "second" TEXT NOT NULL,
    "isSwapped" BOOLEAN NOT NULL,
    "choice" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "experiment_vote_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "experiment_promotion" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "experimentId" TEXT NOT NULL,
    "variant" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "before" TEXT NOT NULL,
    "after" TEXT NOT NULL,
    "promotedById" TEXT,
    "promotedAt" TIMESTAMP(3) NOT NULL,
    "revertedById" TEXT,
    "revertedAt" TIMESTAMP(3),

    CONSTRAINT "experiment_promotion_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "dataset_teamId_updatedAt_id_idx" ON "dataset"("teamId", "updatedAt" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_teamId_name_key" ON "dataset"("teamId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_id_teamId_key" ON "dataset"("id", "teamId");

-- CreateIndex
CREATE INDEX "dataset_version_teamId_datasetId_version_idx" ON "dataset_version"("teamId", "datasetId", "version" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "dataset_version_datasetId_version_key" ON "dataset_version"("datasetId", "version");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_version_id_teamId_key" ON "dataset_version"("id", "teamId");

-- CreateIndex
CREATE INDEX "dataset_item_versionId_split_position_idx" ON "dataset_item"("versionId", "split", "position");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_item_versionId_key_key" ON "dataset_item"("versionId", "key");

-- CreateIndex
CREATE INDEX "experiment_teamId_updatedAt_id_idx" ON "experiment"("teamId", "updatedAt" DESC, "id");

-- CreateIndex
CREATE INDEX "experiment_state_leaseUntil_idx" ON "experiment"("state", "leaseUntil");

-- CreateIndex
CREATE UNIQUE INDEX "experiment_id_teamId_key" ON "experiment"("id", "teamId");

-- CreateIndex
CREATE UNIQUE INDEX "experiment_item_experimentId_key_key" ON "experiment_item"("experimentId", "key");

-- CreateIndex
CREATE UNIQUE INDEX "experiment_item_experimentId_doneSeq_key" ON "experiment_item"("experimentId", "doneSeq");

-- CreateIndex
CREATE INDEX "experiment_vote_teamId_experimentId_idx" ON "experiment_vote"("teamId", "experimentId");

-- CreateIndex
CREATE UNIQUE INDEX "experiment_vote_experimentId_position_repeat_first_second_u_key" ON "experiment_vote"("experimentId", "position", "repeat", "first", "second", "userId");

-- CreateIndex
CREATE INDEX "experiment_promotion_teamId_experimentId_idx" ON "experiment_promotion"("teamId", "experimentId");

-- AddForeignKey
ALTER TABLE "dataset" ADD CONSTRAINT "dataset_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_version" ADD CONSTRAINT "dataset_version_datasetId_teamId_fkey" FOREIGN KEY ("datasetId", "teamId") REFERENCES "dataset"("id", "teamId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_item" ADD CONSTRAINT "dataset_item_versionId_teamId_fkey" FOREIGN KEY ("versionId", "teamId") REFERENCES "dataset_version"("id", "teamId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment" ADD CONSTRAINT "experiment_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment_item" ADD CONSTRAINT "experiment_item_experimentId_teamId_fkey" FOREIGN KEY ("experimentId", "teamId") REFERENCES "experiment"("id", "teamId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment_answer" ADD CONSTRAINT "experiment_answer_experimentId_teamId_fkey" FOREIGN KEY ("experimentId", "teamId") REFERENCES "experiment"("id", "teamId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment_rating" ADD CONSTRAINT "experiment_rating_experimentId_position_repeat_variant_fkey" FOREIGN KEY ("experimentId", "position", "repeat", "variant") REFERENCES "experiment_answer"("experimentId", "position", "repeat", "variant") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment_vote" ADD CONSTRAINT "experiment_vote_experimentId_teamId_fkey" FOREIGN KEY ("experimentId", "teamId") REFERENCES "experiment"("id", "teamId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment_promotion" ADD CONSTRAINT "experiment_promotion_experimentId_teamId_fkey" FOREIGN KEY ("experimentId", "teamId") REFERENCES "experiment"("id", "teamId") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121131939_datasets_and_experiments');
