-- CreateTable
CREATE TABLE "audit_entry" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "actorKind" TEXT NOT NULL,
    "actorUserId" TEXT,
    "actorApiKeyId" TEXT,
    "actorName" TEXT NOT NULL,
    "reason" TEXT,
    "ipAddress" TEXT,
    "userAgent" TEXT,
    "requestId" TEXT,
    "action" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "objectType" TEXT NOT NULL,
    "objectId" TEXT,
    "objectName" TEXT,
    "revertsSeq" INTEGER,
    "payload" TEXT NOT NULL,
    "previousHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_head" (
    "teamId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "anchorSeq" INTEGER NOT NULL,
    "anchorHash" TEXT NOT NULL,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("teamId")
);

-- CreateTable
CREATE TABLE "team_settings" (
    "teamId" TEXT NOT NULL,
    "timeZone" TEXT,
    "currency" TEXT,
    "currencyPerUsd" TEXT,
    "currencyRateDate" TEXT,
    "contentCapture" TEXT NOT NULL DEFAULT 'FULL',
    "contentDays" INTEGER,
    "auditDays" INTEGER,
    "featureFlags" JSONB NOT NULL DEFAULT '{}',
    "unpricedModels" TEXT NOT NULL DEFAULT 'ALLOW',
    "updatedById" TEXT,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "team_settings_pkey" PRIMARY KEY ("teamId")
);

-- CreateIndex
CREATE INDEX "audit_entry_teamId_objectType_objectId_seq_idx" ON "audit_entry"("teamId", "objectType", "objectId", "seq");

-- CreateIndex
CREATE INDEX "audit_entry_teamId_actorUserId_seq_idx" ON "audit_entry"("teamId", "actorUserId", "seq");

-- CreateIndex
CREATE INDEX "audit_entry_teamId_revertsSeq_idx" ON "audit_entry"("teamId", "revertsSeq");

-- CreateIndex
CREATE UNIQUE INDEX "audit_entry_teamId_seq_key" ON "audit_entry"("teamId", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "audit_entry_id_teamId_key" ON "audit_entry"("id", "teamId");

-- AddForeignKey
ALTER TABLE "team_settings" ADD CONSTRAINT "team_settings_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121193119_audit_and_settings');
