-- Proof that a migration was carried out: each one ends by writing its name here, in its own transaction.
CREATE TABLE "_applied_migration" ("name" TEXT NOT NULL, CONSTRAINT "_applied_migration_pkey" PRIMARY KEY ("name"));
-- CreateEnum
CREATE TYPE "LaneState" AS ENUM ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'STOPPED', 'INTERRUPTED');

-- CreateEnum
CREATE TYPE "ComparisonState" AS ENUM ('RUNNING', 'FINISHED');

-- CreateEnum
CREATE TYPE "DataOrigin" AS ENUM ('LIVE', 'SIMULATED', 'MIXED');

-- CreateTable
CREATE TABLE "comparison" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "createdById" TEXT,
    "prompt" TEXT NOT NULL,
    "systemPrompt" TEXT,
    "images" JSONB NOT NULL,
    "parameters" JSONB NOT NULL,
    "state" "ComparisonState" NOT NULL,
    "origin" "DataOrigin" NOT NULL,
    "bestLaneId" TEXT,
    "notes" TEXT,
    "instanceId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "comparison_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "comparison_lane" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "comparisonId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "modelId" TEXT NOT NULL,
    "origin" "DataOrigin" NOT NULL,
    "state" "LaneState" NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "output" TEXT NOT NULL DEFAULT '',
    "reasoning" TEXT NOT NULL DEFAULT '',
    "toolCalls" JSONB NOT NULL DEFAULT '[]',
    "finishReason" TEXT,
    "rawFinishReason" TEXT,
    "inputTokens" INTEGER,
    "cachedInputTokens" INTEGER,
    "cacheWriteTokens" INTEGER,
    "outputTokens" INTEGER,
    "reasoningTokens" INTEGER,
    "costNanoUsd" BIGINT,
    "costUnknownReason" TEXT,
    "startedAt" TIMESTAMP(3),
    "firstTokenAt" TIMESTAMP(3),
    "finishedAt" TIMESTAMP(3),
    "timeToFirstTokenMs" INTEGER,
    "latencyMs" INTEGER,
    "tokensPerSecond" DOUBLE PRECISION,
    "retries" INTEGER NOT NULL DEFAULT 0,
    "servedModel" TEXT,
    "providerRequestId" TEXT,
    "warnings" JSONB NOT NULL DEFAULT '[]',
    "failure" JSONB,

    CONSTRAINT "comparison_lane_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "comparison_event_batch" (
    "comparisonId" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "firstSeq" INTEGER NOT NULL,
    "lastSeq" INTEGER NOT NULL,
    "events" JSONB NOT NULL,

    CONSTRAINT "comparison_event_batch_pkey" PRIMARY KEY ("comparisonId","firstSeq")
);

-- CreateTable
CREATE TABLE "output_rating" (
    "teamId" TEXT NOT NULL,
    "laneId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "rating" INTEGER NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "output_rating_pkey" PRIMARY KEY ("laneId","userId")
);

-- CreateTable
CREATE TABLE "call_record" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "sourceId" TEXT,
    "attempt" INTEGER NOT NULL,
    "userId" TEXT,
    "apiKeyId" TEXT,
    "providerId" TEXT NOT NULL,
    "modelId" TEXT NOT NULL,
    "servedModel" TEXT,
    "origin" "DataOrigin" NOT NULL,
    "outcome" TEXT NOT NULL,
    "errorKind" TEXT,
    "errorMessage" TEXT,
    "finishReason" TEXT,
    "inputTokens" INTEGER,
    "cachedInputTokens" INTEGER,
    "cacheWriteTokens" INTEGER,
    "outputTokens" INTEGER,
    "reasoningTokens" INTEGER,
    "costNanoUsd" BIGINT,
    "costUnknownReason" TEXT,
    "price" JSONB,
    "startedAt" TIMESTAMP(3) NOT NULL,
    "latencyMs" INTEGER NOT NULL,
    "timeToFirstTokenMs" INTEGER,
    "tokensPerSecond" DOUBLE PRECISION,
    "providerRequestId" TEXT,

    CONSTRAINT "call_record_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "token" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,
    "ipAddress" TEXT,
    "userAgent" TEXT,
    "userId" TEXT NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "providerId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "accessToken" TEXT,
    "refreshToken" TEXT,
    "idToken" TEXT,
    "accessTokenExpiresAt" TIMESTAMP(3),
    "refreshTokenExpiresAt" TIMESTAMP(3),
    "scope" TEXT,
    "password" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "logo" TEXT,
    "metadata" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "createdById" TEXT,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "lastFour" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMP(3),
    "revokedAt" TIMESTAMP(3),
    "lastUsedAt" TIMESTAMP(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_record" (
    "teamId" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "inputHash" TEXT NOT NULL,
    "result" JSONB,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_record_pkey" PRIMARY KEY ("teamId","operation","key")
);

