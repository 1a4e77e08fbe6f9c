-- CreateTable
CREATE TABLE "alert_channel" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "createdById" TEXT,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "sealedUrl" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "sealedSecret" TEXT,
    "kinds" TEXT[],
    "isEnabled" BOOLEAN NOT NULL DEFAULT true,
    "disabledReason" TEXT,
    "failingSince" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "alert_channel_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_condition" (
    "teamId" TEXT NOT NULL,
    "dedupeKey" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "isOpen" BOOLEAN NOT NULL,
    "openedAt" TIMESTAMP(3) NOT NULL,
    "notifiedAt" TIMESTAMP(3),
    "occurrences" INTEGER NOT NULL,
    "mutedUntil" TIMESTAMP(3),
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "alert_condition_pkey" PRIMARY KEY ("teamId","dedupeKey")
);

-- CreateTable
CREATE TABLE "alert" (
    "id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "teamId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "origin" "DataOrigin" NOT NULL,
    "title" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "link" TEXT NOT NULL,
    "facts" JSONB NOT NULL,
    "dedupeKey" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "alert_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_read" (
    "alertId" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "readAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "alert_read_pkey" PRIMARY KEY ("alertId","userId")
);

-- CreateTable
CREATE TABLE "alert_delivery" (
    "id" TEXT NOT NULL,
    "alertId" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "channelId" TEXT NOT NULL,
    "channelName" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAttemptAt" TIMESTAMP(3) NOT NULL,
    "claimedBy" TEXT,
    "claimedUntil" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "alert_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_attempt" (
    "deliveryId" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "httpStatus" INTEGER,
    "latencyMs" INTEGER NOT NULL,
    "responseExcerpt" TEXT NOT NULL,
    "error" TEXT,

    CONSTRAINT "alert_attempt_pkey" PRIMARY KEY ("deliveryId","attempt")
);

-- CreateIndex
CREATE INDEX "alert_channel_teamId_createdAt_idx" ON "alert_channel"("teamId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "alert_channel_id_teamId_key" ON "alert_channel"("id", "teamId");

-- CreateIndex
CREATE INDEX "alert_condition_updatedAt_idx" ON "alert_condition"("updatedAt");

-- CreateIndex
CREATE UNIQUE INDEX "alert_seq_key" ON "alert"("seq");

-- CreateIndex
CREATE INDEX "alert_teamId_at_id_idx" ON "alert"("teamId", "at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "alert_id_teamId_key" ON "alert"("id", "teamId");

-- CreateIndex
CREATE INDEX "alert_read_teamId_userId_idx" ON "alert_read"("teamId", "userId");

-- CreateIndex
CREATE INDEX "alert_delivery_state_nextAttemptAt_idx" ON "alert_delivery"("state", "nextAttemptAt");

-- CreateIndex
CREATE INDEX "alert_delivery_teamId_createdAt_id_idx" ON "alert_delivery"("teamId", "createdAt" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "alert_delivery_alertId_channelId_key" ON "alert_delivery"("alertId", "channelId");

-- CreateIndex
CREATE UNIQUE INDEX "alert_delivery_id_teamId_key" ON "alert_delivery"("id", "teamId");

-- AddForeignKey
ALTER TABLE "alert_channel" ADD CONSTRAINT "alert_channel_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert" ADD CONSTRAINT "alert_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_read" ADD CONSTRAINT "alert_read_alertId_teamId_fkey" FOREIGN KEY ("alertId", "teamId") REFERENCES "alert"("id", "teamId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_delivery" ADD CONSTRAINT "alert_delivery_alertId_teamId_fkey" FOREIGN KEY ("alertId", "teamId") REFERENCES "alert"("id", "teamId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_attempt" ADD CONSTRAINT "alert_attempt_deliveryId_fkey" FOREIGN KEY ("deliveryId") REFERENCES "alert_delivery"("id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121040212_alerts');
