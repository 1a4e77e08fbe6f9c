-- CreateIndex
CREATE INDEX "routing_reward_teamId_updatedAt_idx" ON "routing_reward"("teamId", "updatedAt");

INSERT INTO "_applied_migration" ("name") VALUES ('20261121070227_routing_reward_index');
