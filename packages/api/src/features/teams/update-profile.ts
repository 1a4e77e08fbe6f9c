import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { personOf } from './change-teams.ts';

/** What people may call themselves. */
export const personNameInput = z.object({
  name: z.string().trim().min(1, 'Say how you want to be called.').max(80, 'A name has at most 80 characters.'),
});

/** Changes what others see of the signed-in person. Answers the user's id. */
export async function updateProfile(services: Services, identity: Identity, rawInput: unknown): Promise<string> {
  const { name } = parseInput(personNameInput, rawInput);
  const id = personOf(identity);
  await services.prisma.user.update({ where: { id }, data: { name } });
  return id;
}