-- CreateTable
CREATE TABLE "server_instance" (
    "id" TEXT NOT NULL,
    "startedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeatAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "server_instance_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "installation_setting" (
    "name" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "installation_setting_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "comparison_teamId_createdAt_id_idx" ON "comparison"("teamId", "createdAt" DESC, "id");

-- CreateIndex
CREATE INDEX "comparison_state_instanceId_idx" ON "comparison"("state", "instanceId");

-- CreateIndex
CREATE UNIQUE INDEX "comparison_id_teamId_key" ON "comparison"("id", "teamId");

-- CreateIndex
CREATE INDEX "comparison_lane_teamId_modelId_idx" ON "comparison_lane"("teamId", "modelId");

-- CreateIndex
CREATE UNIQUE INDEX "comparison_lane_id_teamId_key" ON "comparison_lane"("id", "teamId");

-- CreateIndex
CREATE UNIQUE INDEX "comparison_lane_comparisonId_position_key" ON "comparison_lane"("comparisonId", "position");

-- CreateIndex
CREATE INDEX "comparison_event_batch_comparisonId_lastSeq_idx" ON "comparison_event_batch"("comparisonId", "lastSeq");

-- CreateIndex
CREATE INDEX "call_record_teamId_startedAt_idx" ON "call_record"("teamId", "startedAt");

-- CreateIndex
CREATE INDEX "call_record_teamId_modelId_startedAt_idx" ON "call_record"("teamId", "modelId", "startedAt");

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_key" ON "session"("token");

-- CreateIndex
CREATE INDEX "session_userId_idx" ON "session"("userId");

-- CreateIndex
CREATE INDEX "account_userId_idx" ON "account"("userId");

-- CreateIndex
CREATE INDEX "verification_identifier_idx" ON "verification"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "team_slug_key" ON "team"("slug");

-- CreateIndex
CREATE INDEX "member_userId_idx" ON "member"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "member_teamId_userId_key" ON "member"("teamId", "userId");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- CreateIndex
CREATE INDEX "api_key_teamId_createdAt_idx" ON "api_key"("teamId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_id_teamId_key" ON "api_key"("id", "teamId");

-- CreateIndex
CREATE INDEX "idempotency_record_createdAt_idx" ON "idempotency_record"("createdAt");

-- AddForeignKey
ALTER TABLE "comparison" ADD CONSTRAINT "comparison_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comparison" ADD CONSTRAINT "comparison_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comparison_lane" ADD CONSTRAINT "comparison_lane_comparisonId_teamId_fkey" FOREIGN KEY ("comparisonId", "teamId") REFERENCES "comparison"("id", "teamId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comparison_event_batch" ADD CONSTRAINT "comparison_event_batch_comparisonId_teamId_fkey" FOREIGN KEY ("comparisonId", "teamId") REFERENCES "comparison"("id", "teamId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "output_rating" ADD CONSTRAINT "output_rating_laneId_teamId_fkey" FOREIGN KEY ("laneId", "teamId") REFERENCES "comparison_lane"("id", "teamId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121002631_first_slice');
