-- CreateTable
CREATE TABLE "role" (
    "teamId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "models" JSONB NOT NULL,
    "parameters" JSONB NOT NULL,
    "isStrict" BOOLEAN NOT NULL,
    "revision" INTEGER NOT NULL,
    "updatedById" TEXT,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "role_pkey" PRIMARY KEY ("teamId","name")
);

-- CreateTable
CREATE TABLE "default_role" (
    "teamId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "updatedById" TEXT,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "default_role_pkey" PRIMARY KEY ("teamId")
);

-- CreateTable
CREATE TABLE "role_revision" (
    "id" INTEGER NOT NULL,
    "revision" BIGINT NOT NULL,

    CONSTRAINT "role_revision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workflow" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "publishedVersion" INTEGER,
    "positions" JSONB NOT NULL,
    "createdById" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "workflow_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workflow_version" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "workflowId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "definition" TEXT NOT NULL,
    "note" TEXT,
    "restoredFrom" INTEGER,
    "publishedById" TEXT,
    "apiKeyId" TEXT,
    "publishedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "workflow_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workflow_draft" (
    "workflowId" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "definition" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "basedOn" INTEGER NOT NULL,
    "updatedById" TEXT,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "workflow_draft_pkey" PRIMARY KEY ("workflowId")
);

-- CreateIndex
CREATE UNIQUE INDEX "workflow_teamId_name_key" ON "workflow"("teamId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "workflow_id_teamId_key" ON "workflow"("id", "teamId");

-- CreateIndex
CREATE INDEX "workflow_version_teamId_workflowId_version_idx" ON "workflow_version"("teamId", "workflowId", "version" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "workflow_version_workflowId_version_key" ON "workflow_version"("workflowId", "version");

-- CreateIndex
CREATE UNIQUE INDEX "workflow_version_id_teamId_key" ON "workflow_version"("id", "teamId");

-- CreateIndex
CREATE INDEX "workflow_draft_teamId_idx" ON "workflow_draft"("teamId");

-- CreateIndex
CREATE UNIQUE INDEX "workflow_draft_workflowId_teamId_key" ON "workflow_draft"("workflowId", "teamId");

-- AddForeignKey
ALTER TABLE "role" ADD CONSTRAINT "role_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "default_role" ADD CONSTRAINT "default_role_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workflow" ADD CONSTRAINT "workflow_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workflow_version" ADD CONSTRAINT "workflow_version_workflowId_teamId_fkey" FOREIGN KEY ("workflowId", "teamId") REFERENCES "workflow"("id", "teamId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workflow_draft" ADD CONSTRAINT "workflow_draft_workflowId_teamId_fkey" FOREIGN KEY ("workflowId", "teamId") REFERENCES "workflow"("id", "teamId") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "_applied_migration" ("name") VALUES ('20261121072824_add_roles_and_workflows');
