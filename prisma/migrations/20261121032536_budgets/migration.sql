-- CreateTable
CREATE TABLE "budget" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "createdById" TEXT,
    "name" TEXT NOT NULL,
    "scope" JSONB NOT NULL,
    "unit" TEXT NOT NULL,
    "window" TEXT NOT NULL,
    "timeZone" TEXT NOT NULL,
    "limitAmount" BIGINT NOT NULL,
    "mode" TEXT NOT NULL,
    "alertThresholds" JSONB NOT NULL,
    "onBreach" TEXT NOT NULL,
    "whenAllBreach" TEXT NOT NULL,
    "unpriced" JSONB NOT NULL,
    "raises" JSONB NOT NULL,
    "isEnabled" BOOLEAN NOT NULL DEFAULT true,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "budget_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "budget_account" (
    "windowId" TEXT NOT NULL,
    "budgetId" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "origin" "DataOrigin" NOT NULL,
    "subject" TEXT NOT NULL,
    "startsAt" TIMESTAMP(3) NOT NULL,
    "endsAt" TIMESTAMP(3),
    "spent" BIGINT NOT NULL DEFAULT 0,
    "leased" BIGINT NOT NULL DEFAULT 0,
    "lastGrant" BIGINT NOT NULL DEFAULT 0,
    "wantedAtMs" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "budget_account_pkey" PRIMARY KEY ("windowId")
);

-- CreateTable
CREATE TABLE "budget_instance" (
    "id" TEXT NOT NULL,
    "startedAtMs" BIGINT NOT NULL,
    "reportedAtMs" BIGINT NOT NULL,
    "aliveAtMs" BIGINT NOT NULL,
    "isDead" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "budget_instance_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "budget_lease" (
    "instanceId" TEXT NOT NULL,
    "windowId" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "inUse" BIGINT NOT NULL,

    CONSTRAINT "budget_lease_pkey" PRIMARY KEY ("instanceId","windowId")
);

-- CreateTable
CREATE TABLE "budget_entry" (
    "entryId" TEXT NOT NULL,
    "windowId" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "callId" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "isEstimated" BOOLEAN NOT NULL,
    "reservedAt" TIMESTAMP(3) NOT NULL,
    "bookedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "budget_entry_pkey" PRIMARY KEY ("entryId","windowId")
);

-- CreateIndex
CREATE INDEX "budget_teamId_createdAt_idx" ON "budget"("teamId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "budget_id_teamId_key" ON "budget"("id", "teamId");

-- CreateIndex
CREATE INDEX "budget_account_teamId_budgetId_startsAt_idx" ON "budget_account"("teamId", "budgetId", "startsAt");

-- CreateIndex
CREATE INDEX "budget_lease_windowId_idx" ON "budget_lease"("windowId");

-- CreateIndex
CREATE INDEX "budget_entry_teamId_callId_idx" ON "budget_entry"("teamId", "callId");

-- CreateIndex
CREATE INDEX "budget_entry_bookedAt_idx" ON "budget_entry"("bookedAt");

-- AddForeignKey
ALTER TABLE "budget" ADD CONSTRAINT "budget_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "budget_lease" ADD CONSTRAINT "budget_lease_instanceId_fkey" FOREIGN KEY ("instanceId") REFERENCES "budget_instance"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121032536_budgets');
