/** Tests that were started with a saved scorer, and drafts that name it, as a condition on definitions, which are JSON text. */
export const usesOf = (scorer: { readonly id: string; readonly teamId: string; readonly name: string }) => ({
  teamId: scorer.teamId,
  OR: [
    { definition: { contains: `"saved":{"id":${JSON.stringify(scorer.id)}` } },
    { state: 'draft', definition: { contains: `"saved":${JSON.stringify(scorer.name)}` } },
  ],
});
