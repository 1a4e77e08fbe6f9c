/** A track that divides: one line goes on, one is switched over. */
export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--sy-text)" />
      <path d="M7 22h18" stroke="#8d8cee" strokeWidth="3" strokeLinecap="round" />
      <path d="M7 22c8 0 6-12 14-12h4" stroke="var(--sy-surface)" strokeWidth="3" strokeLinecap="round" />
      <circle cx="7" cy="22" r="2.6" fill="var(--sy-surface)" />
    </svg>
  );
}
