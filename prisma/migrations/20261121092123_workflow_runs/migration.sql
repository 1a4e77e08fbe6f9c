-- CreateTable
CREATE TABLE "run" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "workflowId" TEXT NOT NULL,
    "workflowName" TEXT NOT NULL,
    "workflowTitle" TEXT,
    "workflowVersion" INTEGER,
    "definition" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "previewStepId" TEXT,
    "state" TEXT NOT NULL,
    "inputs" TEXT NOT NULL,
    "outputs" TEXT,
    "errorCode" TEXT,
    "errorMessage" TEXT,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "startedById" TEXT,
    "apiKeyId" TEXT,
    "rerunOfId" TEXT,
    "idempotencyKey" TEXT,
    "requestHash" TEXT,
    "retries" INTEGER NOT NULL DEFAULT 0,
    "stepCount" INTEGER NOT NULL,
    "settledSteps" INTEGER NOT NULL DEFAULT 0,
    "activeStepIds" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "totals" TEXT NOT NULL DEFAULT '[]',
    "failedAttempts" INTEGER NOT NULL DEFAULT 0,
    "failovers" INTEGER NOT NULL DEFAULT 0,
    "breaches" INTEGER NOT NULL DEFAULT 0,
    "lastSeq" INTEGER NOT NULL DEFAULT 0,
    "lastJournalSeq" INTEGER NOT NULL DEFAULT 0,
    "leaseToken" INTEGER NOT NULL DEFAULT 0,
    "leaseUntil" TIMESTAMP(3),
    "ownerId" TEXT,
    "wakeAt" TIMESTAMP(3),
    "deadlineAt" TIMESTAMP(3) NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "endedAt" TIMESTAMP(3),

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_event" (
    "runId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "isJournal" BOOLEAN NOT NULL,
    "type" TEXT NOT NULL,
    "fact" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "run_event_pkey" PRIMARY KEY ("runId","seq")
);

-- CreateTable
CREATE TABLE "run_approval" (
    "runId" TEXT NOT NULL,
    "approvalId" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "stepId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "budgetApprovalId" TEXT,
    "approvers" TEXT NOT NULL,
    "canEdit" BOOLEAN NOT NULL,
    "message" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "decidedById" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3),
    "decidedAt" TIMESTAMP(3),

    CONSTRAINT "run_approval_pkey" PRIMARY KEY ("runId","approvalId")
);

-- CreateIndex
CREATE INDEX "run_teamId_id_idx" ON "run"("teamId", "id" DESC);

-- CreateIndex
CREATE INDEX "run_teamId_workflowName_id_idx" ON "run"("teamId", "workflowName", "id" DESC);

-- CreateIndex
CREATE INDEX "run_wakeAt_idx" ON "run"("wakeAt");

-- CreateIndex
CREATE UNIQUE INDEX "run_id_teamId_key" ON "run"("id", "teamId");

-- CreateIndex
CREATE UNIQUE INDEX "run_teamId_idempotencyKey_key" ON "run"("teamId", "idempotencyKey");

-- CreateIndex
CREATE INDEX "run_approval_teamId_state_createdAt_idx" ON "run_approval"("teamId", "state", "createdAt");

-- CreateIndex
CREATE INDEX "run_approval_state_budgetApprovalId_idx" ON "run_approval"("state", "budgetApprovalId");

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_event" ADD CONSTRAINT "run_event_runId_fkey" FOREIGN KEY ("runId") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_approval" ADD CONSTRAINT "run_approval_runId_teamId_fkey" FOREIGN KEY ("runId", "teamId") REFERENCES "run"("id", "teamId") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121092123_workflow_runs');
