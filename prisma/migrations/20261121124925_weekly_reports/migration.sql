-- CreateTable
CREATE TABLE "weekly_report" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "origin" "DataOrigin" NOT NULL,
    "weekStart" TEXT NOT NULL,
    "startsAt" TIMESTAMP(3) NOT NULL,
    "endsAt" TIMESTAMP(3) NOT NULL,
    "timeZone" TEXT NOT NULL,
    "content" JSONB,
    "claimedUntil" TIMESTAMP(3) NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "weekly_report_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "report_settings" (
    "teamId" TEXT NOT NULL,
    "timeZone" TEXT NOT NULL,
    "isWeeklyOn" BOOLEAN NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "report_settings_pkey" PRIMARY KEY ("teamId")
);

-- CreateIndex
CREATE INDEX "weekly_report_teamId_startsAt_id_idx" ON "weekly_report"("teamId", "startsAt" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "weekly_report_id_teamId_key" ON "weekly_report"("id", "teamId");

-- CreateIndex
CREATE UNIQUE INDEX "weekly_report_teamId_origin_weekStart_key" ON "weekly_report"("teamId", "origin", "weekStart");

-- CreateIndex
CREATE INDEX "call_record_decisionId_idx" ON "call_record"("decisionId");

-- AddForeignKey
ALTER TABLE "weekly_report" ADD CONSTRAINT "weekly_report_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "report_settings" ADD CONSTRAINT "report_settings_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121124925_weekly_reports');
