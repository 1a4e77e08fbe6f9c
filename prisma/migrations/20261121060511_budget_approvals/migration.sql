-- AlterTable
ALTER TABLE "budget" ADD COLUMN     "fileKey" TEXT,
ADD COLUMN     "source" TEXT NOT NULL DEFAULT 'dashboard';

-- CreateTable
CREATE TABLE "budget_breach" (
    "id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "teamId" TEXT NOT NULL,
    "budgetId" TEXT NOT NULL,
    "budgetName" TEXT NOT NULL,
    "windowId" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "reason" TEXT,
    "threshold" DOUBLE PRECISION,
    "decision" TEXT,
    "unit" TEXT NOT NULL,
    "origin" "DataOrigin" NOT NULL,
    "requested" BIGINT NOT NULL,
    "spent" BIGINT NOT NULL,
    "reserved" BIGINT NOT NULL,
    "limitAmount" BIGINT NOT NULL,
    "resetsAt" TIMESTAMP(3),
    "providerId" TEXT NOT NULL,
    "modelId" TEXT NOT NULL,
    "memberId" TEXT,
    "apiKeyId" TEXT,
    "role" TEXT,
    "workflowId" TEXT,
    "stepId" TEXT,
    "runId" TEXT,
    "source" TEXT NOT NULL,
    "sourceId" TEXT,
    "callId" TEXT,
    "nextModelId" TEXT,
    "occurrences" INTEGER NOT NULL DEFAULT 1,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "budget_breach_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "budget_approval" (
    "id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "teamId" TEXT NOT NULL,
    "budgetId" TEXT NOT NULL,
    "budgetName" TEXT NOT NULL,
    "windowId" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "origin" "DataOrigin" NOT NULL,
    "requested" BIGINT NOT NULL,
    "spent" BIGINT NOT NULL,
    "reserved" BIGINT NOT NULL,
    "limitAmount" BIGINT NOT NULL,
    "resetsAt" TIMESTAMP(3),
    "modelId" TEXT NOT NULL,
    "attributes" JSONB NOT NULL,
    "requestedById" TEXT,
    "apiKeyId" TEXT,
    "source" TEXT NOT NULL,
    "sourceId" TEXT,
    "state" TEXT NOT NULL,
    "pendingKey" TEXT,
    "decidedById" TEXT,
    "decidedAt" TIMESTAMP(3),
    "grantAmount" BIGINT,
    "grantUntil" TIMESTAMP(3),
    "declineReason" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "budget_approval_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "budget_breach_seq_key" ON "budget_breach"("seq");

-- CreateIndex
CREATE INDEX "budget_breach_teamId_at_id_idx" ON "budget_breach"("teamId", "at" DESC, "id");

-- CreateIndex
CREATE INDEX "budget_breach_teamId_budgetId_at_idx" ON "budget_breach"("teamId", "budgetId", "at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "budget_breach_id_teamId_key" ON "budget_breach"("id", "teamId");

-- CreateIndex
CREATE UNIQUE INDEX "budget_approval_seq_key" ON "budget_approval"("seq");

-- CreateIndex
CREATE UNIQUE INDEX "budget_approval_pendingKey_key" ON "budget_approval"("pendingKey");

-- CreateIndex
CREATE INDEX "budget_approval_teamId_createdAt_id_idx" ON "budget_approval"("teamId", "createdAt" DESC, "id");

-- CreateIndex
CREATE INDEX "budget_approval_state_expiresAt_idx" ON "budget_approval"("state", "expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "budget_approval_id_teamId_key" ON "budget_approval"("id", "teamId");

-- CreateIndex
CREATE UNIQUE INDEX "budget_teamId_fileKey_key" ON "budget"("teamId", "fileKey");

-- AddForeignKey
ALTER TABLE "budget_breach" ADD CONSTRAINT "budget_breach_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "budget_approval" ADD CONSTRAINT "budget_approval_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121060511_budget_approvals');
