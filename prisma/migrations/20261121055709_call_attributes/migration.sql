-- AlterTable
ALTER TABLE "call_record" ADD COLUMN     "decisionId" TEXT,
ADD COLUMN     "isHedge" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "isUsageEstimated" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "role" TEXT,
ADD COLUMN     "runId" TEXT,
ADD COLUMN     "stepId" TEXT,
ADD COLUMN     "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "taskClass" TEXT,
ADD COLUMN     "workflowId" TEXT;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121055709_call_attributes');
