-- CreateTable
CREATE TABLE "routing_revision" (
    "teamId" TEXT NOT NULL,
    "revision" BIGINT NOT NULL,

    CONSTRAINT "routing_revision_pkey" PRIMARY KEY ("teamId")
);

-- CreateTable
CREATE TABLE "routing_draft" (
    "teamId" TEXT NOT NULL,
    "rules" JSONB NOT NULL,
    "revision" INTEGER NOT NULL,
    "basedOn" INTEGER NOT NULL,
    "updatedById" TEXT,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "routing_draft_pkey" PRIMARY KEY ("teamId")
);

-- CreateTable
CREATE TABLE "routing_rule_version" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "rules" JSONB NOT NULL,
    "note" TEXT,
    "rolledBackTo" INTEGER,
    "publishedById" TEXT,
    "apiKeyId" TEXT,
    "publishedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "routing_rule_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "routing_setting" (
    "teamId" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "preferences" JSONB NOT NULL,
    "revision" INTEGER NOT NULL,
    "updatedById" TEXT,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "routing_setting_pkey" PRIMARY KEY ("teamId","scope")
);

-- CreateTable
CREATE TABLE "routing_state" (
    "teamId" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "revision" BIGINT NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "routing_state_pkey" PRIMARY KEY ("teamId","scope")
);

-- CreateTable
CREATE TABLE "routing_decision" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "decidedAt" TIMESTAMP(3) NOT NULL,
    "requestedName" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "sourceId" TEXT,
    "request" JSONB NOT NULL,
    "plan" JSONB NOT NULL,
    "seed" BIGINT NOT NULL,
    "snapshotVersion" TEXT NOT NULL,
    "strategy" TEXT NOT NULL,
    "chosenModelId" TEXT NOT NULL,
    "propensity" DOUBLE PRECISION NOT NULL,
    "servedModelId" TEXT,
    "outcome" TEXT,
    "costNanoUsd" BIGINT,
    "latencyMs" INTEGER,

    CONSTRAINT "routing_decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "routing_reward" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "decisionId" TEXT NOT NULL,
    "judge" TEXT NOT NULL,
    "quality" DOUBLE PRECISION NOT NULL,
    "comment" TEXT,
    "learnedQuality" DOUBLE PRECISION,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "isPending" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "routing_reward_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "routing_audit" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "action" TEXT NOT NULL,
    "scope" TEXT,
    "userId" TEXT,
    "apiKeyId" TEXT,
    "summary" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "routing_audit_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "routing_rule_version_teamId_version_key" ON "routing_rule_version"("teamId", "version");

-- CreateIndex
CREATE UNIQUE INDEX "routing_rule_version_id_teamId_key" ON "routing_rule_version"("id", "teamId");

-- CreateIndex
CREATE INDEX "routing_decision_teamId_decidedAt_id_idx" ON "routing_decision"("teamId", "decidedAt" DESC, "id");

-- CreateIndex
CREATE INDEX "routing_decision_teamId_sourceId_idx" ON "routing_decision"("teamId", "sourceId");

-- CreateIndex
CREATE INDEX "routing_decision_decidedAt_idx" ON "routing_decision"("decidedAt");

-- CreateIndex
CREATE UNIQUE INDEX "routing_decision_id_teamId_key" ON "routing_decision"("id", "teamId");

-- CreateIndex
CREATE INDEX "routing_reward_isPending_teamId_idx" ON "routing_reward"("isPending", "teamId");

-- CreateIndex
CREATE UNIQUE INDEX "routing_reward_decisionId_judge_key" ON "routing_reward"("decisionId", "judge");

-- CreateIndex
CREATE INDEX "routing_audit_teamId_at_id_idx" ON "routing_audit"("teamId", "at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "routing_audit_id_teamId_key" ON "routing_audit"("id", "teamId");

-- AddForeignKey
ALTER TABLE "routing_revision" ADD CONSTRAINT "routing_revision_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "routing_draft" ADD CONSTRAINT "routing_draft_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "routing_rule_version" ADD CONSTRAINT "routing_rule_version_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "routing_setting" ADD CONSTRAINT "routing_setting_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "routing_state" ADD CONSTRAINT "routing_state_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "routing_decision" ADD CONSTRAINT "routing_decision_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "routing_reward" ADD CONSTRAINT "routing_reward_decisionId_teamId_fkey" FOREIGN KEY ("decisionId", "teamId") REFERENCES "routing_decision"("id", "teamId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "routing_audit" ADD CONSTRAINT "routing_audit_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121061241_routing');
