import { codeWithReview } from './code-with-review.ts';
import { customerInquiry } from './customer-inquiry.ts';
import { extractToJson } from './extract-to-json.ts';
import type { GalleryEntry } from './gallery-entry.ts';
import { leadQualification } from './lead-qualification.ts';
import { summarizeAndCritique } from './summarize-and-critique.ts';
import { translationCheck } from './translation-check.ts';

/** Workflows to begin with, in the order in which they are shown. */
export const gallery: readonly GalleryEntry[] = [
  codeWithReview,
  summarizeAndCritique,
  customerInquiry,
  leadQualification,
  translationCheck,
  extractToJson,
];
