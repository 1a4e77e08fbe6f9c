-- AlterTable
ALTER TABLE "health_check" ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'free',
ADD COLUMN     "modelId" TEXT,
ADD COLUMN     "teamId" TEXT;

-- AlterTable
ALTER TABLE "health_incident" ADD COLUMN     "rehearsalId" TEXT;

-- AlterTable
ALTER TABLE "health_maintenance" ADD COLUMN     "isBeginTold" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "isEndTold" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "alert_rule" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "standardKey" TEXT,
    "name" TEXT NOT NULL,
    "isEnabled" BOOLEAN NOT NULL,
    "subjectId" TEXT,
    "threshold" DOUBLE PRECISION,
    "windowMs" INTEGER,
    "shortWindowMs" INTEGER,
    "minCalls" INTEGER,
    "objective" DOUBLE PRECISION,
    "renotifyAfterMs" INTEGER NOT NULL,
    "mutedUntil" TIMESTAMP(3),
    "nextAtMs" BIGINT NOT NULL DEFAULT 0,
    "firing" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updatedById" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "alert_rule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "failover_plan" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "isEnabled" BOOLEAN NOT NULL,
    "settings" JSONB NOT NULL,
    "version" INTEGER NOT NULL,
    "liveKey" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,
    "updatedById" TEXT,

    CONSTRAINT "failover_plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "failover_version" (
    "id" TEXT NOT NULL,
    "planId" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "change" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "note" TEXT,
    "userId" TEXT,
    "apiKeyId" TEXT,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "failover_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "failover_outage" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "planId" TEXT NOT NULL,
    "circuitKey" TEXT NOT NULL,
    "modelId" TEXT NOT NULL,
    "origin" "DataOrigin" NOT NULL,
    "reason" TEXT NOT NULL,
    "measured" DOUBLE PRECISION NOT NULL,
    "threshold" DOUBLE PRECISION NOT NULL,
    "outAt" TIMESTAMP(3) NOT NULL,
    "returnedAt" TIMESTAMP(3),
    "returnReason" TEXT,
    "returnedById" TEXT,
    "openKey" TEXT,

    CONSTRAINT "failover_outage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "failover_minute" (
    "teamId" TEXT NOT NULL,
    "minute" INTEGER NOT NULL,
    "instanceId" TEXT NOT NULL,
    "origin" "DataOrigin" NOT NULL,
    "fromModelId" TEXT NOT NULL,
    "toModelId" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "planId" TEXT NOT NULL,
    "isRehearsal" BOOLEAN NOT NULL,
    "rescued" INTEGER NOT NULL,
    "lost" INTEGER NOT NULL,
    "failovers" INTEGER NOT NULL,
    "failoverMs" DOUBLE PRECISION NOT NULL,
    "maxFailoverMs" DOUBLE PRECISION NOT NULL,
    "extraNanoUsd" BIGINT NOT NULL,
    "wastedNanoUsd" BIGINT NOT NULL,
    "unknownCosts" INTEGER NOT NULL,

    CONSTRAINT "failover_minute_pkey" PRIMARY KEY ("teamId","minute","fromModelId","toModelId","reason","planId","isRehearsal","origin","instanceId")
);

-- CreateTable
CREATE TABLE "failure_rehearsal" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "createdById" TEXT,
    "apiKeyId" TEXT,
    "subjectId" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "displayName" TEXT NOT NULL,
    "origin" "DataOrigin" NOT NULL,
    "mode" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "report" JSONB,
    "failure" TEXT,
    "calls" INTEGER NOT NULL DEFAULT 0,
    "startedAt" TIMESTAMP(3) NOT NULL,
    "endsAt" TIMESTAMP(3) NOT NULL,
    "brokenAt" TIMESTAMP(3),
    "restoredAt" TIMESTAMP(3),
    "finishedAt" TIMESTAMP(3),
    "instanceId" TEXT NOT NULL,
    "leaseUntil" TIMESTAMP(3) NOT NULL,
    "cancelRequestedAt" TIMESTAMP(3),
    "openKey" TEXT,

    CONSTRAINT "failure_rehearsal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "health_probe" (
    "teamId" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "modelId" TEXT NOT NULL,
    "isEnabled" BOOLEAN NOT NULL,
    "everyMs" INTEGER NOT NULL,
    "maxPerDay" INTEGER NOT NULL,
    "maxNanoUsdPerDay" BIGINT NOT NULL,
    "nextAtMs" BIGINT NOT NULL DEFAULT 0,
    "day" INTEGER NOT NULL DEFAULT 0,
    "usedCalls" INTEGER NOT NULL DEFAULT 0,
    "usedNanoUsd" BIGINT NOT NULL DEFAULT 0,
    "updatedById" TEXT,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "health_probe_pkey" PRIMARY KEY ("teamId","subjectId")
);

-- CreateIndex
CREATE INDEX "alert_rule_nextAtMs_idx" ON "alert_rule"("nextAtMs");

-- CreateIndex
CREATE UNIQUE INDEX "alert_rule_id_teamId_key" ON "alert_rule"("id", "teamId");

-- CreateIndex
CREATE UNIQUE INDEX "alert_rule_teamId_standardKey_key" ON "alert_rule"("teamId", "standardKey");

-- CreateIndex
CREATE UNIQUE INDEX "failover_plan_id_teamId_key" ON "failover_plan"("id", "teamId");

-- CreateIndex
CREATE UNIQUE INDEX "failover_plan_teamId_liveKey_key" ON "failover_plan"("teamId", "liveKey");

-- CreateIndex
CREATE INDEX "failover_version_teamId_at_id_idx" ON "failover_version"("teamId", "at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "failover_version_planId_version_key" ON "failover_version"("planId", "version");

-- CreateIndex
CREATE UNIQUE INDEX "failover_outage_openKey_key" ON "failover_outage"("openKey");

-- CreateIndex
CREATE INDEX "failover_outage_teamId_outAt_id_idx" ON "failover_outage"("teamId", "outAt" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "failover_outage_id_teamId_key" ON "failover_outage"("id", "teamId");

-- CreateIndex
CREATE INDEX "failover_minute_minute_idx" ON "failover_minute"("minute");

-- CreateIndex
CREATE UNIQUE INDEX "failure_rehearsal_openKey_key" ON "failure_rehearsal"("openKey");

-- CreateIndex
CREATE INDEX "failure_rehearsal_teamId_startedAt_id_idx" ON "failure_rehearsal"("teamId", "startedAt" DESC, "id");

-- CreateIndex
CREATE INDEX "failure_rehearsal_subjectId_startedAt_idx" ON "failure_rehearsal"("subjectId", "startedAt");

-- CreateIndex
CREATE UNIQUE INDEX "failure_rehearsal_id_teamId_key" ON "failure_rehearsal"("id", "teamId");

-- CreateIndex
CREATE INDEX "health_probe_nextAtMs_idx" ON "health_probe"("nextAtMs");

-- AddForeignKey
ALTER TABLE "alert_rule" ADD CONSTRAINT "alert_rule_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "failover_plan" ADD CONSTRAINT "failover_plan_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "failover_version" ADD CONSTRAINT "failover_version_planId_teamId_fkey" FOREIGN KEY ("planId", "teamId") REFERENCES "failover_plan"("id", "teamId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "failover_outage" ADD CONSTRAINT "failover_outage_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "failure_rehearsal" ADD CONSTRAINT "failure_rehearsal_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "health_probe" ADD CONSTRAINT "health_probe_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121124232_failover_and_alert_rules');
