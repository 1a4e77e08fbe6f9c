-- AlterTable
ALTER TABLE "comparison_lane" ADD COLUMN     "answeredModelId" TEXT,
ADD COLUMN     "timeline" JSONB NOT NULL DEFAULT '[]';

INSERT INTO "_applied_migration" ("name") VALUES ('20261121030223_lane_timeline');
