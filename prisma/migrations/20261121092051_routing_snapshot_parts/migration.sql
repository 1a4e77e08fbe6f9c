-- AlterTable
ALTER TABLE "routing_decision" ADD COLUMN     "basis" JSONB,
ADD COLUMN     "figuresHash" TEXT,
ADD COLUMN     "frameHash" TEXT;

-- CreateTable
CREATE TABLE "routing_snapshot_part" (
    "teamId" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "content" BYTEA NOT NULL,
    "usedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "routing_snapshot_part_pkey" PRIMARY KEY ("teamId","hash")
);

-- CreateIndex
CREATE INDEX "routing_snapshot_part_usedAt_idx" ON "routing_snapshot_part"("usedAt");

-- AddForeignKey
ALTER TABLE "routing_snapshot_part" ADD CONSTRAINT "routing_snapshot_part_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121092051_routing_snapshot_parts');
