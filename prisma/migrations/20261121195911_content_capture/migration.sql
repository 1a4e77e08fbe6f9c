-- AlterTable
ALTER TABLE "comparison" ADD COLUMN     "contentRemovedAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "contentRemovedAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "team_settings" ADD COLUMN     "contentCaptureSince" TIMESTAMP(3);

INSERT INTO "_applied_migration" ("name") VALUES ('20261121195911_content_capture');
