-- CreateTable
CREATE TABLE "health_subject" (
    "id" TEXT NOT NULL,
    "teamId" TEXT,
    "slug" TEXT NOT NULL,
    "displayName" TEXT NOT NULL,
    "origin" "DataOrigin" NOT NULL,
    "status" TEXT NOT NULL,
    "cause" TEXT,
    "state" JSONB NOT NULL,
    "score" JSONB,
    "errorRate" DOUBLE PRECISION,
    "connection" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "accountedUntilMs" BIGINT NOT NULL DEFAULT 0,
    "nextCheckAtMs" BIGINT NOT NULL DEFAULT 0,
    "claimedUntilMs" BIGINT NOT NULL DEFAULT 0,
    "lastCheckAt" TIMESTAMP(3),
    "lastSuccessAt" TIMESTAMP(3),
    "lastFailureAt" TIMESTAMP(3),
    "lastError" TEXT,
    "lastErrorKind" TEXT,
    "lastErrorModelId" TEXT,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "health_subject_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "health_period" (
    "subjectId" TEXT NOT NULL,
    "fromMs" BIGINT NOT NULL,
    "toMs" BIGINT NOT NULL,
    "status" TEXT NOT NULL,

    CONSTRAINT "health_period_pkey" PRIMARY KEY ("subjectId","fromMs")
);

-- CreateTable
CREATE TABLE "health_minute" (
    "subjectId" TEXT NOT NULL,
    "modelId" TEXT NOT NULL,
    "minute" INTEGER NOT NULL,
    "instanceId" TEXT NOT NULL,
    "successes" INTEGER NOT NULL,
    "limited" INTEGER NOT NULL,
    "faults" INTEGER NOT NULL,
    "slow" INTEGER NOT NULL,
    "verySlow" INTEGER NOT NULL,
    "ignored" INTEGER NOT NULL,
    "failures" JSONB NOT NULL,
    "latency" BYTEA,

    CONSTRAINT "health_minute_pkey" PRIMARY KEY ("subjectId","modelId","minute","instanceId")
);

-- CreateTable
CREATE TABLE "health_check" (
    "id" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "trigger" TEXT NOT NULL,
    "isOk" BOOLEAN NOT NULL,
    "errorKind" TEXT,
    "message" TEXT NOT NULL,
    "latencyMs" INTEGER NOT NULL,

    CONSTRAINT "health_check_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "health_window" (
    "subjectId" TEXT NOT NULL,
    "instanceId" TEXT NOT NULL,
    "outcomes" JSONB NOT NULL,
    "updatedAtMs" BIGINT NOT NULL,

    CONSTRAINT "health_window_pkey" PRIMARY KEY ("subjectId","instanceId")
);

-- CreateTable
CREATE TABLE "health_event" (
    "seq" BIGSERIAL NOT NULL,
    "subjectId" TEXT NOT NULL,
    "teamId" TEXT,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "health_event_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "health_incident" (
    "id" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "teamId" TEXT,
    "slug" TEXT NOT NULL,
    "displayName" TEXT NOT NULL,
    "origin" "DataOrigin" NOT NULL,
    "openKey" TEXT,
    "severity" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "models" TEXT[],
    "startedAt" TIMESTAMP(3) NOT NULL,
    "detectedAt" TIMESTAMP(3) NOT NULL,
    "wellSince" TIMESTAMP(3),
    "closedAt" TIMESTAMP(3),
    "reopened" INTEGER NOT NULL DEFAULT 0,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "health_incident_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "health_incident_entry" (
    "id" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "teamId" TEXT,
    "createdById" TEXT,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "health_incident_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "health_maintenance" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "createdById" TEXT,
    "note" TEXT NOT NULL,
    "startsAt" TIMESTAMP(3) NOT NULL,
    "endsAt" TIMESTAMP(3) NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "health_maintenance_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "health_subject_teamId_idx" ON "health_subject"("teamId");

-- CreateIndex
CREATE INDEX "health_period_toMs_idx" ON "health_period"("toMs");

-- CreateIndex
CREATE INDEX "health_minute_minute_idx" ON "health_minute"("minute");

-- CreateIndex
CREATE INDEX "health_check_subjectId_at_idx" ON "health_check"("subjectId", "at" DESC);

-- CreateIndex
CREATE INDEX "health_check_at_idx" ON "health_check"("at");

-- CreateIndex
CREATE INDEX "health_event_at_idx" ON "health_event"("at");

-- CreateIndex
CREATE UNIQUE INDEX "health_incident_openKey_key" ON "health_incident"("openKey");

-- CreateIndex
CREATE INDEX "health_incident_subjectId_startedAt_idx" ON "health_incident"("subjectId", "startedAt" DESC);

-- CreateIndex
CREATE INDEX "health_incident_teamId_startedAt_id_idx" ON "health_incident"("teamId", "startedAt" DESC, "id");

-- CreateIndex
CREATE INDEX "health_incident_entry_incidentId_at_idx" ON "health_incident_entry"("incidentId", "at");

-- CreateIndex
CREATE INDEX "health_maintenance_teamId_subjectId_endsAt_idx" ON "health_maintenance"("teamId", "subjectId", "endsAt");

-- CreateIndex
CREATE UNIQUE INDEX "health_maintenance_id_teamId_key" ON "health_maintenance"("id", "teamId");

-- AddForeignKey
ALTER TABLE "health_incident_entry" ADD CONSTRAINT "health_incident_entry_incidentId_fkey" FOREIGN KEY ("incidentId") REFERENCES "health_incident"("id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121100640_health');
