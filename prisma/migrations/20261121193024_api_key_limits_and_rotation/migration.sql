-- AlterTable
ALTER TABLE "api_key" ADD COLUMN     "allowedModels" JSONB,
ADD COLUMN     "allowedRoles" JSONB,
ADD COLUMN     "budgetId" TEXT,
ADD COLUMN     "dataOrigin" TEXT,
ADD COLUMN     "defaultModel" TEXT,
ADD COLUMN     "requestsPerMinute" INTEGER,
ADD COLUMN     "rotatedAt" TIMESTAMP(3),
ADD COLUMN     "rotatedToId" TEXT,
ADD COLUMN     "tokensPerMinute" INTEGER;

-- CreateIndex
CREATE INDEX "api_key_rotatedToId_idx" ON "api_key"("rotatedToId");

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_rotatedToId_fkey" FOREIGN KEY ("rotatedToId") REFERENCES "api_key"("id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121193024_api_key_limits_and_rotation');
