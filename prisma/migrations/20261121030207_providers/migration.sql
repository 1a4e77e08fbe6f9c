-- CreateTable
CREATE TABLE "provider" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "createdById" TEXT,
    "slug" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "displayName" TEXT,
    "baseUrl" TEXT NOT NULL,
    "sealedKey" TEXT,
    "keyLastFour" TEXT,
    "sealedHeaders" TEXT,
    "credentialOrigin" TEXT,
    "limits" JSONB NOT NULL,
    "retry" JSONB NOT NULL,
    "deadlines" JSONB NOT NULL,
    "models" JSONB NOT NULL,
    "isEnabled" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "provider_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "provider_revision" (
    "id" INTEGER NOT NULL,
    "revision" BIGINT NOT NULL,

    CONSTRAINT "provider_revision_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "provider_teamId_slug_key" ON "provider"("teamId", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "provider_id_teamId_key" ON "provider"("id", "teamId");

-- AddForeignKey
ALTER TABLE "provider" ADD CONSTRAINT "provider_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "provider" ADD CONSTRAINT "provider_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121030207_providers');
