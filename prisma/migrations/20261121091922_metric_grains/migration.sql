-- AlterTable
ALTER TABLE "metric_scope" ADD COLUMN     "recordsFromMs" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "metric_state" ADD COLUMN     "partsFromMs" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "weeksUntilMs" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "metric_settings" (
    "teamId" TEXT NOT NULL,
    "recordDays" INTEGER,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "metric_settings_pkey" PRIMARY KEY ("teamId")
);

UPDATE "metric_scope" SET "recordsFromMs" = (SELECT "recordsFromMs" FROM "metric_state" WHERE "id" = 1);

-- What was rolled up before has no half hours and quarters of days: they begin with the day after the next that anything is known of.
UPDATE "metric_state" SET "partsFromMs" = (
  SELECT CASE WHEN count(*) = 0 THEN 0
    ELSE (greatest(max(r."bucket"), floor(extract(epoch FROM now()) / 60)::bigint) / 1440 + 2) * 86400000 END
  FROM "metric_rollup" r WHERE r."grain" = 2 AND r."mask" = 0) WHERE "id" = 1;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121091922_metric_grains');
