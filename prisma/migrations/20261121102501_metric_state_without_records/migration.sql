-- AlterTable
ALTER TABLE "metric_state" DROP COLUMN "recordsFromMs";

INSERT INTO "_applied_migration" ("name") VALUES ('20261121102501_metric_state_without_records');
