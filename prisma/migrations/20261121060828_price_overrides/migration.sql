-- CreateTable
CREATE TABLE "price_override" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "createdById" TEXT,
    "model" TEXT NOT NULL,
    "effectiveFrom" TEXT NOT NULL,
    "inputPerMillionUsd" TEXT NOT NULL,
    "outputPerMillionUsd" TEXT NOT NULL,
    "cachedInputPerMillionUsd" TEXT,
    "cacheWritePerMillionUsd" TEXT,
    "longCacheWritePerMillionUsd" TEXT,
    "tiers" JSONB NOT NULL,
    "note" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "price_override_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "price_revision" (
    "id" INTEGER NOT NULL,
    "revision" BIGINT NOT NULL,

    CONSTRAINT "price_revision_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "price_override_teamId_model_effectiveFrom_key" ON "price_override"("teamId", "model", "effectiveFrom");

-- CreateIndex
CREATE UNIQUE INDEX "price_override_id_teamId_key" ON "price_override"("id", "teamId");

-- AddForeignKey
ALTER TABLE "price_override" ADD CONSTRAINT "price_override_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "price_override" ADD CONSTRAINT "price_override_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121060828_price_overrides');
