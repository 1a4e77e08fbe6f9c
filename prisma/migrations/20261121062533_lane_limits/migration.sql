-- AlterTable
ALTER TABLE "comparison" ADD COLUMN     "tags" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "comparison_lane" ADD COLUMN     "fallbacks" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "limits" JSONB;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121062533_lane_limits');
