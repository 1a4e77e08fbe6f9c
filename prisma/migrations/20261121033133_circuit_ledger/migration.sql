-- CreateTable
CREATE TABLE "circuit_message" (
    "id" BIGSERIAL NOT NULL,
    "instanceId" TEXT NOT NULL,
    "change" JSONB NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "circuit_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "circuit_claim" (
    "key" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "circuit_claim_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "circuit_message_createdAt_idx" ON "circuit_message"("createdAt");

INSERT INTO "_applied_migration" ("name") VALUES ('20261121033133_circuit_ledger');
