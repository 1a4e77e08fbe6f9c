-- AlterTable
ALTER TABLE "comparison_lane" ADD COLUMN     "isCostEstimated" BOOLEAN NOT NULL DEFAULT false;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121063403_lane_cost_estimated');
